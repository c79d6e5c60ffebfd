//! Weighs candidates against each other, output by output, by what held-back steps showed.
//!
//! Quantiles are averaged with weights that sum to one and minimise the pinball loss of the
//! average, found by exponentiated gradient descent (Kivinen and Warmuth 1997); those of the mean
//! minimise its squared error. Averaging quantiles keeps their order (Lichtendahl, Grushka-Cockayne
//! and Winkler 2013).

use crate::domain::forecast::Quantiles;

/// Rows that weights are learned from at most.
const MOST_ROWS: usize = 40_000;
/// Steps of the descent.
const STEPS: usize = 200;
/// Length of the first step.
const PACE: f64 = 4.0;
/// Weights below this are dropped: what hardly counts need not be fitted and served.
const LEAST_WEIGHT: f64 = 0.05;

/// Misses of the mean that count in full, in multiples of the mean absolute value.
const LARGEST_MISS: f64 = 10.0;
/// What is learned counts so much against weights by the losses alone: held-back steps are few, and
/// what is best on them is best by luck in part (the combination puzzle, Smith and Wallis 2009).
const LEARNED: f64 = 0.7;
/// Weights by the losses are losses to the power of minus this.
const SHARPNESS: i32 = 4;
/// Candidates whose loss is more than so many times the least are left out.
const MOST_LOSS: f64 = 1.5;

/// Levels of the first three outputs; the fourth is the mean.
const LEVELS: [Option<f64>; 4] = [Some(0.1), Some(0.5), Some(0.9), None];

/// Weights of the candidates by output.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize)]
pub struct Blend {
    /// `[output][candidate]`, in the order p10, p50, p90, mean.
    pub weights: [Vec<f64>; 4],
}

/// An output of a forecast.
pub fn output(q: &Quantiles, which: usize) -> f64 {
    match which {
        0 => q.p10,
        1 => q.p50,
        2 => q.p90,
        _ => q.mean,
    }
}

impl Blend {
    /// Learns weights from scaled forecasts by candidate, what happened, scaled alike, and the
    /// scale of every row.
    pub fn learn(candidates: &[&[Quantiles]], actual: &[f64], volume: &[f64]) -> Self {
        let every = actual.len().div_ceil(MOST_ROWS).max(1);
        let rows: Vec<usize> = (0..actual.len()).step_by(every).collect();
        Self {
            weights: std::array::from_fn(|which| {
                let rows = rows.iter().map(|&row| {
                    let forecasts = candidates.iter().map(|c| output(&c[row], which));
                    (forecasts.collect::<Vec<f64>>(), actual[row], volume[row])
                });
                let rows: Vec<_> = rows
                    .filter(|(f, y, _)| y.is_finite() && f.iter().all(|f| f.is_finite()))
                    .collect();
                thinned(descend(&rows, candidates.len(), LEVELS[which]))
            }),
        }
    }

    /// Whether a candidate counts for any output.
    pub fn uses(&self, candidate: usize) -> bool {
        self.of_candidate(candidate)
            .iter()
            .any(|weight| *weight > 0.0)
    }

    /// Candidates that are good enough to count, by their losses.
    pub fn eligible(losses: &[f64]) -> Vec<usize> {
        let least = losses.iter().copied().fold(f64::INFINITY, f64::min);
        let all = losses.iter().enumerate();
        all.filter(|(_, loss)| **loss <= MOST_LOSS * least)
            .map(|(k, _)| k)
            .collect()
    }

    /// The weights of these candidates among `count`, the others counting nothing.
    pub fn among(self, candidates: &[usize], count: usize) -> Self {
        Self {
            weights: self.weights.map(|weights| {
                let mut all = vec![0.0; count];
                for (&candidate, weight) in candidates.iter().zip(weights) {
                    all[candidate] = weight;
                }
                all
            }),
        }
    }

    /// The weights of some candidates, which must hold all that count.
    pub fn of(&self, candidates: &[usize]) -> Self {
        let pick = |weights: &Vec<f64>| candidates.iter().map(|&k| weights[k]).collect();
        Self {
            weights: std::array::from_fn(|which| pick(&self.weights[which])),
        }
    }

    /// The weights of a candidate by output.
    pub fn of_candidate(&self, candidate: usize) -> [f64; 4] {
        let weight = |weights: &Vec<f64>| weights.get(candidate).copied().unwrap_or(0.0);
        std::array::from_fn(|which| weight(&self.weights[which]))
    }

    /// Moves weights of candidates with these losses towards those that the losses alone give.
    pub fn tempered(self, losses: &[f64]) -> Self {
        let least = losses.iter().copied().fold(f64::INFINITY, f64::min);
        let mut prior: Vec<f64> = losses
            .iter()
            .map(|loss| match least > 0.0 {
                true => (least / loss).powi(SHARPNESS),
                false => 1.0,
            })
            .collect();
        normalise(&mut prior);
        let mix = |weights: Vec<f64>| {
            let pairs = weights.iter().zip(&prior);
            thinned(
                pairs
                    .map(|(w, p)| LEARNED * w + (1.0 - LEARNED) * p)
                    .collect(),
            )
        };
        Self {
            weights: self.weights.map(mix),
        }
    }

    /// Blends forecasts of one row by candidate.
    pub fn apply(&self, forecasts: &[Quantiles]) -> Quantiles {
        let blended = |which: usize| {
            let pairs = self.weights[which].iter().zip(forecasts);
            let used = pairs.filter(|(weight, _)| **weight > 0.0);
            used.map(|(weight, q)| weight * output(q, which)).sum()
        };
        Quantiles {
            p10: blended(0),
            p50: blended(1),
            p90: blended(2),
            mean: blended(3),
        }
    }
}

/// A row: forecasts by candidate, what happened, its scale.
type Row = (Vec<f64>, f64, f64);

fn descend(rows: &[Row], candidates: usize, level: Option<f64>) -> Vec<f64> {
    let even = vec![1.0 / candidates.max(1) as f64; candidates];
    let size: f64 = rows.iter().map(|(_, y, volume)| y.abs() * volume).sum();
    let squares: f64 = rows
        .iter()
        .map(|(_, y, _)| y.abs().max(y * y).min(LARGEST_MISS * y.abs()))
        .sum();
    let unit = if level.is_some() { size } else { squares };
    // A few rows far out must not decide about the mean (Huber 1964).
    let largest =
        LARGEST_MISS * rows.iter().map(|(_, y, _)| y.abs()).sum::<f64>() / rows.len().max(1) as f64;
    if candidates < 2 || unit <= 0.0 {
        return even;
    }
    let (mut weights, mut average) = (even.clone(), vec![0.0; candidates]);
    let mut slope = vec![0.0; candidates];
    for step in 0..STEPS {
        slope.fill(0.0);
        for (forecasts, y, volume) in rows {
            let blended: f64 = weights.iter().zip(forecasts).map(|(w, f)| w * f).sum();
            let pull = match level {
                Some(level) => volume * (f64::from(u8::from(*y < blended)) - level),
                None => (2.0 * (blended - y)).clamp(-largest, largest),
            };
            for (slope, forecast) in slope.iter_mut().zip(forecasts) {
                *slope += pull * forecast;
            }
        }
        let pace = PACE / (1.0 + step as f64 / 10.0).sqrt();
        for (weight, slope) in weights.iter_mut().zip(&slope) {
            *weight *= (-pace * slope / unit).clamp(-5.0, 5.0).exp();
        }
        normalise(&mut weights);
        // The mean of the second half: the path swings around the best point.
        if 2 * step >= STEPS {
            average.iter_mut().zip(&weights).for_each(|(a, w)| *a += w);
        }
    }
    normalise(&mut average);
    average
}

fn thinned(mut weights: Vec<f64>) -> Vec<f64> {
    for weight in &mut weights {
        if *weight < LEAST_WEIGHT {
            *weight = 0.0;
        }
    }
    normalise(&mut weights);
    weights
}

fn normalise(weights: &mut [f64]) {
    let sum: f64 = weights.iter().sum();
    let count = weights.len() as f64;
    for weight in weights {
        *weight = if sum > 0.0 {
            *weight / sum
        } else {
            1.0 / count
        };
    }
}

#[cfg(test)]
mod tests {
    use super::super::metrics::pinball;
    use super::*;
    use rand::Rng;

    fn flat(value: f64) -> Quantiles {
        Quantiles {
            p10: value - 1.0,
            p50: value,
            p90: value + 1.0,
            mean: value,
        }
    }

    #[test]
    fn blends_are_no_worse_than_the_best_candidate_and_forget_the_useless_one() {
        let mut draw = crate::runtime::random::generator(7, "blend");
        let mut actual = Vec::new();
        let mut candidates = vec![Vec::new(); 3];
        for _ in 0..4000 {
            let truth = draw.random_range(5.0..15.0);
            actual.push(truth + draw.random_range(-1.0..1.0));
            // Two err independently, one is off.
            candidates[0].push(flat(truth + draw.random_range(-3.0..3.0)));
            candidates[1].push(flat(truth + draw.random_range(-3.0..3.0)));
            candidates[2].push(flat(truth + draw.random_range(10.0..40.0)));
        }
        let all: Vec<&[Quantiles]> = candidates.iter().map(Vec::as_slice).collect();
        let blend = Blend::learn(&all, &actual, &vec![1.0; actual.len()]);
        let rows = |k: usize| candidates.iter().map(|c| c[k]).collect::<Vec<_>>();
        let loss = |forecast: &dyn Fn(usize) -> f64| -> f64 {
            let rows = actual.iter().enumerate();
            rows.map(|(k, y)| pinball(0.5, forecast(k), *y)).sum()
        };
        let blended = loss(&|k| blend.apply(&rows(k)).p50);
        for candidate in &candidates[..2] {
            let alone = loss(&|k| candidate[k].p50);
            assert!(blended < 0.9 * alone, "{blended} against {alone}");
        }
        assert!(!blend.uses(2), "{blend:?}");
        for weights in &blend.weights {
            assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }
}
