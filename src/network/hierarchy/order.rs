//! The order in which nodes are contracted: nested dissection.
//!
//! George (1973); for road networks Dibbelt, Strasser and Wagner, *Customizable contraction
//! hierarchies* (2016). A separator comes behind everything that it parts.

use super::arc_graph::ArcGraph;
use super::low_degree;
use super::separator::Separators;
use crate::runtime::{Cancel, Cancelled, Progress};

/// Parts of at most so many nodes are ordered by degree; at most 64.
const SMALL: usize = 24;

/// Nodes in order of contraction.
pub(super) fn order(
    graph: &ArcGraph,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<u32>, Cancelled> {
    let (first, neighbours) = graph.neighbours();
    let (mut order, left, near) = low_degree::contract(&first, &neighbours);
    let mut first = vec![0_u32];
    let mut neighbours = Vec::new();
    for around in near {
        neighbours.extend(around);
        first.push(neighbours.len() as u32);
    }
    let middle = graph.latitude.iter().map(|&y| f64::from(y)).sum::<f64>()
        / graph.latitude.len().max(1) as f64;
    let narrower = middle.to_radians().cos() as f32;
    let place: Vec<[f32; 2]> = left
        .iter()
        .map(|&v| {
            [
                graph.longitude[v as usize] * narrower,
                graph.latitude[v as usize],
            ]
        })
        .collect();
    let mut dissection = Dissection {
        separators: Separators::new(&first, &neighbours, &place),
        parts: 0,
        placed: 0,
        total: left.len(),
        seen: vec![false; left.len()],
        backwards: Vec::with_capacity(left.len()),
        cancel,
        progress,
    };
    dissection.run((0..left.len() as u32).collect())?;
    order.extend(
        dissection
            .backwards
            .iter()
            .rev()
            .map(|&at| left[at as usize]),
    );
    Ok(order)
}

struct Dissection<'a> {
    separators: Separators<'a>,
    parts: u32,
    placed: usize,
    total: usize,
    seen: Vec<bool>,
    /// What is contracted last comes first.
    backwards: Vec<u32>,
    cancel: &'a Cancel,
    progress: &'a Progress,
}

impl Dissection<'_> {
    fn run(&mut self, all: Vec<u32>) -> Result<(), Cancelled> {
        let mut open = self.connected(all);
        while let Some(nodes) = open.pop() {
            self.cancel.check()?;
            let stage = "network: order of contraction";
            self.progress
                .report(stage, self.placed as u64, self.total as u64);
            if nodes.len() <= SMALL {
                let ordered = self.by_degree(&nodes);
                self.place(ordered.into_iter().rev());
                continue;
            }
            let parted = self.separators.part(&nodes);
            let [near, far] = parted.sides;
            if near.is_empty() || far.is_empty() {
                // Everything hangs together, such as where all are neighbours of all.
                self.place(nodes.into_iter().rev());
                continue;
            }
            for &v in &parted.separator {
                self.separators.part[v as usize] = u32::MAX;
            }
            self.place(parted.separator.into_iter());
            for side in [near, far] {
                open.extend(self.connected(side));
            }
        }
        Ok(())
    }

    fn place(&mut self, nodes: impl Iterator<Item = u32>) {
        let before = self.backwards.len();
        self.backwards.extend(nodes);
        self.placed += self.backwards.len() - before;
    }

    /// The connected parts of some nodes, each a part of its own from now on.
    fn connected(&mut self, nodes: Vec<u32>) -> Vec<Vec<u32>> {
        self.parts += 1;
        for &v in &nodes {
            self.separators.part[v as usize] = self.parts;
            self.seen[v as usize] = false;
        }
        let mut found = Vec::new();
        for &start in &nodes {
            if self.seen[start as usize] {
                continue;
            }
            self.seen[start as usize] = true;
            let mut part = vec![start];
            let mut next = 0;
            while let Some(&v) = part.get(next) {
                next += 1;
                for u in self.separators.around(v) {
                    if !self.seen[u as usize] {
                        self.seen[u as usize] = true;
                        part.push(u);
                    }
                }
            }
            found.push(part);
        }
        for part in &found {
            self.parts += 1;
            for &v in part {
                self.separators.part[v as usize] = self.parts;
            }
        }
        found
    }

    /// Few nodes in order of least degree, counting what contraction joins.
    fn by_degree(&self, nodes: &[u32]) -> Vec<u32> {
        let position = |v: u32| nodes.iter().position(|&u| u == v);
        let mut near: Vec<u64> = nodes
            .iter()
            .map(|&v| {
                let around = self.separators.around(v).filter_map(position);
                around.fold(0, |bits, at| bits | 1 << at)
            })
            .collect();
        let mut left: Vec<usize> = (0..nodes.len()).collect();
        let mut ordered = Vec::with_capacity(nodes.len());
        while let Some(at) = (0..left.len()).min_by_key(|&at| near[left[at]].count_ones()) {
            let v = left.swap_remove(at);
            ordered.push(nodes[v]);
            let around = near[v];
            for &u in &left {
                if around >> u & 1 == 1 {
                    near[u] = (near[u] | around) & !(1 << u) & !(1 << v);
                }
            }
        }
        ordered
    }
}
