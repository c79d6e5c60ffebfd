//! How far chance alone can move a figure that is a ratio of two sums over a panel.

use std::collections::BTreeMap;

/// What a row adds to a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// Position of the series.
    pub series: usize,
    /// Number of the step.
    pub step: i64,
    /// Added to the numerator.
    pub above: f64,
    /// Added to the denominator.
    pub below: f64,
}

/// A ratio of sums with its bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The ratio.
    pub value: f64,
    /// Beyond each of these with a probability of 1 %.
    pub bounds: [f64; 2],
}

/// The ratio of the sums of all parts. `None` if there is no denominator or only one step.
///
/// The greater of two standard errors counts: by Driscoll and Kraay (1998), for what all series share
/// at a step and what lasts for up to `bandwidth` steps, and clustered by series. The critical value
/// is that of fixed-bandwidth asymptotics (Kiefer and Vogelsang 2005, Bartlett kernel), since steps
/// are few.
pub fn estimate(parts: &[Part], bandwidth: i64) -> Option<Estimate> {
    let above: f64 = parts.iter().map(|p| p.above).sum();
    let below: f64 = parts.iter().map(|p| p.below).sum();
    let value = above / below;
    if !value.is_finite() || below <= 0.0 {
        return None;
    }
    let (mut steps, mut series) = (BTreeMap::<i64, f64>::new(), BTreeMap::<usize, f64>::new());
    for part in parts {
        let influence = (part.above - value * part.below) / below;
        *steps.entry(part.step).or_default() += influence;
        *series.entry(part.series).or_default() += influence;
    }
    let count = steps.len() as f64;
    if count < 2.0 {
        return None;
    }
    let by_step = driscoll_kraay(&steps, bandwidth) * count / (count - 1.0);
    let groups = series.len() as f64;
    let by_series = match groups > 1.0 {
        true => series.values().map(|e| e * e).sum::<f64>() * groups / (groups - 1.0),
        false => 0.0,
    };
    let reach = critical(bandwidth as f64 / count) * by_step.max(by_series).max(0.0).sqrt();
    Some(Estimate {
        value,
        bounds: [value - reach, value + reach],
    })
}

/// Variance of the sum of all steps' influences, with Bartlett weights up to the bandwidth.
fn driscoll_kraay(steps: &BTreeMap<i64, f64>, bandwidth: i64) -> f64 {
    let mut variance: f64 = steps.values().map(|e| e * e).sum();
    for lag in 1..bandwidth {
        let weight = 1.0 - lag as f64 / bandwidth as f64;
        let pairs = steps
            .iter()
            .filter_map(|(step, e)| Some(e * steps.get(&(step + lag))?));
        variance += 2.0 * weight * pairs.sum::<f64>();
    }
    variance
}

/// One-sided 1 % critical value for a bandwidth that is a share `b` of the steps.
fn critical(b: f64) -> f64 {
    let b = b.clamp(0.0, 1.0);
    2.3263 + 4.1618 * b + 0.5368 * b * b - 0.9060 * b * b * b
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::random;
    use rand::Rng;

    /// Share of runs in which the true ratio lies outside the bounds. Series share shocks that last.
    fn missed(series: usize, steps: i64, lasting: f64) -> f64 {
        const RUNS: u64 = 1_000;
        let outside = (0..RUNS).filter(|seed| {
            let mut draw = random::generator(*seed, "spread");
            let mut normal = || (0..12).map(|_| draw.random::<f64>()).sum::<f64>() - 6.0;
            let mut shared = normal();
            let mut parts = Vec::new();
            for step in 0..steps {
                shared = lasting * shared + (1.0 - lasting * lasting).sqrt() * normal();
                parts.extend((0..series).map(|series| Part {
                    series,
                    step,
                    above: 10.0 + shared + normal(),
                    below: 20.0,
                }));
            }
            let [low, high] = estimate(&parts, 7).unwrap().bounds;
            !(low..=high).contains(&0.5)
        });
        outside.count() as f64 / RUNS as f64
    }

    #[test]
    fn chance_rarely_leaves_the_bounds() {
        // Two bounds of 1 % each; shocks that last cost some of it, as in the literature.
        assert!(missed(8, 56, 0.0) <= 0.03);
        assert!(missed(8, 28, 0.5) <= 0.05);
    }

    #[test]
    fn too_little_gives_no_estimate() {
        let part = Part {
            series: 0,
            step: 1,
            above: 1.0,
            below: 1.0,
        };
        assert_eq!(estimate(&[], 7), None);
        assert_eq!(estimate(&[part, Part { series: 1, ..part }], 7), None);
        let empty = Part { below: 0.0, ..part };
        assert_eq!(estimate(&[empty, Part { step: 2, ..empty }], 7), None);
    }
}
