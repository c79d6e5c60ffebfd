//! Junctions and the roads between them.

use super::osm::RoadClass;
use crate::domain::LatLon;

/// Part of a roundabout.
pub(super) const ROUNDABOUT: u8 = 1;
/// Reaches, and is reached from, most of the network.
pub(super) const MAIN: u8 = 2;

/// A directed graph of roads. A road that may be driven both ways is two edges with one segment:
/// the line that both follow, in opposite directions. Edges are sorted by tail.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RoadGraph {
    /// Of each junction, in ten-millionths of a degree north.
    pub junction_lat: Vec<i32>,
    /// Of each junction, in ten-millionths of a degree east.
    pub junction_lon: Vec<i32>,
    /// Number of each junction's node in the extract.
    pub junction_node: Vec<i64>,
    /// Seconds that passing each junction takes: a signal, a gate.
    pub junction_delay_s: Vec<u8>,
    /// First edge leaving each junction, and the number of edges.
    pub first: Vec<u32>,
    /// Junction that each edge leaves.
    pub tail: Vec<u32>,
    /// Junction that each edge enters.
    pub head: Vec<u32>,
    /// Length in centimetres.
    pub length_cm: Vec<u32>,
    /// Duration at free flow in milliseconds.
    pub duration_ms: Vec<u32>,
    /// Twice the segment, plus one if the edge runs against it.
    pub along: Vec<u32>,
    /// Class by position in [`RoadClass::ALL`].
    pub class: Vec<u8>,
    /// Roundabout: 1; of the main part: 2.
    pub flags: Vec<u8>,
    /// Name by its number.
    pub name: Vec<u32>,
    /// Names; the first is empty.
    pub names: Vec<String>,
    /// Way of each segment in the extract.
    pub segment_way: Vec<i64>,
    /// First point of each segment, and the number of points.
    pub shape_first: Vec<u32>,
    /// Of each point, in ten-millionths of a degree north.
    pub shape_lat: Vec<i32>,
    /// Of each point, in ten-millionths of a degree east.
    pub shape_lon: Vec<i32>,
    /// Number of each point's node in the extract.
    pub shape_node: Vec<i64>,
}

impl RoadGraph {
    /// Number of junctions.
    pub fn junctions(&self) -> usize {
        self.junction_lat.len()
    }

    /// Number of directed edges.
    pub fn edges(&self) -> usize {
        self.tail.len()
    }

    /// Number of segments.
    pub fn segments(&self) -> usize {
        self.segment_way.len()
    }

    /// Edges that leave a junction.
    pub fn leaving(&self, junction: u32) -> std::ops::Range<u32> {
        self.first[junction as usize]..self.first[junction as usize + 1]
    }

    /// Segment that an edge follows.
    pub fn segment(&self, edge: u32) -> u32 {
        self.along[edge as usize] / 2
    }

    /// Whether an edge runs against its segment.
    pub fn is_backwards(&self, edge: u32) -> bool {
        self.along[edge as usize] % 2 == 1
    }

    /// Class of an edge.
    pub fn class_of(&self, edge: u32) -> RoadClass {
        let class = RoadClass::ALL.get(usize::from(self.class[edge as usize]));
        class.copied().unwrap_or(RoadClass::Minor)
    }

    /// Name of an edge; empty if it has none.
    pub fn name_of(&self, edge: u32) -> &str {
        let name = self.names.get(self.name[edge as usize] as usize);
        name.map_or("", String::as_str)
    }

    /// Whether an edge is part of a roundabout.
    pub fn is_roundabout(&self, edge: u32) -> bool {
        self.flags[edge as usize] & ROUNDABOUT != 0
    }

    /// Whether an edge reaches, and is reached from, most of the network.
    pub fn is_main(&self, edge: u32) -> bool {
        self.flags[edge as usize] & MAIN != 0
    }

    /// Positions of a segment's points.
    pub(super) fn points(&self, segment: u32) -> std::ops::Range<usize> {
        let at = segment as usize;
        self.shape_first[at] as usize..self.shape_first[at + 1] as usize
    }

    /// Place of a point.
    pub(super) fn place(&self, point: usize) -> LatLon {
        degrees(self.shape_lat[point], self.shape_lon[point])
    }

    /// Positions of an edge's points, in the direction it is driven.
    pub(super) fn points_of_edge(&self, edge: u32) -> Vec<usize> {
        let points = self.points(self.segment(edge));
        match self.is_backwards(edge) {
            true => points.rev().collect(),
            false => points.collect(),
        }
    }

    /// Line of an edge, in the direction it is driven.
    pub fn line(&self, edge: u32) -> Vec<LatLon> {
        let points = self.points_of_edge(edge).into_iter();
        points.map(|point| self.place(point)).collect()
    }

    /// Nodes of the extract along an edge, in the direction it is driven.
    pub fn nodes_along(&self, edge: u32) -> Vec<i64> {
        let points = self.points_of_edge(edge).into_iter();
        points.map(|point| self.shape_node[point]).collect()
    }
}

/// A place from ten-millionths of degrees.
pub(super) fn degrees(lat: i32, lon: i32) -> LatLon {
    LatLon {
        lat: f64::from(lat) / 1e7,
        lon: f64::from(lon) / 1e7,
    }
}
