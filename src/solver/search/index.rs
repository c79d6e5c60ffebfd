//! What a search looks up and never changes.

use crate::solver::problem::{Problem, TimeWindow, UNBOUNDED_S};
use crate::solver::schedule::{RouteClock, Segment};

/// Neighbours of a stop whose positions recreation tries.
const CANDIDATES: usize = 40;

/// Neighbours of a stop along which ruin looks for routes.
const ADJACENT: usize = 200;

/// Weight of unavoidable waiting against driving when neighbours are ranked
/// (Vidal, Crainic, Gendreau & Prins 2013).
const WAITING_WEIGHT: f64 = 0.2;

/// Precomputed tables of a problem.
pub(in crate::solver) struct Index<'a> {
    pub problem: &'a Problem,
    /// Place of every stop, close together in memory.
    places: Vec<u32>,
    /// Whether all legs are the same in both directions, so that one row of the table serves both.
    symmetric: bool,
    /// Whether any time matters: windows, shifts, durations.
    pub timed: bool,
    /// Whether no stop has more than one window.
    pub single_windows: bool,
    /// By vehicle type, whether the duration of a route costs or is limited.
    pub duration_counts: Vec<bool>,
    /// `[stop][k]`: neighbours by travel and time windows, nearest first.
    candidates: Vec<u32>,
    candidates_per_stop: usize,
    /// `[stop][k]`: neighbours by travel alone, nearest first.
    adjacent: Vec<u32>,
    adjacent_per_stop: usize,
    /// `[vehicle type][stop]`: cost of a route of this stop alone, if it can be driven.
    solo: Vec<Option<i64>>,
    /// Cost of leaving a stop out; for mandatory stops more than any detour.
    pub absence: Vec<i64>,
    /// Travel cost to the nearest vehicle.
    pub remoteness: Vec<i64>,
}

impl<'a> Index<'a> {
    pub fn new(problem: &'a Problem) -> Self {
        let vehicles = problem.vehicle_types();
        let duration_counts: Vec<bool> = vehicles
            .iter()
            .map(|v| v.cost_per_second > 0 || v.max_duration_s.is_some())
            .collect();
        let timed = duration_counts.contains(&true)
            || vehicles.iter().any(|v| v.latest_end_s < UNBOUNDED_S)
            || problem.stops().iter().any(|s| !s.windows.is_empty());
        let solo = solo_costs(problem);
        let ranking = Ranking::new(problem);
        let (candidates, candidates_per_stop) =
            ranking.lists(CANDIDATES, |from, to| ranking.with_windows(from, to));
        let (adjacent, adjacent_per_stop) =
            ranking.lists(ADJACENT, |from, to| ranking.travel(from, to));
        Self {
            problem,
            places: problem.stops().iter().map(|s| s.place as u32).collect(),
            symmetric: is_symmetric(problem),
            timed,
            single_windows: problem.stops().iter().all(|s| s.windows.len() <= 1),
            duration_counts,
            candidates,
            candidates_per_stop,
            adjacent,
            adjacent_per_stop,
            absence: absence_costs(problem, &solo),
            remoteness: remoteness(problem),
            solo,
        }
    }

    pub fn stops(&self) -> usize {
        self.problem.stops().len()
    }

    /// Place of a stop.
    #[inline]
    pub fn place(&self, stop: u32) -> usize {
        self.places[stop as usize] as usize
    }

    /// Distance from `from` to `here`; read from the row of `here` where that is the same, because
    /// a search asks for many `from` at one `here`.
    #[inline]
    pub fn distance_into(&self, profile: usize, from: usize, here: usize) -> i64 {
        let (row, column) = if self.symmetric {
            (here, from)
        } else {
            (from, here)
        };
        self.problem.travel().distance(profile, row, column)
    }

    /// Duration from `from` to `here`, likewise.
    #[inline]
    pub fn duration_into_s(&self, profile: usize, from: usize, here: usize, depart_s: i64) -> i64 {
        let (row, column) = if self.symmetric {
            (here, from)
        } else {
            (from, here)
        };
        self.problem
            .travel()
            .duration_s(profile, row, column, depart_s)
    }

    /// Neighbours whose positions are tried for `stop`.
    pub fn candidates(&self, stop: u32) -> &[u32] {
        let first = stop as usize * self.candidates_per_stop;
        &self.candidates[first..first + self.candidates_per_stop]
    }

    /// Neighbours by travel, nearest first.
    pub fn adjacent(&self, stop: u32) -> &[u32] {
        let first = stop as usize * self.adjacent_per_stop;
        &self.adjacent[first..first + self.adjacent_per_stop]
    }

    /// Cost of a route of `stop` alone, if a vehicle of the type can drive it.
    pub fn solo(&self, vehicle_type: usize, stop: u32) -> Option<i64> {
        self.solo[vehicle_type * self.stops() + stop as usize]
    }

    /// Timing of routes of a vehicle type.
    pub fn clock(&self, vehicle_type: usize) -> RouteClock<'a> {
        RouteClock::new(self.problem, &self.problem.vehicle_types()[vehicle_type])
    }

    /// Whether a vehicle type has the skills that a stop needs.
    pub fn skilled(&self, vehicle_type: usize, stop: u32) -> bool {
        let required = self.problem.stops()[stop as usize].required_skills;
        required & !self.problem.vehicle_types()[vehicle_type].skills == 0
    }

    /// The visit of a stop that starts service at `start_s`, with the window that holds it.
    pub fn visit(&self, stop: u32, start_s: i64) -> Segment {
        let stop = &self.problem.stops()[stop as usize];
        let any_time = TimeWindow {
            open_s: -UNBOUNDED_S,
            close_s: UNBOUNDED_S,
        };
        let window = stop.windows.iter().find(|w| start_s <= w.close_s);
        Segment::visit(stop.service_s, window.copied().unwrap_or(any_time))
    }
}

/// Whether static durations and distances are the same in both directions. Those of a tensor are
/// taken as not.
fn is_symmetric(problem: &Problem) -> bool {
    let travel = problem.travel();
    let same = |profile, a, b| {
        travel.distance(profile, a, b) == travel.distance(profile, b, a)
            && travel.duration_s(profile, a, b, 0) == travel.duration_s(profile, b, a, 0)
    };
    travel.is_static()
        && (0..travel.profiles())
            .all(|profile| (0..travel.places()).all(|a| (0..a).all(|b| same(profile, a, b))))
}

/// Cost of every stop on a route of its own, by vehicle type; `None` where a rule forbids it.
fn solo_costs(problem: &Problem) -> Vec<Option<i64>> {
    let mut costs = Vec::new();
    for vehicle in problem.vehicle_types() {
        let clock = RouteClock::new(problem, vehicle);
        for (index, stop) in problem.stops().iter().enumerate() {
            let travel = |from, to| problem.travel().distance(vehicle.profile, from, to);
            let back = vehicle.end.map_or(0, |end| travel(stop.place, end));
            let distance = travel(vehicle.start.unwrap_or_default(), stop.place) + back;
            let allowed = stop.required_skills & !vehicle.skills == 0
                && stop
                    .demand
                    .iter()
                    .zip(&vehicle.capacity)
                    .all(|(d, c)| d <= c)
                && vehicle.max_distance.is_none_or(|most| distance <= most)
                && vehicle.max_stops != Some(0)
                && vehicle.count > 0;
            let span = allowed
                .then(|| clock.decide(&[index as u32], false))
                .flatten();
            let span = span.filter(|s| vehicle.max_duration_s.is_none_or(|m| s.duration_s() <= m));
            costs.push(span.map(|span| {
                vehicle.fixed_cost
                    + distance * vehicle.cost_per_distance
                    + span.duration_s() * vehicle.cost_per_second
            }));
        }
    }
    costs
}

/// What leaving a stop out costs the search: its penalty, or more than any single insertion.
fn absence_costs(problem: &Problem, solo: &[Option<i64>]) -> Vec<i64> {
    let dearest = solo.iter().flatten().max().copied().unwrap_or(0);
    let penalties = problem.stops().iter().filter_map(|s| s.penalty).max();
    let mandatory = (dearest.max(penalties.unwrap_or(0)) + 1).saturating_mul(20);
    let least_total = i64::MAX / 4 / (problem.stops().len() as i64 + 1);
    let absence = |stop: &crate::solver::Stop| stop.penalty.unwrap_or(mandatory.min(least_total));
    problem.stops().iter().map(absence).collect()
}

fn remoteness(problem: &Problem) -> Vec<i64> {
    let from_nearest = |stop: &crate::solver::Stop| {
        let vehicles = problem.vehicle_types().iter();
        vehicles
            .map(|v| {
                problem
                    .travel()
                    .distance(v.profile, v.start.unwrap_or_default(), stop.place)
            })
            .min()
            .unwrap_or(0)
    };
    problem.stops().iter().map(from_nearest).collect()
}

/// Ranks neighbours. Uses the profile and the rates of the first vehicle type.
struct Ranking<'a> {
    problem: &'a Problem,
    profile: usize,
    per_distance: f64,
    per_second: f64,
    /// Cost of a second of waiting or lateness, in terms of travel.
    time_rate: f64,
}

impl<'a> Ranking<'a> {
    fn new(problem: &'a Problem) -> Self {
        let vehicle = &problem.vehicle_types()[0];
        let mut ranking = Self {
            problem,
            profile: vehicle.profile,
            per_distance: vehicle.cost_per_distance as f64,
            per_second: vehicle.cost_per_second as f64,
            time_rate: 0.0,
        };
        if vehicle.cost_per_distance == 0 && vehicle.cost_per_second == 0 {
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
        self.problem
            .travel()
            .least_duration_s(self.profile, from, to) as f64
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
    fn travel(&self, a: usize, b: usize) -> f64 {
        let (a, b) = (&self.problem.stops()[a], &self.problem.stops()[b]);
        self.leg(a.place, b.place).min(self.leg(b.place, a.place))
    }

    /// Travel plus the waiting and lateness that the windows make unavoidable, in the better
    /// direction.
    fn with_windows(&self, a: usize, b: usize) -> f64 {
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

    /// The `most` nearest others of every stop, and how many that are.
    fn lists(&self, most: usize, rank: impl Fn(usize, usize) -> f64) -> (Vec<u32>, usize) {
        let stops = self.problem.stops().len();
        let kept = most.min(stops.saturating_sub(1));
        let mut lists = Vec::with_capacity(stops * kept);
        let mut row: Vec<(f64, u32)> = Vec::with_capacity(stops);
        for stop in 0..stops {
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
