//! The shortest duration of every leg at any time of the day, close together in memory: bounds that
//! spare most looks at travel times by departure.

use super::onward::Legs;
use crate::solver::problem::Problem;

/// Places up to which a table of all legs is kept.
const MOST_PLACES: usize = 5_000;

/// Shortest durations by profile, `[from][to]`, in seconds.
pub(super) struct Least {
    places: usize,
    profiles: Vec<Box<[u32]>>,
}

impl Least {
    /// `None` where legs take the same time all day, or are too many.
    pub fn new(problem: &Problem) -> Option<Self> {
        let travel = problem.travel();
        let places = travel.places();
        if travel.is_static() || places > MOST_PLACES {
            return None;
        }
        let of_profile = |profile| {
            let cells = (0..places * places).map(|cell| {
                let least_s = travel.least_duration_s(profile, cell / places, cell % places);
                // A bound may be lower, never higher.
                u32::try_from(least_s.max(0)).unwrap_or(u32::MAX)
            });
            cells.collect()
        };
        Some(Self {
            places,
            profiles: (0..travel.profiles()).map(of_profile).collect(),
        })
    }

    /// The legs of a profile.
    pub fn legs(&self, profile: usize) -> LeastLegs<'_> {
        LeastLegs {
            places: self.places,
            cells: &self.profiles[profile],
        }
    }
}

/// The shortest durations of one profile.
#[derive(Clone, Copy)]
pub(super) struct LeastLegs<'a> {
    places: usize,
    cells: &'a [u32],
}

impl Legs for LeastLegs<'_> {
    #[inline]
    fn leg_s(&self, from: usize, to: usize, _: i64) -> i64 {
        i64::from(self.cells[from * self.places + to])
    }
}
