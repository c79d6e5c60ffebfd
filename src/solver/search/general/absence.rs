//! What it costs the search to leave a request out, and what a route of it alone costs.

use super::assessor::Assessor;
use super::index::Index;
use super::requests::{Kind, Request};

/// Prices of the search that are no costs of the plan.
#[derive(Debug, Clone, Default)]
pub(in crate::solver::search) struct Prices {
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

pub(super) fn prices(index: &Index) -> Prices {
    let stops = index.stops();
    let types = index.problem.vehicle_types().len();
    let mut solo = vec![None; types * stops];
    let mut assessor = Assessor::default();
    let requests = &index.requests.all;
    for request in requests {
        for vehicle_type in 0..types {
            let mut assess = |tasks: &[u32]| {
                let cost = assessor.solo(index, vehicle_type, tasks);
                solo[vehicle_type * stops + tasks[0] as usize] = cost;
            };
            match &request.kind {
                Kind::Pair { pickup, delivery } => assess(&[*pickup, *delivery]),
                Kind::Single(stop) => assess(&[*stop]),
                Kind::Group(stops) => stops.iter().for_each(|&stop| assess(&[stop])),
            }
        }
    }
    let dearest = index.problem.cost_bound();
    let most = i64::MAX / 8 / (requests.len() as i64 + 1);
    let vehicles_first = index.problem.rules().objective.vehicles_first;
    let vehicle = match vehicles_first {
        true => dearest.min(most / 16),
        false => 0,
    };
    let greatest = requests.iter().filter(|r| r.bound.is_none());
    let greatest = greatest.map(|r| r.priority).max().unwrap_or(0);
    let least = dearest.saturating_add(vehicle.saturating_mul(4));
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
