//! Places on roads.

use super::map::{Map, at, snap};
use routeforce::network::{Approach, Network, SnapOptions};

/// A street of 1 km from west to east with a cross street, and an island 200 m to the north.
fn streets() -> Network {
    let mut map = Map::new();
    map.node(1, 0.0, 0.0, &[])
        .node(2, 1000.0, 0.0, &[])
        .node(3, 500.0, 0.0, &[]);
    map.node(4, 500.0, -800.0, &[])
        .node(5, 0.0, 200.0, &[])
        .node(6, 1000.0, 200.0, &[]);
    let street = [("highway", "residential"), ("name", "Long Street")];
    map.way(1, &[1, 3, 2], &street)
        .way(2, &[3, 4], &street)
        .way(3, &[5, 6], &street);
    map.car()
}

#[test]
fn the_nearest_road_is_found_with_both_directions() {
    let network = streets();
    let place = snap(&network, 100.0, 30.0);
    assert!((place.distance_m - 30.0).abs() < 0.2, "{place:?}");
    assert!(place.at.great_circle_m(at(100.0, 0.0)) < 0.2);
    let mut shares: Vec<f64> = place.edges.iter().map(|(_, share)| *share).collect();
    shares.sort_by(f64::total_cmp);
    assert_eq!(shares.len(), 2);
    assert!((shares[0] - 0.2).abs() < 0.001 && (shares[1] - 0.8).abs() < 0.001);
    // A place beyond the end of a road is at its end.
    let place = snap(&network, 1050.0, 0.0);
    assert!(place.at.great_circle_m(at(1000.0, 0.0)) < 0.2);
}

#[test]
fn an_island_is_passed_over_and_too_far_is_nowhere() {
    let network = streets();
    // 10 m from the island, 190 m from the rest.
    let place = snap(&network, 100.0, 190.0);
    assert!((place.distance_m - 190.0).abs() < 0.5, "{place:?}");
    let near = SnapOptions {
        within_m: 100.0,
        ..SnapOptions::default()
    };
    assert!(network.snap(at(100.0, 190.0), &near).is_none());
    assert!(network.snap(at(100.0, 90.0), &near).is_some());
    assert!(network.roads_near(at(510.0, -10.0), 50.0, 5).len() >= 3);
    assert_eq!(network.roads_near(at(510.0, -10.0), 50.0, 1).len(), 1);
}

#[test]
fn a_street_that_no_turn_leads_into_is_passed_over() {
    let mut map = Map::new();
    map.node(1, 0.0, 0.0, &[])
        .node(2, 1000.0, 0.0, &[])
        .node(3, 500.0, 0.0, &[])
        .node(4, 500.0, 800.0, &[]);
    map.node(5, 1000.0, 800.0, &[]);
    let street = [("highway", "residential")];
    map.way(1, &[1, 3], &street).way(2, &[3, 2], &street);
    map.way(3, &[3, 4], &[("highway", "residential"), ("oneway", "yes")]);
    map.way(4, &[4, 5], &street).way(5, &[5, 2], &street);
    assert!(snap(&map.car(), 510.0, 400.0).distance_m < 10.5);
    map.restriction(1, "no_left_turn", 1, 3, 3);
    map.restriction(2, "no_right_turn", 2, 3, 3);
    // One could drive off it, but not onto it.
    assert!(snap(&map.car(), 510.0, 400.0).distance_m > 300.0);
}

#[test]
fn heading_and_side_of_the_street_choose_the_direction() {
    let network = streets();
    let bearing = |options: SnapOptions, north_m: f64| -> Vec<f64> {
        let place = network.snap(at(200.0, north_m), &options).unwrap();
        let bearings = place.edges.iter().map(|&(edge, _)| {
            let line = network.graph().line(edge);
            line[0].bearing_deg(line[1]).rem_euclid(360.0).round()
        });
        bearings.collect()
    };
    let heading = |degrees| SnapOptions {
        heading: Some((degrees, 30.0)),
        ..SnapOptions::default()
    };
    assert_eq!(bearing(heading(80.0), 5.0), [90.0]);
    assert_eq!(bearing(heading(-80.0), 5.0), [270.0]);
    // No road here leads north-west but the one a little farther leads south.
    assert!(
        network
            .snap(
                at(200.0, 5.0),
                &SnapOptions {
                    within_m: 50.0,
                    ..heading(315.0)
                }
            )
            .is_none()
    );
    assert_eq!(bearing(heading(180.0), 5.0), [180.0]);
    let kerb = |approach| SnapOptions {
        approach,
        ..SnapOptions::default()
    };
    // South of a street that leads east is on its right.
    assert_eq!(bearing(kerb(Approach::KerbRight), -5.0), [90.0]);
    assert_eq!(bearing(kerb(Approach::KerbRight), 5.0), [270.0]);
    assert_eq!(bearing(kerb(Approach::KerbLeft), -5.0), [270.0]);
}
