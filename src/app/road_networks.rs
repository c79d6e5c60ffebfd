//! Road networks that the service answers from, one for each profile.

use super::AppError;
use super::places::REQUEST;
use crate::domain::{InputError, LatLon};
use crate::network::osm::Profile;
use crate::network::{self, Approach, Network, NetworkError, SnapOptions, Snapped};
use crate::runtime::Cancel;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Farthest that a place may ask to be put on a road, in metres.
pub const FARTHEST_M: f64 = 50_000.0;

/// Networks by profile; they do not change while the service runs.
#[derive(Debug, Clone, Default)]
pub struct RoadNetworks {
    by_profile: BTreeMap<Profile, Arc<Network>>,
    first: Option<Arc<Network>>,
}

impl RoadNetworks {
    /// Loads networks from files.
    ///
    /// # Errors
    /// A file cannot be used, or two are of one profile.
    pub fn load(files: &[PathBuf]) -> Result<Self, NetworkError> {
        let mut networks = Self::default();
        for file in files {
            let network = network::load(file)?;
            networks.add(&file.display().to_string(), network)?;
        }
        Ok(networks)
    }

    /// Adds a network, which errors call `source`.
    ///
    /// # Errors
    /// There is one of its profile.
    pub fn add(&mut self, source: &str, network: Network) -> Result<(), InputError> {
        let profile = network.info().profile;
        if self.by_profile.contains_key(&profile) {
            let problem = "another network of this profile is given already";
            let remedy = "give one network for each profile";
            let error = InputError::new(source, problem, remedy);
            return Err(error.field("--network").value(profile.name()));
        }
        let network = Arc::new(network);
        self.first.get_or_insert_with(|| Arc::clone(&network));
        self.by_profile.insert(profile, network);
        Ok(())
    }

    /// The one that was added first.
    pub fn first(&self) -> Option<&Arc<Network>> {
        self.first.as_ref()
    }

    /// The network of a profile; without one, the only network there is.
    pub(super) fn of(&self, profile: Option<Profile>) -> Result<Arc<Network>, AppError> {
        let names: Vec<&str> = self
            .by_profile
            .keys()
            .map(|profile| profile.name())
            .collect();
        let found = match profile {
            Some(profile) => self.by_profile.get(&profile),
            None if self.by_profile.len() > 1 => {
                let remedy = format!("give one of {}", names.join(", "));
                let error = InputError::new(REQUEST, "there are several networks", remedy);
                return Err(error.field("profile").into());
            }
            None => self.by_profile.values().next(),
        };
        let served = match names.is_empty() {
            true => "none is served: start the service with --network FILE".to_owned(),
            false => format!("those served are {}", names.join(", ")),
        };
        let key = profile.map_or("any", Profile::name);
        let missing = AppError::not_found("road network", format!("{key}; {served}"));
        found.cloned().ok_or_else(missing)
    }
}

/// Who drives, and how places are put on roads.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RoadOptions {
    /// Whose network; without it, the only one there is.
    pub profile: Option<Profile>,
    /// Farthest road that counts, in metres; without it, 1,000.
    pub within_m: Option<f64>,
    /// Side of the road that places are left by and reached on.
    pub approach: Approach,
}

impl RoadOptions {
    /// How places are put on roads.
    pub(super) fn snapping(&self) -> Result<SnapOptions, InputError> {
        let usual = SnapOptions::default();
        let within_m = self.within_m.unwrap_or(usual.within_m);
        if !(within_m > 0.0 && within_m <= FARTHEST_M) {
            let remedy = format!("give metres above 0, up to {FARTHEST_M}");
            let error = InputError::new(REQUEST, "out of range", remedy);
            return Err(error.field("within_m").value(within_m));
        }
        Ok(SnapOptions {
            within_m,
            approach: self.approach,
            ..usual
        })
    }
}

/// Places on roads; `None` where there is no road near enough.
pub(super) fn on_roads(
    network: &Network,
    places: &[LatLon],
    options: &SnapOptions,
    cancel: &Cancel,
) -> Result<Vec<Option<Snapped>>, NetworkError> {
    let each = places.iter().map(|place| {
        cancel.check()?;
        Ok(network.snap(*place, options))
    });
    each.collect()
}

/// Cancels work when whoever waits for it is gone.
pub(super) struct CancelOnDrop(pub Cancel);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// A network's error as a use case's.
pub(super) fn refused(error: NetworkError) -> AppError {
    match error {
        NetworkError::Input(error) => AppError::Input(error),
        NetworkError::Cancelled(error) => AppError::Computation {
            what: "the question about roads",
            reason: error.to_string(),
        },
    }
}
