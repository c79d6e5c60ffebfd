//! The trips a training may look at, and which of them are held back.

use super::error::TravelTimeError;
use super::options::TrainOptions;
use crate::domain::InputError;
use crate::features::FeatureMatrix;
use crate::features::travel::{self, Column, Trips};

/// Fewest trips worth fitting.
const FEWEST_TRIPS: usize = 200;
/// Share of the trips held back in time where the table does not say which.
const TAIL_SHARE: f64 = 0.15;

/// Trips as features and targets, in order of departure.
#[derive(Debug)]
pub(super) struct Pool {
    /// Features, one row per trip.
    pub matrix: FeatureMatrix,
    /// Natural logarithm of the duration in seconds, of an average vehicle.
    pub log_y: Vec<f64>,
    /// Departure in seconds since 1970.
    pub depart_s: Vec<f64>,
    /// Local day of departure, counted from a common day.
    pub day: Vec<i64>,
    /// Local hour of departure.
    pub hour: Vec<u32>,
    /// Rows to fit.
    pub head: Vec<usize>,
    /// Rows held back, all later than the head unless the table says otherwise.
    pub tail: Vec<usize>,
    /// Rows that are fitted only if they help on the tail.
    pub history: Vec<usize>,
}

impl Pool {
    /// Builds the pool; never looks at a row that is in neither `rows`.
    pub fn new(trips: &Trips, rows: &PoolRows, options: &TrainOptions) -> Self {
        let used: Vec<usize> = [&rows.history, &rows.head, &rows.tail]
            .into_iter()
            .flatten()
            .copied()
            .collect();
        let used_trips = trips.select(&used);
        let conditions = options.conditions();
        let mut matrix = travel::matrix(&used_trips, &conditions, options.network.as_deref());
        forget_some_weather(&mut matrix);
        let local = (0..used_trips.len()).map(|i| used_trips.local_depart(i));
        let (day, hour) = local
            .map(|t| {
                use chrono::{Datelike, Timelike};
                (i64::from(t.num_days_from_ce()), t.hour())
            })
            .unzip();
        let (h, t) = (rows.history.len(), rows.history.len() + rows.head.len());
        Self {
            matrix,
            log_y: used_trips.duration_s.iter().map(|d| d.ln()).collect(),
            depart_s: used_trips
                .depart
                .iter()
                .map(|t| t.timestamp_micros() as f64 / 1e6)
                .collect(),
            day,
            hour,
            history: (0..h).collect(),
            head: (h..t).collect(),
            tail: (t..used_trips.len()).collect(),
        }
    }

    /// Whether a column is known of any trip.
    pub fn knows(&self, column: Column) -> bool {
        (0..self.matrix.rows).any(|i| !self.matrix.row(i)[column as usize].is_nan())
    }

    /// Whether a road network told anything of the trips.
    pub fn has_network(&self) -> bool {
        self.knows(Column::LogNetwork)
    }

    /// Head and tail together.
    pub fn all(&self) -> Vec<usize> {
        self.head.iter().chain(&self.tail).copied().collect()
    }
}

/// Every so many trips the weather of one is forgotten, so that trees learn what to expect where none
/// is known: forecasts of the weather do not reach as far as plans.
const FORGOTTEN: usize = 5;

fn forget_some_weather(matrix: &mut FeatureMatrix) {
    let columns = matrix.columns();
    for row in matrix
        .data
        .chunks_exact_mut(columns.max(1))
        .step_by(FORGOTTEN)
    {
        for column in [Column::Temperature, Column::Precipitation] {
            row[column as usize] = f32::NAN;
        }
    }
}

/// Which rows of a table a training may use, as indices in order of departure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PoolRows {
    pub head: Vec<usize>,
    pub tail: Vec<usize>,
    pub history: Vec<usize>,
}

impl PoolRows {
    /// Reads the split of a table. With a `split` column only `train`, `valid` and `history` are
    /// used; without `valid`, and without the column, the last 15 % in time are held back.
    pub fn of(trips: &Trips) -> Result<Self, TravelTimeError> {
        let (mut head, mut tail, history) = match &trips.split {
            None => ((0..trips.len()).collect(), Vec::new(), Vec::new()),
            Some(_) => (
                trips.of_split(&["train"]),
                trips.of_split(&["valid"]),
                trips.of_split(&["history"]),
            ),
        };
        if tail.is_empty() {
            let keep = head.len() - (head.len() as f64 * TAIL_SHARE).round() as usize;
            tail = head.split_off(keep);
        }
        if head.len() + tail.len() < FEWEST_TRIPS {
            return Err(InputError::new(
                &trips.source,
                format!("{} trips to train on", head.len() + tail.len()),
                format!(
                    "give at least {FEWEST_TRIPS}; a `split` column must say `train` (and `valid`)"
                ),
            )
            .into());
        }
        Ok(Self {
            head,
            tail,
            history,
        })
    }
}

/// At most `most` of the rows, evenly spaced.
pub(super) fn thin(rows: &[usize], most: usize) -> Vec<usize> {
    if rows.len() <= most {
        return rows.to_vec();
    }
    (0..most).map(|i| rows[i * rows.len() / most]).collect()
}

/// The values at some rows.
pub(super) fn pick(values: &[f64], rows: &[usize]) -> Vec<f64> {
    rows.iter().map(|&i| values[i]).collect()
}
