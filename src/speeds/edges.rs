//! Factors of single edges beyond those of their kind.
//!
//! Residuals of the fit by kinds, shared out over the edges of each observation by the time spent
//! on them: a ridge regression by coordinate descent. How much edges differ (the ridge) is what
//! forecasts drives best that were left out; where that is nothing, no edge has a factor of its own.

use super::fit::{KindFit, huber, weight};
use super::observation::Observation;

/// Standard deviations of the logarithm that are tried.
const SPREADS: [f64; 5] = [0.0, 0.05, 0.1, 0.2, 0.35];
/// Sweeps over all edges.
const SWEEPS: usize = 12;
/// Every so many drives are left out to choose.
const LEFT_OUT: u32 = 5;
/// Least gain on the drives left out, as a share of the loss, for edges to differ at all.
const LEAST_GAIN: f64 = 0.002;

/// Logarithms of the factors of edges that were driven, and how often they were.
#[derive(Debug, Clone, Default)]
pub(super) struct EdgeFit {
    /// Edge, logarithm of its factor, observations; by edge.
    pub edges: Vec<(u32, f64, u32)>,
    /// Standard deviation of the effects.
    pub spread: f64,
}

/// An observation by edges: what is left to explain, and the share of time on each edge.
struct Row {
    left: f64,
    weight: f64,
    shares: Vec<(u32, f64)>,
    drive: u32,
}

/// Fits the edges. `kind_of` is the number of each edge's kind.
pub(super) fn fit(observations: &[Observation], kind_of: &[usize], kinds: &KindFit) -> EdgeFit {
    let rows: Vec<Row> = observations
        .iter()
        .map(|o| row(o, kind_of, kinds))
        .collect();
    let is_kept = |row: &&Row| !row.drive.is_multiple_of(LEFT_OUT);
    let head: Vec<&Row> = rows.iter().filter(is_kept).collect();
    let tail: Vec<&Row> = rows.iter().filter(|row| !is_kept(row)).collect();
    let mut best = (0.0, loss(&tail, &[], kinds.noise));
    if head.is_empty() || tail.is_empty() {
        return EdgeFit::default();
    }
    let least = best.1 * (1.0 - LEAST_GAIN);
    for spread in SPREADS.into_iter().filter(|spread| *spread > 0.0) {
        let effects = solve(&head, kind_of.len(), spread, kinds.noise);
        let loss = loss(&tail, &effects, kinds.noise);
        if loss < best.1.min(least) {
            best = (spread, loss);
        }
    }
    if best.0 == 0.0 {
        return EdgeFit::default();
    }
    let all: Vec<&Row> = rows.iter().collect();
    let effects = solve(&all, kind_of.len(), best.0, kinds.noise);
    let mut counts = vec![0_u32; kind_of.len()];
    for (edge, _) in rows.iter().flat_map(|row| &row.shares) {
        counts[*edge as usize] += 1;
    }
    let driven = (0..kind_of.len()).filter(|&edge| counts[edge] > 0);
    EdgeFit {
        edges: driven.map(|e| (e as u32, effects[e], counts[e])).collect(),
        spread: best.0,
    }
}

fn row(observation: &Observation, kind_of: &[usize], kinds: &KindFit) -> Row {
    let seconds = |&(edge, s): &(u32, f32)| {
        let factor = kinds.factor(kind_of[edge as usize], observation.when.slot);
        (edge, f64::from(s) * factor)
    };
    let mut shares: Vec<(u32, f64)> = observation.stretches.iter().map(seconds).collect();
    let driving: f64 = shares.iter().map(|(_, s)| s).sum();
    let expected_s = observation.turning_s + driving;
    shares.iter_mut().for_each(|(_, s)| *s /= expected_s);
    let left = (observation.took_s / expected_s).ln();
    let told = weight(observation.free_s());
    Row {
        left,
        weight: told * huber(left * told.sqrt() / kinds.noise),
        shares,
        drive: observation.drive,
    }
}

fn solve(rows: &[&Row], edges: usize, spread: f64, noise: f64) -> Vec<f64> {
    let mut left: Vec<f64> = rows.iter().map(|row| row.left).collect();
    let mut of_edge: Vec<Vec<(usize, f64)>> = vec![Vec::new(); edges];
    for (at, row) in rows.iter().enumerate() {
        for &(edge, share) in &row.shares {
            of_edge[edge as usize].push((at, share));
        }
    }
    let ridge = (noise / spread).powi(2);
    let mut effects = vec![0.0; edges];
    for _ in 0..SWEEPS {
        for (edge, driven) in of_edge.iter().enumerate() {
            let (mut sum, mut squares) = (0.0, ridge);
            for &(at, share) in driven {
                let weighted = rows[at].weight * share;
                sum += weighted * (left[at] + share * effects[edge]);
                squares += weighted * share;
            }
            let step = sum / squares - effects[edge];
            if step != 0.0 {
                effects[edge] += step;
                driven
                    .iter()
                    .for_each(|&(at, share)| left[at] -= share * step);
            }
        }
    }
    effects
}

/// Mean weighted square of what is left, each cut where it is an outlier.
fn loss(rows: &[&Row], effects: &[f64], noise: f64) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for row in rows {
        let effect = |&(edge, share): &(u32, f64)| {
            share * effects.get(edge as usize).copied().unwrap_or(0.0)
        };
        let left = row.left - row.shares.iter().map(effect).sum::<f64>();
        sum += row.weight * left.clamp(-3.0 * noise, 3.0 * noise).powi(2);
        weights += row.weight;
    }
    sum / f64::max(weights, 1e-9)
}
