//! Distances and durations between sites: a dense matrix, or points of the plane.
//!
//! Sites are the stops, by index, then the places where routes start and end.

use super::grid::Grid;
use crate::solver::travel::Rounding;

/// A leg that no route drives; sums of a few of them still fit.
pub(super) const FORBIDDEN: i32 = 1 << 28;

/// Distances and durations between sites.
pub(super) trait Metric: Sync {
    fn distance(&self, from: u32, to: u32) -> i32;
    fn duration(&self, from: u32, to: u32) -> i32;

    /// Distance to `here`, for callers that ask for many `from` at one `here`: read from one row.
    fn distance_into(&self, here: u32, from: u32) -> i32;
    /// Duration to `here`, likewise.
    fn duration_into(&self, here: u32, from: u32) -> i32;

    /// Sites among which the nearest ones of a stop are, at least so many if there are; `None` for
    /// all.
    fn around(&self, _stop: u32, _least: usize) -> Option<Vec<u32>> {
        None
    }
}

/// Rows of 32-bit cells.
pub(super) struct Dense {
    sites: usize,
    distances: Cells,
    /// `None` where durations are the distances.
    durations: Option<Cells>,
}

/// A matrix, and its transpose where that differs.
struct Cells {
    rows: Vec<i32>,
    columns: Vec<i32>,
}

impl Cells {
    fn new(sites: usize, rows: Vec<i32>) -> Self {
        let at = |from: usize, to: usize| rows[from * sites + to];
        let symmetric = (0..sites).all(|a| (0..a).all(|b| at(a, b) == at(b, a)));
        let columns = match symmetric {
            true => Vec::new(),
            false => (0..sites * sites)
                .map(|cell| at(cell % sites, cell / sites))
                .collect(),
        };
        Self { rows, columns }
    }

    #[inline(always)]
    fn columns(&self) -> &[i32] {
        match self.columns.is_empty() {
            true => &self.rows,
            false => &self.columns,
        }
    }
}

impl Dense {
    /// Takes `[from][to]`; durations are the distances if `None`.
    pub fn new(sites: usize, distances: Vec<i32>, durations: Option<Vec<i32>>) -> Self {
        Self {
            sites,
            distances: Cells::new(sites, distances),
            durations: durations.map(|d| Cells::new(sites, d)),
        }
    }

    #[inline(always)]
    fn durations(&self) -> &Cells {
        self.durations.as_ref().unwrap_or(&self.distances)
    }
}

impl Metric for Dense {
    #[inline(always)]
    fn distance(&self, from: u32, to: u32) -> i32 {
        self.distances.rows[from as usize * self.sites + to as usize]
    }

    #[inline(always)]
    fn duration(&self, from: u32, to: u32) -> i32 {
        self.durations().rows[from as usize * self.sites + to as usize]
    }

    #[inline(always)]
    fn distance_into(&self, here: u32, from: u32) -> i32 {
        self.distances.columns()[here as usize * self.sites + from as usize]
    }

    #[inline(always)]
    fn duration_into(&self, here: u32, from: u32) -> i32 {
        self.durations().columns()[here as usize * self.sites + from as usize]
    }
}

/// Points, close together in memory.
pub(super) struct Points {
    points: Vec<(f64, f64)>,
    rounding: Rounding,
    grid: Grid,
}

impl Points {
    pub fn new(points: Vec<(f64, f64)>, rounding: Rounding) -> Self {
        Self {
            grid: Grid::new(&points),
            points,
            rounding,
        }
    }
}

impl Metric for Points {
    #[inline(always)]
    fn distance(&self, from: u32, to: u32) -> i32 {
        let (a, b) = (self.points[from as usize], self.points[to as usize]);
        let (dx, dy) = (a.0 - b.0, a.1 - b.1);
        self.rounding.apply((dx * dx + dy * dy).sqrt()) as i32
    }

    #[inline(always)]
    fn duration(&self, from: u32, to: u32) -> i32 {
        self.distance(from, to)
    }

    #[inline(always)]
    fn distance_into(&self, here: u32, from: u32) -> i32 {
        self.distance(from, here)
    }

    #[inline(always)]
    fn duration_into(&self, here: u32, from: u32) -> i32 {
        self.distance(from, here)
    }

    fn around(&self, stop: u32, least: usize) -> Option<Vec<u32>> {
        Some(self.grid.around(self.points[stop as usize], least))
    }
}
