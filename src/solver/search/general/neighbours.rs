//! Which stops are near each other, in travel and in time.

use super::least::{Least, LeastLegs};
use super::onward::Legs;
use crate::solver::problem::Problem;

/// Weight of unavoidable waiting against driving when neighbours are ranked
/// (Vidal, Crainic, Gendreau & Prins 2013).
const WAITING_WEIGHT: f64 = 0.2;

/// Ranks neighbours. Uses the profile and the rates of the first vehicle type.
pub(super) struct Ranking<'a> {
    problem: &'a Problem,
    profile: usize,
    least: Option<LeastLegs<'a>>,
    per_distance: f64,
    per_second: f64,
    /// Cost of a second of waiting or lateness, in terms of travel.
    time_rate: f64,
}

impl<'a> Ranking<'a> {
    pub fn new(problem: &'a Problem, least: Option<&'a Least>) -> Self {
        let vehicle = &problem.vehicle_types()[0];
        let mut ranking = Self {
            problem,
            profile: vehicle.profile,
            least: least.map(|least| least.legs(vehicle.profile)),
            per_distance: vehicle.cost_per_distance as f64,
            per_second: (vehicle.cost_per_second + vehicle.cost_per_driving_second) as f64,
            time_rate: 0.0,
        };
        if ranking.per_distance == 0.0 && ranking.per_second == 0.0 {
            ranking.per_distance = 1.0;
        }
        let (mut cost, mut seconds) = (0.0, 0.0);
        for stop in problem.stops().iter().take(100) {
            let place = stop.place;
            cost += ranking.leg(vehicle.start.unwrap_or_default(), place);
            seconds += ranking.leg_s(vehicle.start.unwrap_or_default(), place);
        }
        ranking.time_rate = if seconds > 0.0 { cost / seconds } else { 1.0 };
        ranking
    }

    fn leg_s(&self, from: usize, to: usize) -> f64 {
        let travel = self.problem.travel();
        let least_s = match &self.least {
            Some(legs) => legs.leg_s(from, to, 0),
            None => travel.least_duration_s(self.profile, from, to),
        };
        least_s as f64
    }

    fn leg(&self, from: usize, to: usize) -> f64 {
        let distance = self.problem.travel().distance(self.profile, from, to) as f64;
        let time = if self.per_second > 0.0 {
            self.per_second * self.leg_s(from, to)
        } else {
            0.0
        };
        self.per_distance * distance + time
    }

    /// Cost of travelling between two stops in the cheaper direction.
    pub fn travel(&self, a: usize, b: usize) -> f64 {
        let (a, b) = (&self.problem.stops()[a], &self.problem.stops()[b]);
        self.leg(a.place, b.place).min(self.leg(b.place, a.place))
    }

    /// Travel plus the waiting and lateness that the windows make unavoidable, in the better
    /// direction.
    pub fn with_windows(&self, a: usize, b: usize) -> f64 {
        self.directed(a, b).min(self.directed(b, a))
    }

    fn directed(&self, from: usize, to: usize) -> f64 {
        let (from, to) = (&self.problem.stops()[from], &self.problem.stops()[to]);
        let travel = self.leg(from.place, to.place);
        let (Some(opens), Some(closes)) = (from.windows.first(), from.windows.last()) else {
            return travel;
        };
        let (Some(next_opens), Some(next_closes)) = (to.windows.first(), to.windows.last()) else {
            return travel;
        };
        let ride_s = from.service_s as f64 + self.leg_s(from.place, to.place);
        let waiting_s = next_opens.open_s as f64 - ride_s - closes.close_s as f64;
        let late_s = opens.open_s as f64 + ride_s - next_closes.close_s as f64;
        let time_s = WAITING_WEIGHT * waiting_s.max(0.0) + late_s.max(0.0);
        travel + self.time_rate * time_s
    }

    /// The `most` nearest others of every stop, and how many that are: none if the search is over
    /// before they are found.
    pub fn lists(
        &self,
        most: usize,
        is_over: &dyn Fn() -> bool,
        rank: impl Fn(usize, usize) -> f64,
    ) -> (Vec<u32>, usize) {
        let stops = self.problem.stops().len();
        let kept = most.min(stops.saturating_sub(1));
        let mut lists = Vec::with_capacity(stops * kept);
        let mut row: Vec<(f64, u32)> = Vec::with_capacity(stops);
        for stop in 0..stops {
            if is_over() {
                return (Vec::new(), 0);
            }
            row.clear();
            let others = (0..stops).filter(|&other| other != stop);
            row.extend(others.map(|other| (rank(stop, other), other as u32)));
            let by_rank = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
            if kept > 0 && kept < row.len() {
                row.select_nth_unstable_by(kept - 1, by_rank);
                row.truncate(kept);
            }
            row.sort_unstable_by(by_rank);
            lists.extend(row.iter().map(|(_, other)| *other));
        }
        (lists, kept)
    }
}
