//! The road network of a fictional mid-size city: local streets, arterials, a ring road, and a
//! river with few bridges.

use crate::domain::LatLon;
use crate::runtime::random::generator;
use rand::Rng;

/// Where the city lies; fictional, in the time zone Europe/Berlin.
pub const CENTRE: LatLon = LatLon {
    lat: 52.18,
    lon: 9.62,
};
/// Junctions along one side of the network.
const SIDE: usize = 53;
/// Index of the middle row and column.
const MIDDLE: i32 = (SIDE / 2) as i32;
/// Distance between junctions before the network is bent, in metres.
const SPACING_M: f64 = 300.0;
/// Metres per degree of latitude.
const M_PER_DEGREE: f64 = 111_195.0;
/// Rows and columns (from the middle) that are arterial roads.
const ARTERIALS: [i32; 5] = [-20, -7, 0, 7, 20];
/// Row and column (from the middle) of the ring road.
const RING: i32 = 13;
/// Columns (from the middle) with a bridge.
const BRIDGES: [i32; 5] = [-20, -13, 0, 7, 13];
/// Share of local streets that are missing.
const MISSING_STREETS: f64 = 0.07;
/// Incident zones along one side of the city.
pub const ZONES_PER_SIDE: usize = 4;
/// Incident zones in all.
pub const ZONES: usize = ZONES_PER_SIDE * ZONES_PER_SIDE;
/// Kinds of traffic: road class times direction.
pub const KINDS: usize = 12;

/// Class of a road.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoadClass {
    /// Local street.
    Street,
    /// Main road with traffic lights.
    Arterial,
    /// Ring road.
    Ring,
    /// Bridge over the river.
    Bridge,
}

impl RoadClass {
    /// Speed on an empty road in km/h, lights and turns included.
    pub fn free_speed_kmh(self) -> f64 {
        match self {
            Self::Street => 26.0,
            Self::Arterial => 45.0,
            Self::Ring => 64.0,
            Self::Bridge => 40.0,
        }
    }

    /// Name as on the map.
    pub fn name(self) -> &'static str {
        match self {
            Self::Street => "street",
            Self::Arterial => "arterial",
            Self::Ring => "ring",
            Self::Bridge => "bridge",
        }
    }
}

/// Direction of a road with regard to the centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Towards the centre.
    Inbound,
    /// Away from the centre.
    Outbound,
    /// Around it.
    Across,
}

/// One direction of a road between two junctions.
#[derive(Debug, Clone, Copy)]
pub struct Road {
    /// Junction where it starts.
    pub from: u32,
    /// Junction where it ends.
    pub to: u32,
    /// Its class.
    pub class: RoadClass,
    /// Its direction.
    pub direction: Direction,
    /// Zone in which incidents hit it.
    pub zone: u8,
    /// Length in metres.
    pub length_m: f32,
    /// Time on an empty road in seconds.
    pub free_s: f32,
    /// How strongly rush hours hit it; 1 on average, more in the centre.
    pub centrality: f32,
}

impl Road {
    /// Index of its kind of traffic, class and direction, below [`KINDS`].
    pub fn kind(&self) -> usize {
        self.class as usize * 3 + self.direction as usize
    }

    /// Whether it is a main road, hit by incidents at full strength.
    pub fn is_major(&self) -> bool {
        self.class != RoadClass::Street
    }
}

/// The network.
#[derive(Debug)]
pub struct City {
    nodes: Vec<LatLon>,
    roads: Vec<Road>,
    /// Roads leaving junction `n` are `roads[first[n]..first[n + 1]]`.
    first: Vec<u32>,
    reachable: Vec<bool>,
}

impl City {
    /// Builds the network of a seed.
    pub fn new(seed: u64) -> Self {
        let mut random = generator(seed, "city");
        let nodes: Vec<LatLon> = (0..SIDE * SIDE)
            .map(|n| {
                let jitter = [0, 1].map(|_| random.random_range(-45.0..45.0));
                bent(column(n), row(n), jitter)
            })
            .collect();
        let mut roads = Vec::with_capacity(SIDE * SIDE * 4);
        for n in 0..SIDE * SIDE {
            let (i, j) = (column(n), row(n));
            let eastward = (i < MIDDLE).then_some((n + 1, class_along(j, i, i + 1)));
            let northward = (j < MIDDLE).then_some((n + SIDE, class_along(i, j, j + 1)));
            for (other, class) in [eastward, northward].into_iter().flatten() {
                let missing = random.random_bool(MISSING_STREETS);
                let Some(class) = across_river(n, other, class) else {
                    continue;
                };
                if class == RoadClass::Street && missing {
                    continue;
                }
                roads.push(road(&nodes, n, other, class));
                roads.push(road(&nodes, other, n, class));
            }
        }
        roads.sort_by_key(|r| (r.from, r.to));
        let mut first = vec![0_u32; nodes.len() + 1];
        for road in &roads {
            first[road.from as usize + 1] += 1;
        }
        for n in 0..nodes.len() {
            first[n + 1] += first[n];
        }
        let mut city = Self {
            reachable: vec![false; nodes.len()],
            nodes,
            roads,
            first,
        };
        city.mark_reachable();
        city
    }

    /// Junctions.
    pub fn nodes(&self) -> &[LatLon] {
        &self.nodes
    }

    /// Roads, one entry per direction.
    pub fn roads(&self) -> &[Road] {
        &self.roads
    }

    /// Indices of the roads that leave a junction.
    pub fn leaving(&self, node: u32) -> std::ops::Range<usize> {
        self.first[node as usize] as usize..self.first[node as usize + 1] as usize
    }

    /// Whether a junction is connected with the centre.
    pub fn is_reachable(&self, node: u32) -> bool {
        self.reachable[node as usize]
    }

    /// The connected junction nearest to a place, and its distance in metres.
    pub fn nearest(&self, place: LatLon) -> (u32, f64) {
        let narrowing = place.lat.to_radians().cos();
        let square = |node: LatLon| {
            let (dy, dx) = (node.lat - place.lat, (node.lon - place.lon) * narrowing);
            dx * dx + dy * dy
        };
        let best = (0..self.nodes.len())
            .filter(|&n| self.reachable[n])
            .min_by(|&a, &b| square(self.nodes[a]).total_cmp(&square(self.nodes[b])))
            .unwrap_or(0);
        (best as u32, place.great_circle_m(self.nodes[best]))
    }

    /// Course of the river, west to east.
    pub fn river(&self) -> Vec<LatLon> {
        (-MIDDLE..=MIDDLE)
            .map(|i| bent_at(f64::from(i), f64::from(river_row(i)) + 0.5))
            .collect()
    }

    fn mark_reachable(&mut self) {
        let centre = (SIDE * SIDE / 2) as u32;
        let mut open = vec![centre];
        self.reachable[centre as usize] = true;
        while let Some(node) = open.pop() {
            for road in self.leaving(node) {
                let to = self.roads[road].to;
                if !std::mem::replace(&mut self.reachable[to as usize], true) {
                    open.push(to);
                }
            }
        }
    }
}

/// Column of a junction, counted from the middle.
fn column(node: usize) -> i32 {
    (node % SIDE) as i32 - MIDDLE
}

/// Row of a junction, counted from the middle.
fn row(node: usize) -> i32 {
    (node / SIDE) as i32 - MIDDLE
}

/// Row south of the river in a column.
fn river_row(column: i32) -> i32 {
    3 + (4.0 * (f64::from(column) / 9.0).sin()).round() as i32
}

/// Class of the road along `line` (row or column) from `a` to `b` on it.
fn class_along(line: i32, a: i32, b: i32) -> RoadClass {
    if line.abs() == RING && a.abs() <= RING && b.abs() <= RING {
        RoadClass::Ring
    } else if ARTERIALS.contains(&line) {
        RoadClass::Arterial
    } else {
        RoadClass::Street
    }
}

/// The class of a road that may cross the river; `None` if there is no bridge.
fn across_river(from: usize, to: usize, class: RoadClass) -> Option<RoadClass> {
    let north = |n: usize| row(n) > river_row(column(n));
    if north(from) == north(to) {
        return Some(class);
    }
    let same_column = column(from) == column(to);
    (same_column && BRIDGES.contains(&column(from))).then_some(RoadClass::Bridge)
}

fn bent(column: i32, row: i32, jitter_m: [f64; 2]) -> LatLon {
    let step = |m: f64| m / SPACING_M;
    bent_at(
        f64::from(column) + step(jitter_m[0]),
        f64::from(row) + step(jitter_m[1]),
    )
}

/// Place of a point of the grid. The square is bent towards a disc (elliptical grid mapping), so
/// that the ring road is round and the arterials curve.
fn bent_at(column: f64, row: f64) -> LatLon {
    let half = f64::from(MIDDLE);
    let (u, v) = (0.85 * column / half, 0.85 * row / half);
    let (x, y) = (
        column * (1.0 - v * v / 2.0).sqrt(),
        row * (1.0 - u * u / 2.0).sqrt(),
    );
    LatLon {
        lat: CENTRE.lat + y * SPACING_M / M_PER_DEGREE,
        lon: CENTRE.lon + x * SPACING_M / (M_PER_DEGREE * CENTRE.lat.to_radians().cos()),
    }
}

fn road(nodes: &[LatLon], from: usize, to: usize, class: RoadClass) -> Road {
    let length_m = nodes[from].great_circle_m(nodes[to]);
    let radius = |n: usize| CENTRE.great_circle_m(nodes[n]);
    let nearer_m = radius(from) - radius(to);
    let direction = if nearer_m > 0.5 * length_m {
        Direction::Inbound
    } else if nearer_m < -0.5 * length_m {
        Direction::Outbound
    } else {
        Direction::Across
    };
    let block = |offset: i32| (offset + MIDDLE) as usize * ZONES_PER_SIDE / SIDE;
    // The direction back is hit in the same zone: both are named by the western or southern end.
    let end = from.min(to);
    Road {
        from: from as u32,
        to: to as u32,
        class,
        direction,
        zone: (block(row(end)) * ZONES_PER_SIDE + block(column(end))) as u8,
        length_m: length_m as f32,
        free_s: (length_m / class.free_speed_kmh() * 3.6) as f32,
        centrality: (1.35 - radius(from).min(8_000.0) / 8_000.0 * 0.7) as f32,
    }
}
