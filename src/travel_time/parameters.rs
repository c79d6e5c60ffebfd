//! What prediction needs beside the graph, as it stands in a manifest's `parameters`.

use super::live::LiveParameters;
use super::pool::Pool;
use crate::features::travel::{BoundingBox, Trips};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Driven metres per metre of great circle where no trip says how far it was.
const USUAL_DETOUR: f64 = 1.3;
/// Shortest great circle a detour is learned from, in metres; driving round the block says nothing.
const SHORTEST_DETOUR_M: f64 = 500.0;
/// Fewest trips a detour is learned from.
const FEWEST_DETOURS: usize = 50;
/// Average trips of an average vehicle that are added to every profile.
const PROFILE_SHRINKAGE_TRIPS: f64 = 50.0;

/// What prediction needs beside the graph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Parameters {
    /// Factor on the duration by vehicle profile; 1 is the average of the fleet.
    pub profile_factors: BTreeMap<String, f64>,
    /// Driven metres per metre of great circle.
    pub detour_factor: f64,
    /// Share of a leg's variance in common with the other legs of the hour, 0 to 1.
    pub leg_correlation: f64,
    /// Standard deviation of trips held back about their means, over that of normal variables with
    /// their p90; unknown in older versions.
    #[serde(default)]
    pub spread_factor: Option<f64>,
    /// How live traffic corrects; of older versions, by untrained weights.
    #[serde(default)]
    pub live: LiveParameters,
    /// Where the trips were.
    pub bounding_box: BoundingBox,
    /// Public holidays the model knows, past and to come.
    pub holidays: Vec<NaiveDate>,
    /// Whether trips of the `history` split were fitted.
    pub history_used: bool,
    /// Whether free-flow durations of a road network were a feature.
    #[serde(default)]
    pub network: bool,
    /// Which network that was, by its name and checksum.
    #[serde(default)]
    pub road_network: Option<String>,
    /// Whether weather was a feature.
    #[serde(default)]
    pub weather: bool,
    /// Trees of all outputs together.
    pub trees: usize,
}

impl Parameters {
    /// As the entries of a manifest.
    pub fn to_map(&self) -> serde_json::Result<BTreeMap<String, Value>> {
        match serde_json::to_value(self)? {
            Value::Object(map) => Ok(map.into_iter().collect()),
            _ => Ok(BTreeMap::new()),
        }
    }

    /// From the entries of a manifest.
    pub fn from_map(map: &BTreeMap<String, Value>) -> serde_json::Result<Self> {
        serde_json::from_value(map.clone().into_iter().collect())
    }
}

/// Ratio of driven metres to great circles over all trips that tell.
pub(super) fn detour_factor(trips: &Trips) -> f64 {
    let pairs = trips.origin.iter().zip(&trips.destination);
    let known = pairs.zip(&trips.distance_m).filter_map(|((a, b), driven)| {
        let straight = a.great_circle_m(*b);
        (driven.is_finite() && straight >= SHORTEST_DETOUR_M).then_some((*driven, straight))
    });
    let (count, driven, straight) = known.fold((0, 0.0, 0.0), |(n, d, s), (driven, straight)| {
        (n + 1, d + driven, s + straight)
    });
    if count < FEWEST_DETOURS {
        return USUAL_DETOUR;
    }
    (driven / straight).clamp(1.0, 5.0)
}

/// Learns a factor per profile from the errors of a model that does not know profiles, and takes
/// it out of the pool's durations: what is fitted afterwards is an average vehicle.
pub(super) fn take_out_profiles(
    pool: &mut Pool,
    profiles: &[String],
    errors: &[f64],
) -> BTreeMap<String, f64> {
    let mut sums: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for (profile, error) in profiles.iter().zip(errors) {
        let (count, sum) = sums.entry(profile).or_default();
        *count += 1.0;
        *sum += error;
    }
    let mean = errors.iter().sum::<f64>() / errors.len().max(1) as f64;
    let logs: BTreeMap<String, f64> = sums
        .into_iter()
        .map(|(name, (count, sum))| {
            let log = (sum - count * mean) / (count + PROFILE_SHRINKAGE_TRIPS);
            (name.to_owned(), log)
        })
        .collect();
    for (y, profile) in pool.log_y.iter_mut().zip(profiles) {
        *y -= logs.get(profile).copied().unwrap_or(0.0);
    }
    logs.into_iter()
        .map(|(name, log)| (name, log.exp()))
        .collect()
}
