//! A route in words.

use super::routable::Network;
use super::route::Route;
use super::turns::angle_deg;
use crate::domain::LatLon;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A stretch of a route and how it begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// What to do, such as `turn left onto Hauptstraße`.
    pub what: String,
    /// Where.
    pub at: LatLon,
    /// How far it goes on, in metres.
    pub length_m: f64,
    /// How long that takes at free flow with the turns, in seconds.
    pub duration_s: f64,
}

/// Turns that are told although the name of the road stays, in degrees.
const TOLD_DEG: f64 = 45.0;

/// A route as steps: depart, turns, roundabouts with their exits, arrive.
pub fn steps(network: &Network, route: &Route) -> Vec<Step> {
    let graph = network.graph();
    let line = network.line(route);
    let (Some(&start), Some(&end)) = (line.first(), line.last()) else {
        return Vec::new();
    };
    let mut steps: Vec<Step> = Vec::new();
    let mut exits = 0;
    let last = route.edges.len() - 1;
    for (at, &edge) in route.edges.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| route.edges[before]);
        let what = match before {
            None => Some(format!(
                "depart {}{}",
                heading(&line),
                along(graph.name_of(edge))
            )),
            Some(before) => {
                if graph.is_roundabout(before) {
                    let others = graph.leaving(graph.head[before as usize]);
                    let leaves = |e: u32| {
                        !graph.is_roundabout(e) && graph.segment(e) != graph.segment(before)
                    };
                    exits += usize::from(others.into_iter().any(leaves));
                }
                let what = turn(network, before, edge, exits);
                if !graph.is_roundabout(edge) {
                    exits = 0;
                }
                what
            }
        };
        let from = if at == 0 { route.from_share } else { 0.0 };
        let to = if at == last { route.to_share } else { 1.0 };
        let share = (to - from).max(0.0);
        let length_m = f64::from(graph.length_cm[edge as usize]) / 100.0 * share;
        let turning_ms = before.map_or(0, |before| turning_ms(network, before, edge));
        let moving_ms = f64::from(graph.duration_ms[edge as usize]) * share;
        let duration_s = (moving_ms + f64::from(turning_ms)) / 1e3;
        match (what, steps.last_mut()) {
            (None, Some(step)) => {
                step.length_m += length_m;
                step.duration_s += duration_s;
            }
            (what, _) => steps.push(Step {
                what: what.unwrap_or_default(),
                at: if at == 0 {
                    start
                } else {
                    first_of(&graph.line(edge), start)
                },
                length_m,
                duration_s,
            }),
        }
    }
    steps.push(Step {
        what: "arrive".to_owned(),
        at: end,
        length_m: 0.0,
        duration_s: 0.0,
    });
    steps
}

fn turning_ms(network: &Network, before: u32, edge: u32) -> u32 {
    let turns = network.turns();
    // What a turn takes is the same for all copies that have it.
    let nodes = std::iter::once(before).chain(turns.copies_of(before));
    let mut found = nodes
        .flat_map(|node| turns.out_of(node))
        .filter(|&turn| turns.edge_of(turns.into[turn]) == edge);
    found.next().map_or(0, |turn| turns.cost_ms[turn])
}

fn first_of(line: &[LatLon], otherwise: LatLon) -> LatLon {
    line.first().copied().unwrap_or(otherwise)
}

/// What to do between two edges; `None`: just go on.
fn turn(network: &Network, before: u32, edge: u32, exits: usize) -> Option<String> {
    let graph = network.graph();
    let name = graph.name_of(edge);
    match (graph.is_roundabout(before), graph.is_roundabout(edge)) {
        (false, true) => return Some("enter the roundabout".to_owned()),
        (true, true) => return None,
        (true, false) => return Some(format!("take exit {exits}{}", onto(name))),
        (false, false) => {}
    }
    if graph.segment(before) == graph.segment(edge) {
        return Some(format!("turn round{}", onto(name)));
    }
    let angle = angle_deg(graph, before, edge);
    let same = graph.name_of(before) == name;
    let choice = graph.leaving(graph.head[before as usize]).len() > 2;
    if same && (angle.abs() < TOLD_DEG || !choice) {
        return None;
    }
    let side = if angle > 0.0 { "right" } else { "left" };
    let how = match angle.abs() {
        angle if angle < 25.0 => "continue".to_owned(),
        angle if angle < TOLD_DEG => format!("bear {side}"),
        angle if angle < 135.0 => format!("turn {side}"),
        _ => format!("turn sharply {side}"),
    };
    Some(format!("{how}{}", onto(name)))
}

fn onto(name: &str) -> String {
    match name {
        "" => String::new(),
        name => format!(" onto {name}"),
    }
}

fn along(name: &str) -> String {
    match name {
        "" => String::new(),
        name => format!(" on {name}"),
    }
}

fn heading(line: &[LatLon]) -> &'static str {
    let bearing = match line {
        [first, second, ..] => first.bearing_deg(*second).rem_euclid(360.0),
        _ => 0.0,
    };
    let names = [
        "north",
        "northeast",
        "east",
        "southeast",
        "south",
        "southwest",
        "west",
        "northwest",
    ];
    names[((bearing + 22.5) / 45.0) as usize % 8]
}
