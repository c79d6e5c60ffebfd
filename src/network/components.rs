//! Which roads reach each other.

use super::graph::{MAIN, RoadGraph};
use super::turns::Turns;
use std::collections::HashMap;

/// Marks the roads that reach, and are reached from, the most others by turns that are allowed, in
/// at least one of their directions: on a ring without side roads, nobody turns round.
pub(super) fn mark_main(graph: &mut RoadGraph, turns: &Turns) {
    let component = strongly_connected(&turns.first, &turns.into);
    let mut sizes: HashMap<u32, usize> = HashMap::new();
    for &c in &component {
        *sizes.entry(c).or_default() += 1;
    }
    let largest = sizes
        .into_iter()
        .max_by_key(|&(c, size)| (size, std::cmp::Reverse(c)));
    let Some((largest, _)) = largest else { return };
    let mut main = vec![false; graph.segments()];
    for (node, &c) in component.iter().enumerate() {
        let edge = turns.edge_of(node as u32);
        main[graph.segment(edge) as usize] |= c == largest;
    }
    for edge in 0..graph.edges() {
        if main[graph.segment(edge as u32) as usize] {
            graph.flags[edge] |= MAIN;
        }
    }
}

/// The component of each node of a directed graph: nodes of one reach each other. Tarjan (1972),
/// without recursion. `first` and `head` are the arcs by tail.
pub(super) fn strongly_connected(first: &[u32], head: &[u32]) -> Vec<u32> {
    const NONE: u32 = u32::MAX;
    let nodes = first.len().saturating_sub(1);
    let mut component = vec![NONE; nodes];
    let mut number = vec![NONE; nodes];
    let mut lowest = vec![0_u32; nodes];
    let (mut open, mut stack) = (Vec::new(), Vec::new());
    let (mut count, mut components) = (0, 0);
    for root in 0..nodes as u32 {
        if number[root as usize] != NONE {
            continue;
        }
        open.push((root, first[root as usize]));
        while let Some((v, arc)) = open.pop() {
            let at = v as usize;
            if arc == first[at] && number[at] == NONE {
                number[at] = count;
                lowest[at] = count;
                count += 1;
                stack.push(v);
            }
            if arc < first[at + 1] {
                let next = head[arc as usize];
                open.push((v, arc + 1));
                if number[next as usize] == NONE {
                    open.push((next, first[next as usize]));
                } else if component[next as usize] == NONE {
                    lowest[at] = lowest[at].min(number[next as usize]);
                }
                continue;
            }
            if lowest[at] == number[at] {
                while let Some(member) = stack.pop() {
                    component[member as usize] = components;
                    if member == v {
                        break;
                    }
                }
                components += 1;
            }
            if let Some(&(before, _)) = open.last() {
                let before = before as usize;
                lowest[before] = lowest[before].min(lowest[at]);
            }
        }
    }
    component
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_of_a_component_reach_each_other() {
        // 0 -> 1 -> 2 -> 0, 2 -> 3 -> 4 -> 3, 5.
        let component = strongly_connected(&[0, 1, 2, 4, 5, 6, 6], &[1, 2, 0, 3, 4, 3]);
        assert!(component[0] == component[1] && component[1] == component[2]);
        assert_eq!(component[3], component[4]);
        let mut all = component.clone();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 3);
        assert!(strongly_connected(&[], &[]).is_empty());
    }
}
