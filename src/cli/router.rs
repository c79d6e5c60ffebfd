//! What the command line says of a router that runs as a service.

use crate::domain::InputError;
use crate::routers::{ClientOptions, Osrm, RouterOptions, RouterService, Valhalla};
use std::time::Duration;

/// Which router is asked instead of a network file.
#[derive(Debug, clap::Args)]
pub(crate) struct RouterArgs {
    /// Address of an OSRM server whose roads count instead of a network file's, such as
    /// http://127.0.0.1:5000.
    #[arg(long, value_name = "URL", conflicts_with = "valhalla")]
    osrm: Option<String>,
    /// Address of a Valhalla server whose roads count instead of a network file's, such as
    /// http://127.0.0.1:8002.
    #[arg(long, value_name = "URL")]
    valhalla: Option<String>,
    /// Profile of the OSRM server (default: driving), or costing of Valhalla (default: auto).
    #[arg(long)]
    router_profile: Option<String>,
    /// Most sources, and most targets, of one request (default: 100 for OSRM, 50 for Valhalla). Halved
    /// while the server finds it too much.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    router_places: Option<u32>,
    /// Longest that one request to the server may take, in seconds.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    router_timeout_s: u64,
}

impl RouterArgs {
    fn options(&self, profile: &str, block: usize) -> RouterOptions {
        let given = self
            .router_places
            .and_then(|most| usize::try_from(most).ok());
        RouterOptions {
            profile: self
                .router_profile
                .clone()
                .unwrap_or_else(|| profile.into()),
            block: given.unwrap_or(block),
            client: ClientOptions {
                timeout: Duration::from_secs(self.router_timeout_s),
                ..ClientOptions::default()
            },
        }
    }

    /// The server that was named, if any.
    pub(crate) fn service(&self) -> Result<Option<RouterService>, InputError> {
        if let Some(address) = &self.osrm {
            let options = self.options("driving", Osrm::BLOCK);
            return RouterService::osrm(address, options).map(Some);
        }
        let Some(address) = &self.valhalla else {
            return Ok(None);
        };
        let options = self.options("auto", Valhalla::BLOCK);
        RouterService::valhalla(address, options).map(Some)
    }
}
