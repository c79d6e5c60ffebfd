//! Vehicle types: places, costs, limits, breaks and reloads.

use super::{TimeWindow, UNBOUNDED_S};
use crate::solver::solution::Pause;

/// Vehicles that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VehicleType {
    /// How many there are.
    pub count: usize,
    /// Place where the route starts; `None` starts it at its first stop.
    pub start: Option<usize>,
    /// Place where the route ends; `None` ends it after the last stop.
    pub end: Option<usize>,
    /// Profile of the travel table.
    pub profile: usize,
    /// Capacity by dimension.
    pub capacity: Vec<i64>,
    /// Earliest departure.
    pub earliest_start_s: i64,
    /// Latest departure; [`UNBOUNDED_S`] if unlimited.
    pub latest_start_s: i64,
    /// Latest return, or latest end of service on an open route; [`UNBOUNDED_S`] if unlimited.
    pub latest_end_s: i64,
    /// Cost of using a vehicle at all.
    pub fixed_cost: i64,
    /// Cost per unit of distance.
    pub cost_per_distance: i64,
    /// Cost per second between departure and end of the route.
    pub cost_per_second: i64,
    /// Cost per second of driving, besides that of the duration.
    pub cost_per_driving_second: i64,
    /// Cost per second of waiting for a window, a release or a break, besides that of the duration.
    pub cost_per_waiting_second: i64,
    /// Price of long routes.
    pub overtime: Option<Overtime>,
    /// What the vehicles can do, one bit each.
    pub skills: u64,
    /// Longest route in units of distance.
    pub max_distance: Option<i64>,
    /// Longest time between departure and end of the route.
    pub max_duration_s: Option<i64>,
    /// Longest time at the wheel on a route.
    pub max_driving_s: Option<i64>,
    /// Most stops on a route.
    pub max_stops: Option<usize>,
    /// Places where the vehicle may reload: goods picked up are unloaded, goods for the stops of
    /// the next trip are loaded. Goods of a shipment stay on board.
    pub reloads: Vec<Reload>,
    /// Most trips on a route: one more than reloads. `None` is unlimited.
    pub max_trips: Option<usize>,
    /// Breaks that a route owes.
    pub breaks: Vec<Break>,
    /// Break after so much driving.
    pub driving_rule: Option<DrivingRule>,
    /// What the vehicle has driven already, for a plan made during the day. Needs a `count` of 1.
    pub driven: Option<Driven>,
}

/// Price of the part of a route's duration beyond a number of seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overtime {
    /// Seconds of duration that cost nothing extra.
    pub after_s: i64,
    /// Cost of every second beyond, besides that of the duration.
    pub cost_per_second: i64,
}

/// A place where a vehicle may reload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reload {
    /// Where it is.
    pub place: usize,
    /// Seconds it takes.
    pub duration_s: i64,
    /// When it may start: ascending and disjoint; empty means any time.
    pub windows: Vec<TimeWindow>,
}

/// A break that a route owes: taken once, at the place of the activity before it (or at the start
/// place, or where the route starts at its first stop, there), before the vehicle leaves there;
/// nothing else happens meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// When it may start: ascending and disjoint; empty means any time.
    pub windows: Vec<TimeWindow>,
    /// Seconds it lasts.
    pub duration_s: i64,
    /// Whether every route owes it. Otherwise only a route that ends after the last second at which
    /// the break may start, so none if it may start at any time; other routes are free to take it.
    pub always: bool,
}

/// A break after so much driving. A single leg longer than that cannot be driven.
///
/// What counts as such a break is [`PauseKind::Rest`](crate::solver::PauseKind::Rest), and any
/// [`Break`] that lasts `break_s` by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DrivingRule {
    /// Most seconds at the wheel between two breaks.
    pub max_driving_s: i64,
    /// Seconds that such a break lasts at least.
    pub break_s: i64,
    /// Whether any standstill of `break_s` in one piece counts (service, reloads, waiting and
    /// breaks together, from one drive to the next; a leg that takes no time is no drive), as under
    /// the US rule; otherwise only breaks do.
    pub standstill_counts: bool,
}

/// The part of a route that lies behind the vehicle. Every solution has a route for it, if need be
/// without further stops.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Driven {
    /// When the route departed.
    pub departure_s: i64,
    /// Stops served or being driven to, in order; they begin the vehicle's route.
    pub stops: Vec<usize>,
    /// Reloads and breaks taken, under way or being driven to, in order; they begin the pauses of
    /// the vehicle's route.
    pub pauses: Vec<Pause>,
    /// By reload among them, in order: when the last goods of its trip were released, those for stops
    /// ahead included. The vehicle waited for them, and has none on board that were released later.
    /// May end early: where the vehicle is still reloading, or had goods for driven stops only.
    pub released_s: Vec<i64>,
    /// Earliest second at which the vehicle leaves the last of these stops and pauses, or the start
    /// place if there is none: the moment of planning. Standing until then is not waiting.
    pub free_from_s: i64,
    /// Earlier moments of planning: by number of stops and pauses that were begun by then, the second
    /// from which the vehicle was free to leave the last of them.
    pub free_before_s: Vec<(usize, i64)>,
}

impl Driven {
    /// How many stops and pauses have begun.
    pub fn begun(&self) -> usize {
        self.stops.len() + self.pauses.len()
    }

    /// From when the vehicle was free after so many stops and pauses, if it was planned for then.
    pub fn free_s(&self, after: usize) -> Option<i64> {
        let last = (self.begun(), self.free_from_s);
        let all = self.free_before_s.iter().chain([&last]);
        all.filter(|(begun, _)| *begun == after).map(|f| f.1).max()
    }
}

impl VehicleType {
    /// `count` vehicles that start and end at `depot`, pay one unit per unit of distance, and have
    /// no other cost or limit than their capacity.
    pub fn at_depot(depot: usize, count: usize, capacity: Vec<i64>) -> Self {
        Self {
            count,
            start: Some(depot),
            end: Some(depot),
            profile: 0,
            capacity,
            earliest_start_s: 0,
            latest_start_s: UNBOUNDED_S,
            latest_end_s: UNBOUNDED_S,
            fixed_cost: 0,
            cost_per_distance: 1,
            cost_per_second: 0,
            cost_per_driving_second: 0,
            cost_per_waiting_second: 0,
            overtime: None,
            skills: 0,
            max_distance: None,
            max_duration_s: None,
            max_driving_s: None,
            max_stops: None,
            reloads: Vec::new(),
            max_trips: None,
            breaks: Vec::new(),
            driving_rule: None,
            driven: None,
        }
    }

    /// The daily limits of Regulation (EC) 561/2006: 45 minutes of break after 4.5 hours at the
    /// wheel (in one piece; the split into 15 and 30 minutes is not used), 9 hours at the wheel,
    /// and 13 hours between two daily rests of 11 hours. Limits that are tighter already stay.
    #[must_use]
    pub fn under_eu_561(self) -> Self {
        let rule = DrivingRule {
            max_driving_s: 16_200,
            break_s: 2_700,
            standstill_counts: false,
        };
        self.under(rule, 32_400, 46_800)
    }

    /// The daily limits of the US hours of service for property carriers (49 CFR 395.3): 30 minutes
    /// away from the wheel after 8 hours of driving, 11 hours of driving, a window of 14 hours.
    /// Limits that are tighter already stay.
    #[must_use]
    pub fn under_us_hours_of_service(self) -> Self {
        let rule = DrivingRule {
            max_driving_s: 28_800,
            break_s: 1_800,
            standstill_counts: true,
        };
        self.under(rule, 39_600, 50_400)
    }

    fn under(mut self, rule: DrivingRule, driving_s: i64, duration_s: i64) -> Self {
        self.driving_rule = Some(rule);
        self.max_driving_s = Some(self.max_driving_s.map_or(driving_s, |m| m.min(driving_s)));
        self.max_duration_s = Some(
            self.max_duration_s
                .map_or(duration_s, |m| m.min(duration_s)),
        );
        self
    }

    /// Whether the length of a route in time costs or is limited.
    pub fn duration_counts(&self) -> bool {
        self.cost_per_second > 0 || self.max_duration_s.is_some() || self.overtime.is_some()
    }
}
