//! Small OpenStreetMap extracts, written by the tests themselves: the PBF format by hand.

use routeforce::domain::LatLon;
use routeforce::network::osm::{Profile, Vehicle};
use routeforce::network::{Network, NetworkError, Route, SnapOptions, Snapped};
use routeforce::runtime::{Cancel, Progress};
use std::path::Path;

const LAT0: f64 = 49.4;
const LON0: f64 = 8.7;
const NORTH_M: f64 = 111_195.08;

/// A place so many metres east and north of the middle of the map.
pub fn at(east_m: f64, north_m: f64) -> LatLon {
    LatLon {
        lat: LAT0 + north_m / NORTH_M,
        lon: LON0 + east_m / (NORTH_M * LAT0.to_radians().cos()),
    }
}

type Tags<'a> = &'a [(&'a str, &'a str)];

/// Elements of an extract.
#[derive(Default)]
pub struct Map {
    strings: Vec<String>,
    nodes: Vec<u8>,
    ways: Vec<u8>,
    relations: Vec<u8>,
}

impl Map {
    pub fn new() -> Self {
        Self {
            strings: vec![String::new()],
            ..Self::default()
        }
    }

    /// A node, in metres from the middle.
    pub fn node(&mut self, id: i64, east_m: f64, north_m: f64, tags: Tags<'_>) -> &mut Self {
        let place = at(east_m, north_m);
        let mut node = self.head(zigzag(id), tags);
        for (field, degrees) in [(8, place.lat), (9, place.lon)] {
            number(&mut node, field, zigzag((degrees * 1e7).round() as i64));
        }
        bytes(&mut self.nodes, 1, &node);
        self
    }

    /// A way along nodes.
    pub fn way(&mut self, id: i64, nodes: &[i64], tags: Tags<'_>) -> &mut Self {
        let mut way = self.head(id as u64, tags);
        bytes(&mut way, 8, &deltas(nodes));
        bytes(&mut self.ways, 3, &way);
        self
    }

    /// A turn restriction at a node.
    pub fn restriction(&mut self, id: i64, what: &str, from: i64, via: i64, to: i64) -> &mut Self {
        self.restriction_with(
            id,
            &[("type", "restriction"), ("restriction", what)],
            [from, via, to],
        )
    }

    /// The same with any tags.
    pub fn restriction_with(
        &mut self,
        id: i64,
        tags: Tags<'_>,
        [from, via, to]: [i64; 3],
    ) -> &mut Self {
        let mut relation = self.head(id as u64, tags);
        let roles = ["from", "via", "to"].map(|role| u64::from(self.string(role)));
        bytes(&mut relation, 8, &packed(&roles));
        bytes(&mut relation, 9, &deltas(&[from, via, to]));
        bytes(&mut relation, 10, &packed(&[1, 0, 1]));
        bytes(&mut self.relations, 4, &relation);
        self
    }

    /// A turn restriction over ways: from, those between, to.
    pub fn restriction_over(&mut self, id: i64, what: &str, ways: &[i64]) -> &mut Self {
        let tags = [("type", "restriction"), ("restriction", what)];
        let mut relation = self.head(id as u64, &tags);
        let last = ways.len() - 1;
        let role = |at: usize| {
            if at == 0 {
                "from"
            } else if at == last {
                "to"
            } else {
                "via"
            }
        };
        let roles: Vec<u64> = (0..=last)
            .map(|at| u64::from(self.string(role(at))))
            .collect();
        bytes(&mut relation, 8, &packed(&roles));
        bytes(&mut relation, 9, &deltas(ways));
        bytes(&mut relation, 10, &packed(&vec![1; ways.len()]));
        bytes(&mut self.relations, 4, &relation);
        self
    }

    fn head(&mut self, id: u64, tags: Tags<'_>) -> Vec<u8> {
        let mut element = Vec::new();
        number(&mut element, 1, id);
        let keys: Vec<u64> = tags
            .iter()
            .map(|(k, _)| u64::from(self.string(k)))
            .collect();
        let values: Vec<u64> = tags
            .iter()
            .map(|(_, v)| u64::from(self.string(v)))
            .collect();
        bytes(&mut element, 2, &packed(&keys));
        bytes(&mut element, 3, &packed(&values));
        element
    }

    fn string(&mut self, text: &str) -> u32 {
        let known = self.strings.iter().position(|s| s == text);
        let at = known.unwrap_or_else(|| {
            self.strings.push(text.to_owned());
            self.strings.len() - 1
        });
        at as u32
    }

    /// The extract as a file: a header, and a block for each kind of element.
    pub fn to_pbf(&self) -> Vec<u8> {
        let mut table = Vec::new();
        for text in &self.strings {
            bytes(&mut table, 1, text.as_bytes());
        }
        let mut header = Vec::new();
        bytes(&mut header, 4, b"OsmSchema-V0.6");
        let mut file = blob("OSMHeader", &header);
        for group in [&self.nodes, &self.ways, &self.relations] {
            let mut block = Vec::new();
            bytes(&mut block, 1, &table);
            bytes(&mut block, 2, group);
            file.extend(blob("OSMData", &block));
        }
        file
    }

    pub fn build(&self, profile: Profile, vehicle: &Vehicle) -> Result<Network, NetworkError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.osm.pbf");
        std::fs::write(&path, self.to_pbf()).unwrap();
        build_file(&path, profile, vehicle)
    }

    pub fn car(&self) -> Network {
        self.build(Profile::Car, &Vehicle::default()).unwrap()
    }
}

pub fn build_file(
    path: &Path,
    profile: Profile,
    vehicle: &Vehicle,
) -> Result<Network, NetworkError> {
    Network::build(path, profile, vehicle, &Cancel::new(), &Progress::silent())
}

/// Snaps a place in metres from the middle.
pub fn snap(network: &Network, east_m: f64, north_m: f64) -> Snapped {
    let found = network.snap(at(east_m, north_m), &SnapOptions::default());
    found.unwrap()
}

/// The quickest way between two places in metres from the middle.
pub fn route(network: &Network, from: [f64; 2], to: [f64; 2]) -> Option<Route> {
    let [from, to] = [from, to].map(|[east, north]| snap(network, east, north));
    network.route(&from, &to).unwrap()
}

fn blob(kind: &str, content: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    bytes(&mut body, 1, content);
    let mut header = Vec::new();
    bytes(&mut header, 1, kind.as_bytes());
    number(&mut header, 3, body.len() as u64);
    let mut file = (header.len() as u32).to_be_bytes().to_vec();
    file.extend(header);
    file.extend(body);
    file
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

fn deltas(values: &[i64]) -> Vec<u8> {
    let mut before = 0;
    let steps = values.iter().map(|&value| {
        let step = zigzag(value - before);
        before = value;
        step
    });
    packed(&steps.collect::<Vec<_>>())
}

fn packed(values: &[u64]) -> Vec<u8> {
    let mut into = Vec::new();
    values.iter().for_each(|&value| varint(&mut into, value));
    into
}

fn varint(into: &mut Vec<u8>, mut value: u64) {
    while value >= 128 {
        into.push(value as u8 | 128);
        value >>= 7;
    }
    into.push(value as u8);
}

fn number(into: &mut Vec<u8>, field: u64, value: u64) {
    varint(into, field << 3);
    varint(into, value);
}

fn bytes(into: &mut Vec<u8>, field: u64, content: &[u8]) {
    varint(into, field << 3 | 2);
    varint(into, content.len() as u64);
    into.extend(content);
}
