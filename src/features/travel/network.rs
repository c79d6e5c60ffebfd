//! What a road network says of a trip, where there is one.

use crate::domain::LatLon;
use std::fmt::Debug;

/// Durations on an empty road network.
pub trait NetworkTimes: Debug + Send + Sync {
    /// Free-flow seconds from one place to another; `None` where no map is or no way leads.
    fn free_flow_s(&self, from: LatLon, to: LatLon) -> Option<f64>;
}

/// The feature of a trip: the logarithm of its free-flow seconds + 30 s, so that two places at one
/// point of the network have one too; NaN where nothing is known.
pub(super) fn log_free_flow(network: Option<&dyn NetworkTimes>, from: LatLon, to: LatLon) -> f64 {
    const LOG_OFFSET_S: f64 = 30.0;
    let seconds = network.and_then(|network| network.free_flow_s(from, to));
    let usable = seconds.filter(|s| s.is_finite() && *s >= 0.0);
    usable.map_or(f64::NAN, |s| (s + LOG_OFFSET_S).ln())
}
