//! Distances and durations between sites, side by side.
//!
//! Sites are the stops, by index, then the places where routes start and end.

/// A drive between two sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Leg {
    pub distance: i32,
    pub duration: i32,
}

/// Legs between all sites.
pub(super) struct Legs {
    sites: usize,
    /// `[from][to]`.
    rows: Vec<Leg>,
    /// `[to][from]`; empty where that is the same.
    columns: Vec<Leg>,
}

impl Legs {
    /// Takes the leg from one site to another.
    pub fn new(sites: usize, leg: impl Fn(usize, usize) -> Leg) -> Self {
        let cells = || (0..sites).flat_map(|a| (0..sites).map(move |b| (a, b)));
        let rows: Vec<Leg> = cells().map(|(from, to)| leg(from, to)).collect();
        let symmetric = cells().all(|(a, b)| rows[a * sites + b] == rows[b * sites + a]);
        let columns = match symmetric {
            true => Vec::new(),
            false => cells().map(|(to, from)| rows[from * sites + to]).collect(),
        };
        Self {
            sites,
            rows,
            columns,
        }
    }

    /// Legs from a site to every other.
    #[inline(always)]
    pub fn leaving(&self, site: u32) -> &[Leg] {
        &self.rows[site as usize * self.sites..][..self.sites]
    }

    /// Legs to a site from every other.
    #[inline(always)]
    pub fn reaching(&self, site: u32) -> &[Leg] {
        let cells = match self.columns.is_empty() {
            true => &self.rows,
            false => &self.columns,
        };
        &cells[site as usize * self.sites..][..self.sites]
    }

    /// The leg between two sites.
    #[inline(always)]
    pub fn between(&self, from: u32, to: u32) -> Leg {
        self.rows[from as usize * self.sites + to as usize]
    }
}
