//! Loads trip by trip, and the order of deliveries and pickups.

use super::fault::FaultKind;
use super::judge::Faults;
use super::report::{Activity, CheckedActivity, CheckedRoute};
use crate::solver::problem::{Backhauls, Problem, VehicleType};
use crate::solver::solution::PauseKind;

/// Goods on board, by dimension.
struct Load<'a> {
    problem: &'a Problem,
    /// From and for the depot.
    depot: Vec<i128>,
    /// Of shipments.
    shipped: Vec<i128>,
    /// By stop: the amounts of the shipment that it loads, or unloads.
    shipment: Vec<Option<(&'a [i64], i128)>>,
}

impl<'a> Load<'a> {
    fn new(problem: &'a Problem) -> Self {
        let any = !problem.rules().shipments.is_empty();
        let mut shipment = vec![None; if any { problem.stops().len() } else { 0 }];
        for one in &problem.rules().shipments {
            shipment[one.pickup] = Some((one.amount.as_slice(), 1));
            shipment[one.delivery] = Some((one.amount.as_slice(), -1));
        }
        Self {
            problem,
            depot: vec![0; problem.dimensions()],
            shipped: vec![0; problem.dimensions()],
            shipment,
        }
    }

    /// Unloads what was picked up and loads the deliveries of the trip that begins with `ahead`.
    fn reload(&mut self, ahead: &[CheckedActivity]) {
        self.depot.fill(0);
        for stop in trip(ahead) {
            add(&mut self.depot, &self.problem.stops()[stop].demand, 1);
        }
    }

    fn serve(&mut self, stop: usize) {
        let served = &self.problem.stops()[stop];
        add(&mut self.depot, &served.demand, -1);
        add(&mut self.depot, &served.pickup, 1);
        if let Some(&Some((amount, sign))) = self.shipment.get(stop) {
            add(&mut self.shipped, amount, sign);
        }
    }

    fn total(&self) -> Vec<i128> {
        let both = self.depot.iter().zip(&self.shipped);
        both.map(|(depot, shipped)| depot + shipped).collect()
    }
}

fn add(load: &mut [i128], amounts: &[i64], sign: i128) {
    for (sum, &amount) in load.iter_mut().zip(amounts) {
        *sum += sign * i128::from(amount);
    }
}

/// The stops up to the next reload.
fn trip(ahead: &[CheckedActivity]) -> impl Iterator<Item = usize> {
    ahead
        .iter()
        .map(|a| a.activity)
        .take_while(|a| !is_reload(*a))
        .filter_map(|activity| match activity {
            Activity::Stop(stop) => Some(stop),
            Activity::Pause(_) => None,
        })
}

fn is_reload(activity: Activity) -> bool {
    matches!(activity, Activity::Pause(PauseKind::Reload(_)))
}

/// Fills in the loads; names overloaded trips and pickups out of order.
pub(super) fn check(
    problem: &Problem,
    vehicle: &VehicleType,
    route: &mut CheckedRoute,
    fault: Faults,
) {
    let mut load = Load::new(problem);
    load.reload(&route.activities);
    route.load = load.total();
    let mut trip = 0;
    let mut greatest = route.load.clone();
    for index in 0..route.activities.len() {
        let activity = route.activities[index].activity;
        match activity {
            Activity::Stop(stop) => load.serve(stop),
            Activity::Pause(PauseKind::Reload(_)) => {
                overload(vehicle, trip, &greatest, fault);
                load.reload(&route.activities[index + 1..]);
                greatest.fill(0);
                trip += 1;
            }
            Activity::Pause(_) => {}
        }
        let now = load.total();
        for (greatest, now) in greatest.iter_mut().zip(&now) {
            *greatest = (*greatest).max(*now);
        }
        route.activities[index].load = now;
    }
    overload(vehicle, trip, &greatest, fault);
    order(problem, &route.activities, fault);
}

fn overload(vehicle: &VehicleType, trip: usize, greatest: &[i128], fault: Faults) {
    for (dimension, (&load, &capacity)) in greatest.iter().zip(&vehicle.capacity).enumerate() {
        if load > i128::from(capacity) {
            let kind = FaultKind::Load {
                dimension,
                trip,
                load,
                capacity,
            };
            fault(None, kind);
        }
    }
}

/// Pickups for the depot after the deliveries of their trip.
fn order(problem: &Problem, activities: &[CheckedActivity], fault: Faults) {
    let backhauls = problem.rules().backhauls;
    if backhauls == Backhauls::Mixed {
        return;
    }
    let trips = activities.split(|a| is_reload(a.activity));
    for (number, activities) in trips.enumerate() {
        let stops: Vec<usize> = trip(activities).collect();
        let first =
            |kind: fn(&usize, &Problem) -> bool| stops.iter().position(|s| kind(s, problem));
        let Some(first_pickup) = first(|s, p| p.stops()[*s].is_backhaul()) else {
            continue;
        };
        let delivery = |s: &&usize| problem.stops()[**s].is_linehaul();
        if let Some(&late) = stops[first_pickup..].iter().find(delivery) {
            fault(Some(late), FaultKind::BackhaulBefore { trip: number });
        }
        if backhauls == Backhauls::LastAfterDeliveries && !stops.iter().any(|s| delivery(&s)) {
            let kind = FaultKind::BackhaulsAlone { trip: number };
            fault(stops.get(first_pickup).copied(), kind);
        }
    }
}
