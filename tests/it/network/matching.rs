//! Traces of positions to roads.

use super::map::{Map, at, route};
use rand::Rng;
use rand_distr::{Distribution, Normal};
use routeforce::domain::LatLon;
use routeforce::network::matching::{Fix, MatchOptions, MatchedTrace, Matcher};
use routeforce::network::{Network, Route};
use routeforce::runtime::random;
use std::collections::HashSet;

/// A town of 12 x 12 junctions, 150 m apart.
fn town() -> Network {
    let mut map = Map::new();
    let mut id = 0;
    for at in 0..144_i64 {
        map.node(at, (at % 12) as f64 * 150.0, (at / 12) as f64 * 150.0, &[]);
    }
    for at in 0..144_i64 {
        let (right, up) = (at % 12 < 11, at / 12 < 11);
        for next in [right.then_some(at + 1), up.then_some(at + 12)]
            .into_iter()
            .flatten()
        {
            id += 1;
            let class = if (at / 12) % 4 == 0 {
                "secondary"
            } else {
                "residential"
            };
            map.way(id, &[at, next], &[("highway", class)]);
        }
    }
    map.car()
}

fn matched(network: &Network, trace: &[Fix]) -> MatchedTrace {
    Matcher::new(network, MatchOptions::default())
        .matched(trace)
        .unwrap()
}

fn fix(at: LatLon, time_s: f64, accuracy_m: f64) -> Fix {
    Fix {
        at,
        time_s,
        accuracy_m: Some(accuracy_m),
        heading_deg: None,
    }
}

/// Drives a line at 8 m/s, with a fix every `every_s` and noise.
fn drive(line: &[LatLon], every_s: f64, noise_m: f64, seed: u64) -> Vec<Fix> {
    let mut draw = random::generator(seed, "noise");
    let noise = Normal::new(0.0, noise_m).unwrap();
    let step_m = 8.0 * every_s;
    let (mut trace, mut next_m, mut so_far_m) = (Vec::new(), 0.0, 0.0);
    for pair in line.windows(2) {
        let length_m = pair[0].great_circle_m(pair[1]);
        while next_m <= so_far_m + length_m {
            let share = (next_m - so_far_m) / length_m;
            let place = LatLon {
                lat: pair[0].lat
                    + share * (pair[1].lat - pair[0].lat)
                    + noise.sample(&mut draw) / 111_195.0,
                lon: pair[0].lon
                    + share * (pair[1].lon - pair[0].lon)
                    + noise.sample(&mut draw) / 72_363.0,
            };
            trace.push(fix(place, trace.len() as f64 * every_s, noise_m.max(2.0)));
            next_m += step_m;
        }
        so_far_m += length_m;
    }
    trace
}

/// Share of the driven edges that were found, and of the found ones that were driven.
fn found(network: &Network, every_s: f64, noise_m: f64) -> (f64, f64) {
    let mut draw = random::generator(7, "ends");
    let (mut both, mut driven, mut claimed) = (0.0, 0.0, 0.0);
    for seed in 0..25 {
        let mut place = || {
            [
                draw.random_range(0.0..1650.0),
                draw.random_range(0.0..1650.0),
            ]
        };
        let Some(way) = route(network, place(), place()).filter(|way| way.edges.len() > 5) else {
            continue;
        };
        let trace = matched(network, &drive(&network.line(&way), every_s, noise_m, seed));
        let right: HashSet<u32> = way.edges.iter().copied().collect();
        let claims: HashSet<u32> = trace.pieces.iter().flat_map(|p| p.edges.clone()).collect();
        both += right.intersection(&claims).count() as f64;
        driven += right.len() as f64;
        claimed += claims.len() as f64;
    }
    (both / driven, both / claimed)
}

#[test]
fn what_was_driven_is_found_through_noise_and_sparseness() {
    let network = town();
    for (every_s, noise_m, recall, precision) in [
        (5.0, 1.0, 0.97, 0.99),
        (5.0, 5.0, 0.95, 0.98),
        (15.0, 15.0, 0.85, 0.90),
        (40.0, 5.0, 0.75, 0.85),
    ] {
        let found = found(&network, every_s, noise_m);
        assert!(
            found.0 > recall && found.1 > precision,
            "{every_s} s, {noise_m} m: {found:?}"
        );
    }
}

#[test]
fn a_way_without_gaps_follows_and_every_fix_is_accounted_for() {
    let network = town();
    let way = route(&network, [20.0, 0.0], [1500.0, 1200.0]).unwrap();
    let mut trace = drive(&network.line(&way), 10.0, 8.0, 3);
    let count = trace.len();
    // Nowhere, no number, a clock that goes back, and a long break.
    trace.insert(4, fix(at(-5000.0, 0.0), trace[4].time_s - 1.0, 5.0));
    trace.insert(
        7,
        fix(
            LatLon {
                lat: f64::NAN,
                lon: 8.7,
            },
            trace[7].time_s - 1.0,
            5.0,
        ),
    );
    trace.insert(9, fix(trace[9].at, trace[3].time_s, 5.0));
    for fix in &mut trace[12..] {
        fix.time_s += 1_000.0;
    }
    let found = matched(&network, &trace);
    assert_eq!(found.off_road, [4, 7, 9]);
    assert_eq!(found.pieces.len(), 2);
    let seen: Vec<usize> = found
        .pieces
        .iter()
        .flat_map(|p| p.fixes.iter().map(|f| f.fix))
        .collect();
    assert_eq!(seen.len(), count);
    assert!(seen.windows(2).all(|pair| pair[0] < pair[1]));
    for piece in &found.pieces {
        let turns = network.turns();
        for pair in piece.edges.windows(2) {
            let next = turns
                .out_of(pair[0])
                .any(|turn| turns.into[turn] == pair[1]);
            let round = network.graph().segment(pair[0]) == network.graph().segment(pair[1]);
            assert!(next || round);
        }
        for fix in &piece.fixes {
            assert!(piece.edges.contains(&fix.edge));
            assert!((0.0..=1.0).contains(&fix.probability) && (0.0..=1.0).contains(&fix.share));
        }
    }
    assert!(matched(&network, &[]).pieces.is_empty());
}

/// The edge that is driven after so many metres of a route.
fn edge_at(network: &Network, way: &Route, driven_m: f64) -> u32 {
    let length_m = |edge: &u32| f64::from(network.graph().length_cm[*edge as usize]) / 100.0;
    let mut left_m = driven_m + way.from_share * length_m(&way.edges[0]);
    for edge in &way.edges {
        left_m -= length_m(edge);
        if left_m < 0.0 {
            return *edge;
        }
    }
    way.edges[way.edges.len() - 1]
}

#[test]
fn probabilities_tell_how_often_the_edge_is_right() {
    let network = town();
    let mut draw = random::generator(11, "ends");
    let (mut claimed, mut right, mut fixes) = (0.0, 0.0, 0.0);
    for seed in 0..40 {
        let mut place = || {
            [
                draw.random_range(0.0..1650.0),
                draw.random_range(0.0..1650.0),
            ]
        };
        let Some(way) = route(&network, place(), place()) else {
            continue;
        };
        let trace = matched(&network, &drive(&network.line(&way), 20.0, 20.0, seed));
        for fix in trace.pieces.iter().flat_map(|p| &p.fixes) {
            claimed += fix.probability;
            let on = edge_at(&network, &way, fix.fix as f64 * 160.0);
            right += f64::from(u8::from(on == fix.edge));
            fixes += 1.0;
        }
    }
    assert!(fixes > 200.0);
    assert!(
        (claimed / fixes - right / fixes).abs() < 0.1,
        "{claimed} {right} {fixes}"
    );
}

#[test]
fn a_heading_tells_the_direction() {
    let network = town();
    let here = |east_m: f64, time_s: f64, heading_deg| Fix {
        heading_deg: Some(heading_deg),
        ..fix(at(east_m, 153.0), time_s, 5.0)
    };
    for (heading, expected) in [(90.0, 90.0), (270.0, 270.0)] {
        let trace = [here(200.0, 0.0, heading), here(200.0, 10.0, heading)];
        let edge = matched(&network, &trace).pieces[0].fixes[0].edge;
        let line = network.graph().line(edge);
        assert_eq!(
            line[0].bearing_deg(line[1]).rem_euclid(360.0).round(),
            expected
        );
    }
}
