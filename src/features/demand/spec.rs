//! What the feature rows of one model are made of; stored in its manifest.

use super::calendar::Frequency;
use super::panel::{Covariate, Panel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Version of the code that builds rows; raised with every change of a column's meaning.
pub const VERSION: u32 = 2;

/// Rows a covariate must have at a value before closing is believed.
const LEAST_CLOSED_ROWS: usize = 20;

/// A value of a binary covariate at which demand is always zero, such as `open = 0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Closure {
    /// Position among the covariates.
    pub covariate: usize,
    /// The value, 0 or 1.
    pub value: u8,
}

/// A covariate of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SpecCovariate {
    /// Column of the table.
    pub name: String,
    /// Whether it is only ever 0 or 1.
    pub binary: bool,
}

/// What the feature rows of one model are made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DemandSpec {
    /// Distance between steps.
    pub frequency: Frequency,
    /// Days from Monday on which weeks begin.
    pub weekday: u8,
    /// Steps ahead the model is trained for.
    pub horizon: u32,
    /// Covariates, in order.
    pub covariates: Vec<SpecCovariate>,
    /// Closed steps: forecast as zero, and left out of every average of the past.
    pub closures: Vec<Closure>,
    /// Scale of a series without any history: the median of the others.
    pub cold_scale: f64,
    /// Least scale: of a series that has only had zeros.
    pub least_scale: f64,
    /// No value of the training data is negative.
    pub non_negative: bool,
}

impl DemandSpec {
    /// Reads off a panel what a model of it needs.
    pub fn of(panel: &Panel, horizon: u32) -> Self {
        let mut scales: Vec<f64> = panel
            .series
            .iter()
            .filter_map(|series| {
                let known = series.values.iter().filter(|v| v.is_finite());
                let (count, sum) = known.fold((0_u32, 0.0), |(n, sum), v| {
                    (n + 1, sum + f64::from(v.abs()))
                });
                (sum > 0.0).then(|| sum / f64::from(count))
            })
            .collect();
        scales.sort_by(f64::total_cmp);
        let quantile = |share: f64| {
            let position = (scales.len() as f64 * share) as usize;
            scales.get(position).or(scales.last()).copied()
        };
        Self {
            frequency: panel.frequency,
            weekday: panel.weekday,
            horizon: horizon.max(1),
            covariates: panel
                .covariates
                .iter()
                .map(|Covariate { name, binary }| SpecCovariate {
                    name: name.clone(),
                    binary: *binary,
                })
                .collect(),
            closures: closures(panel),
            cold_scale: quantile(0.5).unwrap_or(1.0),
            least_scale: quantile(0.02).unwrap_or(1.0) * 0.1,
            non_negative: !panel
                .series
                .iter()
                .any(|s| s.values.iter().any(|v| *v < 0.0)),
        }
    }
}

/// Values of binary covariates at which nothing was ever demanded, although something was
/// otherwise.
fn closures(panel: &Panel) -> Vec<Closure> {
    let mut found = Vec::new();
    for (covariate, about) in panel.covariates.iter().enumerate() {
        if !about.binary {
            continue;
        }
        for value in [0_u8, 1] {
            let (mut rows, mut zeros, mut other) = (0, 0, 0);
            for series in &panel.series {
                let known = series
                    .values
                    .iter()
                    .zip(series.covariates.get(covariate).into_iter().flatten());
                for (y, x) in known.filter(|(y, _)| y.is_finite()) {
                    if *x == f32::from(value) {
                        rows += 1;
                        zeros += usize::from(*y == 0.0);
                    } else if *y != 0.0 {
                        other += 1;
                    }
                }
            }
            if rows >= LEAST_CLOSED_ROWS && zeros == rows && other > 0 {
                found.push(Closure { covariate, value });
            }
        }
    }
    found
}
