//! Matches traces, one after the other.

use super::candidates::{Candidate, near};
use super::lattice::Lattice;
use super::{Fix, MatchOptions, Matched, MatchedFix, MatchedTrace};
use crate::network::hierarchy::{Climb, Climber, DurationAndLength, Seed};
use crate::network::{Network, NetworkError};
use std::collections::HashMap;

type Ways = Climb<DurationAndLength>;

/// Difference between the length of a way and the distance of its ends that is usual, in metres:
/// at least, and per second between the fixes.
const DETOUR_M: f64 = 5.0;
const DETOUR_M_PER_S: f64 = 2.0;
/// How much faster than at free flow one may be.
const SPEEDING: f64 = 2.0;
/// Seconds that a fix may be off in time.
const CLOCK_S: f64 = 5.0;
/// How far back along a road noise may take a fix, in standard deviations.
const BACKWARDS: f64 = 1.0;
/// Turning round on a road counts like so many metres of detour.
const ROUND_M: f64 = 100.0;

/// Matches traces on a network; keeps what it has learned about edges between traces.
#[derive(Debug)]
pub struct Matcher<'a> {
    network: &'a Network,
    options: MatchOptions,
    climber: Climber<DurationAndLength>,
    from: HashMap<u32, Ways>,
    to: HashMap<u32, Ways>,
}

/// Ways of this many edges are kept at most.
const KEPT: usize = 20_000;

struct Piece {
    lattice: Lattice,
    fixes: Vec<usize>,
    candidates: Vec<Vec<Candidate>>,
}

impl<'a> Matcher<'a> {
    /// A matcher for traces on a network.
    pub fn new(network: &'a Network, options: MatchOptions) -> Self {
        Self {
            network,
            options,
            climber: network.metric().climber(),
            from: HashMap::new(),
            to: HashMap::new(),
        }
    }

    /// Matches a trace, whose fixes are in order of time. A fix at the time of the one before, or
    /// before it, is passed over like one that is off the roads.
    ///
    /// # Errors
    /// None that the trace could cause.
    pub fn matched(&mut self, trace: &[Fix]) -> Result<MatchedTrace, NetworkError> {
        let mut found = MatchedTrace::default();
        let mut piece: Option<Piece> = None;
        for (number, fix) in trace.iter().enumerate() {
            let sound = fix.at.lat.is_finite() && fix.at.lon.is_finite() && fix.time_s.is_finite();
            let candidates = match sound {
                true => near(self.network, fix, &self.options),
                false => Vec::new(),
            };
            if candidates.is_empty() {
                found.off_road.push(number);
                continue;
            }
            if let Some(open) = &mut piece {
                let last = open.fixes.last().and_then(|&at| trace.get(at));
                let gap_s = last.map_or(f64::INFINITY, |last| fix.time_s - last.time_s);
                if gap_s <= 0.0 {
                    found.off_road.push(number);
                    continue;
                }
                let apart_m = last.map_or(0.0, |last| last.at.great_circle_m(fix.at));
                if gap_s <= self.options.longest_gap_s {
                    let before = open
                        .candidates
                        .last()
                        .map(Vec::as_slice)
                        .unwrap_or_default();
                    let moved = self.transitions(before, &candidates, gap_s, apart_m)?;
                    let likelihood = candidates.iter().map(|c| c.likelihood).collect();
                    if open.lattice.push(likelihood, moved) {
                        open.fixes.push(number);
                        open.candidates.push(candidates);
                        continue;
                    }
                }
            }
            // Nothing is known of what was driven before.
            let unknown = |c: &Candidate| match c.node == c.edge {
                true => c.likelihood,
                false => f64::NEG_INFINITY,
            };
            let begun = Piece {
                lattice: Lattice::begin(candidates.iter().map(unknown).collect()),
                fixes: vec![number],
                candidates: vec![candidates],
            };
            if let Some(done) = piece.replace(begun) {
                found.pieces.push(self.finish(&done)?);
            }
        }
        if let Some(done) = piece {
            found.pieces.push(self.finish(&done)?);
        }
        Ok(found)
    }

    fn transitions(
        &mut self,
        before: &[Candidate],
        after: &[Candidate],
        gap_s: f64,
        apart_m: f64,
    ) -> Result<Vec<f64>, NetworkError> {
        self.climb(before.iter().chain(after).map(|c| c.node))?;
        let usual_m = DETOUR_M + DETOUR_M_PER_S * gap_s;
        let mut moved = Vec::with_capacity(before.len() * after.len());
        for a in before {
            for b in after {
                let Some((duration_s, length_m)) = self.way(a, b) else {
                    moved.push(f64::NEG_INFINITY);
                    continue;
                };
                let slack_s = SPEEDING * (gap_s + CLOCK_S) - duration_s;
                let rushed = if slack_s < 0.0 { slack_s } else { 0.0 };
                moved.push(-(length_m - apart_m).abs() / usual_m + rushed / (gap_s + CLOCK_S));
            }
        }
        Ok(moved)
    }

    /// Duration in seconds and length in metres of the way between two points.
    fn way(&self, a: &Candidate, b: &Candidate) -> Option<(f64, f64)> {
        let graph = self.network.graph();
        let length_m = |edge: u32| f64::from(graph.length_cm[edge as usize]) / 1e2;
        let duration_s = |edge: u32| f64::from(graph.duration_ms[edge as usize]) / 1e3;
        if a.edge == b.edge {
            if a.node != b.node {
                return None;
            }
            let ahead = b.share - a.share;
            // Standing still with some noise; going back takes a way round.
            let noise_m = BACKWARDS * (a.accuracy_m + b.accuracy_m);
            if ahead >= 0.0 || -ahead * length_m(a.edge) <= noise_m {
                let ahead = ahead.max(0.0);
                return Some((ahead * duration_s(a.edge), ahead * length_m(a.edge)));
            }
            return None;
        }
        if graph.segment(a.edge) == graph.segment(b.edge) {
            if b.node != b.edge {
                return None;
            }
            let met = (1.0 - b.share - a.share).abs();
            return Some((met * duration_s(a.edge), met * length_m(a.edge) + ROUND_M));
        }
        let between = self.from.get(&a.node)?.distance(self.to.get(&b.node)?)?;
        // From the end of the one to the end of the other.
        let duration = f64::from(between.duration()) / 1e3;
        let length = f64::from(between.length()) / 1e2;
        Some((
            duration + (1.0 - a.share) * duration_s(a.edge) - (1.0 - b.share) * duration_s(b.edge),
            length + (1.0 - a.share) * length_m(a.edge) - (1.0 - b.share) * length_m(b.edge),
        ))
    }

    fn climb(&mut self, nodes: impl Iterator<Item = u32>) -> Result<(), NetworkError> {
        if self.from.len() > KEPT {
            self.from.clear();
            self.to.clear();
        }
        let metric = self.network.metric();
        for node in nodes {
            if self.from.contains_key(&node) && self.to.contains_key(&node) {
                continue;
            }
            let offset = DurationAndLength::default();
            let seed = [Seed { node, offset }];
            self.from
                .insert(node, metric.climb_from(&seed, &mut self.climber)?);
            self.to
                .insert(node, metric.climb_to(&seed, &mut self.climber)?);
        }
        Ok(())
    }

    fn finish(&mut self, piece: &Piece) -> Result<Matched, NetworkError> {
        let states = piece.lattice.likeliest();
        let sure = piece.lattice.probabilities();
        let mut matched = Matched::default();
        let mut last: Option<Candidate> = None;
        for (step, &state) in states.iter().enumerate() {
            let candidates = &piece.candidates[step];
            let chosen = candidates[state];
            let same = candidates.iter().zip(&sure[step]);
            let same = same.filter(|(c, _)| c.edge == chosen.edge).map(|(_, p)| p);
            matched.fixes.push(MatchedFix {
                fix: piece.fixes[step],
                edge: chosen.edge,
                share: chosen.share,
                distance_m: chosen.distance_m,
                probability: same.sum::<f64>().min(1.0),
            });
            match last.replace(chosen) {
                None => matched.edges.push(chosen.edge),
                Some(last) if last.node == chosen.node => {}
                Some(last) => self.drive(&last, &chosen, &mut matched.edges)?,
            }
        }
        Ok(matched)
    }

    /// Adds the edges behind one up to another.
    fn drive(
        &mut self,
        from: &Candidate,
        to: &Candidate,
        into: &mut Vec<u32>,
    ) -> Result<(), NetworkError> {
        let (graph, turns) = (self.network.graph(), self.network.turns());
        if graph.segment(from.edge) != graph.segment(to.edge) {
            self.climb([from.node, to.node].into_iter())?;
            let ends = self.from.get(&from.node).zip(self.to.get(&to.node));
            let path = ends.and_then(|(a, b)| self.network.metric().path_between(a, b));
            let driven = path.map(|path| path.arcs).unwrap_or_default().into_iter();
            into.extend(driven.map(|turn| turns.edge_of(turns.into[turn as usize])));
        } else {
            into.push(to.edge);
        }
        Ok(())
    }
}
