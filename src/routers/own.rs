//! Our own network behind the same interface.

use super::Router;
use super::error::RouterError;
use crate::domain::{InputError, LatLon};
use crate::network::{Itinerary, Network, RoadMatrix, SnapOptions, Snapped, Timed};
use crate::runtime::{Cancel, Progress};

/// A network, and how places are put on its roads.
#[derive(Debug)]
pub struct OwnRoads<'a> {
    /// The network.
    pub network: &'a Network,
    /// How places are put on roads.
    pub snapping: SnapOptions,
    /// The network at a time of day; without, roads are empty.
    pub timed: Option<Timed<'a>>,
}

impl OwnRoads<'_> {
    fn on_roads(&self, places: &[LatLon]) -> Vec<Option<Snapped>> {
        let snap = |place: &LatLon| self.network.snap(*place, &self.snapping);
        places.iter().map(snap).collect()
    }
}

impl Router for OwnRoads<'_> {
    /// A place that is on no road reaches nothing.
    fn matrix(
        &self,
        sources: &[LatLon],
        targets: &[LatLon],
        (cancel, _): (&Cancel, &Progress),
    ) -> Result<RoadMatrix, RouterError> {
        let (sources, targets) = (self.on_roads(sources), self.on_roads(targets));
        Ok(match &self.timed {
            None => self.network.matrix(&sources, &targets, cancel)?,
            Some(timed) => timed.matrix(&sources, &targets, cancel)?,
        })
    }

    fn route(&self, places: &[LatLon], cancel: &Cancel) -> Result<Option<Itinerary>, RouterError> {
        let mut on_roads = Vec::with_capacity(places.len());
        for (place, found) in places.iter().zip(self.on_roads(places)) {
            on_roads.push(found.ok_or_else(|| {
                let within = self.snapping.within_m;
                let problem = format!("no road of the network within {within} m");
                let remedy = "give a place nearer to a road";
                let error = InputError::new("place", problem, remedy);
                error.value(format!("{},{}", place.lat, place.lon))
            })?);
        }
        let mut whole = Itinerary::default();
        for ends in on_roads.windows(2) {
            cancel.check()?;
            let route = match &self.timed {
                None => self.network.route(&ends[0], &ends[1])?,
                Some(timed) => timed.route(&ends[0], &ends[1])?,
            };
            let Some(route) = route else {
                return Ok(None);
            };
            whole.append(self.network.itinerary(&route));
        }
        Ok(Some(whole))
    }
}
