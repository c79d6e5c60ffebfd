//! Questions to the travel-time model about pairs of places.

use super::build::{is_same, pairs};
use super::error::CostError;
use super::forecaster::Forecaster;
use super::tensor::SliceAxis;
use crate::domain::LatLon;
use crate::runtime::{Cancel, Progress};
use chrono::{DateTime, Timelike};
use chrono_tz::Tz;

/// Rows asked between two looks at the cancel switch.
const BATCH_ROWS: usize = 20_000;
/// Local hours at which every pair is asked.
const REFERENCE_HOURS: [u32; 4] = [7, 11, 16, 21];

/// Asks the model and counts.
pub(super) struct Questions<'a> {
    pub places: &'a [LatLon],
    pub axis: SliceAxis,
    pub forecaster: Forecaster<'a>,
    pub cancel: &'a Cancel,
    pub progress: &'a Progress,
    pub rows: usize,
}

/// Logarithms of mean and p90 in seconds.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Logs {
    pub mean: f64,
    pub p90: f64,
}

impl Logs {
    pub fn minus(self, other: Self) -> Self {
        Self {
            mean: self.mean - other.mean,
            p90: self.p90 - other.p90,
        }
    }

    pub fn towards(self, other: Self, share: f64) -> Self {
        Self {
            mean: self.mean + (other.mean - self.mean) * share,
            p90: self.p90 + (other.p90 - self.p90) * share,
        }
    }
}

impl Questions<'_> {
    /// Answers for pairs at times, pair by pair.
    pub fn ask(
        &mut self,
        stage: &str,
        asked: &[(usize, usize)],
        times: &[DateTime<Tz>],
    ) -> Result<Vec<Logs>, CostError> {
        let total = asked.len() * times.len();
        let mut answers = Vec::with_capacity(total);
        let batch = (BATCH_ROWS / times.len().max(1)).max(1);
        for some in asked.chunks(batch) {
            self.cancel.check()?;
            let places: Vec<(LatLon, LatLon)> = some
                .iter()
                .map(|&(from, to)| (self.places[from], self.places[to]))
                .collect();
            let model = self.forecaster.model;
            let matrix = model.matrix_at(&places, times)?;
            let asked = places
                .iter()
                .flat_map(|pair| times.iter().map(move |time| (pair, time)));
            for (answer, ((from, to), time)) in
                model.predict_matrix(&matrix)?.into_iter().zip(asked)
            {
                let depart = time.to_utc();
                let answer = self.forecaster.corrected(*from, *to, depart, answer);
                answers.push(Logs {
                    mean: answer.mean.max(1.0).ln(),
                    p90: answer.p90.max(answer.mean).max(1.0).ln(),
                });
            }
            self.rows += matrix.rows;
            self.progress
                .report(stage, answers.len() as u64, total as u64);
        }
        Ok(answers)
    }

    pub fn slice_times(&self) -> Vec<DateTime<Tz>> {
        (0..self.axis.slices)
            .map(|s| self.axis.local_start(s))
            .collect()
    }

    /// Slices that start at a reference hour; a few spread over the axis where none does.
    pub fn reference_slices(&self) -> Vec<usize> {
        let times = self.slice_times();
        let at_hour = |hour: u32| times.iter().position(|t| t.hour() == hour);
        let mut slices: Vec<usize> = REFERENCE_HOURS.iter().filter_map(|h| at_hour(*h)).collect();
        if slices.is_empty() {
            slices = (1..=3).map(|i| times.len() * i / 4).collect();
        }
        slices.sort_unstable();
        slices.dedup();
        slices
    }
}

pub(super) fn average<'a>(logs: impl Iterator<Item = &'a Logs>) -> Logs {
    let (mut count, mut sum) = (0.0, Logs::default());
    for log in logs {
        count += 1.0;
        sum.mean += log.mean;
        sum.p90 += log.p90;
    }
    let count = f64::max(count, 1.0);
    Logs {
        mean: sum.mean / count,
        p90: sum.p90 / count,
    }
}

/// For every pair of clusters, up to `most` real pairs of places, evenly spaced by distance.
pub(super) fn typical_pairs(
    places: &[LatLon],
    cluster_of: &[usize],
    clusters: usize,
    most: usize,
) -> Vec<Vec<(usize, usize)>> {
    let mut members = vec![Vec::new(); clusters * clusters];
    for (from, to) in pairs(places.len()) {
        let metres = places[from].great_circle_m(places[to]);
        if !is_same(places[from], places[to]) {
            let pair = cluster_of[from] * clusters + cluster_of[to];
            members[pair].push((metres, from, to));
        }
    }
    members
        .into_iter()
        .map(|mut pairs| {
            pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
            let count = pairs.len().min(most);
            (0..count)
                .map(|i| pairs[(2 * i + 1) * pairs.len() / (2 * count)])
                .map(|(_, from, to)| (from, to))
                .collect()
        })
        .collect()
}
