//! What it costs the search to leave a request out, and what a route of it alone costs.

use super::{Request, Tables, TypeData};

/// Prices of the search; those of mandatory requests and of vehicles are no costs of the plan.
#[derive(Default)]
pub(in super::super) struct Prices {
    /// By request: cost of leaving it out; for mandatory ones more than any detour.
    pub absence: Vec<i64>,
    /// Added to the cost of a vehicle, where one less is worth any other cost.
    pub vehicle: i64,
    /// `[type][request]`: cost of a route of the request alone, if it can be driven.
    pub(super) solo: Vec<Option<i64>>,
}

impl Prices {
    pub fn of(tables: &Tables) -> Self {
        let problem = tables.problem;
        let most = i64::MAX / 8 / (tables.requests.len() as i64 + 1);
        let dearest = problem.cost_bound().min(most / 16);
        let vehicle = match problem.rules().objective.vehicles_first {
            true => dearest,
            false => 0,
        };
        let mandatory = (dearest + vehicle).saturating_mul(2).max(1);
        let absence = |request: &Request| {
            let ends = [request.pickup, request.delivery];
            let ends = ends.map(|stop| &problem.stops()[stop as usize]);
            let priority = i64::from(ends[0].priority.max(ends[1].priority));
            match ends.iter().any(|stop| stop.penalty.is_none()) {
                true => mandatory.saturating_mul(1 + priority).min(most),
                false => ends.iter().filter_map(|stop| stop.penalty).sum(),
            }
        };
        let requests = tables.requests.iter();
        Self {
            absence: requests.map(absence).collect(),
            vehicle,
            solo: solo(tables, vehicle),
        }
    }
}

fn solo(tables: &Tables, vehicle: i64) -> Vec<Option<i64>> {
    let mut solo = Vec::with_capacity(tables.types.len() * tables.requests.len());
    for (index, t) in tables.types.iter().enumerate() {
        for (k, request) in tables.requests.iter().enumerate() {
            let serves = tables.may_serve(index as u32, k as u32);
            let cost = if serves {
                alone(tables, t, request)
            } else {
                None
            };
            solo.push(cost.map(|cost| cost + vehicle));
        }
    }
    solo
}

/// Cost of a route of one request, if it can be driven.
fn alone(tables: &Tables, t: &TypeData, request: &Request) -> Option<i64> {
    let sites = [t.start, request.pickup, request.delivery, t.end];
    let (mut distance, mut ready) = (0, i64::from(t.earliest));
    for leg in sites.windows(2) {
        let site = tables.service_at(leg[1]);
        let leg = tables.legs.between(leg[0], leg[1]);
        distance += i64::from(leg.distance);
        let arrival = ready + i64::from(leg.duration);
        if arrival > i64::from(site.close) {
            return None;
        }
        ready = arrival.max(i64::from(site.open)) + i64::from(site.service);
    }
    let gains = tables.gains(request.pickup).iter();
    let fits = gains.zip(&t.capacity).all(|(gain, room)| gain <= room)
        && t.count > 0
        && t.max_stops >= 2
        && distance <= t.max_distance
        && ready <= i64::from(t.latest);
    fits.then_some(t.fixed + distance * t.unit)
}
