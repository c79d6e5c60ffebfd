//! Whole drives beside what is expected of them: their mean, their spread, what they share.

use super::fit::median;
use super::road_speeds::Spread;
use std::collections::BTreeMap;

/// Shortest drive whose time over the expected one tells how drives spread, in expected seconds.
const SHORTEST_S: f64 = 120.0;

/// A trip, or what was observed of a trace without a break.
pub(super) struct Drive {
    pub number: u32,
    /// Hours since 1970 of its begin.
    pub hour: i64,
    pub took_s: f64,
    pub turning_s: f64,
    /// Expected along its edges: exponential of the mean logarithm.
    pub driving_s: f64,
}

/// What drives have in common.
pub(super) struct Drives {
    /// Factor from there to the mean of time along edges (Duan, *Smearing estimate*, 1983).
    pub mean: f64,
    /// Quantiles of time over its mean.
    pub spread: Spread,
    /// Intraclass correlation of the drives of an hour.
    pub correlation: f64,
}

impl Drives {
    pub fn of(drives: &[Drive]) -> Self {
        let sum = |value: fn(&Drive) -> f64| drives.iter().map(value).sum::<f64>();
        let took = sum(|d| d.took_s) - sum(|d| d.turning_s);
        let mean = (took / sum(|d| d.driving_s).max(1.0)).clamp(0.5, 2.0);
        let long = drives
            .iter()
            .filter(|d| d.turning_s + d.driving_s >= SHORTEST_S);
        let mut kept: Vec<&Drive> = long.collect();
        if kept.is_empty() {
            kept = drives.iter().collect();
        }
        let ratio = |d: &&Drive| d.took_s / (d.turning_s + mean * d.driving_s);
        let logs: Vec<(i64, f64)> = kept.iter().map(|d| (d.hour, ratio(d).ln())).collect();
        Self {
            mean,
            spread: spread(&mut kept.iter().map(ratio).collect::<Vec<_>>()),
            correlation: correlation(&logs),
        }
    }
}

fn spread(ratios: &mut [f64]) -> Spread {
    if ratios.is_empty() {
        return Spread {
            p10: 1.0,
            p50: 1.0,
            p90: 1.0,
        };
    }
    let p50 = median(ratios);
    ratios.sort_by(f64::total_cmp);
    let at = |share: f64| ratios[(share * (ratios.len() - 1) as f64).round() as usize];
    Spread {
        p10: at(0.1),
        p50,
        p90: at(0.9),
    }
}

/// Mean product of two deviations of one hour over the variance; 0 where no hour has two drives.
fn correlation(logs: &[(i64, f64)]) -> f64 {
    let count = logs.len().max(1) as f64;
    let mean = logs.iter().map(|(_, log)| log).sum::<f64>() / count;
    let variance = logs
        .iter()
        .map(|(_, log)| (log - mean).powi(2))
        .sum::<f64>()
        / count;
    let mut hours: BTreeMap<i64, (f64, f64, f64)> = BTreeMap::new();
    for (hour, log) in logs {
        let off = log - mean;
        let entry = hours.entry(*hour).or_default();
        *entry = (entry.0 + 1.0, entry.1 + off, entry.2 + off * off);
    }
    let products: f64 = hours
        .values()
        .map(|(_, sum, squares)| sum * sum - squares)
        .sum();
    let pairs: f64 = hours.values().map(|(n, _, _)| n * (n - 1.0)).sum();
    match pairs > 0.0 && variance > 0.0 {
        true => (products / pairs / variance).clamp(0.0, 1.0),
        false => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drives_of_an_hour_share_what_they_share() {
        let same: Vec<(i64, f64)> = (0..40)
            .map(|i| (i / 2, f64::from(i as i32 / 2 % 3)))
            .collect();
        assert!((correlation(&same) - 1.0).abs() < 1e-9);
        let alone: Vec<(i64, f64)> = (0..40).map(|i| (i, f64::from(i as i32 % 3))).collect();
        assert_eq!(correlation(&alone), 0.0);
    }
}
