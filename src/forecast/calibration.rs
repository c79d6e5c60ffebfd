//! Corrects quantiles and mean by what held-back steps showed.
//!
//! The widths below and above the median are scaled so that a tenth of the held-back values lies
//! outside on either side (split-conformal, in the scaled form of Romano, Patterson and Candès
//! 2019), by group of rows: series with few or many zeros, steps near and far (Mondrian conformal
//! prediction, Vovk et al. 2005). The mean is scaled so that the held-back volume is met.

use crate::domain::forecast::Quantiles;
use crate::onnx::graph::Value;
use crate::onnx::{Branch, Node, OnnxError, QuantileGraph, Tree, TreeEnsemble};

/// Least width between median and outer quantile, of a series scaled to 1: zero widths could not
/// be scaled.
const LEAST_WIDTH: f64 = 0.02;
/// Corrections beyond these would rather tell of a broken model than repair it.
const WIDTH_FACTORS: (f64, f64) = (0.4, 4.0);
const MEAN_FACTORS: (f64, f64) = (0.8, 1.25);
/// Rows below which nothing is corrected.
const LEAST_ROWS: usize = 50;
/// Rows that the factors of all count for in those of a group.
const SHRINKAGE: f64 = 200.0;
/// Share of zeros up to which demand is dense.
const DENSE: f32 = 0.2;
/// Bands of steps ahead.
const BANDS: usize = 3;

/// Factors of a correction.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Factors {
    /// Of the width between p10 and p50.
    pub lower: f64,
    /// Of the width between p50 and p90.
    pub upper: f64,
    /// Of the mean.
    pub mean: f64,
}

const NO_CHANGE: Factors = Factors {
    lower: 1.0,
    upper: 1.0,
    mean: 1.0,
};

/// What a row's group depends on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Traits {
    /// Steps ahead.
    pub step: f32,
    /// Share of zeros in the series' history; NaN without history.
    pub zero_share: f32,
}

/// Where [`Traits`] stand in a feature matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraitColumns {
    /// Steps ahead.
    pub step: usize,
    /// Share of zeros.
    pub zero_share: usize,
}

impl TraitColumns {
    /// Traits of a row.
    pub fn of(&self, row: &[f32]) -> Traits {
        let value = |column: usize| row.get(column).copied().unwrap_or(f32::NAN);
        Traits {
            step: value(self.step),
            zero_share: value(self.zero_share),
        }
    }
}

/// Factors by group.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Calibration {
    /// Last step of each band but the last.
    bands: Vec<f32>,
    /// Of dense demand, by band.
    dense: Vec<Factors>,
    /// Of sparse demand, by band.
    sparse: Vec<Factors>,
}

impl Default for Calibration {
    fn default() -> Self {
        Self {
            bands: Vec::new(),
            dense: vec![NO_CHANGE],
            sparse: vec![NO_CHANGE],
        }
    }
}

impl Calibration {
    /// Learns the correction from scaled forecasts and what happened, scaled alike; `volume` is
    /// the scale of every row.
    pub fn learn(
        forecasts: &[Quantiles],
        actual: &[f64],
        volume: &[f64],
        traits: &[Traits],
    ) -> Self {
        if forecasts.len() < LEAST_ROWS {
            return Self::default();
        }
        let horizon = traits.iter().map(|t| t.step).fold(1.0, f32::max);
        let bands: Vec<f32> = (1..BANDS)
            .map(|k| (horizon * k as f32 / BANDS as f32).round())
            .collect();
        let rows: Vec<Row> = (0..forecasts.len())
            .map(|k| (forecasts[k], actual[k], volume[k]))
            .collect();
        let all = factors(&rows);
        let mut group = Self {
            dense: vec![all; BANDS],
            sparse: vec![all; BANDS],
            bands,
        };
        for (is_sparse, band) in (0..2 * BANDS).map(|k| (k % 2 == 1, k / 2)) {
            let within = rows.iter().zip(traits).filter(|(_, traits)| {
                group.is_sparse(traits) == is_sparse && group.band(traits) == band
            });
            let rows: Vec<Row> = within.map(|(row, _)| *row).collect();
            if rows.len() < LEAST_ROWS {
                continue;
            }
            let own = factors(&rows);
            let share = rows.len() as f64 / (rows.len() as f64 + SHRINKAGE);
            let mixed = |own: f64, all: f64| share * own + (1.0 - share) * all;
            let factors = Factors {
                lower: mixed(own.lower, all.lower),
                upper: mixed(own.upper, all.upper),
                // Loads add up over steps and series.
                mean: all.mean,
            };
            let of_kind = match is_sparse {
                true => &mut group.sparse,
                false => &mut group.dense,
            };
            of_kind[band] = factors;
        }
        group
    }

    fn is_sparse(&self, traits: &Traits) -> bool {
        // As in the exported tree: what is not known is not at most the bound.
        traits.zero_share.is_nan() || traits.zero_share > DENSE
    }

    fn band(&self, traits: &Traits) -> usize {
        let beyond = self.bands.iter().filter(|&&last| traits.step > last);
        beyond.count()
    }

    /// Factors of a row.
    pub fn factors(&self, traits: &Traits) -> Factors {
        let of_kind = match self.is_sparse(traits) {
            true => &self.sparse,
            false => &self.dense,
        };
        of_kind.get(self.band(traits)).copied().unwrap_or(NO_CHANGE)
    }

    /// Corrects one scaled forecast; the same arithmetic as [`export`](Self::export).
    pub fn apply(&self, q: &Quantiles, traits: &Traits) -> Quantiles {
        let factors = self.factors(traits);
        let low = q.p50 - factors.lower * width(q.p50 - q.p10);
        let high = q.p50 + factors.upper * width(q.p90 - q.p50);
        Quantiles {
            p10: low,
            p50: q.p50,
            p90: high,
            mean: factors.mean * q.mean,
        }
    }

    /// Adds the correction to a graph; gives p10, p50, p90 and mean.
    pub fn export(
        &self,
        graph: &mut QuantileGraph,
        raw: &[Value; 4],
        columns: TraitColumns,
    ) -> Result<[Value; 4], OnnxError> {
        let [p10, p50, p90, mean] = raw;
        let factor = |graph: &mut QuantileGraph, of: fn(&Factors) -> f64| {
            let tree = self.tree(columns, of);
            graph.ensemble(&TreeEnsemble {
                columns: graph.columns(),
                branch: Branch::LessOrEqual,
                base_score: [0.0],
                trees: vec![tree],
            })
        };
        let below = graph.subtract(p50, p10);
        let below = graph.at_least(&below, LEAST_WIDTH as f32);
        let lower = factor(graph, |f| f.lower)?;
        let below = graph.multiply(&below, &lower);
        let above = graph.subtract(p90, p50);
        let above = graph.at_least(&above, LEAST_WIDTH as f32);
        let upper = factor(graph, |f| f.upper)?;
        let above = graph.multiply(&above, &upper);
        let of_mean = factor(graph, |f| f.mean)?;
        Ok([
            graph.subtract(p50, &below),
            p50.clone(),
            graph.add(p50, &above),
            graph.multiply(mean, &of_mean),
        ])
    }

    /// A factor by group as a tree.
    fn tree(&self, columns: TraitColumns, of: fn(&Factors) -> f64) -> Tree {
        let dense = self.steps(columns.step, &self.dense, of, 1);
        let sparse = self.steps(columns.step, &self.sparse, of, 1 + dense.len());
        let mut nodes = vec![Node::Split {
            feature: columns.zero_share,
            threshold: DENSE,
            missing_yes: false,
            yes: 1,
            no: 1 + dense.len(),
        }];
        nodes.extend(dense);
        nodes.extend(sparse);
        Tree { nodes }
    }

    /// A chain of splits by step, its first node at `first`.
    fn steps(
        &self,
        column: usize,
        factors: &[Factors],
        of: fn(&Factors) -> f64,
        first: usize,
    ) -> Vec<Node> {
        let mut nodes = Vec::new();
        for (band, factors) in factors.iter().enumerate() {
            if let Some(&threshold) = self.bands.get(band) {
                let yes = first + nodes.len() + 1;
                nodes.push(Node::Split {
                    feature: column,
                    threshold,
                    missing_yes: false,
                    yes,
                    no: yes + 1,
                });
            }
            nodes.push(Node::Leaf([of(factors) as f32]));
        }
        nodes
    }
}

/// Forecast, what happened, scale.
type Row = (Quantiles, f64, f64);

fn factors(rows: &[Row]) -> Factors {
    let lower = rows
        .iter()
        .map(|(q, y, _)| (q.p50 - y) / width(q.p50 - q.p10));
    let upper = rows
        .iter()
        .map(|(q, y, _)| (y - q.p50) / width(q.p90 - q.p50));
    let clamp = |value: f64, (low, high): (f64, f64)| value.clamp(low, high);
    let sums = rows.iter().fold((0.0, 0.0), |(p, h), (q, y, volume)| {
        (p + q.mean * volume, h + y * volume)
    });
    let (predicted, happened) = sums;
    Factors {
        lower: clamp(quantile_90(lower.collect()), WIDTH_FACTORS),
        upper: clamp(quantile_90(upper.collect()), WIDTH_FACTORS),
        mean: if predicted > 0.0 && happened > 0.0 {
            clamp(happened / predicted, MEAN_FACTORS)
        } else {
            1.0
        },
    }
}

fn width(raw: f64) -> f64 {
    raw.max(LEAST_WIDTH)
}

/// The value that 90 % of the values do not exceed, with the finite-sample correction of
/// split-conformal prediction.
fn quantile_90(mut values: Vec<f64>) -> f64 {
    values.retain(|v| v.is_finite());
    values.sort_unstable_by(f64::total_cmp);
    let rank = ((values.len() as f64 + 1.0) * 0.9).ceil() as usize;
    let position = rank.saturating_sub(1).min(values.len().saturating_sub(1));
    values.get(position).copied().unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    const NEAR: Traits = Traits {
        step: 1.0,
        zero_share: 0.0,
    };
    const FAR: Traits = Traits {
        step: 9.0,
        zero_share: 0.0,
    };

    #[test]
    fn eighty_percent_are_covered_near_and_far_whatever_the_widths_were() {
        let mut draw = crate::runtime::random::generator(3, "calibration");
        let raw = Quantiles {
            p10: 4.95,
            p50: 5.0,
            p90: 5.05,
            mean: 4.0,
        };
        let traits: Vec<Traits> = (0..20_000).map(|k| [NEAR, FAR][k % 2]).collect();
        let mut spread = |t: &Traits| f64::from(t.step).sqrt() * draw.random_range(-0.06..0.06);
        let actual: Vec<f64> = traits.iter().map(|t| 5.0 + spread(t)).collect();
        let forecasts = vec![raw; actual.len()];
        let volume = vec![2.0; actual.len()];
        let learned = Calibration::learn(&forecasts, &actual, &volume, &traits);
        for group in [NEAR, FAR] {
            let q = learned.apply(&raw, &group);
            let share = |holds: &dyn Fn(f64) -> bool| {
                let rows = actual.iter().zip(&traits).filter(|(_, t)| **t == group);
                rows.filter(|(y, _)| holds(**y)).count() as f64 / (actual.len() / 2) as f64
            };
            assert!((share(&|y| y < q.p10) - 0.1).abs() < 0.02, "{group:?}");
            assert!((share(&|y| y > q.p90) - 0.1).abs() < 0.02, "{group:?}");
            assert!((q.mean - 5.0).abs() < 0.05);
        }
    }

    #[test]
    fn few_rows_correct_nothing() {
        let learned = Calibration::learn(&[Quantiles::default()], &[1.0], &[1.0], &[NEAR]);
        assert_eq!(learned, Calibration::default());
    }

    #[test]
    fn exported_trees_give_the_factors_of_every_group() {
        let factors = |lower: f64| Factors { lower, ..NO_CHANGE };
        let calibration = Calibration {
            bands: vec![3.0, 6.0],
            dense: [1.0, 2.0, 3.0].map(factors).to_vec(),
            sparse: [4.0, 5.0, 6.0].map(factors).to_vec(),
        };
        let columns = TraitColumns {
            step: 1,
            zero_share: 0,
        };
        let ensemble = TreeEnsemble {
            columns: 2,
            branch: Branch::LessOrEqual,
            base_score: [0.0],
            trees: vec![calibration.tree(columns, |f| f.lower)],
        };
        for (zero_share, step) in [
            (0.0, 1.0),
            (0.1, 4.0),
            (0.2, 7.0),
            (0.3, 3.0),
            (0.9, 6.0),
            (f32::NAN, 9.0),
        ] {
            let row = [zero_share, step];
            let expected = calibration.factors(&columns.of(&row)).lower;
            assert_eq!(f64::from(ensemble.evaluate(&row)[0]), expected, "{row:?}");
        }
    }
}
