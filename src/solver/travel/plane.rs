//! Distances between points of the plane, computed when asked, for instances too large for a
//! matrix.

/// How a Euclidean distance becomes an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// To the nearest integer after multiplying by the scale.
    Nearest(u32),
    /// Down after multiplying by the scale.
    Down(u32),
    /// Up after multiplying by the scale.
    Up(u32),
}

impl Rounding {
    /// The integer for a distance.
    #[inline]
    pub fn apply(self, distance: f64) -> u32 {
        match self {
            Self::Nearest(scale) => (distance * f64::from(scale) + 0.5) as u32,
            Self::Down(scale) => (distance * f64::from(scale)) as u32,
            Self::Up(scale) => (distance * f64::from(scale)).ceil() as u32,
        }
    }
}

/// Points of the plane: one profile whose distances are its durations too.
#[derive(Debug, Clone)]
pub struct PlaneTravel {
    points: Vec<(f64, f64)>,
    rounding: Rounding,
}

impl PlaneTravel {
    /// Takes the places in order. Coordinates must be finite.
    pub fn new(points: Vec<(f64, f64)>, rounding: Rounding) -> Self {
        Self { points, rounding }
    }

    /// The places.
    pub fn points(&self) -> &[(f64, f64)] {
        &self.points
    }

    /// How distances are rounded.
    pub fn rounding(&self) -> Rounding {
        self.rounding
    }

    /// Distance between two places, and duration.
    #[inline]
    pub fn distance(&self, from: usize, to: usize) -> u32 {
        let (a, b) = (self.points[from], self.points[to]);
        let (dx, dy) = (a.0 - b.0, a.1 - b.1);
        self.rounding.apply((dx * dx + dy * dy).sqrt())
    }

    /// At least the longest distance there is.
    pub(super) fn longest(&self) -> i64 {
        let span = |coordinate: fn(&(f64, f64)) -> f64| {
            let all = self.points.iter().map(coordinate);
            let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
                (low.min(x), high.max(x))
            });
            (high - low).max(0.0)
        };
        let diagonal = span(|p| p.0).hypot(span(|p| p.1));
        i64::from(self.rounding.apply(diagonal)) + 1
    }
}
