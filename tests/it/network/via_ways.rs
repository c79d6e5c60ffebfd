//! Turn restrictions over ways: in routes, matrices, slices, on saved networks, and in matching.

use super::map::{Map, at, route, snap};
use super::via_ways_search::{OverWays, Search};
use proptest::prelude::*;
use rand::Rng;
use routeforce::domain::LatLon;
use routeforce::network::matching::{Fix, MatchOptions, Matcher};
use routeforce::network::{Network, SnapOptions, Snapped, load, save, steps};
use routeforce::runtime::{Cancel, Progress, random};

/// Two streets, one north of the other, joined by two roads: 20 and 21 in the west, 60 in the east.
/// In the middle of the western one a lane leads west.
pub fn ladder() -> Map {
    let mut map = Map::new();
    for (id, east, north) in [
        (1, -300.0, 0.0),
        (2, 0.0, 0.0),
        (3, 0.0, 100.0),
        (4, 0.0, 200.0),
        (5, -300.0, 200.0),
        (6, 300.0, 0.0),
        (7, 300.0, 200.0),
        (8, -200.0, 100.0),
    ] {
        map.node(id, east, north, &[]);
    }
    let street = [("highway", "residential")];
    for (id, nodes) in [
        (10, [1, 2]),
        (20, [2, 3]),
        (21, [3, 4]),
        (30, [4, 5]),
        (40, [2, 6]),
        (50, [4, 7]),
        (60, [6, 7]),
        (70, [3, 8]),
    ] {
        map.way(id, &nodes, &street);
    }
    map
}

fn length_m(network: &Network, from: [f64; 2], to: [f64; 2]) -> f64 {
    let way = route(network, from, to).unwrap();
    let told: f64 = steps(network, &way)
        .iter()
        .map(|step| step.duration_s)
        .sum();
    assert!((told - way.duration_s).abs() < 0.01, "{told} {way:?}");
    let cancel = Cancel::new();
    let ends = [from, to].map(|[east, north]| Some(snap(network, east, north)));
    let matrix = network.matrix(&ends[..1], &ends[1..], &cancel).unwrap();
    assert_eq!(matrix.metres(0, 0), Some(way.length_m));
    let durations = network.durations(&ends[..1], &ends[1..], &cancel).unwrap();
    assert_eq!(durations.seconds(0, 0), Some(way.duration_s));
    way.length_m
}

fn near(found: f64, right: f64) -> bool {
    (found - right).abs() < 3.0
}

const SOUTH_WEST: [f64; 2] = [-150.0, 0.0];
const NORTH_WEST: [f64; 2] = [-150.0, 200.0];
const SOUTH_EAST: [f64; 2] = [150.0, 0.0];
const NORTH_EAST: [f64; 2] = [150.0, 200.0];

#[test]
fn ways_that_are_forbidden_together_are_driven_each() {
    let plain = ladder().car();
    assert!(near(length_m(&plain, SOUTH_WEST, NORTH_WEST), 500.0));
    let mut map = ladder();
    map.restriction_over(1, "no_u_turn", &[10, 20, 21, 30]);
    let network = map.car();
    assert_eq!(network.turns().copies.len(), 2);
    assert!(network.info().report.skipped.is_empty());
    // By the eastern road; everybody else goes as before.
    assert!(near(
        length_m(&network, SOUTH_WEST, NORTH_WEST),
        150.0 + 300.0 + 200.0 + 450.0
    ));
    assert!(near(length_m(&network, SOUTH_WEST, NORTH_EAST), 500.0));
    assert!(near(length_m(&network, SOUTH_EAST, NORTH_WEST), 500.0));
    assert!(near(length_m(&network, NORTH_WEST, SOUTH_WEST), 500.0));
    // To and from places on the ways between.
    for (place, along) in [([0.0, 50.0], 50.0), ([0.0, 150.0], 150.0)] {
        assert!(near(length_m(&network, SOUTH_WEST, place), 150.0 + along));
        assert!(near(length_m(&network, place, NORTH_WEST), 350.0 - along));
        assert!(near(length_m(&network, NORTH_WEST, place), 350.0 - along));
    }
    // Who turns off in between and comes back did not come that way.
    assert!(near(
        length_m(&network, SOUTH_WEST, [-150.0, 100.0]),
        150.0 + 100.0 + 150.0
    ));
}

#[test]
fn where_one_way_is_left_all_others_are_forbidden() {
    let mut map = ladder();
    map.restriction_over(1, "only_left_turn", &[10, 20, 21, 30]);
    let network = map.car();
    assert!(near(length_m(&network, SOUTH_WEST, NORTH_WEST), 500.0));
    assert!(near(
        length_m(&network, SOUTH_WEST, NORTH_EAST),
        150.0 + 300.0 + 200.0 + 150.0
    ));
    assert!(near(length_m(&network, SOUTH_EAST, NORTH_EAST), 500.0));
    assert!(near(length_m(&network, [0.0, 150.0], NORTH_EAST), 200.0));
    // One that cannot be kept would close the road; it is reported instead.
    let mut map = ladder();
    map.node(9, 0.0, 300.0, &[]);
    map.way(80, &[4, 9], &[("highway", "footway")]);
    map.restriction_over(1, "only_straight_on", &[10, 20, 21, 80]);
    map.restriction_over(2, "no_left_turn", &[10, 60, 30]);
    map.restriction_over(3, "no_left_turn", &[10, 999, 30]);
    let network = map.car();
    assert_eq!(
        network.info().report.skipped["restriction off the roads"],
        3
    );
    assert!(network.turns().copies.is_empty());
    assert!(near(length_m(&network, SOUTH_WEST, NORTH_EAST), 500.0));
}

#[test]
fn restrictions_that_overlap_all_hold() {
    let mut map = ladder();
    map.restriction_over(1, "no_left_turn", &[10, 20, 21, 30]);
    map.restriction_over(2, "no_right_turn", &[20, 21, 50]);
    map.restriction_over(3, "no_left_turn", &[10, 20, 70]);
    let network = map.car();
    // North, there round, since nothing else is left, and by the eastern road.
    let to_east = length_m(&network, SOUTH_WEST, NORTH_EAST);
    assert!(near(to_east, 150.0 + 300.0 + 200.0 + 150.0), "{to_east}");
    assert!(near(length_m(&network, SOUTH_EAST, NORTH_WEST), 500.0));
    assert!(near(length_m(&network, SOUTH_EAST, NORTH_EAST), 500.0));
    // The lane is entered from the north, after turning round there.
    let to_lane = length_m(&network, SOUTH_WEST, [-150.0, 100.0]);
    assert!(near(to_lane, 150.0 + 200.0 + 100.0 + 150.0), "{to_lane}");
}

/// A town of streets that are ways of one or two roads, and restrictions over ways in it.
fn town(side: i64, seed: u64, restrictions: &[OverWays]) -> Map {
    let mut draw = random::generator(seed, "town");
    let mut map = Map::new();
    for at in 0..side * side {
        let mut place = |k: i64| 120.0 * k as f64 + draw.random_range(-30.0..30.0);
        let (x, y) = (place(at % side), place(at / side));
        map.node(at, x, y, &[]);
    }
    let mut id = 0;
    for line in 0..2 * side {
        let node = |k: i64| {
            if line < side {
                line * side + k
            } else {
                k * side + line - side
            }
        };
        let mut at = 0;
        while at + 1 < side {
            let end = (at + draw.random_range(1..=2)).min(side - 1);
            id += 1;
            let one_way = ["yes", "no", "no", "no", "-1"][draw.random_range(0..5)];
            if draw.random_bool(0.9) {
                let nodes: Vec<i64> = (at..=end).map(node).collect();
                map.way(
                    id,
                    &nodes,
                    &[("highway", "residential"), ("oneway", one_way)],
                );
            }
            at = end;
        }
    }
    for (at, over) in restrictions.iter().enumerate() {
        let what = if over.only {
            "only_left_turn"
        } else {
            "no_left_turn"
        };
        map.restriction_over(1 + at as i64, what, &over.ways);
    }
    map
}

/// Restrictions along roads that can be driven; at most one leaves a single way.
fn draw_restrictions(plain: &Network, seed: u64) -> Vec<OverWays> {
    let (graph, turns) = (plain.graph(), plain.turns());
    let mut draw = random::generator(seed, "restrictions");
    let way = |edge: u32| graph.segment_way[graph.segment(edge) as usize];
    let mut found: Vec<OverWays> = Vec::new();
    for _ in 0..60 {
        let mut edge = draw.random_range(0..graph.edges() as u32);
        let mut ways = vec![way(edge)];
        for _ in 0..8 {
            let out = turns.out_of(edge);
            if out.is_empty() {
                break;
            }
            edge = turns.into[draw.random_range(out)];
            ways.push(way(edge));
        }
        ways.dedup();
        ways.truncate(draw.random_range(3..=4));
        if ways.len() < 3 {
            continue;
        }
        let only = found.is_empty() && draw.random_bool(0.5);
        found.push(OverWays { ways, only });
        if found.len() >= 8 {
            break;
        }
    }
    found
}

fn agrees(found: Option<f64>, right: Option<f64>) -> bool {
    found.is_some() == right.is_some()
        && found
            .zip(right)
            .is_none_or(|(s, ms)| (s - ms / 1e3).abs() < 0.003)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn all_answers_are_those_of_a_search_that_remembers(side in 3_i64..6, seed in 0_u64..1_000_000) {
        let plain = town(side, seed, &[]).car();
        let restrictions = draw_restrictions(&plain, seed);
        let built = town(side, seed, &restrictions).car();
        prop_assert_eq!(&built.graph().head, &plain.graph().head);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("town.rfroads");
        save(&built, &path).unwrap();
        let network = load(&path).unwrap();
        prop_assert_eq!(network.turns(), built.turns());
        let search = Search { plain: &plain, restrictions: &restrictions, kept: 6 };
        let mut draw = random::generator(seed, "places");
        let extent = 120.0 * (side - 1) as f64;
        let places: Vec<Snapped> = (0..8).filter_map(|_| {
            let place = at(draw.random_range(0.0..extent), draw.random_range(0.0..extent));
            network.snap(place, &SnapOptions::default())
        }).collect();
        let all: Vec<&Snapped> = places.iter().collect();
        let some: Vec<Option<Snapped>> = places.iter().cloned().map(Some).collect();
        let cancel = Cancel::new();
        let matrix = network.matrix(&some, &some, &cancel).unwrap();
        let durations = network.durations(&some, &some, &cancel).unwrap();
        for (row, from) in places.iter().enumerate() {
            let right = search.from(&network.graph().duration_ms, from, &all);
            for (column, to) in places.iter().enumerate() {
                let found = matrix.seconds(row, column);
                prop_assert!(agrees(found, right[column]), "{:?} {:?} {:?}", found, right[column], restrictions);
                prop_assert_eq!(durations.seconds(row, column), found);
                let way = network.route(from, to).unwrap();
                prop_assert_eq!(way.as_ref().map(|way| way.duration_s), found);
                if let Some(way) = way {
                    prop_assert!(search.permits(&way.edges));
                    let told: f64 = steps(&network, &way).iter().map(|step| step.duration_s).sum();
                    prop_assert!((told - way.duration_s).abs() < 0.01);
                }
            }
        }
        let slow = |slice: usize| -> Vec<u32> {
            let longer = |(edge, &ms): (usize, &u32)| ms + ms * ((edge * 7 + slice) as u32 % 5) / 2;
            network.graph().duration_ms.iter().enumerate().map(longer).collect()
        };
        network.matrices((2, &slow), &some[..2.min(some.len())], &some, |slice, matrix| {
            for (row, from) in places.iter().take(2).enumerate() {
                let right = search.from(&slow(slice), from, &all);
                for (column, right) in right.iter().enumerate() {
                    assert!(agrees(matrix.seconds(row, column), *right));
                }
            }
        }, (&cancel, &Progress::silent())).unwrap();
    }
}

#[test]
fn random_towns_have_restrictions_that_matter() {
    let mut longer = 0;
    for seed in 0..20 {
        let plain = town(5, seed, &[]).car();
        let restrictions = draw_restrictions(&plain, seed);
        let network = town(5, seed, &restrictions).car();
        let mut draw = random::generator(seed, "ends");
        for _ in 0..40 {
            let mut end = || [draw.random_range(0.0..480.0), draw.random_range(0.0..480.0)];
            let (from, to) = (end(), end());
            let both = [&plain, &network].map(|n| route(n, from, to).map(|way| way.duration_s));
            longer += i32::from(both[0] != both[1]);
        }
    }
    assert!(longer > 20, "{longer}");
}

fn fixes(line: &[[f64; 2]]) -> Vec<Fix> {
    let places: Vec<LatLon> = line.iter().map(|&[east, north]| at(east, north)).collect();
    let fix = |(number, &at): (usize, &LatLon)| Fix {
        at,
        time_s: 8.0 * number as f64,
        accuracy_m: Some(5.0),
        heading_deg: None,
    };
    places.iter().enumerate().map(fix).collect()
}

#[test]
fn positions_are_matched_to_ways_that_may_be_driven() {
    let mut map = ladder();
    map.restriction_over(1, "no_u_turn", &[10, 20, 21, 30]);
    let (plain, network) = (ladder().car(), map.car());
    let ways = |network: &Network, line: &[[f64; 2]]| -> Vec<Vec<i64>> {
        let found = Matcher::new(network, MatchOptions::default())
            .matched(&fixes(line))
            .unwrap();
        let graph = network.graph();
        let way = |&edge: &u32| graph.segment_way[graph.segment(edge) as usize];
        found
            .pieces
            .iter()
            .map(|piece| piece.edges.iter().map(way).collect())
            .collect()
    };
    let south = [
        [-150.0, 1.0],
        [-80.0, -2.0],
        [-20.0, 1.0],
        [1.0, 40.0],
        [-1.0, 90.0],
        [2.0, 150.0],
    ];
    let to_east = [&south[..], &[[40.0, 201.0], [100.0, 199.0]]].concat();
    let to_west = [
        &south[..],
        &[[-40.0, 201.0], [-100.0, 199.0], [-160.0, 200.0]],
    ]
    .concat();
    for network in [&plain, &network] {
        assert_eq!(ways(network, &to_east), [[10, 20, 21, 50]]);
    }
    assert_eq!(ways(&plain, &to_west), [[10, 20, 21, 30]]);
    // What was driven may not be; nothing that is matched in one piece does it.
    let pieces = ways(&network, &to_west);
    assert!(!pieces.is_empty());
    for piece in pieces {
        assert!(
            !piece.windows(4).any(|four| four == [10, 20, 21, 30]),
            "{piece:?}"
        );
    }
}
