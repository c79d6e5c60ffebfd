//! A router that runs as a service, whichever it is, with the address that errors name.

use super::error::RouterError;
use super::{Osrm, Router, RouterOptions, Valhalla};
use crate::domain::{InputError, LatLon};
use crate::network::{Itinerary, RoadMatrix};
use crate::runtime::{Cancel, Progress};

/// A server that was named.
#[derive(Debug)]
pub struct RouterService {
    address: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Osrm(Osrm),
    Valhalla(Valhalla),
}

impl RouterService {
    /// A server of OSRM.
    ///
    /// # Errors
    /// An address that cannot be used.
    pub fn osrm(address: &str, options: RouterOptions) -> Result<Self, InputError> {
        Ok(Self {
            address: address.to_owned(),
            kind: Kind::Osrm(Osrm::new(address, options)?),
        })
    }

    /// A server of Valhalla.
    ///
    /// # Errors
    /// An address that cannot be used.
    pub fn valhalla(address: &str, options: RouterOptions) -> Result<Self, InputError> {
        Ok(Self {
            address: address.to_owned(),
            kind: Kind::Valhalla(Valhalla::new(address, options)?),
        })
    }

    /// Its address, as given.
    pub fn address(&self) -> &str {
        &self.address
    }

    fn router(&self) -> &dyn Router {
        match &self.kind {
            Kind::Osrm(osrm) => osrm,
            Kind::Valhalla(valhalla) => valhalla,
        }
    }
}

impl Router for RouterService {
    fn matrix(
        &self,
        sources: &[LatLon],
        targets: &[LatLon],
        watch: (&Cancel, &Progress),
    ) -> Result<RoadMatrix, RouterError> {
        self.router().matrix(sources, targets, watch)
    }

    fn route(&self, places: &[LatLon], cancel: &Cancel) -> Result<Option<Itinerary>, RouterError> {
        self.router().route(places, cancel)
    }
}
