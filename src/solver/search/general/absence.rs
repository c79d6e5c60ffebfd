//! What it costs the search to leave a request out, and what a route of it alone costs.

use super::index::Index;
use super::requests::{Kind, Request};
use super::route::Assessor;

/// Prices of the search that are no costs of the plan.
#[derive(Debug, Clone, Default)]
pub(super) struct Prices {
    /// By request: cost of leaving it out; for mandatory ones more than any plan without them.
    pub absence: Vec<i64>,
    /// Added to the cost of every vehicle in use, where one vehicle less is worth any other cost.
    pub vehicle: i64,
    /// `[vehicle type][stop]`: cost of a route of this stop alone (of its shipment, for a pickup),
    /// if it can be driven.
    solo: Vec<Option<i64>>,
    stops: usize,
}

impl Prices {
    /// Cost of a route of `stop` alone, if a vehicle of the type can drive it.
    pub fn solo(&self, vehicle_type: usize, stop: u32) -> Option<i64> {
        let solo = self.solo[vehicle_type * self.stops + stop as usize];
        solo.map(|cost| cost + self.vehicle)
    }
}

/// What a stop may cost on a route where the way from start to end by the stop says little of it:
/// on open routes, and where the vehicle is elsewhere by now.
fn detour(index: &Index, vehicle_type: usize) -> i64 {
    let vehicle = &index.problem.vehicle_types()[vehicle_type];
    if vehicle.start.is_some() && vehicle.end.is_some() && vehicle.driven.is_none() {
        return 0;
    }
    let (longest, longest_s) = index.problem.travel().longest();
    let per_second = vehicle.cost_per_second + vehicle.cost_per_driving_second;
    let way = longest.saturating_mul(vehicle.cost_per_distance);
    let time = longest_s.saturating_mul(per_second);
    way.saturating_add(time).saturating_mul(2)
}

pub(super) fn prices(index: &Index) -> Prices {
    let stops = index.stops();
    let types = index.problem.vehicle_types().len();
    let mut solo = vec![None; types * stops];
    let mut assessor = Assessor::default();
    let requests = &index.requests.all;
    let mut dearest_total = 1_i64;
    let detours: Vec<i64> = (0..types).map(|t| detour(index, t)).collect();
    for request in requests {
        let mut dearest = request.penalty.unwrap_or(0);
        for vehicle_type in 0..types {
            let mut assess = |tasks: &[u32]| {
                let cost = assessor.solo(index, vehicle_type, tasks);
                solo[vehicle_type * stops + tasks[0] as usize] = cost;
                let detour = detours[vehicle_type];
                dearest = dearest.max(cost.unwrap_or(0).saturating_add(detour));
            };
            match &request.kind {
                Kind::Pair { pickup, delivery } => assess(&[*pickup, *delivery]),
                Kind::Single(stop) => assess(&[*stop]),
                Kind::Group(stops) => stops.iter().for_each(|&stop| assess(&[stop])),
            }
        }
        dearest_total = dearest_total.saturating_add(dearest);
    }
    let most = i64::MAX / 8 / (requests.len() as i64 + 1);
    let vehicles_first = index.problem.rules().objective.vehicles_first;
    let vehicle = match vehicles_first {
        true => dearest_total.min(most / 16),
        false => 0,
    };
    let greatest = requests.iter().filter(|r| r.bound.is_none());
    let greatest = greatest.map(|r| r.priority).max().unwrap_or(0);
    let least = dearest_total.saturating_add(vehicle.saturating_mul(4));
    let least = least
        .saturating_mul(2)
        .min(most / (i64::from(greatest) + 2))
        .max(1);
    let absence = |request: &Request| match request.penalty {
        Some(penalty) => penalty,
        None if request.bound.is_some() => most,
        None => least
            .saturating_mul(1 + i64::from(request.priority))
            .min(most),
    };
    Prices {
        absence: requests.iter().map(absence).collect(),
        vehicle,
        solo,
        stops,
    }
}
