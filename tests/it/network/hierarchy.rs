//! Contraction hierarchies against Dijkstra.

use super::dijkstra::{between, distances};
use proptest::prelude::*;
use rand::Rng;
use routeforce::network::hierarchy::{ArcGraph, Hierarchy, INFINITY, Metric, Seed, Slice, Targets};
use routeforce::runtime::{Cancel, Progress, random};
use std::sync::Arc;

fn build(graph: &ArcGraph) -> Arc<Hierarchy> {
    let built = Hierarchy::build(graph, &Cancel::default(), &Progress::silent());
    Arc::new(built.unwrap())
}

/// A graph of any shape: loops, parallel arcs, islands, nodes without arcs.
fn any_graph(nodes: usize, arcs: usize, seed: u64) -> ArcGraph {
    let mut draw = random::generator(seed, "graph");
    let mut node = || {
        (0..arcs)
            .map(|_| draw.random_range(0..nodes as u32))
            .collect()
    };
    let (tail, head) = (node(), node());
    let mut place = || {
        (0..nodes)
            .map(|_| draw.random_range(0.0..1.0_f32))
            .collect()
    };
    ArcGraph {
        tail,
        head,
        latitude: place(),
        longitude: place(),
    }
}

/// Streets of a town with `side` x `side` junctions, some of them one-way, some missing.
fn town(side: usize, seed: u64) -> ArcGraph {
    let mut draw = random::generator(seed, "town");
    let mut graph = ArcGraph::default();
    for at in 0..side * side {
        graph
            .latitude
            .push((at / side) as f32 + draw.random_range(-0.2..0.2));
        graph
            .longitude
            .push((at % side) as f32 + draw.random_range(-0.2..0.2));
        let (right, up) = (at % side + 1 < side, at / side + 1 < side);
        for next in [right.then_some(at + 1), up.then_some(at + side)] {
            let Some(next) = next.filter(|_| draw.random_bool(0.9)) else {
                continue;
            };
            let (a, b) = (at as u32, next as u32);
            if draw.random_bool(0.9) {
                graph.tail.push(a);
                graph.head.push(b);
            }
            if draw.random_bool(0.9) {
                graph.tail.push(b);
                graph.head.push(a);
            }
        }
    }
    graph
}

/// The same with turns: nodes are the arcs of the graph, arcs the turns from one to the next.
fn with_turns(graph: &ArcGraph) -> ArcGraph {
    let mut turns = ArcGraph::default();
    for (arc, (&tail, &head)) in graph.tail.iter().zip(&graph.head).enumerate() {
        let middle = |of: &[f32]| (of[tail as usize] + of[head as usize]) / 2.0;
        turns.latitude.push(middle(&graph.latitude));
        turns.longitude.push(middle(&graph.longitude));
        for (next, (&from, &to)) in graph.tail.iter().zip(&graph.head).enumerate() {
            // No turning back.
            if from == head && to != tail {
                turns.tail.push(arc as u32);
                turns.head.push(next as u32);
            }
        }
    }
    turns
}

fn weights(graph: &ArcGraph, closed: f64, seed: u64) -> Vec<u32> {
    let mut draw = random::generator(seed, "weights");
    let mut weight = || match draw.random_bool(closed) {
        true => [INFINITY, u32::MAX][draw.random_range(0..2)],
        false => draw.random_range(0..1_000),
    };
    (0..graph.arcs()).map(|_| weight()).collect()
}

/// Places with none to three seeds each.
fn places(graph: &ArcGraph, count: usize, seed: u64) -> Vec<Vec<Seed>> {
    let mut draw = random::generator(seed, "places");
    let mut place = |_| {
        let seeds = draw.random_range(0..4);
        let seed = |_| Seed {
            node: draw.random_range(0..graph.nodes() as u32),
            offset: draw.random_range(0..50),
        };
        (0..seeds).map(seed).collect()
    };
    (0..count).map(&mut place).collect()
}

fn matrix_by_dijkstra(
    graph: &ArcGraph,
    weights: &[u32],
    sources: &[Vec<Seed>],
    targets: &[Vec<Seed>],
) -> Vec<u32> {
    let row = |source: &Vec<Seed>| {
        let from = distances(graph, weights, source);
        targets
            .iter()
            .map(move |t| between(&from, t))
            .collect::<Vec<_>>()
    };
    sources.iter().flat_map(row).collect()
}

fn matrix(metric: &Metric, sources: &[Vec<Seed>], targets: &[Vec<Seed>]) -> Vec<u32> {
    let targets = Targets::new(metric.hierarchy(), targets).unwrap();
    metric
        .matrix(sources, &targets, &Cancel::default())
        .unwrap()
}

fn check(graph: &ArcGraph, seed: u64) {
    let hierarchy = build(graph);
    let weights = weights(graph, 0.1, seed);
    let metric = hierarchy.customize(&weights).unwrap();
    let (sources, targets) = (places(graph, 21, seed), places(graph, 7, seed + 1));
    let expected = matrix_by_dijkstra(graph, &weights, &sources, &targets);
    assert_eq!(matrix(&metric, &sources, &targets), expected);
    for (number, &expected) in expected.iter().enumerate() {
        let (source, target) = (
            &sources[number / targets.len()],
            &targets[number % targets.len()],
        );
        let path = metric.path(source, target).unwrap();
        assert_eq!(path.as_ref().map_or(u32::MAX, |p| p.weight), expected);
        let Some(path) = path else { continue };
        let offset = |seeds: &[Seed], node: u32| {
            let here = seeds.iter().filter(|s| s.node == node);
            here.map(|s| s.offset).min().unwrap()
        };
        let mut at = path.from;
        let mut sum = offset(source, path.from) + offset(target, path.to);
        for &arc in &path.arcs {
            assert_eq!(graph.tail[arc as usize], at);
            at = graph.head[arc as usize];
            sum += weights[arc as usize];
        }
        assert_eq!((at, sum), (path.to, path.weight));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn matrices_and_paths_are_those_of_dijkstra(
        nodes in 1_usize..120, density in 0.0..4.0_f64, seed in 0_u64..1_000_000,
    ) {
        check(&any_graph(nodes, (nodes as f64 * density) as usize, seed), seed);
    }

    #[test]
    fn they_are_in_towns_with_turns(side in 2_usize..12, seed in 0_u64..1_000_000) {
        let town = town(side, seed);
        check(&town, seed);
        check(&with_turns(&town), seed);
    }

    #[test]
    fn slices_together_are_slices_one_by_one(
        side in 2_usize..10, slices in 1_usize..40, seed in 0_u64..1_000_000,
    ) {
        let graph = town(side, seed);
        let hierarchy = build(&graph);
        let (sources, places_to) = (places(&graph, 19, seed), places(&graph, 5, seed + 1));
        let of_slice = |slice: usize| {
            let mut targets = places_to.clone();
            for seed in targets.iter_mut().flatten() {
                seed.offset += slice as u32;
            }
            let weights = weights(&graph, 0.05, seed + slice as u64);
            Slice { weights, sources: sources.clone(), targets }
        };
        let mut seen = 0;
        hierarchy
            .matrices(slices, |slice| Ok(of_slice(slice)), |number, found| {
                assert_eq!(number, seen);
                seen += 1;
                let slice = of_slice(number);
                let metric = hierarchy.customize(&slice.weights).unwrap();
                assert_eq!(found, matrix(&metric, &sources, &slice.targets));
            }, &Cancel::default(), &Progress::silent())
            .unwrap();
        assert_eq!(seen, slices);
    }

    #[test]
    fn an_update_is_a_customisation_anew(
        side in 2_usize..12, changed in 1_usize..30, seed in 0_u64..1_000_000,
    ) {
        let graph = town(side, seed);
        prop_assume!(graph.arcs() > 0);
        let hierarchy = build(&graph);
        let mut weights = weights(&graph, 0.1, seed);
        let mut metric = hierarchy.customize(&weights).unwrap();
        let mut draw = random::generator(seed, "changes");
        let mut changes = Vec::new();
        for _ in 0..changed {
            let (arc, weight) = (draw.random_range(0..graph.arcs()), draw.random_range(0..2_000));
            weights[arc] = weight;
            changes.push((arc as u32, weight));
        }
        metric.update(&changes).unwrap();
        assert_eq!(metric.weights(), weights);
        let all: Vec<Vec<Seed>> = (0..graph.nodes() as u32)
            .map(|node| vec![Seed { node, offset: 0 }])
            .collect();
        let anew = hierarchy.customize(&weights).unwrap();
        assert_eq!(matrix(&metric, &all, &all), matrix(&anew, &all, &all));
    }

    #[test]
    fn what_is_saved_is_read_and_what_is_damaged_refused(
        side in 1_usize..9, damage in 0_usize..10_000, value in any::<u32>(), seed in 0_u64..1_000_000,
    ) {
        let graph = town(side, seed);
        let hierarchy = build(&graph);
        let mut sections = hierarchy.to_sections();
        let read = Hierarchy::from_sections("a file", sections.clone()).unwrap();
        assert_eq!(read, *hierarchy);
        let parts = [&mut sections.order, &mut sections.first, &mut sections.head, &mut sections.slot];
        let part = parts.into_iter().nth(damage % 4).unwrap();
        if let Some(number) = part.get_mut(damage / 4 % side) {
            *number = value;
        }
        // Refused, or still sound enough to be searched.
        if let Ok(read) = Hierarchy::from_sections("a file", sections) {
            let metric = Arc::new(read).customize(&weights(&graph, 0.1, seed)).unwrap();
            let all = places(&graph, 5, seed);
            let targets = Targets::new(metric.hierarchy(), &all).unwrap();
            metric.matrix(&all, &targets, &Cancel::default()).unwrap();
            metric.path(&all[0], &all[1]).unwrap();
        }
    }
}

#[test]
fn nothing_and_little_can_be_built() {
    let nothing = ArcGraph::default();
    let hierarchy = build(&nothing);
    let metric = hierarchy.customize(&[]).unwrap();
    assert!(matrix(&metric, &[], &[]).is_empty());
    assert_eq!(matrix(&metric, &[vec![]], &[vec![]]), [u32::MAX]);
    assert!(metric.path(&[], &[]).unwrap().is_none());
    check(&any_graph(1, 0, 1), 1);
    check(&any_graph(1, 3, 1), 1);
}

#[test]
fn a_way_longer_than_any_number_is_no_way_and_nothing_overflows() {
    let graph = ArcGraph {
        tail: vec![0, 1, 2],
        head: vec![1, 2, 3],
        latitude: vec![0.0; 4],
        longitude: vec![0.0, 1.0, 2.0, 3.0],
    };
    let metric = build(&graph).customize(&[INFINITY - 2, 1, 5]).unwrap();
    let node = |node| vec![Seed { node, offset: 0 }];
    let far = [node(1), node(2), node(3)];
    let found = matrix(&metric, &[node(0)], &far);
    assert_eq!(found, [INFINITY - 2, INFINITY - 1, u32::MAX]);
    let late = vec![Seed {
        node: 0,
        offset: u32::MAX,
    }];
    assert_eq!(matrix(&metric, &[late], &far), [u32::MAX; 3]);
}

#[test]
fn what_does_not_fit_is_refused_by_name() {
    let mut graph = town(3, 1);
    graph.tail[2] = 99;
    let refused = Hierarchy::build(&graph, &Cancel::default(), &Progress::silent());
    let text = refused.unwrap_err().to_string();
    assert!(text.contains("tail") && text.contains("99"), "{text}");
    let graph = town(3, 1);
    let hierarchy = build(&graph);
    let text = hierarchy.customize(&[1, 2]).unwrap_err().to_string();
    assert!(text.contains("2 weights"), "{text}");
    let lost = [vec![Seed { node: 9, offset: 0 }]];
    let text = Targets::new(&hierarchy, &lost).unwrap_err().to_string();
    assert!(text.contains("node 9 of 9"), "{text}");
    let cancel = Cancel::default();
    cancel.cancel();
    let large = town(20, 1);
    assert!(Hierarchy::build(&large, &cancel, &Progress::silent()).is_err());
}
