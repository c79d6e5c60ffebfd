//! Traces of positions in a table to the roads that were driven.

use super::PipelineError;
use crate::features::traces::{self, DrivenRow, MatchedRow, Position};
use crate::network::matching::{Fix, MatchOptions, MatchedTrace, Matcher};
use crate::network::{self, Network};
use crate::runtime::{Cancel, Progress};
use std::path::Path;

/// What was matched.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matches {
    /// Traces.
    pub traces: usize,
    /// Positions on roads, in the order of traces and time.
    pub positions: Vec<MatchedRow>,
    /// Edges that were driven.
    pub driven: Vec<DrivenRow>,
    /// Positions near no road, or out of order in time: rows of the table, counted from 0.
    pub off_road: Vec<usize>,
}

/// Matches all traces of a table.
///
/// # Errors
/// The network or the table cannot be used; cancelled.
pub fn match_table(
    table: &Path,
    network: &Path,
    options: MatchOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Matches, PipelineError> {
    let network = network::load(network)?;
    let traces = traces::read(table)?;
    let mut matcher = Matcher::new(&network, options);
    let mut found = Matches {
        traces: traces.len(),
        ..Matches::default()
    };
    for (done, (id, positions)) in traces.iter().enumerate() {
        cancel.check()?;
        progress.report("match traces", done as u64, traces.len() as u64);
        let fixes: Vec<Fix> = positions.iter().map(fix).collect();
        let matched = matcher.matched(&fixes)?;
        add(&network, id, positions, &matched, &mut found);
    }
    Ok(found)
}

fn fix(position: &Position) -> Fix {
    Fix {
        at: position.at,
        time_s: position.time_s,
        accuracy_m: position.accuracy_m,
        heading_deg: position.heading_deg,
    }
}

fn add(
    network: &Network,
    id: &str,
    positions: &[Position],
    matched: &MatchedTrace,
    into: &mut Matches,
) {
    let graph = network.graph();
    let way = |edge: u32| graph.segment_way[graph.segment(edge) as usize];
    into.off_road
        .extend(matched.off_road.iter().map(|&fix| positions[fix].row));
    for (number, piece) in matched.pieces.iter().enumerate() {
        for fix in &piece.fixes {
            let nodes = graph.nodes_along(fix.edge);
            let ends = [nodes.first(), nodes.last()].map(|node| node.copied().unwrap_or_default());
            into.positions.push(MatchedRow {
                trace_id: id.to_owned(),
                row: positions[fix.fix].row,
                piece: number as u32,
                way: way(fix.edge),
                nodes: ends,
                at: network.point(fix.edge, fix.share),
                distance_m: fix.distance_m,
                probability: fix.probability,
            });
        }
        for (at, &edge) in piece.edges.iter().enumerate() {
            let ends = piece.fixes.first().zip(piece.fixes.last());
            let first = ends.filter(|_| at == 0).map_or(0.0, |(fix, _)| fix.share);
            let last = ends
                .filter(|_| at + 1 == piece.edges.len())
                .map_or(1.0, |(_, fix)| fix.share);
            into.driven.push(DrivenRow {
                trace_id: id.to_owned(),
                piece: number as u32,
                way: way(edge),
                nodes: network.nodes_between(edge, first, last),
                length_m: f64::from(graph.length_cm[edge as usize]) / 100.0
                    * (last - first).max(0.0),
                name: graph.name_of(edge).to_owned(),
            });
        }
    }
}
