//! The rows a demand model is trained and judged on.

use super::history::History;
use super::panel::Panel;
use super::rows::RowBuilder;
use super::spec::DemandSpec;
use crate::features::FeatureMatrix;
use crate::runtime::{Cancel, Cancelled, random};
use rand::Rng;
use rayon::prelude::*;

/// Rows with their targets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TrainingRows {
    /// Features.
    pub matrix: FeatureMatrix,
    /// What was demanded, in the unit of the series.
    pub actual: Vec<f64>,
    /// Scale of the row; a model predicts `actual / scale`.
    pub scale: Vec<f64>,
    /// Position of the series in the panel.
    pub series: Vec<usize>,
    /// Number of the target step.
    pub target: Vec<i64>,
}

impl TrainingRows {
    /// Targets as a model sees them.
    pub fn scaled(&self) -> Vec<f32> {
        let pairs = self.actual.iter().zip(&self.scale);
        pairs.map(|(y, scale)| (y / scale) as f32).collect()
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.matrix.rows
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.matrix.rows == 0
    }

    fn append(&mut self, other: Self) {
        self.matrix.data.extend(other.matrix.data);
        self.matrix.rows += other.matrix.rows;
        self.actual.extend(other.actual);
        self.scale.extend(other.scale);
        self.series.extend(other.series);
        self.target.extend(other.target);
    }
}

/// Rows to fit: every value up to step `last` once, as seen from an origin drawn at random within
/// the horizon; closed steps are left out. Beyond `most_rows` rows are drawn at random.
pub fn to_fit(
    panel: &Panel,
    spec: &DemandSpec,
    last: i64,
    most_rows: usize,
    seed: u64,
    cancel: &Cancel,
) -> Result<TrainingRows, Cancelled> {
    let values: usize = panel.series.iter().map(|s| s.values.len()).sum();
    let share = (most_rows as f64 / values.max(1) as f64).min(1.0);
    collect(panel, spec, cancel, |history, rows| {
        let series = history.series();
        let mut draw = random::generator(seed, &series.id);
        for target in series.start + 1..series.end().min(last + 1) {
            // Without any history there is no scale of its own.
            let longest = i64::from(spec.horizon).min(target - series.start);
            let step = draw.random_range(1..=longest);
            if draw.random::<f64>() < share {
                rows.push(history, target - step, target);
            }
        }
    })
}

/// Rows to judge by: every step of the horizon from each of the origins; closed steps are left out.
pub fn to_judge(
    panel: &Panel,
    spec: &DemandSpec,
    origins: &[i64],
    cancel: &Cancel,
) -> Result<TrainingRows, Cancelled> {
    collect(panel, spec, cancel, |history, rows| {
        for &origin in origins {
            if origin < history.start() {
                continue;
            }
            for target in origin + 1..=origin + i64::from(spec.horizon) {
                rows.push(history, origin, target);
            }
        }
    })
}

struct Collector<'a> {
    builder: &'a RowBuilder<'a>,
    series: usize,
    rows: TrainingRows,
}

impl Collector<'_> {
    /// Appends a row if there is a value to compare with and the step was not closed.
    fn push(&mut self, history: &History<'_>, origin: i64, target: i64) {
        let actual = history.open_value(target);
        if actual.is_nan() {
            return;
        }
        let scale = self
            .builder
            .build(history, origin, target, &mut self.rows.matrix.data);
        self.rows.matrix.rows += 1;
        self.rows.actual.push(f64::from(actual));
        self.rows.scale.push(scale);
        self.rows.series.push(self.series);
        self.rows.target.push(target);
    }
}

fn collect(
    panel: &Panel,
    spec: &DemandSpec,
    cancel: &Cancel,
    fill: impl Fn(&History<'_>, &mut Collector<'_>) + Sync,
) -> Result<TrainingRows, Cancelled> {
    let builder = RowBuilder::new(spec);
    let parts: Vec<TrainingRows> = panel
        .series
        .par_iter()
        .enumerate()
        .map(|(series, about)| {
            cancel.check()?;
            let history = History::new(about, spec);
            let mut collector = Collector {
                builder: &builder,
                series,
                rows: TrainingRows {
                    matrix: builder.matrix(0),
                    ..TrainingRows::default()
                },
            };
            fill(&history, &mut collector);
            Ok(collector.rows)
        })
        .collect::<Result<_, Cancelled>>()?;
    let mut all = TrainingRows {
        matrix: builder.matrix(parts.iter().map(TrainingRows::len).sum()),
        ..TrainingRows::default()
    };
    for part in parts {
        all.append(part);
    }
    Ok(all)
}
