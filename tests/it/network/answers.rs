//! Matrices, routes and their words, against Dijkstra on edges and turns.

use super::dijkstra::{between, distances};
use super::map::{Map, at, route, snap};
use proptest::prelude::*;
use rand::Rng;
use routeforce::network::hierarchy::{ArcGraph, Seed};
use routeforce::network::{Network, SnapOptions, Snapped, load, save, steps};
use routeforce::runtime::{Cancel, Progress, random};

/// A town with one-way streets, missing streets, signals and forbidden turns.
pub fn town(side: i64, seed: u64) -> Map {
    let mut draw = random::generator(seed, "town");
    let mut map = Map::new();
    for at in 0..side * side {
        let mut place = |k: i64| 120.0 * k as f64 + draw.random_range(-30.0..30.0);
        let (x, y) = (place(at % side), place(at / side));
        let signal = [("highway", "traffic_signals")];
        let tags = if draw.random_bool(0.2) {
            &signal[..]
        } else {
            &[]
        };
        map.node(at, x, y, tags);
    }
    let mut id = 0;
    for at in 0..side * side {
        let (right, up) = (at % side + 1 < side, at / side + 1 < side);
        for next in [right.then_some(at + 1), up.then_some(at + side)]
            .into_iter()
            .flatten()
        {
            if draw.random_bool(0.1) {
                continue;
            }
            id += 1;
            let class = ["residential", "secondary", "service"][draw.random_range(0..3)];
            let one_way = ["yes", "no", "no", "-1"][draw.random_range(0..4)];
            map.way(id, &[at, next], &[("highway", class), ("oneway", one_way)]);
        }
    }
    for restriction in 0..side {
        let mut way = || draw.random_range(1..=id.max(1));
        let (from, to) = (way(), way());
        map.restriction(
            restriction,
            "no_left_turn",
            from,
            draw.random_range(0..side * side),
            to,
        );
    }
    map
}

/// Being somewhere means to have entered an edge: the other way round than in the program.
fn by_edges_entered(network: &Network, duration_ms: &[u32]) -> (ArcGraph, Vec<u32>) {
    let edges = network.graph().edges();
    let (mut graph, mut weights) = (ArcGraph::default(), Vec::new());
    for edge in 0..edges as u32 {
        graph.latitude.push(0.0);
        graph.longitude.push(0.0);
        for turn in network.turns().out_of(edge) {
            graph.tail.push(edge);
            graph.head.push(network.turns().into[turn]);
            weights.push(duration_ms[edge as usize] + network.turns().cost_ms[turn]);
        }
    }
    (graph, weights)
}

/// The duration between two places, in milliseconds, within rounding.
fn expected(network: &Network, duration_ms: &[u32], from: &Snapped, to: &Snapped) -> Option<f64> {
    let (graph, weights) = by_edges_entered(network, duration_ms);
    let part = |edge: u32, share: f64| f64::from(duration_ms[edge as usize]) * share;
    let mut best = f64::INFINITY;
    for &(first, share) in &from.edges {
        for &(last, until) in &to.edges {
            if first == last && until >= share {
                best = best.min(part(first, until - share));
            }
            for turn in network.turns().out_of(first) {
                let entered = network.turns().into[turn];
                let reached = distances(
                    &graph,
                    &weights,
                    &[Seed {
                        node: entered,
                        offset: 0,
                    }],
                );
                let way = between(
                    &reached,
                    &[Seed {
                        node: last,
                        offset: 0,
                    }],
                );
                if way != u32::MAX {
                    let turned = f64::from(network.turns().cost_ms[turn]);
                    let whole =
                        part(first, 1.0 - share) + turned + f64::from(way) + part(last, until);
                    best = best.min(whole);
                }
            }
        }
    }
    best.is_finite().then_some(best)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn matrices_routes_and_slices_are_those_of_dijkstra(side in 3_i64..8, seed in 0_u64..1_000_000) {
        let network = town(side, seed).car();
        let mut draw = random::generator(seed, "places");
        let extent = 120.0 * side as f64;
        let mut place = || {
            let far = draw.random_bool(0.1);
            let off = if far { 10_000.0 } else { 0.0 };
            let place = at(draw.random_range(0.0..extent) + off, draw.random_range(0.0..extent));
            network.snap(place, &SnapOptions::default())
        };
        let mut places: Vec<Option<Snapped>> = (0..9).map(|_| place()).collect();
        // Two places on one street.
        places.push(places[0].clone());
        let cancel = Cancel::new();
        let matrix = network.matrix(&places, &places, &cancel).unwrap();
        let at_free_flow = &network.graph().duration_ms;
        for (row, from) in places.iter().enumerate() {
            for (column, to) in places.iter().enumerate() {
                let found = matrix.seconds(row, column);
                let (Some(from), Some(to)) = (from, to) else {
                    prop_assert_eq!(found, None);
                    continue;
                };
                let right = expected(&network, at_free_flow, from, to).map(|ms| ms / 1e3);
                prop_assert_eq!(found.is_some(), right.is_some());
                prop_assert!(found.zip(right).is_none_or(|(a, b)| (a - b).abs() < 0.003));
                let way = network.route(from, to).unwrap();
                prop_assert_eq!(way.as_ref().map(|way| way.duration_s), found);
                if let Some(way) = way {
                    let line = network.line(&way);
                    let length: f64 = line.windows(2).map(|p| p[0].great_circle_m(p[1])).sum();
                    prop_assert!((length - way.length_m).abs() < 1.0 + 0.01 * length);
                }
            }
        }
        let slow = |slice: usize| -> Vec<u32> {
            let longer = |(edge, &ms): (usize, &u32)| ms + ms * ((edge + slice) as u32 % 5) / 4;
            at_free_flow.iter().enumerate().map(longer).collect()
        };
        let mut slices = 0;
        network.matrices((18, &slow), &places[..3], &places, |slice, matrix| {
            assert_eq!(slice, slices);
            slices += 1;
            if slice % 6 != 0 {
                return;
            }
            for (row, from) in places[..3].iter().enumerate() {
                for (column, to) in places.iter().enumerate() {
                    let (Some(from), Some(to)) = (from, to) else { continue };
                    let right = expected(&network, &slow(slice), from, to).map(|ms| ms / 1e3);
                    let found = matrix.seconds(row, column);
                    assert!(found.is_some() == right.is_some());
                    assert!(found.zip(right).is_none_or(|(a, b)| (a - b).abs() < 0.003));
                }
            }
        }, (&cancel, &Progress::silent())).unwrap();
        prop_assert_eq!(slices, 18);
        let short = network.matrices((1, &|_| vec![1]), &places, &places, |_, _| {}, (&cancel, &Progress::silent()));
        prop_assert!(short.is_err());
    }
}

#[test]
fn a_route_is_told_in_words_and_for_other_programs() {
    let mut map = Map::new();
    map.node(1, 0.0, 0.0, &[])
        .node(2, 0.0, 500.0, &[])
        .node(3, 400.0, 500.0, &[]);
    map.node(4, 0.0, 900.0, &[]);
    map.way(
        1,
        &[1, 2],
        &[("highway", "residential"), ("name", "South & Sons Street")],
    );
    map.way(
        2,
        &[2, 3],
        &[("highway", "residential"), ("name", "East Street")],
    );
    map.way(
        3,
        &[2, 4],
        &[("highway", "residential"), ("name", "North Street")],
    );
    let network = map.car();
    let way = route(&network, [0.0, 100.0], [300.0, 500.0]).unwrap();
    let told = steps(&network, &way);
    let words: Vec<&str> = told.iter().map(|step| step.what.as_str()).collect();
    let expected = [
        "depart north on South & Sons Street",
        "turn right onto East Street",
        "arrive",
    ];
    assert_eq!(words, expected);
    assert!((told[0].length_m - 400.0).abs() < 1.0 && (told[1].length_m - 300.0).abs() < 1.0);
    let json = network.itinerary(&way).to_geojson();
    let line = json["geometry"]["coordinates"].as_array().unwrap();
    assert_eq!(line.len(), 3);
    assert!((line[0][1].as_f64().unwrap() - at(0.0, 100.0).lat).abs() < 1e-5);
    assert!(
        json["properties"]["attribution"]
            .as_str()
            .unwrap()
            .contains("OpenStreetMap")
    );
    let gpx = network.itinerary(&way).to_gpx();
    assert_eq!(gpx.matches("<trkpt ").count(), 3);
    assert!(gpx.contains("South &amp; Sons Street") && gpx.contains("odbl"));
    let back = route(&network, [0.0, 600.0], [0.0, 550.0]).unwrap();
    assert!((back.length_m - 50.0).abs() < 1.0, "{back:?}");
}

#[test]
fn a_saved_network_is_the_same_and_a_damaged_one_is_refused() {
    let network = town(6, 3).car();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.rfroads");
    save(&network, &path).unwrap();
    let read = load(&path).unwrap();
    assert_eq!(read.graph(), network.graph());
    assert_eq!(read.turns(), network.turns());
    assert_eq!(read.info(), network.info());
    let (from, to) = (snap(&network, 10.0, 10.0), snap(&network, 500.0, 400.0));
    assert_eq!(
        read.route(&from, &to).unwrap(),
        network.route(&from, &to).unwrap()
    );
    let whole = std::fs::read(&path).unwrap();
    let mut draw = random::generator(1, "damage");
    for _ in 0..300 {
        let mut damaged = whole.clone();
        match draw.random_bool(0.3) {
            true => damaged.truncate(draw.random_range(0..whole.len())),
            false => {
                let at = draw.random_range(0..whole.len());
                damaged[at] ^= 1 << draw.random_range(0..8);
            }
        }
        std::fs::write(&path, &damaged).unwrap();
        // A letter of a name may change unseen; anything else is refused by name.
        if let Err(error) = load(&path) {
            let text = error.to_string();
            assert!(
                text.contains("town.rfroads") && text.contains("network build"),
                "{text}"
            );
        }
    }
    assert!(load(&folder.path().join("nothing")).is_err());
}
