//! How much the visits of each customer vary: its own variance, as far as its visits say so.
//!
//! A customer's variance is a draw from a scaled inverse chi-squared distribution around that of all,
//! with `d0` prior degrees of freedom; its estimate is then `(d0 s0² + d s²) / (d0 + d)` (Smyth 2004,
//! "Linear models and empirical Bayes methods for assessing differential expression"). Sample
//! variances then follow `s0² F(d, d0)`; `d0` is the one of a grid under which they are likeliest.

/// Degrees of freedom that are tried; infinity: all customers vary alike.
const PRIORS: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, f64::INFINITY];
/// Least ratio of a sample variance to that of all: copied records shall not rule the rest out.
const LEAST_RATIO: f64 = 1e-4;

/// What one customer's visits say of its variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sample {
    /// Sum of squared errors.
    pub squares: f64,
    /// Degrees of freedom: visits less one; 0 if it has only one.
    pub freedom: f64,
}

/// Shrunk variances, in the order of the samples.
pub(super) fn shrink(samples: &[Sample], of_all: f64) -> Vec<f64> {
    let likelihood = |prior: f64| -> f64 {
        let told = samples.iter().filter(|s| s.freedom > 0.0);
        told.map(|s| {
            let ratio = (s.squares / s.freedom / of_all).max(LEAST_RATIO);
            log_density(ratio, s.freedom, prior)
        })
        .sum()
    };
    let likeliest = PRIORS
        .into_iter()
        .map(|prior| (likelihood(prior), prior))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let prior = likeliest.map_or(f64::INFINITY, |(_, prior)| prior);
    let shrunk = |s: &Sample| match prior.is_finite() {
        true => (prior * of_all + s.squares) / (prior + s.freedom),
        false => of_all,
    };
    samples.iter().map(shrunk).collect()
}

/// Logarithm of the density of `F(d, prior)`; of a scaled chi-squared without a finite prior.
fn log_density(ratio: f64, d: f64, prior: f64) -> f64 {
    let ln_gamma = libm::lgamma;
    if prior.is_infinite() {
        let half = d / 2.0;
        return half * half.ln() + (half - 1.0) * ratio.ln() - half * ratio - ln_gamma(half);
    }
    let ln_beta = ln_gamma(d / 2.0) + ln_gamma(prior / 2.0) - ln_gamma((d + prior) / 2.0);
    0.5 * d * (d * ratio).ln() + 0.5 * prior * prior.ln()
        - 0.5 * (d + prior) * (d * ratio + prior).ln()
        - ratio.ln()
        - ln_beta
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::random;
    use rand_distr::{Distribution, Normal};

    fn samples(sds: &[f64], visits: usize) -> Vec<Sample> {
        let mut generator = random::generator(5, "variances");
        let mut sample = |sd: &f64| {
            let noise = Normal::new(0.0, *sd).unwrap();
            let drawn: Vec<f64> = (0..visits).map(|_| noise.sample(&mut generator)).collect();
            let mean = drawn.iter().sum::<f64>() / visits as f64;
            Sample {
                squares: drawn.iter().map(|x| (x - mean).powi(2)).sum(),
                freedom: visits as f64 - 1.0,
            }
        };
        sds.iter().map(&mut sample).collect()
    }

    #[test]
    fn densities_integrate_to_one() {
        for (d, prior) in [(3.0, 8.0), (9.0, 2.0), (5.0, f64::INFINITY)] {
            let step = 1e-3;
            let sum: f64 = (1..400_000)
                .map(|i| log_density((f64::from(i) - 0.5) * step, d, prior).exp() * step)
                .sum();
            assert!((sum - 1.0).abs() < 0.01, "{d} {prior} {sum}");
        }
    }

    #[test]
    fn equal_variances_are_not_told_apart_and_different_ones_are() {
        let alike = shrink(&samples(&[0.2; 200], 8), 0.04);
        let spread = alike.iter().map(|v| (v - 0.04).abs()).fold(0.0, f64::max);
        assert!(spread < 0.02, "{spread}");
        let sds: Vec<f64> = (0..200)
            .map(|i| if i % 2 == 0 { 0.1 } else { 0.3 })
            .collect();
        let shrunk = shrink(&samples(&sds, 40), 0.05);
        let mean = |odd: usize| shrunk.iter().skip(odd).step_by(2).sum::<f64>() / 100.0;
        assert!((0.009..0.016).contains(&mean(0)), "{}", mean(0));
        assert!((0.07..0.1).contains(&mean(1)), "{}", mean(1));
    }

    #[test]
    fn one_visit_says_nothing_of_a_variance() {
        let mut all = samples(&[0.1, 0.3, 0.2, 0.4], 30);
        all.push(Sample {
            squares: 0.0,
            freedom: 0.0,
        });
        assert!((shrink(&all, 0.05)[4] - 0.05).abs() < 1e-12);
    }
}
