//! A road network as the source of features: the ways between places, which are put on roads once.

use super::PipelineError;
use crate::domain::LatLon;
use crate::features::travel::{NetworkLeg, NetworkTimes};
use crate::network::{self, Network, SnapOptions, Snapped};
use crate::runtime::Cancel;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Farthest road on which a place counts as on the map, in metres. Farther off, such as beyond
/// the edge of an extract, a way from the nearest road would tell of another trip.
pub const WITHIN_M: f64 = 100.0;
/// Places remembered at most.
const REMEMBERED: usize = 500_000;

/// Latitude and longitude, to the bit.
type Key = [u64; 2];

/// A road network that answers for places. Clones of its `Arc` share what was put on roads.
#[derive(Debug)]
pub struct RoadTimes {
    network: Arc<Network>,
    identity: String,
    on_roads: Mutex<HashMap<Key, Option<Snapped>>>,
}

impl RoadTimes {
    /// Loads a network file.
    ///
    /// # Errors
    /// No such file, or it cannot be used.
    pub fn load(path: &Path) -> Result<Arc<Self>, PipelineError> {
        Ok(Arc::new(Self::new(Arc::new(network::load(path)?))))
    }

    /// The same where a file is given.
    ///
    /// # Errors
    /// As [`RoadTimes::load`].
    pub fn load_given(path: Option<&Path>) -> Result<Option<Arc<Self>>, PipelineError> {
        path.map(Self::load).transpose()
    }

    /// Of a network that is loaded already.
    pub fn new(network: Arc<Network>) -> Self {
        Self {
            identity: network.identity(),
            network,
            on_roads: Mutex::default(),
        }
    }

    /// The network.
    pub fn network(&self) -> &Arc<Network> {
        &self.network
    }

    /// Places on roads, in order; `None` for those that are farther from any road than
    /// [`WITHIN_M`].
    pub fn snapped(&self, places: &[LatLon]) -> Vec<Option<Snapped>> {
        let options = SnapOptions {
            within_m: WITHIN_M,
            ..SnapOptions::default()
        };
        let mut known = self.on_roads.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() + places.len() > REMEMBERED {
            known.clear();
        }
        let snap = |place: &LatLon| {
            let found = known.entry(key(*place));
            found
                .or_insert_with(|| self.network.snap(*place, &options))
                .clone()
        };
        places.iter().map(snap).collect()
    }
}

fn key(place: LatLon) -> Key {
    [place.lat.to_bits(), place.lon.to_bits()]
}

impl NetworkTimes for RoadTimes {
    fn identity(&self) -> &str {
        &self.identity
    }

    fn leg(&self, from: LatLon, to: LatLon) -> Option<NetworkLeg> {
        self.legs(&[(from, to)]).pop().flatten()
    }

    fn legs(&self, pairs: &[(LatLon, LatLon)]) -> Vec<Option<NetworkLeg>> {
        let mut position: HashMap<Key, usize> = HashMap::new();
        let mut places = Vec::new();
        let mut at = |place: LatLon| {
            *position.entry(key(place)).or_insert_with(|| {
                places.push(place);
                places.len() - 1
            })
        };
        let by_position: Vec<(usize, usize)> =
            pairs.iter().map(|&(from, to)| (at(from), at(to))).collect();
        // Only a cancelled search fails, and this one is not.
        let on_roads = self.snapped(&places);
        let legs = self.network.legs(&on_roads, &by_position, &Cancel::new());
        let legs = legs.unwrap_or_else(|_| vec![None; pairs.len()]).into_iter();
        legs.map(|leg| {
            leg.map(|leg| NetworkLeg {
                duration_s: leg.duration_s,
                length_m: leg.length_m,
            })
        })
        .collect()
    }
}
