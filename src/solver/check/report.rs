//! What the checker tells: faults, and the schedule as it really is.

use super::fault::Fault;
use crate::solver::solution::PauseKind;

/// The judgement on a solution.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CheckReport {
    /// Every broken rule.
    pub faults: Vec<Fault>,
    /// Mandatory stops that are listed as unplanned, and the first alternative of every mandatory
    /// group of which none is served: no fault of the solution, which says so, but the plan is not
    /// complete.
    pub unplanned_mandatory: Vec<usize>,
    /// True cost: routes and penalties of optional stops and groups left out.
    pub cost: i128,
    /// Vehicles in use.
    pub vehicles: usize,
    /// The routes in the solution's order; those of unknown vehicles are left out.
    pub routes: Vec<CheckedRoute>,
}

impl CheckReport {
    /// Whether all rules are kept and every mandatory stop is served.
    pub fn is_feasible(&self) -> bool {
        self.faults.is_empty() && self.unplanned_mandatory.is_empty()
    }
}

/// One route, recomputed. Stops and pauses that the problem does not have are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CheckedRoute {
    /// Index of the route in the solution.
    pub route: usize,
    /// Second of departure.
    pub departure_s: i64,
    /// Load at departure, by dimension.
    pub load: Vec<i128>,
    /// Stops and pauses in order.
    pub activities: Vec<CheckedActivity>,
    /// The drive to the end place; `None` on an open route.
    pub last_leg: Option<CheckedLeg>,
    /// Second at which the route ends.
    pub end_s: i64,
    /// Units of distance.
    pub distance: i128,
    /// Seconds at the wheel.
    pub driving_s: i64,
    /// Seconds of waiting for windows, releases and breaks.
    pub waiting_s: i64,
    /// Where the cost comes from.
    pub costs: CostParts,
    /// Cost of the route.
    pub cost: i128,
}

impl CheckedRoute {
    /// Seconds from the departure to the end.
    pub fn duration_s(&self) -> i64 {
        self.end_s - self.departure_s
    }

    /// The services in order, each with its stop.
    pub fn services(&self) -> impl Iterator<Item = (usize, &CheckedActivity)> {
        self.activities.iter().filter_map(|a| match a.activity {
            Activity::Stop(stop) => Some((stop, a)),
            Activity::Pause(_) => None,
        })
    }
}

/// What a vehicle does between two drives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// Serves a stop, by index.
    Stop(usize),
    /// Reloads or rests.
    Pause(PauseKind),
}

/// One activity of a route, in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedActivity {
    /// What is done.
    pub activity: Activity,
    /// Where; `None` for a break before the first place of a route that starts at its first stop.
    pub place: Option<usize>,
    /// The drive that leads here; `None` for breaks and where an open route starts.
    pub leg: Option<CheckedLeg>,
    /// Second of arrival, or for a break of the end of what came before.
    pub arrival_s: i64,
    /// Second at which it starts.
    pub start_s: i64,
    /// Second at which it ends.
    pub end_s: i64,
    /// Second at which the vehicle is free for what follows: `end_s`, or later where it waits for
    /// the goods of its next trip or stands until the moment of planning.
    pub free_s: i64,
    /// Seconds of waiting: before it for a window, after it for a release.
    pub waiting_s: i64,
    /// Whether it starts within a window.
    pub in_time: bool,
    /// Load after it, by dimension.
    pub load: Vec<i128>,
}

/// A drive from place to place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckedLeg {
    /// Place of departure.
    pub from: usize,
    /// Place of arrival.
    pub to: usize,
    /// Second of departure.
    pub departure_s: i64,
    /// Seconds at the wheel.
    pub driving_s: i64,
    /// Units of distance.
    pub distance: i64,
}

/// Where the cost of a route comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CostParts {
    /// Use of the vehicle.
    pub fixed: i128,
    /// Distance.
    pub distance: i128,
    /// Duration.
    pub duration: i128,
    /// Driving.
    pub driving: i128,
    /// Waiting.
    pub waiting: i128,
    /// Duration beyond the normal.
    pub overtime: i128,
    /// Services after their due second.
    pub lateness: i128,
    /// Services late if every leg took its 90 % quantile.
    pub p90_lateness: i128,
    /// Services expected to be late if legs are random.
    pub expected_lateness: i128,
    /// Serving these stops with this type.
    pub by_type: i128,
}

impl CostParts {
    /// Sum of all parts.
    pub fn total(&self) -> i128 {
        self.fixed
            + self.distance
            + self.duration
            + self.driving
            + self.waiting
            + self.overtime
            + self.lateness
            + self.p90_lateness
            + self.expected_lateness
            + self.by_type
    }
}
