//! Points sorted into square cells, to find those around a point without looking at all.

/// Points in a cell on average.
const POINTS_PER_CELL: f64 = 8.0;

/// Cells of points.
pub(super) struct Grid {
    corner: (f64, f64),
    side: f64,
    columns: i64,
    rows: i64,
    /// First member of every cell, row by row; one more at the end.
    first: Vec<u32>,
    members: Vec<u32>,
}

impl Grid {
    /// Sorts points in; those are later named by index.
    pub fn new(points: &[(f64, f64)]) -> Self {
        let least =
            |of: fn(&(f64, f64)) -> f64| points.iter().map(of).fold(f64::INFINITY, f64::min);
        let most =
            |of: fn(&(f64, f64)) -> f64| points.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        let corner = (least(|p| p.0), least(|p| p.1));
        let (width, height) = (most(|p| p.0) - corner.0, most(|p| p.1) - corner.1);
        let cells = (points.len() as f64 / POINTS_PER_CELL).max(1.0);
        let side = (width.max(1e-9) * height.max(1e-9) / cells).sqrt();
        // Points on a line would make cells so flat that there are too many.
        let side = side.max(width.max(height) / (4.0 * cells)).max(1e-9);
        let mut grid = Self {
            corner,
            side,
            columns: (width.max(0.0) / side) as i64 + 1,
            rows: (height.max(0.0) / side) as i64 + 1,
            first: Vec::new(),
            members: (0..points.len() as u32).collect(),
        };
        let cell = |grid: &Self, point: u32| {
            let (column, row) = grid.cell(points[point as usize]);
            (row * grid.columns + column) as usize
        };
        let mut members = std::mem::take(&mut grid.members);
        members.sort_by_key(|&point| cell(&grid, point));
        let cells = (grid.columns * grid.rows) as usize;
        grid.first = vec![0; cells + 1];
        for &point in &members {
            let index = cell(&grid, point);
            grid.first[index + 1] += 1;
        }
        for index in 0..cells {
            grid.first[index + 1] += grid.first[index];
        }
        grid.members = members;
        grid
    }

    fn cell(&self, point: (f64, f64)) -> (i64, i64) {
        let column = ((point.0 - self.corner.0) / self.side) as i64;
        let row = ((point.1 - self.corner.1) / self.side) as i64;
        (
            column.clamp(0, self.columns - 1),
            row.clamp(0, self.rows - 1),
        )
    }

    /// At least so many points around one, itself included, and all that are nearer than the
    /// farthest cell looked into; fewer if there are no more.
    pub fn around(&self, point: (f64, f64), least: usize) -> Vec<u32> {
        let (column, row) = self.cell(point);
        let mut found = Vec::with_capacity(2 * least);
        let mut enough = false;
        for ring in 0..self.columns.max(self.rows) {
            self.take_ring(column, row, ring, &mut found);
            // The corners of a square are farther away than the middle of the next ring's sides.
            if enough {
                break;
            }
            enough = found.len() >= least;
        }
        found
    }

    fn take_ring(&self, column: i64, row: i64, ring: i64, found: &mut Vec<u32>) {
        for y in row - ring..=row + ring {
            if !(0..self.rows).contains(&y) {
                continue;
            }
            let whole_row = (y - row).abs() == ring;
            let step = if whole_row || ring == 0 { 1 } else { 2 * ring };
            let mut x = column - ring;
            while x <= column + ring {
                if (0..self.columns).contains(&x) {
                    let cell = (y * self.columns + x) as usize;
                    let span = self.first[cell] as usize..self.first[cell + 1] as usize;
                    found.extend_from_slice(&self.members[span]);
                }
                x += step;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::random;
    use rand::Rng;

    #[test]
    fn finds_each_point_once_and_the_nearest_among_them() {
        let mut random = random::generator(1, "grid tests");
        for points in [1, 5, 300, 3_000] {
            let points: Vec<(f64, f64)> = (0..points)
                .map(|_| {
                    (
                        random.random_range(0.0..50.0),
                        random.random_range(-9.0..900.0_f64),
                    )
                })
                .collect();
            let grid = Grid::new(&points);
            let centre = points[0];
            let far = |&p: &u32| {
                let (x, y) = points[p as usize];
                (x - centre.0).hypot(y - centre.1)
            };
            let found = grid.around(centre, 20);
            let mut once = found.clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!(once.len(), found.len());
            let mut all: Vec<u32> = (0..points.len() as u32).collect();
            all.sort_by(|a, b| far(a).total_cmp(&far(b)));
            for near in all.iter().take(10) {
                assert!(found.contains(near), "{near} of {}", points.len());
            }
        }
    }
}
