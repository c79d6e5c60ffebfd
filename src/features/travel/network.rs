//! What a road network says of a trip, where there is one.

use crate::domain::LatLon;
use std::fmt::Debug;

/// The quickest way on empty roads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NetworkLeg {
    /// How long it takes, in seconds.
    pub duration_s: f64,
    /// How long it is, in metres.
    pub length_m: f64,
}

/// Ways on an empty road network.
pub trait NetworkTimes: Debug + Send + Sync {
    /// Which network it is: a model that was trained with one is served with that one only.
    fn identity(&self) -> &str;

    /// The way from one place to another; `None` where no map is or no way leads.
    fn leg(&self, from: LatLon, to: LatLon) -> Option<NetworkLeg>;

    /// The ways of many pairs, one per pair, in order; the same as asking one by one, but faster
    /// where places come again.
    fn legs(&self, pairs: &[(LatLon, LatLon)]) -> Vec<Option<NetworkLeg>> {
        pairs.iter().map(|&(from, to)| self.leg(from, to)).collect()
    }
}

/// Ways of all pairs; none without a network.
pub(super) fn legs_of(
    network: Option<&dyn NetworkTimes>,
    pairs: &[(LatLon, LatLon)],
) -> Vec<Option<NetworkLeg>> {
    match network {
        Some(network) => network.legs(pairs),
        None => vec![None; pairs.len()],
    }
}

/// Added to a duration before its logarithm, in seconds, so that two places at one point of the
/// network have one too.
const LOG_OFFSET_S: f64 = 30.0;

/// The feature of a trip: the logarithm of its free-flow seconds + 30 s; NaN where nothing is known.
pub(super) fn log_duration(leg: Option<NetworkLeg>) -> f64 {
    log_of(leg.map(|leg| leg.duration_s), LOG_OFFSET_S)
}

/// The logarithm of its metres + `offset_m`; NaN where nothing is known.
pub(super) fn log_length(leg: Option<NetworkLeg>, offset_m: f64) -> f64 {
    log_of(leg.map(|leg| leg.length_m), offset_m)
}

fn log_of(value: Option<f64>, offset: f64) -> f64 {
    let usable = value.filter(|value| value.is_finite() && *value >= 0.0);
    usable.map_or(f64::NAN, |value| (value + offset).ln())
}
