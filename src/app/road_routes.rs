//! Ways between places on roads, and the points of roads nearest to places.

use super::places::{REQUEST, on_the_map, so_many};
use super::road_networks::{CancelOnDrop, RoadOptions, on_roads, refused};
use super::{App, AppError};
use crate::domain::{InputError, LatLon};
pub use crate::network::osm::Profile;
pub use crate::network::{Approach, CREDIT};
use crate::network::{Network, NetworkError, SnapOptions, Snapped, Step, steps};
use crate::runtime::Cancel;
use schemars::JsonSchema;
use serde::Serialize;

/// Most places of a route.
pub const MOST_ROUTE_PLACES: usize = 100;
/// Most places that are put on roads at once.
pub const MOST_SNAPPED: usize = 10_000;

/// The way from one place to the next.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RoadLeg {
    /// How long it takes at free flow with the turns, in seconds.
    pub duration_s: f64,
    /// How long it is, in metres.
    pub length_m: f64,
    /// The way in words.
    pub steps: Vec<Step>,
}

/// The way between places in order.
#[derive(Debug, Clone, PartialEq)]
pub struct RoadWay {
    /// Whose network it is on.
    pub profile: Profile,
    /// From each place to the next.
    pub legs: Vec<RoadLeg>,
    /// Line of the whole way.
    pub line: Vec<LatLon>,
}

/// The point of a road nearest to a place.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RoadPoint {
    /// The point of the road.
    pub at: LatLon,
    /// How far it is from the place, in metres.
    pub distance_m: f64,
    /// Name of the road; empty if it has none.
    pub road: String,
    /// Directions in which the road may be driven from there, in degrees clockwise from north.
    pub bearings_deg: Vec<f64>,
}

impl App {
    /// The quickest way between places in order. It may turn round at a place.
    pub async fn road_route(
        &self,
        options: RoadOptions,
        places: Vec<LatLon>,
    ) -> Result<RoadWay, AppError> {
        let snapping = options.snapping()?;
        so_many("places", places.len(), 2..=MOST_ROUTE_PLACES)?;
        on_the_map("places", &places)?;
        let network = self.parts().networks.of(options.profile)?;
        let cancel = Cancel::new();
        let _gone = CancelOnDrop(cancel.clone());
        let work = move || way(&network, &places, &snapping, &cancel);
        self.compute("the way", work).await?.map_err(refused)
    }

    /// The nearest roads, `None` where there is none near enough.
    pub async fn road_points(
        &self,
        options: RoadOptions,
        places: Vec<LatLon>,
    ) -> Result<(Profile, Vec<Option<RoadPoint>>), AppError> {
        let snapping = options.snapping()?;
        so_many("places", places.len(), 1..=MOST_SNAPPED)?;
        on_the_map("places", &places)?;
        let network = self.parts().networks.of(options.profile)?;
        let cancel = Cancel::new();
        let _gone = CancelOnDrop(cancel.clone());
        let work = move || {
            let found = on_roads(&network, &places, &snapping, &cancel)?;
            let points = found.into_iter().map(|at| at.map(|at| point(&network, at)));
            Ok((network.info().profile, points.collect()))
        };
        self.compute("snapping", work).await?.map_err(refused)
    }
}

fn way(
    network: &Network,
    places: &[LatLon],
    options: &SnapOptions,
    cancel: &Cancel,
) -> Result<RoadWay, NetworkError> {
    let profile = network.info().profile;
    let found = on_roads(network, places, options, cancel)?;
    let wrong = |index: usize, problem: String, remedy: &str| {
        let LatLon { lat, lon } = places[index];
        InputError::new(REQUEST, problem, remedy)
            .field(format!("places[{index}]"))
            .value(format!("{lat},{lon}"))
    };
    let mut on_road: Vec<Snapped> = Vec::with_capacity(found.len());
    for (index, at) in found.into_iter().enumerate() {
        let within = options.within_m;
        let problem = || format!("no {} road within {within} m", profile.name());
        let remedy = "give a place nearer to a road, or a larger within_m";
        on_road.push(at.ok_or_else(|| wrong(index, problem(), remedy))?);
    }
    let (mut legs, mut line) = (Vec::new(), Vec::new());
    for (before, ends) in on_road.windows(2).enumerate() {
        cancel.check()?;
        let Some(route) = network.route(&ends[0], &ends[1])? else {
            let problem = "there is no way to it from the place before".to_owned();
            let remedy = "leave it out, or ask for another profile";
            return Err(wrong(before + 1, problem, remedy).into());
        };
        legs.push(RoadLeg {
            duration_s: route.duration_s,
            length_m: route.length_m,
            steps: steps(network, &route),
        });
        line.extend(network.line(&route));
        line.dedup();
    }
    Ok(RoadWay {
        profile,
        legs,
        line,
    })
}

fn point(network: &Network, at: Snapped) -> RoadPoint {
    let name = at
        .edges
        .first()
        .map(|(edge, _)| network.graph().name_of(*edge));
    let bearing = |&(edge, share): &(u32, f64)| network.bearing_deg(edge, share);
    RoadPoint {
        road: name.unwrap_or_default().to_owned(),
        bearings_deg: at.edges.iter().map(bearing).collect(),
        at: at.at,
        distance_m: at.distance_m,
    }
}
