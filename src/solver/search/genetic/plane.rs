//! Where nodes lie, as far as distances tell: a problem has no coordinates, but the directions in
//! which routes leave the depot decide which of them can exchange stops.

/// Angles of a full turn.
pub(super) const TURN: i32 = 1 << 16;

/// Positions around the depot, which is at the origin.
pub(super) struct Plane {
    points: Vec<(f64, f64)>,
    /// Direction of every node, 0 to [`TURN`].
    pub angles: Vec<i32>,
}

impl Plane {
    /// Finds positions by trilateration from the depot (node 0), the node farthest from it, and the
    /// node farthest from their line. Exact for distances in the plane, a sketch for others.
    pub fn new(nodes: usize, distance: impl Fn(usize, usize) -> f64) -> Self {
        let apart = |a: usize, b: usize| (distance(a, b) + distance(b, a)) / 2.0;
        let farthest = |key: &dyn Fn(usize) -> f64| {
            let by_key = |a: &usize, b: &usize| key(*a).total_cmp(&key(*b));
            (0..nodes).max_by(by_key).unwrap_or(0)
        };
        let east = farthest(&|node| apart(0, node));
        let base = apart(0, east).max(1e-9);
        let mut points: Vec<(f64, f64)> = (0..nodes)
            .map(|node| {
                let (near, far) = (apart(0, node), apart(east, node));
                let x = (near * near + base * base - far * far) / (2.0 * base);
                (x, (near * near - x * x).max(0.0).sqrt())
            })
            .collect();
        let north = farthest(&|node| points[node].1);
        let pole = points[north];
        for (node, point) in points.iter_mut().enumerate() {
            let misfit = |y: f64| {
                let away = (point.0 - pole.0).hypot(y - pole.1);
                (away - apart(north, node)).abs()
            };
            if misfit(-point.1) < misfit(point.1) {
                point.1 = -point.1;
            }
        }
        let angles = points.iter().map(|p| angle(p.0, p.1)).collect();
        Self { points, angles }
    }

    /// Direction of the middle of some nodes.
    pub fn direction(&self, nodes: &[u32]) -> i32 {
        let sum = nodes.iter().fold((0.0, 0.0), |sum, &node| {
            let point = self.points[node as usize];
            (sum.0 + point.0, sum.1 + point.1)
        });
        angle(sum.0, sum.1)
    }
}

fn angle(x: f64, y: f64) -> i32 {
    let turns = y.atan2(x) / std::f64::consts::TAU;
    (turns * f64::from(TURN)).floor() as i32 & (TURN - 1)
}

/// The directions that a route covers, counterclockwise from `from` to `to`
/// (Vidal 2022, section 3.3).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sector {
    from: i32,
    to: i32,
}

impl Sector {
    /// One direction.
    pub fn at(angle: i32) -> Self {
        Self {
            from: angle,
            to: angle,
        }
    }

    /// Counterclockwise turn from `a` to `b`.
    fn turn(a: i32, b: i32) -> i32 {
        (b - a) & (TURN - 1)
    }

    fn holds(self, angle: i32) -> bool {
        Self::turn(self.from, angle) <= Self::turn(self.from, self.to)
    }

    /// Grows on the nearer side until it holds a direction.
    pub fn extend(&mut self, angle: i32) {
        if !self.holds(angle) {
            if Self::turn(self.to, angle) <= Self::turn(angle, self.from) {
                self.to = angle;
            } else {
                self.from = angle;
            }
        }
    }

    /// Whether two sectors share a direction.
    pub fn overlaps(self, other: Self) -> bool {
        self.holds(other.from) || other.holds(self.from)
    }
}
