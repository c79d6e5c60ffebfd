//! Places on roads.

use super::graph::{RoadGraph, degrees};
use crate::domain::LatLon;
use rstar::primitives::{GeomWithData, Line};
use rstar::{PointDistance, RTree};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which edges of a road a place may be left by or reached on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Approach {
    /// Both directions.
    #[default]
    Any,
    /// The side of the road that the place is on, where traffic keeps right.
    KerbRight,
    /// The same where traffic keeps left.
    KerbLeft,
}

/// How places are put on roads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SnapOptions {
    /// Farthest road that counts, in metres.
    pub within_m: f64,
    /// Direction of travel in degrees, clockwise from north, and how far off a road may be.
    pub heading: Option<(f64, f64)>,
    /// Side of the road.
    pub approach: Approach,
}

impl Default for SnapOptions {
    fn default() -> Self {
        Self {
            within_m: 1_000.0,
            heading: None,
            approach: Approach::Any,
        }
    }
}

/// A place on a road.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapped {
    /// The point of the road.
    pub at: LatLon,
    /// How far it is from the place, in metres.
    pub distance_m: f64,
    /// Edges through that point, and which share of each lies before it.
    pub edges: Vec<(u32, f64)>,
}

/// A piece of a segment: its number, and that of its first point.
type Piece = GeomWithData<Line<[f64; 2]>, (u32, u32)>;

/// Finds roads near places. Distances are on a plane that touches the middle of the network, with
/// an error below 1 % within 500 km of it.
#[derive(Debug)]
pub(super) struct Snapper {
    tree: RTree<Piece>,
    plane: Plane,
    /// Edges of each segment, along and against it; `u32::MAX`: none.
    edges: Vec<[u32; 2]>,
}

#[derive(Debug, Clone, Copy)]
struct Plane {
    lat0: f64,
    lon0: f64,
    east_m: f64,
}

const NORTH_M: f64 = 111_195.0;

impl Plane {
    fn of(graph: &RoadGraph) -> Self {
        let count = graph.junctions().max(1) as f64;
        let mean = |of: &[i32]| of.iter().map(|&x| f64::from(x)).sum::<f64>() / count / 1e7;
        let (lat0, lon0) = (mean(&graph.junction_lat), mean(&graph.junction_lon));
        Self {
            lat0,
            lon0,
            east_m: NORTH_M * lat0.to_radians().cos(),
        }
    }

    fn project(self, place: LatLon) -> [f64; 2] {
        [
            (place.lon - self.lon0) * self.east_m,
            (place.lat - self.lat0) * NORTH_M,
        ]
    }

    fn unproject(self, [x, y]: [f64; 2]) -> LatLon {
        LatLon {
            lat: self.lat0 + y / NORTH_M,
            lon: self.lon0 + x / self.east_m,
        }
    }
}

impl Snapper {
    pub(super) fn new(graph: &RoadGraph) -> Self {
        let plane = Plane::of(graph);
        let mut pieces = Vec::with_capacity(graph.shape_lat.len());
        for segment in 0..graph.segments() as u32 {
            let points = graph.points(segment);
            for point in points.start..points.end.saturating_sub(1) {
                let ends = [point, point + 1].map(|p| plane.project(graph.place(p)));
                let data = (segment, point as u32);
                pieces.push(GeomWithData::new(Line::new(ends[0], ends[1]), data));
            }
        }
        let mut edges = vec![[u32::MAX; 2]; graph.segments()];
        for edge in 0..graph.edges() as u32 {
            let side = usize::from(graph.is_backwards(edge));
            edges[graph.segment(edge) as usize][side] = edge;
        }
        Self {
            tree: RTree::bulk_load(pieces),
            plane,
            edges,
        }
    }

    /// The nearest road of the main part that suits; `None` if there is none so near.
    pub(super) fn snap(
        &self,
        graph: &RoadGraph,
        place: LatLon,
        options: &SnapOptions,
    ) -> Option<Snapped> {
        let point = self.plane.project(place);
        let near = self.tree.nearest_neighbor_iter(&point);
        near.take_while(|piece| piece.distance_2(&point) <= options.within_m.powi(2))
            .find_map(|piece| self.on_piece(graph, piece, point, options))
    }

    /// All roads of the main part within a distance, each at its nearest point, nearest first.
    pub(super) fn all_near(
        &self,
        graph: &RoadGraph,
        place: LatLon,
        within_m: f64,
        most: usize,
    ) -> Vec<Snapped> {
        let point = self.plane.project(place);
        let options = SnapOptions {
            within_m,
            ..SnapOptions::default()
        };
        let mut found: Vec<Snapped> = Vec::new();
        let near = self.tree.nearest_neighbor_iter(&point);
        for piece in near.take_while(|piece| piece.distance_2(&point) <= within_m.powi(2)) {
            let Some(snapped) = self.on_piece(graph, piece, point, &options) else {
                continue;
            };
            let same = |other: &Snapped| {
                other.edges.first().map(|e| e.0) == snapped.edges.first().map(|e| e.0)
            };
            if !found.iter().any(same) {
                found.push(snapped);
            }
            if found.len() == most {
                break;
            }
        }
        found
    }

    fn on_piece(
        &self,
        graph: &RoadGraph,
        piece: &Piece,
        point: [f64; 2],
        options: &SnapOptions,
    ) -> Option<Snapped> {
        let (segment, first) = piece.data;
        let line = piece.geom();
        let nearest = line.nearest_point(&point);
        let at = self.plane.unproject(nearest);
        let share = share_before(graph, segment, first as usize, at);
        let direction = [line.to[0] - line.from[0], line.to[1] - line.from[1]];
        let bearing = direction[0].atan2(direction[1]).to_degrees();
        let across =
            direction[0] * (point[1] - line.from[1]) - direction[1] * (point[0] - line.from[0]);
        let [along, against] = self.edges[segment as usize];
        let suits = |edge: u32, bearing: f64, on_the_right: bool| {
            let ahead = options.heading.is_none_or(|(heading, off)| {
                let turned = (heading - bearing + 540.0).rem_euclid(360.0) - 180.0;
                turned.abs() <= off
            });
            // A place on the very line is on both sides; a one-way street has but one.
            let one_way = along == u32::MAX || against == u32::MAX;
            let side = match options.approach {
                Approach::Any => true,
                _ if across == 0.0 || one_way => true,
                Approach::KerbRight => on_the_right,
                Approach::KerbLeft => !on_the_right,
            };
            edge != u32::MAX && graph.is_main(edge) && ahead && side
        };
        let mut edges = Vec::new();
        if suits(along, bearing, across < 0.0) {
            edges.push((along, share));
        }
        if suits(against, bearing + 180.0, across > 0.0) {
            edges.push((against, 1.0 - share));
        }
        (!edges.is_empty()).then(|| Snapped {
            at,
            distance_m: self.plane.unproject(point).great_circle_m(at),
            edges,
        })
    }
}

/// Share of a segment's length before a point of it that lies behind its point `first`.
fn share_before(graph: &RoadGraph, segment: u32, first: usize, at: LatLon) -> f64 {
    let points = graph.points(segment);
    let place = |p: usize| degrees(graph.shape_lat[p], graph.shape_lon[p]);
    let length = |from: usize, to: usize| -> f64 {
        let pairs = (from..to).map(|p| place(p).great_circle_m(place(p + 1)));
        pairs.sum()
    };
    let whole = length(points.start, points.end - 1);
    let before = length(points.start, first) + place(first).great_circle_m(at);
    match whole > 0.0 {
        true => (before / whole).clamp(0.0, 1.0),
        false => 0.0,
    }
}
