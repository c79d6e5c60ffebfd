//! The way from one place to another.

use super::error::NetworkError;
use super::hierarchy::{Climber, DurationAndLength, Metric};
use super::measure::Measure;
use super::routable::Network;
use super::snap::Snapped;
use crate::domain::LatLon;

/// A way along roads.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Edges in order.
    pub edges: Vec<u32>,
    /// Share of the first edge that lies before the start.
    pub from_share: f64,
    /// Share of the last edge that lies before the end.
    pub to_share: f64,
    /// How long it takes at free flow, in seconds.
    pub duration_s: f64,
    /// How long it is, in metres.
    pub length_m: f64,
}

/// A way with its weight.
type Weighed<W> = (W, Vec<u32>);

impl Network {
    /// The quickest way at free flow; `None` if there is none.
    ///
    /// # Errors
    /// A place of another network.
    pub fn route(&self, from: &Snapped, to: &Snapped) -> Result<Option<Route>, NetworkError> {
        let mut climber = self.metric.climber();
        let best = self.quickest(&self.metric, &self.free_flow(), (from, to), &mut climber)?;
        Ok(best.map(|(weight, edges)| self.route_along(edges, weight, from, to)))
    }

    /// The way of least weight, by a metric of this very measure.
    pub(super) fn quickest<M: Measure>(
        &self,
        metric: &Metric<M::Weight>,
        measure: &M,
        (from, to): (&Snapped, &Snapped),
        climber: &mut Climber<M::Weight>,
    ) -> Result<Option<Weighed<M::Weight>>, NetworkError> {
        let ends = self.ends(to, measure);
        let seeds: Vec<_> = ends.iter().map(|(seed, _)| *seed).collect();
        let up = metric.climb_from(&self.starts(from, measure), climber)?;
        let down = metric.climb_to(&seeds, climber)?;
        let by_turns = metric.path_between(&up, &down).and_then(|path| {
            let ends = ends.iter().filter(|(seed, _)| seed.node == path.to);
            let (_, last) = ends.min_by_key(|(seed, _)| seed.offset)?;
            let mut edges = vec![path.from];
            let driven = path.arcs.iter().map(|&turn| self.turns.into[turn as usize]);
            edges.extend(driven.map(|node| self.turns.edge_of(node)));
            edges.push(*last);
            Some((path.weight, edges))
        });
        let direct = along_one_edge(measure, from, to);
        let both = direct.into_iter().chain(by_turns);
        Ok(both.min_by_key(|(weight, _)| *weight))
    }

    pub(super) fn route_along(
        &self,
        edges: Vec<u32>,
        weight: DurationAndLength,
        from: &Snapped,
        to: &Snapped,
    ) -> Route {
        let share = |place: &Snapped, edge: Option<&u32>| {
            let mut found = place.edges.iter().filter(|(e, _)| Some(e) == edge);
            found.next().map_or(0.0, |(_, share)| *share)
        };
        Route {
            from_share: share(from, edges.first()),
            to_share: share(to, edges.last()),
            duration_s: f64::from(weight.duration()) / 1e3,
            length_m: f64::from(weight.length()) / 1e2,
            edges,
        }
    }

    /// Edges of a route in order, each with the share of it that is driven.
    pub fn stretches(&self, route: &Route) -> Vec<(u32, f64)> {
        let last = route.edges.len().saturating_sub(1);
        let share = |at: usize| {
            let begin = if at == 0 { route.from_share } else { 0.0 };
            let end = if at == last { route.to_share } else { 1.0 };
            (end - begin).max(0.0)
        };
        let edges = route.edges.iter().enumerate();
        edges.map(|(at, &edge)| (edge, share(at))).collect()
    }

    /// Seconds that the turns between edges in a row take. Turning round on a road, which a way
    /// that was driven may do, counts as nothing.
    pub fn turning_s(&self, edges: &[u32]) -> f64 {
        let ms = edges.windows(2).map(|pair| {
            let mut turns = self.turns.out_of(pair[0]);
            let turn = turns.find(|&turn| self.turns.into[turn] == pair[1]);
            turn.map_or(0, |turn| self.turns.cost_ms[turn])
        });
        ms.map(f64::from).sum::<f64>() / 1e3
    }

    /// Line of a route from the point where it begins to the point where it ends.
    pub fn line(&self, route: &Route) -> Vec<LatLon> {
        let mut line: Vec<LatLon> = Vec::new();
        let last = route.edges.len().saturating_sub(1);
        for (at, &edge) in route.edges.iter().enumerate() {
            let whole = self.graph.line(edge);
            let from = if at == 0 { route.from_share } else { 0.0 };
            let to = if at == last { route.to_share } else { 1.0 };
            for place in cut(&whole, from, to) {
                if line.last() != Some(&place) {
                    line.push(place);
                }
            }
        }
        line
    }

    /// The point of an edge that a share of its length lies before.
    pub fn point(&self, edge: u32, share: f64) -> LatLon {
        let line = self.graph.line(edge);
        let cut = cut(&line, share, share);
        let end = || {
            line.last()
                .copied()
                .unwrap_or(LatLon { lat: 0.0, lon: 0.0 })
        };
        cut.first().copied().unwrap_or_else(end)
    }

    /// Direction of an edge at a share of its length, in degrees clockwise from north.
    pub fn bearing_deg(&self, edge: u32, share: f64) -> f64 {
        let line = self.graph.line(edge);
        let lengths = line.windows(2).map(|pair| pair[0].great_circle_m(pair[1]));
        let mut left_m = share * lengths.sum::<f64>();
        let ahead = line.windows(2).find(|pair| {
            left_m -= pair[0].great_circle_m(pair[1]);
            left_m < 0.0
        });
        let piece = ahead.or_else(|| line.windows(2).last());
        piece.map_or(0.0, |pair| pair[0].bearing_deg(pair[1]))
    }

    /// Nodes of the extract along an edge from one share of its length to another, with the last
    /// one before and the first one behind.
    pub fn nodes_between(&self, edge: u32, from: f64, to: f64) -> Vec<i64> {
        let line = self.graph.line(edge);
        let mut along = vec![0.0];
        for pair in line.windows(2) {
            let so_far = along.last().copied().unwrap_or_default();
            along.push(so_far + pair[0].great_circle_m(pair[1]));
        }
        let whole = along.last().copied().unwrap_or_default();
        let first = along
            .iter()
            .rposition(|&m| m <= from * whole)
            .unwrap_or_default();
        let last = along.iter().position(|&m| m >= to * whole);
        let last = last.unwrap_or(line.len().saturating_sub(1)).max(first);
        let nodes = self.graph.nodes_along(edge);
        nodes.get(first..=last).unwrap_or_default().to_vec()
    }
}

/// The way between two places that never leaves the edge of the first one.
pub(super) fn along_one_edge<M: Measure>(
    measure: &M,
    from: &Snapped,
    to: &Snapped,
) -> Option<Weighed<M::Weight>> {
    let pairs = from.edges.iter();
    let pairs = pairs.flat_map(|a| to.edges.iter().map(move |b| (a, b)));
    let same = pairs.filter(|(a, b)| a.0 == b.0 && a.1 <= b.1);
    let ways = same.map(|(a, b)| (measure.part(a.0, b.1 - a.1), vec![a.0]));
    ways.min_by_key(|(weight, _)| *weight)
}

/// The part of a line between two shares of its length.
fn cut(line: &[LatLon], from: f64, to: f64) -> Vec<LatLon> {
    let lengths: Vec<f64> = line
        .windows(2)
        .map(|pair| pair[0].great_circle_m(pair[1]))
        .collect();
    let whole: f64 = lengths.iter().sum();
    let (begin, end) = (from * whole, to * whole);
    let mut kept = Vec::new();
    let mut before = 0.0;
    for (pair, length) in line.windows(2).zip(lengths) {
        let point = |along: f64| {
            let share = match length > 0.0 {
                true => ((along - before) / length).clamp(0.0, 1.0),
                false => 0.0,
            };
            LatLon {
                lat: pair[0].lat + share * (pair[1].lat - pair[0].lat),
                lon: pair[0].lon + share * (pair[1].lon - pair[0].lon),
            }
        };
        if before + length >= begin && before <= end {
            kept.push(point(begin.max(before)));
            kept.push(point(end.min(before + length)));
        }
        before += length;
    }
    kept.dedup();
    kept
}
