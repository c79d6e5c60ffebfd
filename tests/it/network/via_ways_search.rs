//! The reference for restrictions over ways: a search that keeps the roads driven last, on a network
//! that was built without them.

use routeforce::network::{Network, Snapped};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// A restriction: the ways in order, and whether it is the only way to go.
#[derive(Debug, Clone)]
pub struct OverWays {
    pub ways: Vec<i64>,
    pub only: bool,
}

/// What turning round takes, in milliseconds.
const ROUND_MS: u32 = 20_000;

pub struct Search<'a> {
    pub plain: &'a Network,
    pub restrictions: &'a [OverWays],
    /// Roads that are kept: one more than any restriction goes along.
    pub kept: usize,
}

impl Search<'_> {
    pub fn way(&self, edge: u32) -> i64 {
        let graph = self.plain.graph();
        graph.segment_way[graph.segment(edge) as usize]
    }

    /// Whether the roads driven end with those of a restriction, where its last one begins.
    fn applies(&self, driven: &[u32], restriction: &OverWays) -> bool {
        let graph = self.plain.graph();
        let [from, via @ .., to] = &restriction.ways[..] else {
            return false;
        };
        let last = driven[driven.len() - 1];
        let begins = |e: u32| self.way(e) == *to && graph.segment(e) != graph.segment(last);
        if !graph.leaving(graph.head[last as usize]).any(begins) {
            return false;
        }
        (0..driven.len()).any(|start| {
            let path = &driven[start..];
            let heads: Vec<u32> = path.iter().map(|&e| graph.head[e as usize]).collect();
            let once = (1..heads.len()).all(|at| !heads[..at].contains(&heads[at]));
            let mut between: Vec<i64> = path[1..].iter().map(|&e| self.way(e)).collect();
            between.dedup();
            let round = path
                .windows(2)
                .any(|p| graph.segment(p[0]) == graph.segment(p[1]));
            self.way(path[0]) == *from && between == via && once && !round
        })
    }

    /// Roads that may follow, and what the turn takes in milliseconds.
    fn turns(&self, driven: &[u32]) -> Vec<(u32, u32)> {
        let (graph, turns) = (self.plain.graph(), self.plain.turns());
        let last = driven[driven.len() - 1];
        let to = |r: &OverWays| r.ways[r.ways.len() - 1];
        let allowed = |next: u32| {
            self.restrictions
                .iter()
                .all(|r| !self.applies(driven, r) || (self.way(next) == to(r)) == r.only)
        };
        let all = turns
            .out_of(last)
            .map(|turn| (turns.into[turn], turns.cost_ms[turn]));
        let mut found: Vec<(u32, u32)> = all.filter(|&(next, _)| allowed(next)).collect();
        if found.is_empty() {
            let back = graph.leaving(graph.head[last as usize]);
            let round = back.filter(|&e| graph.segment(e) == graph.segment(last));
            found.extend(round.map(|e| (e, ROUND_MS)));
        }
        found
    }

    /// Milliseconds from a place to others, given what driving along each edge takes.
    pub fn from(&self, duration_ms: &[u32], from: &Snapped, to: &[&Snapped]) -> Vec<Option<f64>> {
        let part = |edge: u32, share: f64| f64::from(duration_ms[edge as usize]) * share;
        let mut best = vec![f64::INFINITY; to.len()];
        let mut open = BinaryHeap::new();
        for &(edge, share) in &from.edges {
            open.push(Reverse((
                part(edge, 1.0 - share).round() as u64,
                vec![edge],
            )));
            for (best, to) in best.iter_mut().zip(to) {
                let ahead = to
                    .edges
                    .iter()
                    .filter(|(last, until)| *last == edge && *until >= share);
                ahead.for_each(|(_, until)| *best = best.min(part(edge, until - share)));
            }
        }
        let mut reached: HashMap<Vec<u32>, u64> = HashMap::new();
        while let Some(Reverse((so_far, driven))) = open.pop() {
            if reached
                .get(&driven)
                .is_some_and(|&earlier| earlier <= so_far)
            {
                continue;
            }
            reached.insert(driven.clone(), so_far);
            for (next, turning) in self.turns(&driven) {
                let entered = so_far as f64 + f64::from(turning);
                for (best, to) in best.iter_mut().zip(to) {
                    let ends = to.edges.iter().filter(|(last, _)| *last == next);
                    ends.for_each(|(_, until)| *best = best.min(entered + part(next, *until)));
                }
                let mut longer = driven.clone();
                longer.push(next);
                let longer = longer[longer.len().saturating_sub(self.kept)..].to_vec();
                let left = so_far + u64::from(turning) + u64::from(duration_ms[next as usize]);
                open.push(Reverse((left, longer)));
            }
        }
        best.into_iter()
            .map(|ms| ms.is_finite().then_some(ms))
            .collect()
    }

    /// Whether a way breaks no restriction; turning round is for where nothing else goes on.
    pub fn permits(&self, edges: &[u32]) -> bool {
        (1..edges.len()).all(|at| {
            self.turns(&edges[..at])
                .iter()
                .any(|&(next, _)| next == edges[at])
        })
    }
}
