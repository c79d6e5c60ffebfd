//! Positions as observations: matched to roads, cut into stretches.

use super::SpeedsError;
use super::learn::{LearnOptions, learn};
use super::observation::{Driven, Observation};
use super::road_speeds::RoadSpeeds;
use super::week::When;
use crate::features::traces::Position;
use crate::network::Network;
use crate::network::matching::{Fix, MatchOptions, Matched, MatchedFix, Matcher};
use crate::runtime::{Cancel, Progress};
use chrono::DateTime;
use std::collections::BTreeMap;

/// A stretch is at least so long in way and in time: the noise of its ends is then small beside it,
/// and a wait at a signal a part of it.
const STRETCH_M: f64 = 200.0;
const STRETCH_S: f64 = 20.0;

/// Learns speeds from positions of vehicles, whose times are instants (seconds since 1970).
///
/// # Errors
/// Too little was driven on the network; cancelled.
pub fn from_positions(
    network: &Network,
    traces: &BTreeMap<String, Vec<Position>>,
    matching: MatchOptions,
    options: &LearnOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<RoadSpeeds, SpeedsError> {
    let mut matcher = Matcher::new(network, matching);
    let mut driven = Driven {
        given: traces.len(),
        ..Driven::default()
    };
    let mut drive = 0;
    for (done, positions) in traces.values().enumerate() {
        cancel.check()?;
        progress.report("speeds: match traces", done as u64, traces.len() as u64);
        let fixes: Vec<Fix> = positions.iter().map(fix).collect();
        let matched = matcher.matched(&fixes)?;
        let before = driven.observations.len();
        for piece in &matched.pieces {
            observe(
                network,
                piece,
                positions,
                options,
                drive,
                &mut driven.observations,
            );
            drive += 1;
        }
        driven.left_out += usize::from(driven.observations.len() == before);
    }
    learn(network, &driven, options, cancel, progress)
}

fn fix(position: &Position) -> Fix {
    Fix {
        at: position.at,
        time_s: position.time_s,
        accuracy_m: position.accuracy_m,
        heading_deg: position.heading_deg,
    }
}

/// Cuts a matched piece into stretches from fix to fix.
fn observe(
    network: &Network,
    piece: &Matched,
    positions: &[Position],
    options: &LearnOptions,
    drive: u32,
    into: &mut Vec<Observation>,
) {
    let Some(mut begin) = piece.fixes.first().map(|fix| (*fix, 0)) else {
        return;
    };
    let time_s = |fix: &MatchedFix| positions.get(fix.fix).map_or(f64::NAN, |p| p.time_s);
    let mut at = 0;
    for fix in &piece.fixes[1..] {
        let Some(ahead) = piece.edges[at..].iter().position(|edge| *edge == fix.edge) else {
            return;
        };
        at += ahead;
        let stretches = between(&piece.edges[begin.1..=at], begin.0.share, fix.share);
        let took_s = time_s(fix) - time_s(&begin.0);
        if length_m(network, &stretches) < STRETCH_M || took_s < STRETCH_S {
            continue;
        }
        let started = DateTime::from_timestamp_millis((time_s(&begin.0) * 1e3) as i64);
        begin = (*fix, at);
        let round = |pair: &[(u32, f64)]| {
            network.graph().segment(pair[0].0) == network.graph().segment(pair[1].0)
        };
        if let (Some(started), false) = (started, stretches.windows(2).any(round)) {
            let local = started.with_timezone(&options.time_zone);
            let when = When::of(local, &options.holidays);
            into.extend(Observation::of(network, &stretches, when, took_s, drive));
        }
    }
}

/// Edges with the share of each that is driven, from a share of the first to one of the last.
fn between(edges: &[u32], from: f64, to: f64) -> Vec<(u32, f64)> {
    let last = edges.len().saturating_sub(1);
    let share = |at: usize| {
        let begin = if at == 0 { from } else { 0.0 };
        let end = if at == last { to } else { 1.0 };
        (end - begin).max(0.0)
    };
    edges
        .iter()
        .enumerate()
        .map(|(at, &edge)| (edge, share(at)))
        .collect()
}

fn length_m(network: &Network, stretches: &[(u32, f64)]) -> f64 {
    let cm =
        |&(edge, share): &(u32, f64)| share * f64::from(network.graph().length_cm[edge as usize]);
    stretches.iter().map(cm).sum::<f64>() / 1e2
}
