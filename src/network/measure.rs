//! What stretches of roads and turns weigh.

use super::graph::RoadGraph;
use super::hierarchy::{DurationAndLength, INFINITY, Weight};
use super::turns::Turns;

/// Weighs stretches of edges, and turns.
pub(super) trait Measure {
    /// What they weigh.
    type Weight: Weight;

    /// A share of an edge.
    fn part(&self, edge: u32, share: f64) -> Self::Weight;

    /// A turn.
    fn turn(&self, turn: usize) -> Self::Weight;

    /// Every turn with the edge that it leads into: weights for a metric.
    fn weights(&self, turns: &Turns) -> Vec<Self::Weight> {
        let all = turns.into.iter().enumerate();
        all.map(|(turn, &into)| self.turn(turn).plus(self.part(turns.edge_of(into), 1.0)))
            .collect()
    }
}

/// Durations of edges in milliseconds, such as those of a slice of time.
pub(super) struct Durations<'a> {
    pub duration_ms: &'a [u32],
    pub turns: &'a Turns,
}

impl Measure for Durations<'_> {
    type Weight = u32;

    fn part(&self, edge: u32, share: f64) -> u32 {
        part(self.duration_ms[edge as usize], share)
    }

    fn turn(&self, turn: usize) -> u32 {
        self.turns.cost_ms[turn]
    }

    // Edges that are closed are longer than any way.
    fn weights(&self, turns: &Turns) -> Vec<u32> {
        let pairs = turns.into.iter().zip(&turns.cost_ms);
        pairs
            .map(|(&into, &cost)| {
                self.duration_ms[turns.edge_of(into) as usize].saturating_add(cost)
            })
            .collect()
    }
}

/// Durations in milliseconds, such as those at free flow, with lengths in centimetres.
pub(super) struct WithLengths<'a> {
    pub duration_ms: &'a [u32],
    pub graph: &'a RoadGraph,
    pub turns: &'a Turns,
}

impl Measure for WithLengths<'_> {
    type Weight = DurationAndLength;

    fn part(&self, edge: u32, share: f64) -> DurationAndLength {
        DurationAndLength::new(
            part(self.duration_ms[edge as usize], share).min(INFINITY),
            part(self.graph.length_cm[edge as usize], share),
        )
    }

    fn turn(&self, turn: usize) -> DurationAndLength {
        DurationAndLength::new(self.turns.cost_ms[turn], 0)
    }
}

/// A share of a whole.
fn part(whole: u32, share: f64) -> u32 {
    (f64::from(whole) * share.clamp(0.0, 1.0)).round() as u32
}
