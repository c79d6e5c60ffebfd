//! Trips of which only the ends are known, as observations of the quickest ways between them.

use super::SpeedsError;
use super::learn::{LearnOptions, learn};
use super::observation::{Driven, Observation};
use super::on_network::SpeedsOn;
use super::road_speeds::RoadSpeeds;
use super::week::When;
use crate::features::travel::Trips;
use crate::network::{Network, SnapOptions, Snapped};
use crate::runtime::{Cancel, Progress};
use std::collections::HashMap;

/// How trips are put on roads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TripWays {
    /// Farthest road from an end of a trip, in metres.
    pub within_m: f64,
    /// Times that ways are sought: first at free flow, then by the speeds learned before.
    pub passes: usize,
    /// Most trips that are looked at; more are thinned evenly in time.
    pub most: usize,
}

impl Default for TripWays {
    fn default() -> Self {
        Self {
            within_m: 100.0,
            passes: 3,
            most: 300_000,
        }
    }
}

/// Learns speeds from trips. Which roads a trip took is not known: the quickest way is taken, by
/// the speeds of an average moment, and found again as these become known. Trips marked `test` are
/// not looked at.
///
/// # Errors
/// Too few trips with both ends on the network; cancelled.
pub fn from_trips(
    network: &Network,
    trips: &Trips,
    ways: TripWays,
    options: &LearnOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<RoadSpeeds, SpeedsError> {
    let is_test = |trip: usize| {
        trips
            .split
            .as_ref()
            .is_some_and(|split| split[trip] == "test")
    };
    let mut chosen: Vec<usize> = (0..trips.len()).filter(|&trip| !is_test(trip)).collect();
    if chosen.len() > ways.most {
        let (count, most) = (chosen.len(), ways.most);
        chosen = (0..most).map(|i| chosen[i * count / most]).collect();
    }
    let ends = Ends::of(network, trips, &chosen, ways.within_m);
    let mut duration_ms = network.graph().duration_ms.clone();
    let mut pass = 1;
    loop {
        let stage = "speeds: ways of trips";
        progress.report(stage, pass as u64, ways.passes as u64);
        let timed = network.timed(duration_ms)?;
        let routes = timed.routes(&ends.places, &ends.pairs, cancel)?;
        let mut driven = Driven {
            given: chosen.len(),
            ..Driven::default()
        };
        for (&trip, route) in chosen.iter().zip(&routes) {
            let local = trips.depart[trip].with_timezone(&options.time_zone);
            let when = When::of(local, &options.holidays);
            let seen = route.as_ref().and_then(|route| {
                let stretches = network.stretches(route);
                let took_s = trips.duration_s[trip];
                Observation::of(network, &stretches, when, took_s, trip as u32)
            });
            match seen {
                Some(observation) => driven.observations.push(observation),
                None => driven.left_out += 1,
            }
        }
        let speeds = learn(network, &driven, options, cancel, progress)?;
        if pass >= ways.passes {
            return Ok(speeds);
        }
        pass += 1;
        duration_ms = SpeedsOn::new(&speeds, network)?.average_ms();
    }
}

/// Ends of trips on roads, each place once.
struct Ends {
    places: Vec<Option<Snapped>>,
    pairs: Vec<(usize, usize)>,
}

impl Ends {
    fn of(network: &Network, trips: &Trips, chosen: &[usize], within_m: f64) -> Self {
        let options = SnapOptions {
            within_m,
            ..SnapOptions::default()
        };
        let mut known: HashMap<[u64; 2], usize> = HashMap::new();
        let mut places = Vec::new();
        let mut at = |place: crate::domain::LatLon| {
            let key = [place.lat.to_bits(), place.lon.to_bits()];
            *known.entry(key).or_insert_with(|| {
                places.push(network.snap(place, &options));
                places.len() - 1
            })
        };
        let pairs = chosen
            .iter()
            .map(|&t| (at(trips.origin[t]), at(trips.destination[t])));
        let pairs = pairs.collect();
        Self { places, pairs }
    }
}
