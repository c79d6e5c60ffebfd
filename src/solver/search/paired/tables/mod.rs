//! A problem as flat tables of 32-bit numbers.

mod keys;
mod neighbours;
mod prices;

use super::legs::{Leg, Legs};
use crate::solver::problem::{Problem, Stop};
use keys::Keys;
use neighbours::Neighbours;
use prices::Prices;

/// Times beyond any schedule of this engine.
pub(super) const NEVER: i32 = 1 << 29;

/// When a stop can be served, and how long that takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct StopData {
    pub open: i32,
    pub close: i32,
    pub service: i32,
}

/// What is planned as a whole: goods from one stop to another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request {
    pub pickup: u32,
    pub delivery: u32,
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
    /// Cost of a vehicle; where vehicles come first, more than any route saves.
    pub fixed: i64,
    /// Cost per unit of distance.
    pub unit: i64,
    pub max_distance: i64,
    pub max_stops: usize,
    pub capacity: Vec<i32>,
}

/// Everything that a search looks up and never changes.
pub(super) struct Tables<'a> {
    pub problem: &'a Problem,
    pub legs: Legs,
    pub stops: Vec<StopData>,
    pub requests: Vec<Request>,
    /// Request of every stop.
    pub request_of: Vec<u32>,
    /// `[site][dimension]`: what service adds to the load.
    gains: Vec<i32>,
    pub dimensions: usize,
    pub types: Vec<TypeData>,
    /// `[type][request]`: whether the type may serve it.
    allowed: Vec<bool>,
    /// Whether some stop may be left out at a price.
    pub optional: bool,
    pub prices: Prices,
    pub near: Neighbours,
    pub keys: Keys,
}

impl<'a> Tables<'a> {
    /// Tables for a problem that the engine supports.
    pub fn new(problem: &'a Problem) -> Self {
        let shipments = &problem.rules().shipments;
        let requests: Vec<Request> = shipments
            .iter()
            .map(|s| Request {
                pickup: s.pickup as u32,
                delivery: s.delivery as u32,
            })
            .collect();
        let dimensions = problem.dimensions();
        let mut request_of = vec![0; problem.stops().len()];
        let sites = problem.stops().len() + 2 * problem.vehicle_types().len();
        let mut gains = vec![0; sites * dimensions];
        for (index, shipment) in shipments.iter().enumerate() {
            for (stop, sign) in [(shipment.pickup, 1), (shipment.delivery, -1)] {
                request_of[stop] = index as u32;
                for (k, &amount) in shipment.amount.iter().enumerate() {
                    gains[stop * dimensions + k] = sign * amount as i32;
                }
            }
        }
        let mut tables = Self {
            problem,
            legs: legs(problem),
            stops: problem.stops().iter().map(stop_data).collect(),
            allowed: allowed(problem, &requests),
            requests,
            request_of,
            gains,
            dimensions,
            types: types(problem),
            optional: problem.stops().iter().any(|s| s.penalty.is_some()),
            prices: Prices::default(),
            near: Neighbours::default(),
            keys: Keys::default(),
        };
        tables.prices = Prices::of(&tables);
        for data in &mut tables.types {
            data.fixed += tables.prices.vehicle;
        }
        tables.near = Neighbours::of(&tables);
        tables.keys = Keys::of(&tables);
        tables
    }

    /// What a site adds to the load, by dimension; negative for deliveries.
    #[inline(always)]
    pub fn gains(&self, site: u32) -> &[i32] {
        &self.gains[site as usize * self.dimensions..][..self.dimensions]
    }

    /// Whether a vehicle type may serve a request.
    #[inline(always)]
    pub fn may_serve(&self, vehicle_type: u32, request: u32) -> bool {
        self.allowed[vehicle_type as usize * self.requests.len() + request as usize]
    }

    /// Cost of a route of this request alone, if the type can drive it.
    #[inline(always)]
    pub fn solo(&self, vehicle_type: usize, request: u32) -> Option<i64> {
        self.prices.solo[vehicle_type * self.requests.len() + request as usize]
    }

    /// The window and service time of a site; ends of routes have neither.
    #[inline(always)]
    pub fn service_at(&self, site: u32) -> StopData {
        let at_end = StopData {
            open: -NEVER,
            close: NEVER,
            service: 0,
        };
        self.stops.get(site as usize).copied().unwrap_or(at_end)
    }
}

fn clamp(second: i64) -> i32 {
    second.clamp(-i64::from(NEVER), i64::from(NEVER)) as i32
}

fn stop_data(stop: &Stop) -> StopData {
    let window = stop.windows.first();
    StopData {
        open: window.map_or(-NEVER, |w| clamp(w.open_s)),
        close: window.map_or(NEVER, |w| clamp(w.close_s)),
        service: clamp(stop.service_s),
    }
}

/// Legs between the stops, then the start and end of every vehicle type.
fn legs(problem: &Problem) -> Legs {
    let stops = problem.stops().iter().map(|s| s.place);
    let ends = problem.vehicle_types().iter();
    let ends = ends.flat_map(|v| [v.start.unwrap_or(0), v.end.unwrap_or(0)]);
    let places: Vec<usize> = stops.chain(ends).collect();
    let travel = problem.travel();
    Legs::new(places.len(), |from, to| Leg {
        distance: travel.distance(0, places[from], places[to]) as i32,
        duration: travel.duration_s(0, places[from], places[to], 0) as i32,
    })
}

fn types(problem: &Problem) -> Vec<TypeData> {
    let first_end = problem.stops().len() as u32;
    let vehicles = problem.vehicle_types().iter().enumerate();
    let data = vehicles.map(|(index, v)| TypeData {
        count: v.count,
        start: first_end + 2 * index as u32,
        end: first_end + 2 * index as u32 + 1,
        earliest: clamp(v.earliest_start_s),
        latest: clamp(v.latest_end_s),
        fixed: v.fixed_cost,
        unit: v.cost_per_distance,
        max_distance: v.max_distance.unwrap_or(i64::MAX >> 2),
        max_stops: v.max_stops.unwrap_or(usize::MAX),
        capacity: v.capacity.iter().map(|&c| clamp(c)).collect(),
    });
    data.collect()
}

fn allowed(problem: &Problem, requests: &[Request]) -> Vec<bool> {
    let types = 0..problem.vehicle_types().len();
    let all = types.flat_map(|t| {
        requests.iter().map(move |r| {
            problem.may_serve(t, r.pickup as usize) && problem.may_serve(t, r.delivery as usize)
        })
    });
    all.collect()
}
