//! How unusual something is: tail probabilities.

use crate::domain::forecast::Z90;

/// Probability that a standard normal variable exceeds `z`; absolute error below 8e-8
/// (Abramowitz & Stegun 1964, 26.2.17).
pub(super) fn normal_tail(z: f64) -> f64 {
    if z < 0.0 {
        return 1.0 - normal_tail(-z);
    }
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let density = (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let series = t
        * (0.319_381_530
            + t * (-0.356_563_782
                + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    (density * series).clamp(0.0, 1.0)
}

/// Probability that a variable with median `p50` and 90 % quantile `p90` exceeds `value`, if its
/// upper half is normal.
pub(super) fn above(value: f64, p50: f64, p90: f64) -> f64 {
    let spread = (p90 - p50).max(1e-9) / Z90;
    normal_tail((value - p50) / spread)
}

/// Probability that at least `hits` of `cases` happen if each does with probability `share` and
/// cases are correlated by `correlation` (beta-binomial distribution; 0: binomial).
pub(super) fn at_least(hits: usize, cases: usize, share: f64, correlation: f64) -> f64 {
    // Pólya's urn: after k hits and m misses the next case is a hit with probability
    // (share + k·w) / (1 + (k+m)·w), where w = correlation / (1 − correlation).
    let weight = correlation.clamp(0.0, 0.99) / (1.0 - correlation.clamp(0.0, 0.99));
    let mut by_hits = vec![0.0; cases + 1];
    by_hits[0] = 1.0;
    for drawn in 0..cases {
        let all = 1.0 + drawn as f64 * weight;
        for k in (0..=drawn).rev() {
            let hit = (share + k as f64 * weight) / all;
            let here = by_hits[k];
            by_hits[k + 1] += here * hit;
            by_hits[k] = here * (1.0 - hit);
        }
    }
    by_hits.iter().skip(hits).sum::<f64>().clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_tail_matches_tables() {
        for (z, tail) in [
            (0.0, 0.5),
            (1.281_551_6, 0.1),
            (1.959_964, 0.025),
            (3.0, 0.001_349_9),
        ] {
            assert!((normal_tail(z) - tail).abs() < 1e-6, "{z}");
            assert!((normal_tail(-z) - (1.0 - tail)).abs() < 1e-6, "{z}");
        }
        assert!((above(130.0, 100.0, 130.0) - 0.1).abs() < 1e-6);
    }

    #[test]
    fn uncorrelated_counts_are_binomial() {
        let choose = |n: u64, k: u64| (1..=k).fold(1.0, |c, i| c * (n + 1 - i) as f64 / i as f64);
        for hits in 0..=12_usize {
            let direct: f64 = (hits as u64..=12)
                .map(|k| choose(12, k) * 0.2_f64.powi(k as i32) * 0.8_f64.powi(12 - k as i32))
                .sum();
            assert!(
                (at_least(hits, 12, 0.2, 0.0) - direct).abs() < 1e-12,
                "{hits}"
            );
        }
    }

    #[test]
    fn correlation_keeps_the_mean_and_widens_the_tail() {
        let mean: f64 = (1..=20).map(|k| at_least(k, 20, 0.2, 0.15)).sum();
        assert!((mean - 4.0).abs() < 1e-9);
        assert!(at_least(10, 20, 0.2, 0.15) > 5.0 * at_least(10, 20, 0.2, 0.0));
    }
}
