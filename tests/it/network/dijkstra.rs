//! The reference: Dijkstra's algorithm on the graph itself.

use routeforce::network::hierarchy::{ArcGraph, INFINITY, Seed};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Distances from some seeds to all nodes; [`INFINITY`] and more is none.
pub fn distances(graph: &ArcGraph, weights: &[u32], seeds: &[Seed]) -> Vec<u64> {
    let mut leaving: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes()];
    for (arc, &tail) in graph.tail.iter().enumerate() {
        leaving[tail as usize].push(arc);
    }
    let mut distance = vec![u64::MAX; graph.nodes()];
    let mut open: BinaryHeap<Reverse<(u64, u32)>> = BinaryHeap::new();
    for seed in seeds {
        open.push(Reverse((u64::from(seed.offset), seed.node)));
    }
    while let Some(Reverse((so_far, v))) = open.pop() {
        if so_far >= distance[v as usize] {
            continue;
        }
        distance[v as usize] = so_far;
        for &arc in &leaving[v as usize] {
            if weights[arc] < INFINITY {
                open.push(Reverse((so_far + u64::from(weights[arc]), graph.head[arc])));
            }
        }
    }
    distance
}

/// Distance from one place to another, as a matrix holds it.
pub fn between(from: &[u64], target: &[Seed]) -> u32 {
    let ends = target
        .iter()
        .filter(|seed| from[seed.node as usize] < u64::MAX);
    let all = ends.map(|seed| from[seed.node as usize] + u64::from(seed.offset));
    match all.min().filter(|&d| d < u64::from(INFINITY)) {
        Some(distance) => u32::try_from(distance).unwrap(),
        None => u32::MAX,
    }
}
