//! Quickest paths and what of them matters for travel time.

use super::city::{City, KINDS, ZONES};
use super::traffic::peak_delays;
use crate::domain::LatLon;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Speed between a place and its junction, in km/h.
const ACCESS_KMH: f64 = 15.0;
/// Situations for which drivers know a best path: empty roads, morning rush, evening rush.
const SITUATIONS: usize = 3;
/// How strongly an incident's traffic jam spills over into local streets.
const STREET_SHARE: f32 = 0.8;
/// No road: the start of a tree.
const NONE: u32 = u32::MAX;

/// A path, summed up so that its duration at any time is a few multiplications.
#[derive(Debug, Clone, PartialEq)]
pub struct PathSums {
    /// Situation that the path is best for; index of the tree it was taken from.
    situation: usize,
    /// Free-flow time in seconds.
    pub free_s: f64,
    /// Free-flow seconds × centrality by kind of traffic.
    pub weighted_s: [f32; KINDS],
    /// Free-flow seconds by incident zone, streets at [`STREET_SHARE`].
    pub zone_s: [f32; ZONES],
    /// Time between the places and their junctions, both ends, in seconds.
    pub access_s: f64,
    /// Length in metres, access included.
    pub length_m: f64,
}

/// Quickest paths from one junction to all others: the road by which each is reached.
#[derive(Debug)]
pub struct PathTrees {
    reached_by: [Vec<u32>; SITUATIONS],
}

impl PathTrees {
    /// Dijkstra's algorithm for each situation.
    pub fn from_junction(city: &City, origin: u32) -> Self {
        let [morning, evening] = peak_delays();
        let tree = |delay: &[f64; KINDS]| {
            let seconds: Vec<u32> = city
                .roads()
                .iter()
                .map(|road| {
                    let slow = 1.0 + delay[road.kind()] * f64::from(road.centrality);
                    (f64::from(road.free_s) * slow * 1_000.0) as u32
                })
                .collect();
            dijkstra(city, origin, &seconds)
        };
        Self {
            reached_by: [tree(&[0.0; KINDS]), tree(&morning), tree(&evening)],
        }
    }

    /// Roads of the path to `goal` in one situation, in driving order.
    fn roads(&self, city: &City, situation: usize, goal: u32) -> Vec<u32> {
        let tree = &self.reached_by[situation];
        let mut roads = Vec::new();
        let mut node = goal;
        while tree[node as usize] != NONE {
            let road = tree[node as usize];
            roads.push(road);
            node = city.roads()[road as usize].from;
        }
        roads.reverse();
        roads
    }

    /// The different paths to `goal`, summed up; `access_m` is the way to and from the junctions.
    pub fn sums(&self, city: &City, goal: u32, access_m: f64) -> Vec<PathSums> {
        let mut found: Vec<(Vec<u32>, PathSums)> = Vec::with_capacity(SITUATIONS);
        for situation in 0..SITUATIONS {
            let roads = self.roads(city, situation, goal);
            if !found.iter().any(|(known, _)| *known == roads) {
                let sums = sum_up(city, &roads, situation, access_m);
                found.push((roads, sums));
            }
        }
        found.into_iter().map(|(_, sums)| sums).collect()
    }

    /// Places along a path with the share of its free-flow time at which each is passed.
    pub fn course(&self, city: &City, goal: u32, path: &PathSums) -> Vec<(LatLon, f64)> {
        let roads = self.roads(city, path.situation, goal);
        let total: f64 = roads.iter().map(|&r| free_s(city, r)).sum();
        let mut passed = 0.0;
        let mut course = Vec::with_capacity(roads.len() + 1);
        let start = match roads.first() {
            Some(&road) => city.roads()[road as usize].from,
            None => goal,
        };
        course.push((city.nodes()[start as usize], 0.0));
        for &road in &roads {
            passed += free_s(city, road);
            let end = city.roads()[road as usize].to;
            course.push((city.nodes()[end as usize], passed / total.max(1e-9)));
        }
        course
    }
}

fn free_s(city: &City, road: u32) -> f64 {
    f64::from(city.roads()[road as usize].free_s)
}

fn sum_up(city: &City, roads: &[u32], situation: usize, access_m: f64) -> PathSums {
    let mut sums = PathSums {
        situation,
        free_s: 0.0,
        weighted_s: [0.0; KINDS],
        zone_s: [0.0; ZONES],
        access_s: access_m / ACCESS_KMH * 3.6,
        length_m: access_m,
    };
    for &road in roads {
        let road = &city.roads()[road as usize];
        sums.free_s += f64::from(road.free_s);
        sums.length_m += f64::from(road.length_m);
        sums.weighted_s[road.kind()] += road.free_s * road.centrality;
        let share = if road.is_major() { 1.0 } else { STREET_SHARE };
        sums.zone_s[usize::from(road.zone)] += road.free_s * share;
    }
    sums
}

/// Road by which every junction is reached first; weights in milliseconds.
fn dijkstra(city: &City, origin: u32, weight_ms: &[u32]) -> Vec<u32> {
    let mut reached_by = vec![NONE; city.nodes().len()];
    let mut best = vec![u32::MAX; city.nodes().len()];
    let mut open = BinaryHeap::from([Reverse((0_u32, origin))]);
    best[origin as usize] = 0;
    while let Some(Reverse((so_far, node))) = open.pop() {
        if so_far > best[node as usize] {
            continue;
        }
        for road in city.leaving(node) {
            let to = city.roads()[road].to;
            let through = so_far + weight_ms[road];
            if through < best[to as usize] {
                best[to as usize] = through;
                reached_by[to as usize] = road as u32;
                open.push(Reverse((through, to)));
            }
        }
    }
    reached_by
}
