//! When a search ends, and what it found.

use crate::runtime::Cancel;
use crate::solver::solution::Solution;
use std::time::{Duration, Instant};

/// When a search ends.
#[derive(Clone)]
pub(in crate::solver) struct Limits<'a> {
    pub start: Instant,
    pub time: Duration,
    pub iterations: Option<u64>,
    pub cancel: &'a Cancel,
}

impl Limits<'_> {
    /// The same for one of several searches that share the iterations.
    pub fn shared_by(&self, searches: u64) -> Self {
        Self {
            iterations: self.iterations.map(|most| most / searches.max(1)),
            ..self.clone()
        }
    }

    /// From now on, the first of several equal parts of the time that is left, with so many
    /// iterations.
    pub fn part(&self, parts: u64, iterations: Option<u64>) -> Self {
        let parts = u32::try_from(parts.max(1)).unwrap_or(u32::MAX);
        match parts {
            1 if iterations == self.iterations => self.clone(),
            _ => Self {
                start: Instant::now(),
                time: self.time.saturating_sub(self.start.elapsed()) / parts,
                iterations,
                cancel: self.cancel,
            },
        }
    }

    /// Whether a search that made so many iterations must end.
    pub fn reached(&self, iterations: u64) -> bool {
        self.iterations.is_some_and(|most| iterations >= most)
            || self.cancel.is_cancelled()
            || self.start.elapsed() >= self.time
    }

    /// Whether the tables of a search need no more be finished, because it will not come to use
    /// them. One of no iterations still puts all stops somewhere.
    pub fn is_over(&self) -> bool {
        self.iterations != Some(0) && self.reached(0)
    }

    /// How much of the search is done, 0 to 1. Counts iterations alone where they are limited, so
    /// that a run repeats itself bit for bit.
    pub fn share_done(&self, iterations: u64) -> f64 {
        match self.iterations {
            Some(most) => iterations as f64 / most.max(1) as f64,
            None => self.start.elapsed().as_secs_f64() / self.time.as_secs_f64().max(1e-9),
        }
    }
}

/// What a search found.
pub(in crate::solver) struct Found {
    pub solution: Solution,
    /// Cost with mandatory stops left out at their search cost; for comparing searches.
    pub search_cost: i64,
    pub iterations: u64,
}
