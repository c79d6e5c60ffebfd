//! How far off several rows are together.

use super::tail::{Binned, Prior, Tail};

/// Shortest window in rows, and how much longer each next one is.
const SHORTEST: f64 = 2.0;
const RATIO: f64 = 2.5;
/// Longest: half a season, and this many rows at least.
const LONGEST_ROWS: usize = 14;

/// Sums over the last rows, for several lengths.
#[derive(Debug, Clone)]
pub(super) struct Windows {
    windows: Vec<Window>,
    /// Distance and variance of the last rows, by row modulo their number.
    last: Vec<(f64, f64)>,
    rows: usize,
}

#[derive(Debug, Clone)]
struct Window {
    rows: usize,
    sum: f64,
    variance: f64,
    /// Sum in its standard deviations, and that without its sign; `None` until there are enough
    /// rows.
    off: Option<(f64, Binned)>,
    up: Tail,
    down: Tail,
}

impl Windows {
    pub(super) fn new(season: f64, tail: &Tail) -> Self {
        let longest = ((0.5 * season) as usize).max(LONGEST_ROWS);
        let growing = std::iter::successors(Some(SHORTEST), |rows| Some(rows * RATIO));
        let shorter = growing.map(|rows| rows as usize);
        let lengths = shorter.take_while(|rows| *rows < longest);
        let window = |rows| Window {
            rows,
            sum: 0.0,
            variance: 0.0,
            off: None,
            up: tail.clone(),
            down: tail.clone(),
        };
        Self {
            windows: lengths.chain([longest]).map(window).collect(),
            last: vec![(0.0, 0.0); longest + 1],
            rows: 0,
        }
    }

    /// Takes in a row.
    pub(super) fn add(&mut self, off: f64, variance: f64) {
        let count = self.last.len();
        self.last[self.rows % count] = (off, variance);
        for window in &mut self.windows {
            window.sum += off;
            window.variance += variance;
            if self.rows >= window.rows {
                let (off, variance) = self.last[(self.rows - window.rows) % count];
                window.sum -= off;
                window.variance -= variance;
            }
            let full = self.rows + 1 >= window.rows;
            window.off = full.then(|| {
                let off = window.sum / window.variance.max(1e-12).sqrt();
                (off, Binned::of(off.abs()))
            });
        }
        self.rows += 1;
    }

    /// Rows, sum in standard deviations and surprise of every window that is full.
    pub(super) fn surprises(
        &self,
        up: Prior,
        down: Prior,
    ) -> impl Iterator<Item = (usize, f64, f64)> {
        self.windows.iter().filter_map(move |window| {
            let (off, size) = window.off?;
            let surprise = match off >= 0.0 {
                true => window.up.surprise(size, up),
                false => window.down.surprise(size, down),
            };
            Some((window.rows, off, surprise))
        })
    }

    /// Lets the tails learn the last row.
    pub(super) fn learn(&mut self, trust: f64) {
        for window in &mut self.windows {
            if let Some((off, size)) = window.off {
                let (up, down) = Binned::by_sign(off, size);
                window.up.learn(up, trust);
                window.down.learn(down, trust);
            }
        }
    }
}
