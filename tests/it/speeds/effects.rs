//! What thin data, outliers and single roads do to factors, on observations made by hand.

use super::world::{learned, options, town};
use rand::Rng;
use rand_distr::{Distribution, Normal};
use routeforce::network::Network;
use routeforce::network::osm::RoadClass;
use routeforce::runtime::{Cancel, Progress, random};
use routeforce::speeds::{Driven, Observation, RoadSpeeds, When, learn};

/// Edges of a class.
fn edges(network: &Network, class: RoadClass) -> Vec<u32> {
    let graph = network.graph();
    let all = 0..graph.edges() as u32;
    all.filter(|&edge| graph.class_of(edge) == class).collect()
}

/// Observations of single edges, each `factor(edge, slot)` slower than free flow, with noise.
struct Drives<'a> {
    network: &'a Network,
    driven: Driven,
    draw: rand_chacha::ChaCha8Rng,
}

impl<'a> Drives<'a> {
    fn new(network: &'a Network, seed: u64) -> Self {
        Self {
            network,
            driven: Driven::default(),
            draw: random::generator(seed, "observations"),
        }
    }

    fn add(&mut self, count: usize, edge: u32, slot: usize, factor: f64) {
        let noise = Normal::new(0.0, 0.15).unwrap();
        let free_s = f64::from(self.network.graph().duration_ms[edge as usize]) / 1e3;
        for _ in 0..count {
            let error: f64 = noise.sample(&mut self.draw);
            let when = When {
                slot,
                hour: self.driven.given as i64,
            };
            let took_s = free_s * factor * error.exp();
            let drive = self.driven.given as u32;
            let seen = Observation::of(self.network, &[(edge, 1.0)], when, took_s, drive);
            self.driven.observations.push(seen.unwrap());
            self.driven.given += 1;
        }
    }

    /// `count` observations of edges drawn from a class.
    fn add_class(&mut self, count: usize, class: RoadClass, slot: usize, factor: f64) {
        let edges = edges(self.network, class);
        for _ in 0..count {
            let edge = edges[self.draw.random_range(0..edges.len())];
            self.add(1, edge, slot, factor);
        }
    }

    fn learn(&self) -> RoadSpeeds {
        let (cancel, silent) = (Cancel::new(), Progress::silent());
        learn(self.network, &self.driven, &options(), &cancel, &silent).unwrap()
    }
}

fn near(found: f64, expected: f64, share: f64) {
    assert!(
        (found / expected - 1.0).abs() < share,
        "{found}, expected {expected}"
    );
}

#[test]
fn thin_data_are_drawn_to_their_kind_and_hours_without_any_to_others() {
    let network = town();
    let mut drives = Drives::new(&network, 1);
    for slot in [7, 8, 9, 12, 16, 17] {
        drives.add_class(400, RoadClass::Primary, slot, 1.5);
        if slot != 9 {
            drives.add_class(400, RoadClass::Street, slot, 1.2);
        }
    }
    // One drive that took twice as long does not make an hour.
    drives.add_class(1, RoadClass::Street, 9, 2.4);
    let speeds = drives.learn();
    near(learned(&speeds, RoadClass::Primary, 8), 1.5, 0.05);
    near(learned(&speeds, RoadClass::Street, 9), 1.2, 0.15);
    // Nobody drove at three or on days off.
    for slot in [3, 30] {
        near(learned(&speeds, RoadClass::Street, slot), 1.2, 0.15);
        near(learned(&speeds, RoadClass::Primary, slot), 1.5, 0.15);
    }
    assert_eq!(speeds.slot_observations[9], 401);
}

#[test]
fn hours_that_all_roads_share_hold_for_a_kind_that_was_not_seen_then() {
    let network = town();
    let mut drives = Drives::new(&network, 2);
    for (slot, factor) in [(6, 1.0), (8, 2.0), (12, 1.0), (17, 2.0), (20, 1.0)] {
        drives.add_class(600, RoadClass::Primary, slot, factor);
        if slot != 8 {
            drives.add_class(600, RoadClass::Street, slot, factor);
        }
    }
    near(learned(&drives.learn(), RoadClass::Street, 8), 2.0, 0.15);
}

#[test]
fn outliers_count_little() {
    let network = town();
    let mut drives = Drives::new(&network, 3);
    drives.add_class(900, RoadClass::Primary, 8, 1.5);
    drives.add_class(100, RoadClass::Primary, 8, 7.5);
    // The mean of time needs them, by a tenth of four more; the factor of a road hardly does.
    let speeds = drives.learn();
    near(
        speeds.drive.p50 * learned(&speeds, RoadClass::Primary, 8),
        1.5,
        0.08,
    );
}

#[test]
fn single_roads_differ_where_that_is_seen_often_enough() {
    let network = town();
    let mut drives = Drives::new(&network, 4);
    let streets = edges(&network, RoadClass::Street);
    for (at, &edge) in streets.iter().take(60).enumerate() {
        let factor = if at % 3 == 0 { 2.0 } else { 1.2 };
        drives.add(40, edge, 8 + at % 8, factor);
    }
    drives.add(1, streets[70], 9, 2.0);
    let speeds = drives.learn();
    let own = |edge: u32| {
        speeds
            .edges
            .iter()
            .find(|e| e.edge == edge)
            .map(|e| e.factor)
    };
    let ratio = own(streets[0]).unwrap() / own(streets[1]).unwrap();
    near(ratio, 2.0 / 1.2, 0.1);
    // Seen once: little differs; never: nothing.
    let once = own(streets[70]).unwrap();
    assert!(once < own(streets[0]).unwrap() && once > 0.9, "{once}");
    assert_eq!(own(streets[90]), None);
    // Where all roads of a kind are alike, none has a factor of its own.
    let mut alike = Drives::new(&network, 5);
    for &edge in streets.iter().take(60) {
        alike.add(40, edge, 8, 1.4);
    }
    let speeds = alike.learn();
    assert!(speeds.edges.iter().all(|e| (e.factor - 1.0).abs() < 0.1));
}

#[test]
fn what_says_nothing_of_roads_is_no_observation() {
    let network = town();
    let edge = edges(&network, RoadClass::Primary)[0];
    let when = When { slot: 8, hour: 0 };
    let of = |share: f64, took_s: f64| Observation::of(&network, &[(edge, share)], when, took_s, 0);
    assert!(of(1.0, 20.0).is_some());
    // Too short, standing, impossibly fast, no time at all.
    for (share, took_s) in [
        (0.05, 2.0),
        (1.0, 3_600.0),
        (1.0, 1.0),
        (1.0, f64::NAN),
        (1.0, 0.0),
    ] {
        assert!(of(share, took_s).is_none(), "{share} {took_s}");
    }
}
