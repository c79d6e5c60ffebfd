//! What a search looks up and never changes.

use super::absence::{Prices, prices};
use super::least::Least;
use super::neighbours::Ranking;
use super::requests::Requests;
use crate::solver::problem::{Backhauls, Problem, Relation, VehicleType};
use crate::solver::schedule::{DepartureRule, RouteClock, Timetable};

/// Neighbours of a stop whose positions recreation tries.
const CANDIDATES: usize = 40;

/// Neighbours of a stop along which ruin looks for routes.
const ADJACENT: usize = 200;

/// Places kept for a request where costs are estimated.
const OFFERS: usize = 6;

/// Stops up to which there is time to drive all places kept, however good their estimates.
const FEW_STOPS: usize = 200;

/// Precomputed tables of a problem.
pub(in crate::solver) struct Index<'a> {
    pub problem: &'a Problem,
    pub timetable: Timetable<'a>,
    /// Bounds of travel times, where those change through the day.
    pub(super) least: Option<Least>,
    pub(super) requests: Requests,
    /// Place of every stop, close together in memory.
    places: Vec<u32>,
    /// Whether all legs are the same in both directions, so that one row of the table serves both.
    symmetric: bool,
    /// Whether any time matters: windows, shifts, durations.
    pub timed: bool,
    pub dimensions: usize,
    /// `[stop][dimension]`: what is delivered from the depot.
    demand: Vec<i64>,
    /// `[stop][dimension]`: what is picked up for the depot.
    collected: Vec<i64>,
    /// Whether anything is picked up for the depot.
    pub collects: bool,
    pub lifo: bool,
    pub backhauls: Backhauls,
    /// Places kept for a request before one is chosen: more than one where costs are estimated.
    pub offers_kept: usize,
    /// By vehicle type, its reloads as tasks, of those that are alike the first.
    pub reloads: Vec<Vec<u32>>,
    /// Whether some vehicles may reload.
    pub any_reloads: bool,
    /// Whether the loads of trips are exactly known when one is divided.
    pub exact_trips: bool,
    /// Whether estimates are good enough, and stops too many for better, to take the first of the
    /// places that holds.
    pub close: bool,
    /// Whether goods on board wait for their delivery.
    pub any_bound: bool,
    /// Whether some requests may be left out.
    pub any_optional: bool,
    /// Whether some stops must share a vehicle.
    pub any_same_vehicle: bool,
    /// Vehicle types whose vehicles have departed already.
    pub under_way: Vec<usize>,
    /// By vehicle type, whether chains of visits are kept because the time of a route counts.
    pub chained: Vec<bool>,
    /// `[stop][k]`: neighbours by travel and time windows, nearest first.
    candidates: Vec<u32>,
    candidates_per_stop: usize,
    /// `[stop][k]`: neighbours by travel alone, nearest first.
    adjacent: Vec<u32>,
    adjacent_per_stop: usize,
    pub(super) prices: Prices,
    /// Travel cost to the nearest vehicle.
    pub remoteness: Vec<i64>,
}

impl<'a> Index<'a> {
    /// Without neighbours if the search is over before they are found.
    pub fn new(problem: &'a Problem, is_over: &dyn Fn() -> bool) -> Self {
        let stops = problem.stops();
        let types = problem.vehicle_types().len();
        let timetable = Timetable::new(problem);
        let least = Least::new(problem);
        let ranking = Ranking::new(problem, least.as_ref());
        let (candidates, candidates_per_stop) = ranking.lists(CANDIDATES, is_over, |from, to| {
            ranking.with_windows(from, to)
        });
        let (adjacent, adjacent_per_stop) =
            ranking.lists(ADJACENT, is_over, |from, to| ranking.travel(from, to));
        let by_stop = |amounts: fn(&crate::solver::Stop) -> &Vec<i64>| {
            let dimension = |s, d| amounts(s).get(d).copied().unwrap_or(0);
            let all = stops.iter();
            all.flat_map(|s| (0..problem.dimensions()).map(move |d| dimension(s, d)))
                .collect::<Vec<i64>>()
        };
        let collected = by_stop(|s| &s.pickup);
        let is_chained = |vehicle_type| {
            let clock: RouteClock = timetable.clock(vehicle_type);
            clock.is_timed() && clock.departure_rule() != DepartureRule::Earliest
                || clock.driving_counts()
        };
        let requests = Requests::new(problem);
        let any_reloads = problem
            .vehicle_types()
            .iter()
            .any(|v| !v.reloads.is_empty());
        let under_way = |t: &usize| problem.vehicle_types()[*t].driven.is_some();
        let mut index = Self {
            problem,
            offers_kept: OFFERS,
            exact_trips: false,
            reloads: problem
                .vehicle_types()
                .iter()
                .map(|v| reloads(v, stops.len()))
                .collect(),
            any_reloads,
            close: (0..types).all(|t| timetable.clock(t).is_close())
                && !any_reloads
                && stops.len() > FEW_STOPS,
            any_bound: requests.all.iter().any(|r| r.bound.is_some()),
            any_optional: requests.all.iter().any(|r| r.penalty.is_some()),
            any_same_vehicle: {
                let mut relations = problem.rules().relations.iter();
                relations.any(|r| matches!(r, Relation::SameVehicle(_)))
            },
            under_way: (0..types).filter(under_way).collect(),
            requests,
            places: stops.iter().map(|s| s.place as u32).collect(),
            symmetric: is_symmetric(problem),
            timed: (0..types).any(|t| timetable.clock(t).is_timed()),
            dimensions: problem.dimensions(),
            demand: by_stop(|s| &s.demand),
            collects: !problem.rules().shipments.is_empty() || collected.iter().any(|&a| a > 0),
            collected,
            lifo: problem.rules().lifo,
            backhauls: problem.rules().backhauls,
            chained: (0..types).map(is_chained).collect(),
            timetable,
            least,
            candidates,
            candidates_per_stop,
            adjacent,
            adjacent_per_stop,
            prices: Prices::default(),
            remoteness: remoteness(problem),
        };
        index.exact_trips = !index.collects && index.backhauls == Backhauls::Mixed;
        if (0..types).all(|t| index.is_exact(t)) && (index.exact_trips || !any_reloads) {
            index.offers_kept = 1;
        }
        index.prices = prices(&index);
        index
    }

    pub fn stops(&self) -> usize {
        self.places.len()
    }

    /// Whether a task is a reload, not a stop.
    #[inline]
    pub fn is_reload(&self, task: u32) -> bool {
        task as usize >= self.places.len()
    }

    /// What a stop gets from the depot.
    #[inline]
    pub fn demand(&self, stop: u32) -> &[i64] {
        let first = stop as usize * self.dimensions;
        &self.demand[first..first + self.dimensions]
    }

    /// What a stop gives for the depot.
    #[inline]
    pub fn collected(&self, stop: u32, dimension: usize) -> i64 {
        self.collected[stop as usize * self.dimensions + dimension]
    }

    /// The shipment that a stop belongs to, and whether it is its pickup.
    #[inline]
    pub fn shipment(&self, task: u32) -> Option<(u32, bool)> {
        self.requests.shipment.get(task as usize).copied().flatten()
    }

    /// What a stop adds to the shipments on board.
    #[inline]
    pub fn shipped(&self, stop: u32, dimension: usize) -> i64 {
        let amount =
            |shipment: u32| self.problem.rules().shipments[shipment as usize].amount[dimension];
        match self.shipment(stop) {
            Some((shipment, true)) => amount(shipment),
            Some((shipment, false)) => -amount(shipment),
            None => 0,
        }
    }

    pub fn is_linehaul(&self, stop: u32) -> bool {
        self.problem.stops()[stop as usize].is_linehaul()
    }

    pub fn is_backhaul(&self, stop: u32) -> bool {
        self.problem.stops()[stop as usize].is_backhaul()
    }

    /// Distance from `from` to `here`; read from the row of `here` where that is the same, because
    /// a search asks for many `from` at one `here`.
    #[inline]
    pub fn distance_into(&self, profile: usize, from: usize, here: usize) -> i64 {
        let (row, column) = match self.symmetric {
            true => (here, from),
            false => (from, here),
        };
        self.problem.travel().distance(profile, row, column)
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

    /// Timing of routes of a vehicle type.
    #[inline]
    pub fn clock(&self, vehicle_type: usize) -> RouteClock<'_> {
        self.timetable.clock(vehicle_type)
    }

    /// Whether a vehicle type may serve a stop.
    #[inline]
    pub fn may_serve(&self, vehicle_type: usize, stop: u32) -> bool {
        self.problem.may_serve(vehicle_type, stop as usize)
    }

    /// Whether offers of places for single stops are exact.
    #[inline]
    pub fn is_exact(&self, vehicle_type: usize) -> bool {
        let clock = self.clock(vehicle_type);
        clock.is_plain() || clock.is_prompt()
    }

    /// Cost of serving a stop with a vehicle type, besides all others.
    #[inline]
    pub fn by_type(&self, vehicle_type: usize, stop: u32) -> i64 {
        let costs = &self.problem.stops()[stop as usize].cost_by_type;
        costs.get(vehicle_type).copied().unwrap_or(0)
    }
}

/// Whether static durations and distances are the same in both directions. Those that depend on the
/// time are taken as not; those of the plane are.
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

/// The reloads of a vehicle type as tasks, of those that are alike the first.
fn reloads(vehicle: &VehicleType, stops: usize) -> Vec<u32> {
    let all = vehicle.reloads.iter().enumerate();
    let first = all.filter(|(number, reload)| !vehicle.reloads[..*number].contains(reload));
    first.map(|(number, _)| (stops + number) as u32).collect()
}

fn remoteness(problem: &Problem) -> Vec<i64> {
    let travel = problem.travel();
    let from_nearest = |stop: &crate::solver::Stop| {
        let vehicles = problem.vehicle_types().iter();
        vehicles
            .map(|v| travel.distance(v.profile, v.start.unwrap_or(stop.place), stop.place))
            .min()
            .unwrap_or(0)
    };
    problem.stops().iter().map(from_nearest).collect()
}
