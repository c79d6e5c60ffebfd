//! Weights of the signals, learned on trips held back.

use super::Districts;
use super::signals::{SIGNALS, Signals};
use crate::domain::LatLon;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Weights before any trip is seen: a level that persists is corrected once in all.
const PRIOR: [f64; SIGNALS] = [0.2, 0.2, 0.2, 0.2, 0.2, 0.25, 0.25];
/// How many trips the prior is worth.
const PRIOR_TRIPS: f64 = 8_000.0;
/// Share of the trips that only fill the signals.
const WARM_UP: f64 = 0.25;
/// Least variance of a signal that is learned from.
const LEAST_VARIANCE: f64 = 1e-9;

/// What live correction needs of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LiveParameters {
    /// Districts whose errors are followed.
    pub districts: Districts,
    /// Weight of each signal: the area's mean log error over half an hour, two hours, a day, a week
    /// and a month, and those of origin and destination.
    pub weights: [f64; SIGNALS],
}

impl Default for LiveParameters {
    fn default() -> Self {
        Self {
            districts: Districts::default(),
            weights: PRIOR,
        }
    }
}

impl LiveParameters {
    /// What signals add to the logarithm of a duration.
    pub(super) fn shift(&self, signals: &[f64; SIGNALS]) -> f64 {
        self.weights.iter().zip(signals).map(|(w, s)| w * s).sum()
    }
}

/// A trip held back, with the error of a model that has not seen it.
#[derive(Debug, Clone, Copy)]
pub(in crate::travel_time) struct HeldBack {
    pub origin: LatLon,
    pub destination: LatLon,
    pub depart_s: f64,
    pub duration_s: f64,
    /// Logarithm of duration over median.
    pub log_error: f64,
}

/// Ridge regression of errors on the signals there were at their departures, drawn towards the
/// prior: the posterior mean of normal weights (Hoerl & Kennard 1970).
pub(in crate::travel_time) fn learn(trips: &[HeldBack]) -> LiveParameters {
    let origins: Vec<LatLon> = trips.iter().map(|t| t.origin).collect();
    let districts = Districts::around(&origins);
    let rows = signals_of(trips, &districts);
    let rows = &rows[(rows.len() as f64 * WARM_UP) as usize..];
    let mut gram = [[0.0; SIGNALS]; SIGNALS];
    let mut right = [0.0; SIGNALS];
    for (signals, error) in rows {
        for ((line, sum), signal) in gram.iter_mut().zip(&mut right).zip(signals) {
            *sum += signal * error;
            for (cell, other) in line.iter_mut().zip(signals) {
                *cell += signal * other;
            }
        }
    }
    let count = rows.len().max(1) as f64;
    for (i, (line, sum)) in gram.iter_mut().zip(&mut right).enumerate() {
        let penalty = PRIOR_TRIPS * (line[i] / count + LEAST_VARIANCE);
        line[i] += penalty;
        *sum += penalty * PRIOR[i];
    }
    LiveParameters {
        districts,
        weights: solve(gram, right),
    }
}

/// Signals at every departure with the (bounded) error of the trip, in order of departure.
fn signals_of(trips: &[HeldBack], districts: &Districts) -> Vec<([f64; SIGNALS], f64)> {
    let mut signals = Signals::new(districts);
    let mut by_depart: Vec<&HeldBack> = trips.iter().collect();
    by_depart.sort_by(|a, b| a.depart_s.total_cmp(&b.depart_s));
    let end = |trip: &HeldBack| trip.depart_s + trip.duration_s;
    let mut by_end = by_depart.clone();
    by_end.sort_by(|a, b| end(a).total_cmp(&end(b)));
    let mut ended = by_end.into_iter().peekable();
    let rows = by_depart.into_iter().map(|trip| {
        while let Some(done) = ended.next_if(|done| end(done) < trip.depart_s) {
            signals.push(done.origin, done.destination, end(done), done.log_error);
        }
        let now = signals.at(trip.origin, trip.destination, trip.depart_s);
        (now, trip.log_error.clamp(-1.0, 1.0))
    });
    rows.collect()
}

/// Gaussian elimination; the matrix is positive definite, so no pivot is zero.
fn solve(mut gram: [[f64; SIGNALS]; SIGNALS], mut right: [f64; SIGNALS]) -> [f64; SIGNALS] {
    for pivot in 0..SIGNALS {
        let (line, known) = (gram[pivot], right[pivot]);
        let below = gram.iter_mut().zip(&mut right).skip(pivot + 1);
        for (row, sum) in below {
            let factor = row[pivot] / line[pivot];
            for (cell, above) in row.iter_mut().zip(line) {
                *cell -= factor * above;
            }
            *sum -= factor * known;
        }
    }
    let mut weights = [0.0; SIGNALS];
    for row in (0..SIGNALS).rev() {
        let pairs = gram[row].iter().zip(&weights).skip(row + 1);
        let known: f64 = pairs.map(|(cell, weight)| cell * weight).sum();
        weights[row] = (right[row] - known) / gram[row][row];
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equations_are_solved() {
        let mut gram = [[0.5; SIGNALS]; SIGNALS];
        let weights = [0.1, -0.2, 0.3, 0.4, -0.5, 0.6, 0.7];
        for (i, line) in gram.iter_mut().enumerate() {
            line[i] = 2.0 + i as f64;
        }
        let right = gram.map(|line| line.iter().zip(weights).map(|(g, w)| g * w).sum());
        for (found, put_in) in solve(gram, right).iter().zip(weights) {
            assert!((found - put_in).abs() < 1e-12);
        }
    }
}
