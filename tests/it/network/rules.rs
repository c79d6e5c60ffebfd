//! What tags mean: where one may drive, how fast, and where not to turn.

use super::map::{Map, route};
use routeforce::network::osm::{Profile, Vehicle};

/// A square of streets with sides of 1 km: nodes 1 (south-west), 2 (south-east), 3 (north-east),
/// 4 (north-west); ways 12, 23, 34, 41. `tags` are those of way 12.
fn square(tags: &[(&str, &str)]) -> Map {
    let mut map = Map::new();
    map.node(1, 0.0, 0.0, &[]).node(2, 1000.0, 0.0, &[]);
    map.node(3, 1000.0, 1000.0, &[]).node(4, 0.0, 1000.0, &[]);
    let street = [("highway", "residential")];
    map.way(12, &[1, 2], &[&street[..], tags].concat());
    map.way(23, &[2, 3], &street)
        .way(34, &[3, 4], &street)
        .way(41, &[4, 1], &street);
    map
}

/// Kilometres from the south-west to the south-east, and back.
fn there_and_back(map: &Map, profile: Profile, vehicle: &Vehicle) -> [f64; 2] {
    let network = map.build(profile, vehicle).unwrap();
    let (west, east) = ([0.0, 100.0], [1000.0, 100.0]);
    [(west, east), (east, west)].map(|(from, to)| {
        let found = route(&network, from, to).unwrap();
        (found.length_m / 100.0).round() / 10.0
    })
}

fn car(tags: &[(&str, &str)]) -> [f64; 2] {
    there_and_back(&square(tags), Profile::Car, &Vehicle::default())
}

const STRAIGHT: f64 = 1.2;
const ROUND: f64 = 2.8;

#[test]
fn one_way_streets_are_driven_one_way() {
    assert_eq!(car(&[]), [STRAIGHT, STRAIGHT]);
    assert_eq!(car(&[("oneway", "yes")]), [STRAIGHT, ROUND]);
    assert_eq!(car(&[("oneway", "-1")]), [ROUND, STRAIGHT]);
    assert_eq!(car(&[("junction", "roundabout")]), [STRAIGHT, ROUND]);
    assert_eq!(
        car(&[("junction", "roundabout"), ("oneway", "no")]),
        [STRAIGHT, STRAIGHT]
    );
    let contrary = square(&[("oneway", "yes"), ("oneway:bicycle", "no")]);
    let bicycle = there_and_back(&contrary, Profile::Bicycle, &Vehicle::default());
    assert_eq!(bicycle, [STRAIGHT, STRAIGHT]);
    let foot = there_and_back(
        &square(&[("oneway", "yes")]),
        Profile::Foot,
        &Vehicle::default(),
    );
    assert_eq!(foot, [STRAIGHT, STRAIGHT]);
}

#[test]
fn the_most_special_access_counts() {
    assert_eq!(car(&[("access", "no")]), [ROUND, ROUND]);
    assert_eq!(
        car(&[("access", "no"), ("motorcar", "yes")]),
        [STRAIGHT, STRAIGHT]
    );
    assert_eq!(car(&[("motor_vehicle", "agricultural")]), [ROUND, ROUND]);
    let no_lorries = square(&[("hgv", "no")]);
    let truck = there_and_back(&no_lorries, Profile::Truck, &Vehicle::default());
    assert_eq!(truck, [ROUND, ROUND]);
    assert_eq!(car(&[("hgv", "no")]), [STRAIGHT, STRAIGHT]);
    // Not for through traffic: slow, so that a way round is taken, but open to those who live there.
    let residents = square(&[("motor_vehicle", "destination"), ("maxspeed", "50")]);
    let network = residents.car();
    let home = route(&network, [100.0, 0.0], [900.0, 0.0]).unwrap();
    assert!(
        (home.duration_s - 800.0 * 3.6 / 10.0).abs() < 0.1,
        "{home:?}"
    );
}

#[test]
fn large_vehicles_keep_off_what_is_too_small() {
    let bridge = square(&[("maxheight", "3.5")]);
    let truck = |height_m| Vehicle {
        height_m,
        ..Vehicle::default()
    };
    assert_eq!(
        there_and_back(&bridge, Profile::Truck, &truck(Some(3.4))),
        [STRAIGHT; 2]
    );
    assert_eq!(
        there_and_back(&bridge, Profile::Truck, &truck(Some(3.6))),
        [ROUND; 2]
    );
    assert_eq!(
        there_and_back(&bridge, Profile::Truck, &truck(None)),
        [STRAIGHT; 2]
    );
    let weak = square(&[("maxweight", "7,5 t")]);
    let heavy = Vehicle {
        weight_t: Some(12.0),
        ..Vehicle::default()
    };
    assert_eq!(there_and_back(&weak, Profile::Truck, &heavy), [ROUND; 2]);
    let tunnel = square(&[("hazmat", "no")]);
    let hazmat = Vehicle {
        hazmat: true,
        ..Vehicle::default()
    };
    assert_eq!(there_and_back(&tunnel, Profile::Truck, &hazmat), [ROUND; 2]);
}

#[test]
fn barriers_stop_those_they_are_meant_for() {
    let with = |barrier: &[(&str, &str)]| {
        let mut map = Map::new();
        map.node(1, 0.0, 0.0, &[])
            .node(2, 1000.0, 0.0, &[])
            .node(5, 500.0, 0.0, barrier);
        map.node(3, 1000.0, 1000.0, &[]).node(4, 0.0, 1000.0, &[]);
        let street = [("highway", "residential")];
        map.way(12, &[1, 5, 2], &street).way(23, &[2, 3], &street);
        map.way(34, &[3, 4], &street).way(41, &[4, 1], &street);
        map
    };
    let bollard = with(&[("barrier", "bollard")]);
    let any = Vehicle::default();
    assert_eq!(there_and_back(&bollard, Profile::Car, &any), [ROUND; 2]);
    assert_eq!(
        there_and_back(&bollard, Profile::Bicycle, &any),
        [STRAIGHT; 2]
    );
    let gate = with(&[("barrier", "gate")]);
    assert_eq!(there_and_back(&gate, Profile::Car, &any), [STRAIGHT; 2]);
    let locked = with(&[("barrier", "gate"), ("access", "no")]);
    assert_eq!(there_and_back(&locked, Profile::Car, &any), [ROUND; 2]);
    // Both sides of the bollard can be reached still.
    let network = bollard.car();
    let end = route(&network, [0.0, 500.0], [499.0, 0.0]).unwrap();
    assert!((end.length_m - 999.0).abs() < 5.0, "{end:?}");
}

#[test]
fn durations_follow_limits_and_classes() {
    let seconds = |tags: &[(&str, &str)], profile| {
        let network = square(tags).build(profile, &Vehicle::default()).unwrap();
        route(&network, [100.0, 0.0], [900.0, 0.0])
            .unwrap()
            .duration_s
    };
    let kmh = |tags: &[(&str, &str)], profile| 800.0 * 3.6 / seconds(tags, profile);
    let close = |found: f64, expected: f64| (found - expected).abs() < 0.1;
    assert!(close(kmh(&[], Profile::Car), 25.0));
    assert!(close(kmh(&[("maxspeed", "50")], Profile::Car), 40.0));
    assert!(close(kmh(&[("maxspeed", "30 mph")], Profile::Car), 38.6));
    assert!(close(
        kmh(
            &[("maxspeed", "50"), ("maxspeed:forward", "30")],
            Profile::Car
        ),
        24.0
    ));
    assert!(close(
        kmh(
            &[("maxspeed", "100"), ("maxspeed:hgv", "60")],
            Profile::Truck
        ),
        48.0
    ));
    assert!(close(
        kmh(&[("maxspeed", "50"), ("surface", "ground")], Profile::Car),
        20.0
    ));
    assert!(close(kmh(&[("maxspeed", "50")], Profile::Foot), 5.0));
    let unclear = square(&[("maxspeed", "quick")]).car();
    assert_eq!(unclear.info().report.skipped["speed not understood"], 1);
    let example = &unclear.info().report.examples["speed not understood"][0];
    assert_eq!(
        (example.element.as_str(), example.what.as_str()),
        ("way 12", "quick")
    );
}

#[test]
fn a_ferry_takes_as_long_as_it_says() {
    let mut map = square(&[]);
    map.node(6, 2000.0, 0.0, &[])
        .node(7, 5000.0, 0.0, &[])
        .node(8, 6000.0, 0.0, &[]);
    let street = [("highway", "residential")];
    map.way(26, &[2, 6], &street).way(78, &[7, 8], &street);
    map.way(
        67,
        &[6, 7],
        &[
            ("route", "ferry"),
            ("duration", "00:30"),
            ("motor_vehicle", "yes"),
        ],
    );
    let across = route(&map.car(), [1900.0, 0.0], [5100.0, 0.0]).unwrap();
    assert!(
        (across.duration_s - (1800.0 + 200.0 * 3.6 / 25.0)).abs() < 5.0,
        "{across:?}"
    );
}

#[test]
fn access_may_differ_by_direction() {
    assert_eq!(
        car(&[("vehicle:backward", "agricultural")]),
        [STRAIGHT, ROUND]
    );
    assert_eq!(car(&[("motor_vehicle:forward", "no")]), [ROUND, STRAIGHT]);
    // A more special key counts before the direction of a more general one.
    assert_eq!(
        car(&[("access:backward", "no"), ("motorcar", "yes")]),
        [STRAIGHT, STRAIGHT]
    );
    assert_eq!(
        car(&[("access", "no"), ("motor_vehicle:forward", "yes")]),
        [STRAIGHT, ROUND]
    );
}

#[test]
fn signals_and_gates_take_time_in_their_direction() {
    let seconds = |tags: &[(&str, &str)]| {
        let mut map = Map::new();
        map.node(1, 0.0, 0.0, &[])
            .node(2, 500.0, 0.0, tags)
            .node(3, 1000.0, 0.0, &[]);
        map.way(1, &[1, 2, 3], &[("highway", "residential")]);
        let network = map.car();
        [[100.0, 900.0], [900.0, 100.0]].map(|[from, to]| {
            let way = route(&network, [from, 0.0], [to, 0.0]).unwrap();
            (way.duration_s - 800.0 * 3.6 / 25.0).round()
        })
    };
    // A delay inside an edge is spread over its 1000 m, of which 800 are driven.
    let share = |delay: f64| (delay * 0.8).round();
    let signal = [("highway", "traffic_signals")];
    assert_eq!(seconds(&[]), [0.0; 2]);
    assert_eq!(seconds(&signal), [share(2.0); 2]);
    let ahead = [&signal[..], &[("traffic_signals:direction", "forward")]].concat();
    assert_eq!(seconds(&ahead), [share(2.0), 0.0]);
    let back = [("highway", "stop"), ("direction", "backward")];
    assert_eq!(seconds(&back), [0.0, share(2.0)]);
    assert_eq!(seconds(&[("barrier", "gate")]), [share(60.0); 2]);
    let open = [("barrier", "gate"), ("motor_vehicle", "yes")];
    assert_eq!(seconds(&open), [0.0; 2]);
}

#[test]
fn what_is_missing_is_told_and_the_rest_is_used() {
    let mut map = square(&[]);
    map.way(99, &[2, 777, 3], &[("highway", "residential")]);
    let network = map.car();
    assert_eq!(network.info().report.skipped["way leaves the extract"], 1);
    assert_eq!(
        there_and_back(&map, Profile::Car, &Vehicle::default()),
        [STRAIGHT; 2]
    );
    let mut nothing = Map::new();
    nothing.node(1, 0.0, 0.0, &[]).node(2, 9.0, 0.0, &[]);
    nothing.way(1, &[1, 2], &[("highway", "footway")]);
    let error = nothing
        .build(Profile::Car, &Vehicle::default())
        .unwrap_err();
    assert!(
        error.to_string().contains("none of which a car may use"),
        "{error}"
    );
}
