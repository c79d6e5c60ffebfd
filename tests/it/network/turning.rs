//! Where one may turn, what it takes, and how it is told.

use super::map::{Map, route};
use routeforce::network::steps;

/// A crossing: from the south (1) to west (2), north (3) or east (4); node 5 in the middle.
fn crossing() -> Map {
    let mut map = Map::new();
    map.node(5, 0.0, 0.0, &[])
        .node(1, 0.0, -500.0, &[])
        .node(2, -500.0, 0.0, &[]);
    map.node(3, 0.0, 500.0, &[]).node(4, 2000.0, 0.0, &[]);
    let street = [("highway", "residential")];
    for outer in 1..=4 {
        map.way(50 + outer, &[outer, 5], &street);
    }
    // A way round from the north to the west.
    map.way(60, &[3, 2], &street);
    map
}

#[test]
fn turns_that_are_forbidden_are_not_taken() {
    let (south, west, east) = ([0.0, -250.0], [-250.0, 0.0], [250.0, 0.0]);
    let length = |map: &Map, to| route(&map.car(), south, to).map(|r| r.length_m.round());
    assert_eq!(length(&crossing(), west), Some(500.0));
    let mut map = crossing();
    map.restriction(1, "no_left_turn", 51, 5, 52);
    let detour = length(&map, west).unwrap();
    // Straight on, the way round, and back from the west.
    assert!(
        (detour - (250.0 + 500.0 + 707.0 + 250.0)).abs() < 3.0,
        "{detour}"
    );
    assert_eq!(length(&map, east), Some(500.0));
    let mut map = crossing();
    map.restriction(1, "only_straight_on", 51, 5, 53);
    assert!((length(&map, west).unwrap() - detour).abs() < 3.0);
    let to_east = length(&map, east).unwrap();
    assert!((to_east - (detour + 500.0)).abs() < 3.0, "{to_east}");
    // The only way is one that no car may use: there must be another.
    let mut map = crossing();
    map.node(6, 0.0, 60.0, &[]);
    map.way(55, &[5, 6], &[("highway", "footway")]);
    map.restriction(1, "only_straight_on", 51, 5, 55);
    assert_eq!(length(&map, west), Some(500.0));
    let skipped = map.car().info().report.skipped.clone();
    assert_eq!(skipped["only way is closed"], 1);
    // Neither for those whom it does not mean nor where it makes no sense.
    let mut map = crossing();
    let tags = [
        ("type", "restriction"),
        ("restriction", "no_left_turn"),
        ("except", "motorcar"),
    ];
    map.restriction_with(1, &tags, [51, 5, 52]);
    map.restriction(2, "no_left_turn", 51, 3, 52);
    map.restriction(3, "sometimes", 51, 5, 52);
    map.restriction(4, "no_left_turn", 51, 999, 52);
    assert_eq!(length(&map, west), Some(500.0));
    let report = map.car().info().report.clone();
    assert_eq!(report.skipped["restriction off the roads"], 1);
    assert_eq!(report.skipped["restriction not understood"], 1);
}

#[test]
fn turns_take_time_and_turning_round_is_for_dead_ends() {
    let network = crossing().car();
    let seconds = |to| route(&network, [0.0, -250.0], to).unwrap().duration_s;
    let driving = 500.0 * 3.6 / 25.0;
    let (ahead, right, left) = (
        seconds([0.0, 250.0]),
        seconds([250.0, 0.0]),
        seconds([-250.0, 0.0]),
    );
    assert!((ahead - driving).abs() < 0.2, "{ahead}");
    assert!(right > driving + 1.0 && left > right, "{right} {left}");
    // Out of the dead end in the east the only way is back.
    let graph = network.graph();
    let round = |edge: u32| {
        let turns = network.turns().out_of(edge);
        let into = turns.map(|turn| network.turns().into[turn]);
        into.filter(|&other| graph.segment(other) == graph.segment(edge))
            .count()
    };
    for edge in 0..graph.edges() as u32 {
        let head = graph.head[edge as usize];
        let dead_end = graph.leaving(head).len() == 1;
        assert_eq!(round(edge), usize::from(dead_end));
    }
}

#[test]
fn exits_of_a_roundabout_are_counted_and_steps_add_up() {
    let mut map = Map::new();
    // A ring, driven to the left as seen from above, with arms in the south, east, north and west.
    for (at, [east, north]) in [[0.0, -20.0], [20.0, 0.0], [0.0, 20.0], [-20.0, 0.0]]
        .into_iter()
        .enumerate()
    {
        let id = at as i64 + 1;
        map.node(id, east, north, &[])
            .node(10 + id, 20.0 * east, 20.0 * north, &[]);
        let name = ["South Road", "East Road", "North Road", "West Road"][at];
        let arm = [("highway", "residential"), ("name", name)];
        map.way(10 + id, &[10 + id, id], &arm);
    }
    let ring = [("highway", "tertiary"), ("junction", "roundabout")];
    map.way(1, &[1, 2, 3, 4, 1], &ring);
    let network = map.car();
    for (to, words) in [
        ([300.0, 0.0], "take exit 1 onto East Road"),
        ([0.0, 300.0], "take exit 2 onto North Road"),
        ([-300.0, 0.0], "take exit 3 onto West Road"),
    ] {
        let way = route(&network, [0.0, -300.0], to).unwrap();
        let told = steps(&network, &way);
        let what: Vec<&str> = told.iter().map(|step| step.what.as_str()).collect();
        let expected = [
            "depart north on South Road",
            "enter the roundabout",
            words,
            "arrive",
        ];
        assert_eq!(what, expected);
        let all_s: f64 = told.iter().map(|step| step.duration_s).sum();
        assert!((all_s - way.duration_s).abs() < 0.005, "{all_s} {way:?}");
    }
}
