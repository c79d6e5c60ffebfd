//! The problem as flat tables: node 0 is the depot, node `k` is stop `k - 1`.

use super::neighbours;
use super::plane::Plane;
use super::stretch::Stretch;
use crate::solver::problem::{Problem, UNBOUNDED_S};

/// Most stops for which the dense tables and the population are worth their memory.
const MOST_STOPS: usize = 1_000;

/// Bound on every sum of times, costs of a leg and loads, so that 32 bits hold them.
const LARGEST: i64 = 1 << 30;

/// What local search reads in its inner loops.
pub(super) struct Tables {
    /// Number of stops.
    pub clients: usize,
    /// `[from][to]`: cost of a leg. Legs out of the depot carry the fixed cost of the vehicle.
    cost: Vec<i32>,
    /// `[to][from]`, if that differs.
    cost_into: Vec<i32>,
    /// `[from][to]`: seconds of a leg; empty if time does not matter.
    duration_s: Vec<i32>,
    /// By node.
    pub demand: Vec<i32>,
    pub capacity: i64,
    /// Most that a route may cost, which is how a limit on its distance shows here.
    pub limit: i64,
    /// Whether windows or shifts bind.
    pub timed: bool,
    /// The visit of every node; of the depot, the departure.
    pub visits: Vec<Stretch>,
    /// The return to the depot.
    pub finish: Stretch,
    /// Most routes that a plan may have.
    pub fleet: usize,
    /// Where nodes lie.
    pub plane: Plane,
    /// `[node][k]`: neighbours, best first.
    neighbours: Vec<u32>,
    granularity: usize,
}

/// Whether this search can solve the problem: one kind of vehicle that starts and ends at one
/// depot, mandatory stops with at most one window and one kind of goods, static travel, and
/// distance (with vehicles, at a fixed cost) as the only cost.
pub(in crate::solver) fn supports(problem: &Problem) -> bool {
    let [vehicle] = problem.vehicle_types() else {
        return false;
    };
    let rules = problem.rules();
    let plain_vehicle = vehicle.start.is_some()
        && vehicle.start == vehicle.end
        && vehicle.count > 0
        && vehicle.capacity.len() <= 1
        && vehicle.cost_per_distance > 0
        && vehicle.cost_per_second == 0
        && vehicle.cost_per_driving_second == 0
        && vehicle.cost_per_waiting_second == 0
        && !vehicle.duration_counts()
        && vehicle.max_driving_s.is_none()
        && vehicle.max_stops.is_none()
        && vehicle.reloads.is_empty()
        && vehicle.breaks.is_empty()
        && vehicle.driving_rule.is_none()
        && vehicle.driven.is_none();
    let plain_rules = rules.shipments.is_empty()
        && rules.groups.is_empty()
        && rules.relations.is_empty()
        && !rules.objective.vehicles_first;
    let plain_stops = problem.stops().iter().enumerate().all(|(index, stop)| {
        stop.penalty.is_none()
            && stop.pickup.iter().all(|&amount| amount == 0)
            && stop.windows.len() <= 1
            && stop.due.is_none()
            && stop.release_s <= vehicle.earliest_start_s
            && stop.cost_by_type.iter().all(|&cost| cost == 0)
            && problem.may_serve(0, index)
    });
    let size = problem.stops().len();
    problem.travel().is_static()
        && (2..=MOST_STOPS).contains(&size)
        && plain_vehicle
        && plain_rules
        && plain_stops
        && fits_32_bits(problem)
}

/// Whether no sum along any route can leave 32 bits.
fn fits_32_bits(problem: &Problem) -> bool {
    let vehicle = &problem.vehicle_types()[0];
    let (far, long_s) = problem.travel().longest();
    let stops = problem.stops();
    let service_s = stops.iter().map(|s| s.service_by_s(0)).max().unwrap_or(0);
    let leg = i128::from(far) * i128::from(vehicle.cost_per_distance);
    let horizon = i128::from(last_s(problem)) + i128::from(-vehicle.earliest_start_s.min(0));
    let along = (horizon + i128::from(long_s) + i128::from(service_s)) * (stops.len() as i128 + 2);
    let demands = stops.iter().flat_map(|s| &s.demand).map(|&d| i128::from(d));
    let no_early_windows = stops.iter().flat_map(|s| &s.windows).all(|w| w.open_s >= 0);
    leg + i128::from(vehicle.fixed_cost) < i128::from(LARGEST)
        && (!is_timed(problem) || (along < i128::from(LARGEST) && no_early_windows))
        && demands.sum::<i128>() < i128::from(LARGEST)
}

/// Whether windows or shifts can bind.
fn is_timed(problem: &Problem) -> bool {
    let vehicle = &problem.vehicle_types()[0];
    vehicle.latest_end_s < UNBOUNDED_S
        || vehicle.latest_start_s < UNBOUNDED_S
        || problem.stops().iter().any(|s| !s.windows.is_empty())
}

/// A second by which every sensible route has ended, if nothing ends it earlier.
fn last_s(problem: &Problem) -> i64 {
    let vehicle = &problem.vehicle_types()[0];
    let (_, long_s) = problem.travel().longest();
    let stops = problem.stops();
    let busy_s: i64 = stops.iter().map(|s| s.service_by_s(0) + long_s).sum();
    let opens = stops.iter().flat_map(|s| &s.windows).map(|w| w.open_s);
    let start_s = opens.max().unwrap_or(0).max(vehicle.earliest_start_s);
    (start_s.saturating_add(busy_s).saturating_add(long_s)).min(vehicle.latest_end_s)
}

impl Tables {
    /// Copies a problem that is [supported](supports).
    pub fn new(problem: &Problem) -> Self {
        let vehicle = &problem.vehicle_types()[0];
        let depot = vehicle.start.unwrap_or_default();
        let stops = problem.stops();
        let places: Vec<usize> = std::iter::once(depot)
            .chain(stops.iter().map(|s| s.place))
            .collect();
        let travel = problem.travel();
        let square = |cell: &dyn Fn(usize, usize) -> i64| -> Vec<i32> {
            let row = |from: usize| (0..places.len()).map(move |to| cell(from, to) as i32);
            (0..places.len()).flat_map(row).collect()
        };
        let timed = is_timed(problem);
        let demand = |s: &crate::solver::Stop| s.demand.first().copied().unwrap_or(0) as i32;
        let demand: Vec<i32> = std::iter::once(0).chain(stops.iter().map(demand)).collect();
        let no_limit = i64::MAX / 4;
        let cost = square(&|from, to| {
            let fixed = if from == 0 && to != 0 {
                vehicle.fixed_cost
            } else {
                0
            };
            let distance = travel.distance(vehicle.profile, places[from], places[to]);
            fixed
                + if from == to {
                    0
                } else {
                    distance * vehicle.cost_per_distance
                }
        });
        let duration_s = if timed {
            square(&|from, to| travel.duration_s(vehicle.profile, places[from], places[to], 0))
        } else {
            Vec::new()
        };
        let capacity = vehicle.capacity.first().copied().unwrap_or(no_limit);
        let plane = Plane::new(places.len(), |a, b| {
            travel.distance(vehicle.profile, places[a], places[b]) as f64
        });
        let limit = vehicle.max_distance.map_or(no_limit, |most| {
            most.saturating_mul(vehicle.cost_per_distance)
                .saturating_add(vehicle.fixed_cost)
                .min(no_limit)
        });
        let (visits, finish) = visits(problem);
        let mut tables = Self {
            clients: stops.len(),
            fleet: fleet(vehicle.count, &demand, capacity, stops.len(), timed),
            cost_into: transposed(&cost, places.len()),
            cost,
            duration_s,
            demand,
            capacity,
            limit,
            timed,
            visits,
            finish,
            plane,
            neighbours: Vec::new(),
            granularity: 0,
        };
        (tables.neighbours, tables.granularity) = neighbours::lists(&tables);
        tables
    }

    /// Cost of a leg.
    #[inline(always)]
    pub fn cost(&self, from: usize, to: usize) -> i64 {
        i64::from(self.cost[from * (self.clients + 1) + to])
    }

    /// Costs of the legs from a node, by where they end.
    #[inline(always)]
    pub fn costs_from(&self, node: usize) -> &[i32] {
        let size = self.clients + 1;
        &self.cost[node * size..(node + 1) * size]
    }

    /// Costs of the legs to a node, by where they start. A search asks for many starts of one end,
    /// which lie side by side here.
    #[inline(always)]
    pub fn costs_into(&self, node: usize) -> &[i32] {
        let size = self.clients + 1;
        let cells = if self.cost_into.is_empty() {
            &self.cost
        } else {
            &self.cost_into
        };
        &cells[node * size..(node + 1) * size]
    }

    /// Seconds of a leg. Only where time matters.
    #[inline(always)]
    pub fn leg_s(&self, from: usize, to: usize) -> i32 {
        self.duration_s[from * (self.clients + 1) + to]
    }

    /// Neighbours of a node, best first.
    pub fn neighbours(&self, node: u32) -> &[u32] {
        let first = node as usize * self.granularity;
        &self.neighbours[first..first + self.granularity]
    }

    /// All stops, as nodes.
    pub fn nodes(&self) -> std::ops::RangeInclusive<u32> {
        1..=self.clients as u32
    }
}

/// A square the other way round; nothing if that is the same.
fn transposed(cells: &[i32], size: usize) -> Vec<i32> {
    let cell = |row: usize, column: usize| cells[row * size + column];
    if (0..size).all(|a| (0..a).all(|b| cell(a, b) == cell(b, a))) {
        return Vec::new();
    }
    (0..size * size).map(|k| cell(k % size, k / size)).collect()
}

/// Departure and visits, and the return.
fn visits(problem: &Problem) -> (Vec<Stretch>, Stretch) {
    let vehicle = &problem.vehicle_types()[0];
    if !is_timed(problem) {
        return (Vec::new(), Stretch::default());
    }
    let (first_s, last_s) = (vehicle.earliest_start_s, last_s(problem));
    let departure = Stretch::visit(0, first_s, vehicle.latest_start_s.min(last_s));
    let visit = |stop: &crate::solver::Stop| match stop.windows.first() {
        Some(w) => Stretch::visit(stop.service_by_s(0), w.open_s, w.close_s.min(last_s)),
        None => Stretch::visit(stop.service_by_s(0), first_s.min(0), last_s),
    };
    let visits = std::iter::once(departure).chain(problem.stops().iter().map(visit));
    (visits.collect(), Stretch::visit(0, first_s, last_s))
}

/// Routes to provide for: a margin above what the load needs, or, where windows may ask for any
/// number, all vehicles.
fn fleet(count: usize, demand: &[i32], capacity: i64, stops: usize, timed: bool) -> usize {
    let load: i64 = demand.iter().map(|&d| i64::from(d)).sum();
    let needed = (1.3 * load as f64 / capacity.max(1) as f64).ceil() as usize + 3;
    let wanted = if timed { stops } else { needed };
    count.min(wanted).min(stops)
}
