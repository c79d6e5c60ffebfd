//! What timing looks up and never changes: stops close together in memory, and by vehicle type
//! what the timing of a route has to respect.

use super::clock::RouteClock;
use super::driven::Begun;
use crate::solver::problem::{Due, Problem, Stop, UNBOUNDED_S, VehicleType};
use crate::solver::travel::Travel;

/// A stop as timing sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub place: u32,
    /// Whether its windows are more than one, so that `open_s` and `close_s` do not tell all.
    pub several: bool,
    /// Whether the service time depends on the vehicle type.
    pub by_type: bool,
    pub service_s: i64,
    pub open_s: i64,
    pub close_s: i64,
    /// When its goods can leave the depot.
    pub release_s: i64,
    pub due: Option<Due>,
}

impl Spot {
    fn new(stop: &Stop) -> Self {
        let (first, last) = (stop.windows.first(), stop.windows.last());
        Self {
            place: stop.place as u32,
            several: stop.windows.len() > 1,
            by_type: !stop.service_by_type_s.is_empty(),
            service_s: stop.service_s,
            open_s: first.map_or(-2 * UNBOUNDED_S, |w| w.open_s),
            close_s: last.map_or(i64::MAX / 4, |w| w.close_s),
            release_s: stop.release_s,
            due: stop.due,
        }
    }
}

/// How the departure of a route is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::solver) enum DepartureRule {
    /// It has happened.
    Fixed,
    /// Leaving early costs nothing, so search leaves as early as it may.
    Earliest,
    /// Only the duration counts and legs take the same time all day: leave as late as the end of
    /// the route allows.
    Latest,
    /// Departures are tried out.
    Scan,
}

/// What the timing of a vehicle type's routes has to respect.
pub(super) struct TypeTiming {
    pub departure: DepartureRule,
    /// Whether time matters at all.
    pub timed: bool,
    /// Whether there are breaks or a driving rule.
    pub paused: bool,
    /// Whether some stop is released after the earliest departure.
    pub releases: bool,
    /// Whether nothing has more than one window.
    pub single: bool,
    /// Leaving later than this changes nothing that leaving then does not.
    pub last_change_s: i64,
    /// Whether earliest and latest times with chains of visits say exactly whether a sequence can
    /// be driven and what its time costs.
    pub plain: bool,
    /// Whether earliest and latest times say so if trips wait for their goods, and time costs nothing.
    pub prompt: bool,
    /// Whether they come close to that.
    pub close: bool,
    /// Where a vehicle under way is.
    pub begun: Option<Begun>,
}

/// Tables for the timing of one problem's routes.
pub(in crate::solver) struct Timetable<'a> {
    pub problem: &'a Problem,
    pub(super) spots: Vec<Spot>,
    pub(super) types: Vec<TypeTiming>,
    /// Seconds within which travel times change little.
    pub(super) grain_s: i64,
    /// Whether lateness costs anything.
    pub(super) lateness: bool,
    /// Cost per second of lateness at slow legs.
    pub(super) quantile_rate: i64,
    /// Cost per expected second of lateness at random legs.
    pub(super) expected_rate: i64,
    /// Whether some service time is uncertain.
    pub(super) service_sd: bool,
}

impl<'a> Timetable<'a> {
    pub fn new(problem: &'a Problem) -> Self {
        let objective = problem.rules().objective;
        let (quantile_rate, expected_rate) = match problem.travel() {
            Travel::Tensor(_) => (
                objective.p90_lateness_cost_per_second,
                objective.expected_lateness_cost_per_second,
            ),
            _ => (0, 0),
        };
        let mut table = Self {
            problem,
            spots: problem.stops().iter().map(Spot::new).collect(),
            types: Vec::new(),
            grain_s: grain_s(problem.travel()),
            lateness: problem.stops().iter().any(|s| s.due.is_some()),
            quantile_rate,
            expected_rate,
            service_sd: problem.stops().iter().any(Stop::has_service_sd),
        };
        let vehicles = problem.vehicle_types().iter();
        table.types = vehicles.map(|v| table.type_timing(v)).collect();
        for (index, vehicle) in problem.vehicle_types().iter().enumerate() {
            if let Some(driven) = &vehicle.driven {
                let begun = Begun::new(&table.clock(index), driven);
                table.types[index].begun = Some(begun);
            }
        }
        table
    }

    /// Timing of the routes of a vehicle type.
    #[inline]
    pub fn clock(&self, vehicle_type: usize) -> RouteClock<'_> {
        RouteClock::new(self, vehicle_type)
    }

    fn type_timing(&self, vehicle: &VehicleType) -> TypeTiming {
        let problem = self.problem;
        let fixed = problem.travel().is_static();
        let stops = problem.stops();
        let paused = !vehicle.breaks.is_empty() || vehicle.driving_rule.is_some();
        let driving = vehicle.cost_per_driving_second > 0 || vehicle.max_driving_s.is_some();
        let duration = duration_counts(vehicle) || vehicle.cost_per_waiting_second > 0;
        let departed_s = vehicle.driven.iter().map(|d| d.departure_s);
        let earliest_s = departed_s.fold(vehicle.earliest_start_s, i64::min);
        let releases = stops.iter().any(|s| s.release_s > earliest_s);
        let late = self.lateness || self.quantile_rate > 0 || self.expected_rate > 0;
        let bounded = vehicle.latest_end_s < UNBOUNDED_S
            || stops.iter().any(|s| !s.windows.is_empty())
            || vehicle.reloads.iter().any(|r| !r.windows.is_empty());
        let departure = if vehicle.driven.is_some() {
            DepartureRule::Fixed
        } else if !duration && (fixed || !driving) {
            DepartureRule::Earliest
        } else if fixed && !paused && !late {
            DepartureRule::Latest
        } else {
            DepartureRule::Scan
        };
        let single = stops.iter().all(|s| s.windows.len() <= 1)
            && vehicle.reloads.iter().all(|r| r.windows.len() <= 1);
        let even = !paused && !releases && !late;
        let plain = even
            && match departure {
                DepartureRule::Earliest => true,
                DepartureRule::Latest => single,
                DepartureRule::Fixed | DepartureRule::Scan => false,
            };
        TypeTiming {
            departure,
            timed: paused || driving || duration || releases || late || bounded,
            paused,
            releases,
            single,
            plain,
            prompt: releases
                && !paused
                && !late
                && !driving
                && departure == DepartureRule::Earliest,
            close: even && single,
            last_change_s: self.last_change_s(vehicle),
            begun: None,
        }
    }

    /// The last second at which anything changes.
    fn last_change_s(&self, vehicle: &VehicleType) -> i64 {
        let stops = self.problem.stops().iter();
        let of_stops = stops.flat_map(|s| s.due.map(|d| d.by_s).into_iter().chain([s.release_s]));
        let breaks = vehicle.breaks.iter().flat_map(|b| &b.windows);
        let reloads = vehicle.reloads.iter().flat_map(|r| &r.windows);
        let windows = breaks.chain(reloads).map(|w| w.close_s);
        let last_s = of_stops.chain(windows).max().unwrap_or(i64::MIN);
        last_s.max(self.problem.last_change_s())
    }
}

/// Whether the duration of a route costs or is limited.
pub(super) fn duration_counts(vehicle: &VehicleType) -> bool {
    vehicle.cost_per_second > 0 || vehicle.max_duration_s.is_some() || vehicle.overtime.is_some()
}

/// Seconds between changes of travel times.
fn grain_s(travel: &Travel) -> i64 {
    match travel {
        Travel::Static(_) | Travel::Plane(_) => UNBOUNDED_S,
        Travel::Tensor(tensor) => i64::from(tensor.axis().slice_s),
        Travel::Functions(functions) => functions.mean_spacing_s(),
    }
}
