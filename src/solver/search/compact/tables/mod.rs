//! A problem as flat tables of 32-bit numbers.

mod sites;

use super::metric::{FORBIDDEN, Metric};
use super::neighbours::Neighbours;
use super::span::Span;
use super::supports::is_timed;
use crate::solver::problem::{Problem, Stop};
use sites::in_order;
pub(super) use sites::{dense, plane};

/// Times beyond any schedule of this engine.
pub(super) const NEVER: i32 = 1 << 29;

/// What the engine knows of a stop.
#[derive(Debug, Clone, Copy)]
pub(super) struct StopData {
    pub open: i32,
    pub close: i32,
    pub service: i32,
    /// Cost of leaving it out; for mandatory stops more than any detour.
    pub absence: i64,
}

/// What the engine knows of a vehicle type.
#[derive(Debug, Clone)]
pub(super) struct TypeData {
    pub count: usize,
    /// Site of the start place.
    pub start: u32,
    /// Site of the end place.
    pub end: u32,
    pub earliest: i32,
    pub latest: i32,
    pub fixed: i64,
    pub unit: i64,
    pub max_distance: i64,
    pub max_duration: i64,
    /// Cost per unit of duration, and of that beyond `overtime_after`.
    unit_time: i64,
    unit_overtime: i64,
    overtime_after: i64,
    pub max_stops: u32,
    pub capacity: Vec<i64>,
}

impl TypeData {
    /// Cost of the duration of a route.
    #[inline(always)]
    pub fn time_cost(&self, duration: i64) -> i64 {
        let beyond = (duration - self.overtime_after).max(0);
        duration * self.unit_time + beyond * self.unit_overtime
    }
}

impl StopData {
    /// The visit as a chain of its own.
    #[inline(always)]
    pub fn span(&self) -> Span {
        Span {
            duration: self.service,
            early: self.open,
            late: self.close,
        }
    }
}

/// Why a stop is inserted early: one key per kind of order.
pub(super) struct Keys {
    pub demand: Vec<i64>,
    pub remoteness: Vec<i64>,
    pub width: Vec<i64>,
    pub open: Vec<i64>,
    pub close: Vec<i64>,
}

/// Everything that a search looks up and never changes.
pub(super) struct Tables<'a, M> {
    pub problem: &'a Problem,
    /// Index in the problem of every stop: the engine numbers near stops close to each other.
    pub order: Vec<u32>,
    pub metric: M,
    pub stops: Vec<StopData>,
    pub types: Vec<TypeData>,
    pub timed: bool,
    /// Whether the duration of a route costs or is limited.
    pub lasting: bool,
    /// Whether some stop may be left out at a price.
    pub optional: bool,
    /// Amounts by stop and dimension; backhauls are dimensions of their own.
    pub amounts: Vec<i64>,
    pub dimensions: usize,
    /// `[type][stop]`, empty if every type may serve every stop.
    pub allowed: Vec<bool>,
    /// `[type][stop]`: cost of a route of this stop alone, `i64::MAX` if it cannot be.
    pub solo: Vec<i64>,
    pub neighbours: Neighbours,
    pub keys: Keys,
}

impl<M: Metric> Tables<'_, M> {
    pub fn count(&self) -> usize {
        self.stops.len()
    }

    #[inline(always)]
    pub fn amounts(&self, stop: u32) -> &[i64] {
        &self.amounts[stop as usize * self.dimensions..][..self.dimensions]
    }

    #[inline(always)]
    pub fn may_serve(&self, vehicle_type: u32, stop: u32) -> bool {
        self.allowed.is_empty()
            || self.allowed[vehicle_type as usize * self.count() + stop as usize]
    }

    #[inline(always)]
    pub fn solo(&self, vehicle_type: usize, stop: u32) -> i64 {
        self.solo[vehicle_type * self.count() + stop as usize]
    }
}

fn clamp(second: i64) -> i32 {
    second.clamp(-i64::from(NEVER), i64::from(NEVER)) as i32
}

fn tables<'a, M: Metric>(
    problem: &'a Problem,
    order: Vec<u32>,
    metric: M,
    is_over: &(dyn Fn() -> bool + Sync),
) -> Tables<'a, M> {
    let stops = in_order(problem, &order);
    let types = type_data(problem);
    let allowed = allowed(problem, &order);
    let returns = has_returns(problem);
    let dimensions = types.first().map_or(0, |t| t.capacity.len());
    let mut tables = Tables {
        problem,
        neighbours: Neighbours::default(),
        stops: stops.iter().map(|s| stop_data(s)).collect(),
        timed: is_timed(problem),
        optional: stops.iter().any(|s| s.penalty.is_some()),
        lasting: problem.vehicle_types().iter().any(|v| v.duration_counts()),
        amounts: {
            let all = stops.iter();
            all.flat_map(|s| amounts(problem, s, returns)).collect()
        },
        dimensions,
        solo: Vec::new(),
        keys: keys(problem, &stops, &metric, &types),
        metric,
        types,
        allowed,
        order,
    };
    tables.solo = solo_costs(&tables);
    set_absences(&mut tables);
    tables.neighbours = Neighbours::of(&tables, is_over);
    tables
}

fn stop_data(stop: &Stop) -> StopData {
    let window = stop.windows.first();
    StopData {
        open: window.map_or(-NEVER, |w| clamp(w.open_s)),
        close: window.map_or(NEVER, |w| clamp(w.close_s)),
        service: clamp(stop.service_s),
        absence: stop.penalty.unwrap_or(0),
    }
}

/// Deliveries, and, where backhauls come last, pickups in dimensions of their own: all deliveries
/// are off the vehicle before the first pickup, so the two never add up.
fn amounts(problem: &Problem, stop: &Stop, returns: bool) -> Vec<i64> {
    let mut amounts = stop.demand.clone();
    if returns {
        amounts.extend_from_slice(&stop.pickup);
        amounts.resize(2 * problem.dimensions(), 0);
    }
    amounts
}

fn has_returns(problem: &Problem) -> bool {
    problem.stops().iter().any(Stop::is_backhaul)
}

fn type_data(problem: &Problem) -> Vec<TypeData> {
    let first_end = problem.stops().len() as u32;
    let vehicles = problem.vehicle_types().iter().enumerate();
    let vehicles_first = match problem.rules().objective.vehicles_first {
        true => vehicles_first_cost(problem),
        false => 0,
    };
    let data = vehicles.map(|(index, v)| {
        let mut capacity = v.capacity.clone();
        if has_returns(problem) {
            capacity.extend_from_slice(&v.capacity);
        }
        TypeData {
            count: v.count,
            start: first_end + 2 * index as u32,
            end: first_end + 2 * index as u32 + 1,
            earliest: clamp(v.earliest_start_s),
            latest: clamp(v.latest_end_s),
            fixed: v.fixed_cost + vehicles_first,
            unit: v.cost_per_distance,
            max_distance: v.max_distance.unwrap_or(i64::MAX),
            max_duration: v.max_duration_s.unwrap_or(i64::MAX),
            unit_time: v.cost_per_second,
            unit_overtime: v.overtime.map_or(0, |o| o.cost_per_second),
            overtime_after: v.overtime.map_or(i64::MAX, |o| o.after_s),
            max_stops: v
                .max_stops
                .map_or(u32::MAX, |m| m.min(u32::MAX as usize) as u32),
            capacity,
        }
    });
    data.collect()
}

/// A price of vehicles above what any route saves.
fn vehicles_first_cost(problem: &Problem) -> i64 {
    let (longest, _) = problem.travel().longest();
    let vehicles = problem.vehicle_types().iter();
    let dearest = vehicles
        .map(|v| v.cost_per_distance * longest + v.fixed_cost)
        .max();
    dearest.unwrap_or(0).saturating_mul(8).min(i64::MAX >> 24)
}

fn allowed(problem: &Problem, order: &[u32]) -> Vec<bool> {
    let types = 0..problem.vehicle_types().len();
    let all: Vec<bool> = types
        .flat_map(|t| order.iter().map(move |&s| problem.may_serve(t, s as usize)))
        .collect();
    match all.contains(&false) {
        true => all,
        false => Vec::new(),
    }
}

fn keys<M: Metric>(problem: &Problem, stops: &[&Stop], metric: &M, types: &[TypeData]) -> Keys {
    let remoteness = (0..stops.len() as u32).map(|stop| {
        let from_each = types.iter().map(|t| metric.distance(t.start, stop));
        i64::from(from_each.min().unwrap_or(0))
    });
    let window = |s: &Stop| stop_data(s);
    let returns = has_returns(problem);
    Keys {
        demand: stops
            .iter()
            .map(|s| -amounts(problem, s, returns).iter().sum::<i64>())
            .collect(),
        remoteness: remoteness.collect(),
        width: stops
            .iter()
            .map(|s| i64::from(window(s).close) - i64::from(window(s).open))
            .collect(),
        open: stops.iter().map(|s| i64::from(window(s).open)).collect(),
        close: stops.iter().map(|s| -i64::from(window(s).close)).collect(),
    }
}

fn solo_costs<M: Metric>(tables: &Tables<M>) -> Vec<i64> {
    let mut costs = Vec::with_capacity(tables.types.len() * tables.count());
    for (index, t) in tables.types.iter().enumerate() {
        for stop in 0..tables.count() as u32 {
            costs.push(solo_cost(tables, index, t, stop).unwrap_or(i64::MAX));
        }
    }
    costs
}

fn solo_cost<M: Metric>(tables: &Tables<M>, index: usize, t: &TypeData, stop: u32) -> Option<i64> {
    let (out, back) = (
        tables.metric.distance(t.start, stop),
        tables.metric.distance(stop, t.end),
    );
    let distance = i64::from(out) + i64::from(back);
    let amounts = tables.amounts(stop).iter().zip(&t.capacity);
    let fits = tables.may_serve(index as u32, stop)
        && out < FORBIDDEN
        && back < FORBIDDEN
        && amounts.into_iter().all(|(a, c)| a <= c)
        && distance <= t.max_distance
        && t.max_stops > 0
        && t.count > 0;
    if !fits {
        return None;
    }
    let mut time_cost = 0;
    if tables.timed {
        let data = tables.stops[stop as usize];
        let arrival = t.earliest + tables.metric.duration(t.start, stop);
        let end = arrival.max(data.open) + data.service + tables.metric.duration(stop, t.end);
        let duration = i64::from(data.service)
            + i64::from(tables.metric.duration(t.start, stop))
            + i64::from(tables.metric.duration(stop, t.end));
        if arrival > data.close || end > t.latest || duration > t.max_duration {
            return None;
        }
        time_cost = t.time_cost(duration);
    }
    Some(t.fixed + distance * t.unit + time_cost)
}

/// Mandatory stops cost more than any detour when left out.
fn set_absences<M: Metric>(tables: &mut Tables<M>) {
    let solo = tables
        .solo
        .iter()
        .copied()
        .filter(|&c| c < i64::MAX)
        .max()
        .unwrap_or(0);
    let penalties = tables.stops.iter().map(|s| s.absence).max().unwrap_or(0);
    let least_total = i64::MAX / 4 / (tables.count() as i64 + 1);
    let mandatory = (solo.max(penalties) + 1)
        .saturating_mul(20)
        .min(least_total / 2);
    for (data, stop) in tables
        .stops
        .iter_mut()
        .zip(in_order(tables.problem, &tables.order))
    {
        if stop.penalty.is_none() {
            let weight = 1 + i64::from(stop.priority).min(10_000);
            data.absence = mandatory.saturating_mul(weight).min(least_total);
        }
    }
}
