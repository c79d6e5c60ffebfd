//! The rows a demand model is trained and judged on.

use super::history::History;
use super::panel::{Panel, Series};
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

    /// The rows whose target is step `last` or an earlier one.
    pub fn until(&self, last: i64) -> Self {
        let picked: Vec<usize> = (0..self.len())
            .filter(|row| self.target[*row] <= last)
            .collect();
        Self {
            matrix: self.matrix.select(&picked),
            actual: picked.iter().map(|row| self.actual[*row]).collect(),
            scale: picked.iter().map(|row| self.scale[*row]).collect(),
            series: picked.iter().map(|row| self.series[*row]).collect(),
            target: picked.iter().map(|row| self.target[*row]).collect(),
        }
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
    drawn(panel, spec, (i64::MIN, last), share, seed, cancel)
}

/// Rows of the steps `first..=last`, drawn like those to fit, to compare later inputs with them.
pub fn to_compare(
    panel: &Panel,
    spec: &DemandSpec,
    (first, last): (i64, i64),
    most_rows: usize,
    seed: u64,
    cancel: &Cancel,
) -> Result<TrainingRows, Cancelled> {
    let steps = |s: &Series| (s.end().min(last + 1) - s.start.max(first)).max(0);
    let values: i64 = panel.series.iter().map(steps).sum();
    let share = (most_rows as f64 / values.max(1) as f64).min(1.0);
    drawn(panel, spec, (first, last), share, seed, cancel)
}

/// A share of the steps `first..=last`, each as seen from an origin drawn within the horizon.
fn drawn(
    panel: &Panel,
    spec: &DemandSpec,
    (first, last): (i64, i64),
    share: f64,
    seed: u64,
    cancel: &Cancel,
) -> Result<TrainingRows, Cancelled> {
    collect(panel, spec, cancel, |series| {
        let mut draw = random::generator(seed, &series.id);
        let targets = first.max(series.start + 1)..series.end().min(last + 1);
        let drawn = targets.filter_map(|target| {
            // Without any history there is no scale of its own.
            let longest = i64::from(spec.horizon).min(target - series.start);
            let step = draw.random_range(1..=longest);
            (draw.random::<f64>() < share).then_some((target - step, target))
        });
        drawn.collect()
    })
}

/// Rows to judge by: every step of the horizon from each of the origins; closed steps are left out.
/// Beyond `most_rows` rows series are drawn at random.
pub fn to_judge(
    panel: &Panel,
    spec: &DemandSpec,
    origins: &[i64],
    most_rows: usize,
    seed: u64,
    cancel: &Cancel,
) -> Result<TrainingRows, Cancelled> {
    let all = panel.series.len() as f64 * origins.len() as f64 * f64::from(spec.horizon);
    let share = most_rows as f64 / all.max(1.0);
    collect(panel, spec, cancel, |series| {
        let drawn = share >= 1.0 || random::generator(seed, &series.id).random::<f64>() < share;
        let known = origins.iter().filter(|&&o| drawn && o >= series.start);
        let ahead = 1..=i64::from(spec.horizon);
        known
            .flat_map(|&origin| ahead.clone().map(move |step| (origin, origin + step)))
            .collect()
    })
}

/// Rows for pairs of origin and target that have a value to compare with and were not closed.
fn rows(
    builder: &RowBuilder<'_>,
    history: &History<'_>,
    series: usize,
    mut pairs: Vec<(i64, i64)>,
) -> TrainingRows {
    pairs.retain(|(_, target)| history.open_value(*target).is_finite());
    let mut rows = TrainingRows {
        matrix: builder.matrix(pairs.len()),
        ..TrainingRows::default()
    };
    rows.scale = builder.build(history, &pairs, &mut rows.matrix.data);
    rows.matrix.rows = pairs.len();
    rows.target = pairs.iter().map(|(_, target)| *target).collect();
    let actual = rows.target.iter().map(|&target| history.open_value(target));
    rows.actual = actual.map(f64::from).collect();
    rows.series = vec![series; pairs.len()];
    rows
}

fn collect(
    panel: &Panel,
    spec: &DemandSpec,
    cancel: &Cancel,
    pairs: impl Fn(&Series) -> Vec<(i64, i64)> + Sync,
) -> Result<TrainingRows, Cancelled> {
    let builder = RowBuilder::new(spec);
    let parts: Vec<TrainingRows> = panel
        .series
        .par_iter()
        .enumerate()
        .map(|(number, series)| {
            cancel.check()?;
            let history = History::new(series, spec);
            Ok(rows(&builder, &history, number, pairs(series)))
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
