//! Factors by kind of road and slot of the week, all at once.
//!
//! The time of an observation is what its turns take plus, over its stretches, free flow × factor.
//! The logarithm of a factor is `network + slot + kind + (kind, slot)`. Gauss-Newton steps on the
//! logarithm of observed over expected time, with Huber's weights against outliers (Huber 1964).
//! Each group of effects has a variance of its own, re-estimated after every step by what the
//! effects are and how well they are known (MacKay, *Bayesian interpolation*, 1992): effects of
//! thin data are drawn towards zero. Slots are drawn towards their neighbours in time as well.

use super::SpeedsError;
use super::cholesky::inverse;
use super::kind::KINDS;
use super::observation::Observation;
use super::week::{HOURS, SLOTS};
use crate::runtime::{Cancel, Progress};

/// Steps of Gauss and Newton.
const STEPS: usize = 12;
/// Residuals beyond so many standard deviations count less.
const HUBER: f64 = 1.5;
/// An observation so long counts half of a very long one, in seconds at free flow.
const HALF_WEIGHT_S: f64 = 60.0;
/// How much a slot is drawn to the average, beside its two neighbours.
const ALONE: f64 = 0.2;
/// Least variance of a group's effects, and least noise.
const LEAST_VARIANCE: f64 = 1e-4;
const LEAST_NOISE: f64 = 0.01;

/// Logarithms of factors, and what is behind them.
#[derive(Debug, Clone)]
pub(super) struct KindFit {
    /// Of the network.
    pub network: f64,
    /// Of each slot, beyond the network.
    pub slot: Vec<f64>,
    /// Of each kind, beyond the network.
    pub kind: Vec<f64>,
    /// Of each kind in each slot, beyond both: `[kind][slot]`.
    pub both: Vec<f64>,
    /// Standard deviation of the logarithm of observed over expected time of a long observation.
    pub noise: f64,
    /// Standard deviations of the effects of slots, of kinds, and of kinds in slots.
    pub spread: [f64; 3],
}

impl KindFit {
    /// Nothing known.
    fn new() -> Self {
        Self {
            network: 0.0,
            slot: vec![0.0; SLOTS],
            kind: vec![0.0; KINDS],
            both: vec![0.0; KINDS * SLOTS],
            noise: 0.5,
            spread: [0.2, 0.2, 0.1],
        }
    }

    /// Factor of a kind in a slot.
    pub fn factor(&self, kind: usize, slot: usize) -> f64 {
        let both = self.both[kind * SLOTS + slot];
        (self.network + self.slot[slot] + self.kind[kind] + both).exp()
    }
}

/// How much an observation tells, at most 1.
pub(super) fn weight(free_s: f64) -> f64 {
    free_s / (free_s + HALF_WEIGHT_S)
}

/// Huber's weight of a residual in standard deviations.
pub(super) fn huber(residual: f64) -> f64 {
    match residual.abs() > HUBER {
        true => HUBER / residual.abs(),
        false => 1.0,
    }
}

/// An observation by kinds.
struct Row {
    slot: usize,
    turning_s: f64,
    kinds: Vec<(usize, f64)>,
    log_took: f64,
    weight: f64,
}

/// Where effects stand among the unknowns: network, slots, kinds seen, kinds seen in slots.
struct Places {
    kind: Vec<usize>,
    both: Vec<usize>,
    kinds: std::ops::Range<usize>,
    boths: std::ops::Range<usize>,
}

const NONE: usize = usize::MAX;

impl Places {
    fn of(rows: &[Row]) -> Self {
        let (mut kind, mut both) = (vec![NONE; KINDS], vec![NONE; KINDS * SLOTS]);
        for row in rows {
            for &(k, _) in &row.kinds {
                kind[k] = 0;
                both[k * SLOTS + row.slot] = 0;
            }
        }
        let mut next = 1 + SLOTS;
        let mut number = |list: &mut Vec<usize>| {
            let first = next;
            for place in list.iter_mut().filter(|place| **place != NONE) {
                *place = next;
                next += 1;
            }
            first..next
        };
        let kinds = number(&mut kind);
        let boths = number(&mut both);
        Self {
            kind,
            both,
            kinds,
            boths,
        }
    }

    /// The effects of a fit as unknowns.
    fn values(&self, fit: &KindFit) -> Vec<f64> {
        let mut values = vec![0.0; self.boths.end];
        values[0] = fit.network;
        values[1..=SLOTS].copy_from_slice(&fit.slot);
        let effects = fit.kind.iter().chain(&fit.both);
        for (&at, effect) in self.kind.iter().chain(&self.both).zip(effects) {
            if at != NONE {
                values[at] = *effect;
            }
        }
        values
    }

    /// Puts unknowns back into a fit.
    fn put(&self, values: &[f64], fit: &mut KindFit) {
        let value = |at: &usize| if *at == NONE { 0.0 } else { values[*at] };
        fit.network = values[0];
        fit.slot.copy_from_slice(&values[1..=SLOTS]);
        fit.kind = self.kind.iter().map(value).collect();
        fit.both = self.both.iter().map(value).collect();
    }
}

/// Fits the factors. `kind_of` is the number of each edge's kind.
///
/// # Errors
/// Cancelled.
pub(super) fn fit(
    observations: &[Observation],
    kind_of: &[usize],
    cancel: &Cancel,
    progress: &Progress,
) -> Result<KindFit, SpeedsError> {
    let rows: Vec<Row> = observations.iter().map(|o| row(o, kind_of)).collect();
    let places = Places::of(&rows);
    let mut fit = KindFit::new();
    let mut logs: Vec<f64> = rows.iter().map(|row| residual(&fit, row).0).collect();
    fit.network = median(&mut logs);
    for step in 0..STEPS {
        cancel.check()?;
        progress.report("speeds: kinds and hours", step as u64, STEPS as u64);
        fit.noise = noise(&fit, &rows);
        if !improve(&mut fit, &rows, &places) {
            break;
        }
    }
    fit.noise = noise(&fit, &rows);
    Ok(fit)
}

fn row(observation: &Observation, kind_of: &[usize]) -> Row {
    let mut kinds: Vec<(usize, f64)> = Vec::new();
    for &(edge, seconds) in &observation.stretches {
        let kind = kind_of[edge as usize];
        match kinds.iter_mut().find(|(k, _)| *k == kind) {
            Some((_, sum)) => *sum += f64::from(seconds),
            None => kinds.push((kind, f64::from(seconds))),
        }
    }
    Row {
        slot: observation.when.slot,
        turning_s: observation.turning_s,
        kinds,
        log_took: observation.took_s.ln(),
        weight: weight(observation.free_s()),
    }
}

/// Logarithm of observed over expected time, and the expected one.
fn residual(fit: &KindFit, row: &Row) -> (f64, f64) {
    let driving = row
        .kinds
        .iter()
        .map(|(kind, s)| s * fit.factor(*kind, row.slot));
    let expected_s = row.turning_s + driving.sum::<f64>();
    (row.log_took - expected_s.ln(), expected_s)
}

/// Standard deviation of long observations, by the median of residuals.
fn noise(fit: &KindFit, rows: &[Row]) -> f64 {
    let scaled = rows
        .iter()
        .map(|row| residual(fit, row).0.abs() * row.weight.sqrt());
    (1.4826 * median(&mut scaled.collect::<Vec<_>>())).max(LEAST_NOISE)
}

/// One step, and new variances; `false` where the step cannot be taken.
fn improve(fit: &mut KindFit, rows: &[Row], places: &Places) -> bool {
    let n = places.boths.end;
    let (mut matrix, mut right) = normal_equations(fit, rows, places);
    let mut values = places.values(fit);
    let prior = prior(fit, places);
    for &(i, j, precision) in &prior {
        matrix[i * n + j] += precision;
        right[i] -= precision * values[j];
    }
    // The network's own level is free, as far as numbers go.
    matrix[0] += 1e-6;
    let Some(covariance) = inverse(&matrix, n) else {
        return false;
    };
    for (value, row) in values.iter_mut().zip(covariance.chunks_exact(n)) {
        let step: f64 = row.iter().zip(&right).map(|(c, r)| c * r).sum();
        *value += step.clamp(-1.0, 1.0);
    }
    let groups = [1..1 + SLOTS, places.kinds.clone(), places.boths.clone()];
    for (group, range) in groups.into_iter().enumerate() {
        let of_group = prior.iter().filter(|(i, _, _)| range.contains(i));
        let variance = fit.spread[group].powi(2);
        let (mut squares, mut unknown) = (0.0, 0.0);
        for &(i, j, precision) in of_group {
            squares += precision * variance * values[i] * values[j];
            unknown += precision * covariance[i * n + j];
        }
        let known = (range.len() as f64 - unknown).max(0.5);
        fit.spread[group] = (squares / known).max(LEAST_VARIANCE).sqrt();
    }
    places.put(&values, fit);
    true
}

/// Weighted squares and products of the derivatives, and theirs with the residuals.
fn normal_equations(fit: &KindFit, rows: &[Row], places: &Places) -> (Vec<f64>, Vec<f64>) {
    let n = places.boths.end;
    let (mut matrix, mut right) = (vec![0.0; n * n], vec![0.0; n]);
    let mut entries: Vec<(usize, f64)> = Vec::new();
    for row in rows {
        let (residual, expected_s) = residual(fit, row);
        entries.clear();
        let mut whole = 0.0;
        for &(kind, seconds) in &row.kinds {
            let share = seconds * fit.factor(kind, row.slot) / expected_s;
            whole += share;
            entries.push((places.kind[kind], share));
            entries.push((places.both[kind * SLOTS + row.slot], share));
        }
        entries.push((0, whole));
        entries.push((1 + row.slot, whole));
        let robust = huber(residual * row.weight.sqrt() / fit.noise);
        let weight = row.weight * robust / fit.noise.powi(2);
        for &(i, a) in &entries {
            right[i] += weight * a * residual;
            for &(j, b) in &entries {
                matrix[i * n + j] += weight * a * b;
            }
        }
    }
    (matrix, right)
}

/// Precisions that draw effects to zero, and slots to their neighbours, as entries of a matrix.
fn prior(fit: &KindFit, places: &Places) -> Vec<(usize, usize, f64)> {
    let precision = fit.spread.map(|spread| spread.powi(-2));
    let mut entries = Vec::new();
    for slot in 0..SLOTS {
        let day = slot / HOURS * HOURS;
        let next = day + (slot + 1) % HOURS;
        let (a, b) = (1 + slot, 1 + next);
        entries.push((a, a, precision[0] * ALONE));
        entries.extend([
            (a, a, precision[0]),
            (b, b, precision[0]),
            (a, b, -precision[0]),
            (b, a, -precision[0]),
        ]);
    }
    entries.extend(places.kinds.clone().map(|k| (k, k, precision[1])));
    entries.extend(places.boths.clone().map(|b| (b, b, precision[2])));
    entries
}

/// The middle of some numbers; 0 without any.
pub(super) fn median(values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}
