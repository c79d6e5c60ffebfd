//! Keeps level, interval and mean honest while the model ages.
//!
//! Every finished trip moves a shift and two stretches a small step towards the quantile they
//! promise: up when the trip lay beyond, down a little when it did not. Whatever the drift, the
//! share of trips beyond then tends to what is promised: adaptive conformal inference (Gibbs &
//! Candès 2021) in the form that tracks the quantile itself (Angelopoulos, Candès & Tibshirani 2023).

use crate::domain::forecast::Quantiles;

/// Step after many trips; how far the guard can follow is this times the number of trips.
const LAST_STEP: f64 = 0.004;
/// Added to the step, over the square root of the number of trips: the first ones move most.
const FIRST_STEPS: f64 = 0.05;
/// The number of trips is counted from here, so that the first trip is no leap.
const TRIPS_BEFORE: f64 = 25.0;
/// Share beyond each end of the interval.
const TAIL: f64 = 0.1;
/// Width of the central 80 % of a normal variable, in standard deviations.
const WIDTH: f64 = 2.563_103;
/// Largest relative error that moves the mean.
const LARGEST_RATIO: f64 = 4.0;
/// Bounds of shift and log stretches: no fault in the data moves a forecast out of sight.
const FARTHEST: f64 = 1.5;

/// State of the guard, in log seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Guard {
    trips: f64,
    shift: f64,
    low: f64,
    high: f64,
    mean_shift: f64,
    usual_s: f64,
}

impl Guard {
    /// The forecast as the guard would have it.
    pub fn apply(&self, forecast: &Quantiles) -> Quantiles {
        let median = forecast.p50.ln() + self.shift;
        let low = (forecast.p10 / forecast.p50).ln() * self.low.exp();
        let high = (forecast.p90 / forecast.p50).ln() * self.high.exp();
        Quantiles {
            p10: (median + low).exp(),
            p50: median.exp(),
            p90: (median + high).exp(),
            mean: forecast.mean * self.mean_shift.exp(),
        }
    }

    /// Learns from a trip that took `duration_s` and had this forecast before the guard.
    pub fn learn(&mut self, forecast: &Quantiles, duration_s: f64) {
        let said = self.apply(forecast);
        self.trips += 1.0;
        let step = LAST_STEP + FIRST_STEPS / (self.trips + TRIPS_BEFORE).sqrt();
        let beyond = |is: bool, share: f64| f64::from(u8::from(is)) - share;
        let spread = (forecast.p90 / forecast.p10).ln() / WIDTH;
        self.shift += step * spread * beyond(duration_s > said.p50, 0.5);
        self.low += step * beyond(duration_s < said.p10, TAIL);
        self.high += step * beyond(duration_s > said.p90, TAIL);
        self.usual_s += (said.mean - self.usual_s) / self.trips.min(1.0 / LAST_STEP);
        // Weighted by the length of the trip, since it is sums of seconds that are to agree.
        let ratio = (duration_s / said.mean - 1.0).min(LARGEST_RATIO);
        let weight = (said.mean / self.usual_s.max(1.0)).min(LARGEST_RATIO);
        self.mean_shift += step * weight * ratio;
        for state in [
            &mut self.shift,
            &mut self.low,
            &mut self.high,
            &mut self.mean_shift,
        ] {
            *state = state.clamp(-FARTHEST, FARTHEST);
        }
    }
}
