//! Durations between many places.

use super::error::NetworkError;
use super::hierarchy::{DurationAndLength, Metric, Seed, Slice, Targets, Weight};
use super::measure::{Durations, Measure, WithLengths};
use super::routable::Network;
use super::snap::Snapped;
use crate::domain::InputError;
use crate::runtime::{Cancel, Progress};
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};

/// Durations from each source (rows) to each target (columns).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DurationMatrix {
    /// Milliseconds, row by row; `u32::MAX` where there is no way.
    pub duration_ms: Vec<u32>,
    /// Number of targets.
    pub columns: usize,
}

impl DurationMatrix {
    /// In seconds; `None` where there is no way.
    pub fn seconds(&self, row: usize, column: usize) -> Option<f64> {
        let value = *self.duration_ms.get(row * self.columns + column)?;
        (value != u32::UNREACHABLE).then(|| f64::from(value) / 1e3)
    }
}

/// Durations at free flow, with the lengths of the quickest ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoadMatrix {
    /// Row by row; [`Weight::UNREACHABLE`] where there is no way.
    pub weight: Vec<DurationAndLength>,
    /// Number of targets.
    pub columns: usize,
}

impl RoadMatrix {
    fn at(&self, row: usize, column: usize) -> Option<DurationAndLength> {
        let weight = self.weight.get(row * self.columns + column).copied();
        weight.filter(|weight| *weight != DurationAndLength::UNREACHABLE)
    }

    /// Duration in seconds; `None` where there is no way.
    pub fn seconds(&self, row: usize, column: usize) -> Option<f64> {
        Some(f64::from(self.at(row, column)?.duration()) / 1e3)
    }

    /// Length in metres; `None` where there is no way.
    pub fn metres(&self, row: usize, column: usize) -> Option<f64> {
        Some(f64::from(self.at(row, column)?.length()) / 1e2)
    }
}

impl Network {
    /// Durations and lengths at free flow. A place that is on no road reaches nothing.
    ///
    /// # Errors
    /// Cancelled.
    pub fn matrix(
        &self,
        sources: &[Option<Snapped>],
        targets: &[Option<Snapped>],
        cancel: &Cancel,
    ) -> Result<RoadMatrix, NetworkError> {
        self.matrix_by(&self.metric, &self.free_flow(), (sources, targets), cancel)
    }

    /// The same by a metric of another measure.
    pub(super) fn matrix_by(
        &self,
        metric: &Metric<DurationAndLength>,
        measure: &WithLengths<'_>,
        (sources, targets): (&[Option<Snapped>], &[Option<Snapped>]),
        cancel: &Cancel,
    ) -> Result<RoadMatrix, NetworkError> {
        let weight = self.weights_between((metric, measure), sources, targets, cancel)?;
        let columns = targets.len();
        Ok(RoadMatrix { weight, columns })
    }

    /// Durations at free flow alone, which takes half the time and memory. The first call prepares
    /// the weights.
    ///
    /// # Errors
    /// Cancelled.
    pub fn durations(
        &self,
        sources: &[Option<Snapped>],
        targets: &[Option<Snapped>],
        cancel: &Cancel,
    ) -> Result<DurationMatrix, NetworkError> {
        let measure = Durations {
            duration_ms: &self.graph.duration_ms,
            turns: &self.turns,
        };
        let metric = match self.duration_metric.get() {
            Some(metric) => metric,
            None => {
                let hierarchy = self.metric.hierarchy();
                let made = hierarchy.customize(&measure.weights(&self.turns))?;
                self.duration_metric.get_or_init(|| made)
            }
        };
        let duration_ms = self.weights_between((metric, &measure), sources, targets, cancel)?;
        let columns = targets.len();
        Ok(DurationMatrix {
            duration_ms,
            columns,
        })
    }

    fn weights_between<M: Measure>(
        &self,
        (metric, measure): (&Metric<M::Weight>, &M),
        sources: &[Option<Snapped>],
        targets: &[Option<Snapped>],
        cancel: &Cancel,
    ) -> Result<Vec<M::Weight>, NetworkError> {
        let from = seeds_of(sources, |place| self.starts(place, measure));
        let to = seeds_of(targets, |place| self.seeds_to(place, measure));
        let above = Targets::new(metric.hierarchy(), &to)?;
        let mut weight = metric.matrix(&from, &above, cancel)?;
        for way in one_road(sources, targets) {
            let cell = &mut weight[way.row * targets.len() + way.column];
            *cell = (*cell).min(measure.part(way.edge, way.share));
        }
        Ok(weight)
    }

    /// Durations of many slices of time, of each of which `durations` gives what driving along each
    /// edge takes in milliseconds. Handed to `sink` in order, one matrix in memory at a time.
    ///
    /// # Errors
    /// Another number of durations than of edges; cancelled.
    pub fn matrices(
        &self,
        (slices, durations): (usize, &dyn Fn(usize) -> Vec<u32>),
        sources: &[Option<Snapped>],
        targets: &[Option<Snapped>],
        mut sink: impl FnMut(usize, DurationMatrix),
        (cancel, progress): (&Cancel, &Progress),
    ) -> Result<(), NetworkError> {
        let one_road = one_road(sources, targets);
        // Slices are prepared several at a time, and come out in the same order.
        let direct: RefCell<VecDeque<Vec<u32>>> = RefCell::default();
        let of_slice = |slice: usize| {
            let duration_ms = durations(slice);
            self.check_durations(&duration_ms)?;
            let measure = Durations {
                duration_ms: &duration_ms,
                turns: &self.turns,
            };
            let ways = one_road.iter().map(|way| measure.part(way.edge, way.share));
            direct.borrow_mut().push_back(ways.collect());
            Ok(Slice {
                weights: measure.weights(&self.turns),
                sources: seeds_of(sources, |place| self.starts(place, &measure)),
                targets: seeds_of(targets, |place| self.seeds_to(place, &measure)),
            })
        };
        let finish = |slice: usize, matrix: &[u32]| {
            let mut duration_ms = matrix.to_vec();
            let direct = direct.borrow_mut().pop_front().unwrap_or_default();
            for (way, value) in one_road.iter().zip(direct) {
                let cell = &mut duration_ms[way.row * targets.len() + way.column];
                *cell = (*cell).min(value);
            }
            let columns = targets.len();
            sink(
                slice,
                DurationMatrix {
                    duration_ms,
                    columns,
                },
            );
        };
        let hierarchy = self.metric.hierarchy();
        hierarchy.matrices(slices, of_slice, finish, cancel, progress)?;
        Ok(())
    }

    pub(super) fn seeds_to<M: Measure>(
        &self,
        place: &Snapped,
        measure: &M,
    ) -> Vec<Seed<M::Weight>> {
        let ends = self.ends(place, measure).into_iter();
        ends.map(|(seed, _)| seed).collect()
    }

    pub(super) fn check_durations(&self, duration_ms: &[u32]) -> Result<(), InputError> {
        if duration_ms.len() == self.graph.edges() {
            return Ok(());
        }
        let problem = format!(
            "{} durations for {} edges",
            duration_ms.len(),
            self.graph.edges()
        );
        let remedy = "give one duration for every edge of this network";
        Err(InputError::new(&self.info.source, problem, remedy).field("duration_ms"))
    }
}

fn seeds_of<W>(
    places: &[Option<Snapped>],
    seeds: impl Fn(&Snapped) -> Vec<Seed<W>>,
) -> Vec<Vec<Seed<W>>> {
    let place = |place: &Option<Snapped>| place.as_ref().map(&seeds).unwrap_or_default();
    places.iter().map(place).collect()
}

/// A way that never leaves the edge it begins on, which no turn leads into.
struct OneRoad {
    row: usize,
    column: usize,
    edge: u32,
    share: f64,
}

fn one_road(sources: &[Option<Snapped>], targets: &[Option<Snapped>]) -> Vec<OneRoad> {
    let mut on_edge: HashMap<u32, Vec<(usize, f64)>> = HashMap::new();
    for (column, place) in targets.iter().enumerate() {
        for &(edge, share) in place.iter().flat_map(|place| &place.edges) {
            on_edge.entry(edge).or_default().push((column, share));
        }
    }
    let mut ways = Vec::new();
    for (row, place) in sources.iter().enumerate() {
        for &(edge, from) in place.iter().flat_map(|place| &place.edges) {
            for &(column, to) in on_edge.get(&edge).into_iter().flatten() {
                if to >= from {
                    let share = to - from;
                    ways.push(OneRoad {
                        row,
                        column,
                        edge,
                        share,
                    });
                }
            }
        }
    }
    ways
}
