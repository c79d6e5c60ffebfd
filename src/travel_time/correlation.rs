//! How much of the uncertainty all trips of an hour have in common.

use std::collections::BTreeMap;

/// Share of the variance of log errors that trips of the same local day and hour share, 0 to 1:
/// the intraclass correlation of a one-way analysis of variance (Fisher 1925), by the moment
/// estimator for groups of unequal size. 0 where there is nothing to compare.
pub(super) fn leg_correlation(errors: &[f64], groups: &[(i64, u32)]) -> f64 {
    let mut by_group: BTreeMap<(i64, u32), (f64, f64)> = BTreeMap::new();
    for (error, group) in errors.iter().zip(groups) {
        let (count, sum) = by_group.entry(*group).or_default();
        *count += 1.0;
        *sum += error;
    }
    let (n, k) = (errors.len() as f64, by_group.len() as f64);
    if k < 2.0 || n <= k {
        return 0.0;
    }
    let mean = errors.iter().sum::<f64>() / n;
    let total: f64 = errors.iter().map(|e| (e - mean).powi(2)).sum();
    let groups = by_group.values();
    let between: f64 = groups
        .clone()
        .map(|(count, sum)| count * (sum / count - mean).powi(2))
        .sum();
    let squares: f64 = groups.map(|(count, _)| count * count).sum();
    let size = (n - squares / n) / (k - 1.0);
    let within_mean = (total - between).max(0.0) / (n - k);
    let between_mean = between / (k - 1.0);
    let shared = ((between_mean - within_mean) / size).max(0.0);
    if shared + within_mean > 0.0 {
        shared / (shared + within_mean)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::random;
    use rand_distr::{Distribution, StandardNormal};

    #[test]
    fn finds_the_share_that_was_put_in() {
        let mut generator = random::generator(5, "correlation");
        let mut normal = || -> f64 { StandardNormal.sample(&mut generator) };
        let (mut errors, mut groups) = (Vec::new(), Vec::new());
        for hour in 0..2_000 {
            let shared = 0.5 * normal();
            for _ in 0..(3 + hour % 7) {
                errors.push(shared + normal());
                groups.push((i64::from(hour / 24), hour % 24));
            }
        }
        let found = leg_correlation(&errors, &groups);
        assert!((found - 0.2).abs() < 0.03, "{found}");
        assert_eq!(leg_correlation(&errors[..1], &groups[..1]), 0.0);
    }
}
