//! A road network that answers questions.

use super::build;
use super::components::mark_main;
use super::error::NetworkError;
use super::file;
use super::graph::RoadGraph;
use super::hierarchy::{DurationAndLength, Hierarchy, Metric, Seed, Weight};
use super::measure::{Measure, WithLengths};
use super::osm::{self, OsmReport, Profile, Vehicle};
use super::snap::{SnapOptions, Snapped, Snapper};
use super::turns::Turns;
use crate::domain::{InputError, LatLon};
use crate::runtime::{Cancel, Progress};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// What a network was made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Info {
    /// Who drives.
    pub profile: Profile,
    /// Size of the vehicle.
    pub vehicle: Vehicle,
    /// The extract.
    pub source: String,
    /// What of it could not be understood.
    pub report: OsmReport,
}

/// Roads, turns and shortest paths of one profile.
#[derive(Debug)]
pub struct Network {
    pub(super) info: Info,
    pub(super) graph: RoadGraph,
    pub(super) turns: Turns,
    pub(super) metric: Metric<DurationAndLength>,
    /// Durations alone, once they were asked for.
    pub(super) duration_metric: OnceLock<Metric<u32>>,
    /// Node that each turn leads out of.
    pub(super) turn_from: Vec<u32>,
    /// Turns into each node: `turns_into[into_first[v]..into_first[v + 1]]`.
    into_first: Vec<u32>,
    turns_into: Vec<u32>,
    snapper: Snapper,
    /// Checksum of its file, once it is known.
    pub(super) sha256: OnceLock<String>,
}

impl Network {
    /// Reads an extract and prepares it: about a second per 50,000 edges.
    ///
    /// # Errors
    /// The file cannot be used, or holds no road for the profile; cancelled.
    pub fn build(
        extract: &Path,
        profile: Profile,
        vehicle: &Vehicle,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Self, NetworkError> {
        let (roads, mut report) = osm::read(extract, profile, vehicle, cancel, progress)?;
        progress.report("network: roads and turns", 0, 1);
        let mut graph = build::graph(&roads, &mut report);
        if graph.edges() == 0 {
            let problem = format!("{} roads, none between nodes that are there", report.roads);
            let remedy = "give an extract (.osm.pbf) that holds the nodes of its ways";
            return Err(InputError::new(extract.display().to_string(), problem, remedy).into());
        }
        let turns = Turns::of(&graph, &roads, profile, &mut report);
        mark_main(&mut graph, &turns);
        cancel.check()?;
        let hierarchy = Hierarchy::build(&turns.arc_graph(&graph), cancel, progress)?;
        let info = Info {
            profile,
            vehicle: *vehicle,
            source: extract
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            report,
        };
        Self::of(info, graph, turns, Arc::new(hierarchy))
    }

    /// From its parts, which fit each other.
    pub(super) fn of(
        info: Info,
        graph: RoadGraph,
        turns: Turns,
        hierarchy: Arc<Hierarchy>,
    ) -> Result<Self, NetworkError> {
        let free_flow = WithLengths {
            duration_ms: &graph.duration_ms,
            graph: &graph,
            turns: &turns,
        };
        let metric = hierarchy.customize(&free_flow.weights(&turns))?;
        let mut into_first = vec![0_u32; turns.nodes() + 1];
        for &node in &turns.into {
            into_first[node as usize + 1] += 1;
        }
        for node in 0..turns.nodes() {
            into_first[node + 1] += into_first[node];
        }
        let mut next = into_first.clone();
        let mut turns_into = vec![0; turns.into.len()];
        for (turn, &node) in turns.into.iter().enumerate() {
            turns_into[next[node as usize] as usize] = turn as u32;
            next[node as usize] += 1;
        }
        Ok(Self {
            snapper: Snapper::new(&graph),
            turn_from: turns.from(),
            info,
            graph,
            turns,
            metric,
            duration_metric: OnceLock::new(),
            into_first,
            turns_into,
            sha256: OnceLock::new(),
        })
    }

    /// What it was made of.
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// SHA-256 of its roads, turns and hierarchy in hexadecimal, as its file holds it: the same for
    /// the same extract, profile and vehicle.
    pub fn sha256(&self) -> &str {
        self.sha256.get_or_init(|| file::checksum(self))
    }

    /// What tells it from other networks, for people and files: profile, extract and checksum.
    pub fn identity(&self) -> String {
        let short = self.sha256().get(..12).unwrap_or_default();
        format!(
            "{} of {}, {short}",
            self.info.profile.name(),
            self.info.source
        )
    }

    /// Its roads.
    pub fn graph(&self) -> &RoadGraph {
        &self.graph
    }

    /// Its turns.
    pub fn turns(&self) -> &Turns {
        &self.turns
    }

    /// Quickest ways at free flow between nodes of [`Turns`], in milliseconds and centimetres. Being
    /// at a node means to have driven its edge to its end.
    pub fn metric(&self) -> &Metric<DurationAndLength> {
        &self.metric
    }

    /// The nearest road that suits; `None` if there is none near enough.
    pub fn snap(&self, place: LatLon, options: &SnapOptions) -> Option<Snapped> {
        self.snapper.snap(&self.graph, place, options)
    }

    /// The nearest roads within a distance, each at its nearest point, nearest first.
    pub fn roads_near(&self, place: LatLon, within_m: f64, most: usize) -> Vec<Snapped> {
        self.snapper.all_near(&self.graph, place, within_m, most)
    }

    /// How a way begins at a place: at the end of each edge through it, which nothing was driven
    /// before.
    pub(super) fn starts<M: Measure>(&self, place: &Snapped, measure: &M) -> Vec<Seed<M::Weight>> {
        let seed = |&(edge, share): &(u32, f64)| Seed {
            node: edge,
            offset: measure.part(edge, 1.0 - share),
        };
        place.edges.iter().map(seed).collect()
    }

    /// How a way ends at a place: by each turn into an edge through it, with that edge.
    pub(super) fn ends<M: Measure>(
        &self,
        place: &Snapped,
        measure: &M,
    ) -> Vec<(Seed<M::Weight>, u32)> {
        let mut ends = Vec::new();
        for &(edge, share) in &place.edges {
            let rest = measure.part(edge, share);
            let turns_into = |node: u32| {
                let at = node as usize;
                &self.turns_into[self.into_first[at] as usize..self.into_first[at + 1] as usize]
            };
            let nodes = std::iter::once(edge).chain(self.turns.copies_of(edge));
            for &turn in nodes.flat_map(turns_into) {
                let seed = Seed {
                    node: self.turn_from[turn as usize],
                    offset: measure.turn(turn as usize).plus(rest),
                };
                ends.push((seed, edge));
            }
        }
        ends
    }

    /// At free flow.
    pub(super) fn free_flow(&self) -> WithLengths<'_> {
        WithLengths {
            duration_ms: &self.graph.duration_ms,
            graph: &self.graph,
            turns: &self.turns,
        }
    }
}
