//! The visits a training may look at, and which of them are held back.

use super::error::ServiceTimeError;
use crate::domain::InputError;
use crate::features::visits::Visits;

/// Fewest visits worth fitting.
const FEWEST_VISITS: usize = 100;
/// Share of the visits held back in time where the table does not say which.
const TAIL_SHARE: f64 = 0.2;

/// Visits and their targets, in order of time.
#[derive(Debug)]
pub(super) struct Pool {
    /// Only those that may be looked at.
    pub visits: Visits,
    /// Natural logarithm of the service time in seconds.
    pub log_y: Vec<f64>,
    /// Rows to fit.
    pub head: Vec<usize>,
    /// Rows held back.
    pub tail: Vec<usize>,
}

impl Pool {
    /// Reads the split of a table. With a `split` column only `train` and `valid` are used; without
    /// `valid`, and without the column, the last 20 % in time are held back.
    pub fn of(visits: &Visits) -> Result<Self, ServiceTimeError> {
        let (mut head, mut tail) = match &visits.split {
            None => ((0..visits.len()).collect(), Vec::new()),
            Some(_) => (visits.of_split(&["train"]), visits.of_split(&["valid"])),
        };
        if tail.is_empty() {
            let keep = head.len() - (head.len() as f64 * TAIL_SHARE).round() as usize;
            tail = head.split_off(keep);
        }
        let count = head.len() + tail.len();
        if count < FEWEST_VISITS {
            let problem = format!("{count} visits to train on");
            let remedy = format!(
                "give at least {FEWEST_VISITS}; a `split` column must say `train` (and `valid`)"
            );
            return Err(InputError::new(&visits.source, problem, remedy).into());
        }
        let visits = visits.select(&[head.as_slice(), &tail].concat());
        Ok(Self {
            log_y: visits.service_s.iter().map(|s| s.ln()).collect(),
            head: (0..head.len()).collect(),
            tail: (head.len()..count).collect(),
            visits,
        })
    }

    /// Head and tail together.
    pub fn all(&self) -> Vec<usize> {
        (0..self.visits.len()).collect()
    }

    /// Share of the tail.
    pub fn tail_share(&self) -> f64 {
        self.tail.len() as f64 / self.visits.len().max(1) as f64
    }
}
