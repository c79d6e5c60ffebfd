//! Arrivals along a route whose legs and service times are both uncertain: the quantiles that plans
//! state hold when days are drawn from what was predicted.

use super::synthetic::*;
use crate::pipeline::town;
use rand::Rng;
use rand_distr::StandardNormal;
use routeforce::domain::stop::ServiceTimes;
use routeforce::pipeline::service_times;
use routeforce::planning::plan_day;
use routeforce::runtime::{Cancel, Progress, random};
use routeforce::service_time::Kind;
use std::collections::BTreeSet;

const Z90: f64 = 1.281_551_565_544_6;
const DAYS: usize = 4_000;

/// Plans a day with learned service times, then drives its routes on drawn days: legs log-normal
/// around the tensor's mean with its p90, a share of their noise common to the hour; service times as
/// the operator of the history really needs them.
#[test]
fn a_tenth_of_arrivals_is_later_than_p90() {
    let made = operator(12_000, 60, 3, 11);
    let model = served(&fit_kind(&made.visits, Kind::Effects));
    let (mut fleet, mut stops) = town::fleet_and_stops(5, 24);
    for (number, vehicle) in fleet.vehicles.iter_mut().enumerate() {
        vehicle.id = format!("d{number}");
        vehicle.service_factor = None;
    }
    for (number, stop) in stops.iter_mut().enumerate() {
        stop.site_id = format!("c{}", number + 1);
        stop.windows.clear();
    }
    let without: BTreeSet<String> = stops.iter().map(|s| s.id.clone()).collect();
    service_times::apply(
        &model,
        ServiceTimes::Learned,
        &without,
        &mut stops,
        &mut fleet,
    )
    .unwrap();
    assert!(fleet.vehicles.iter().all(|v| v.service_factor.is_some()));
    let request = town::request(fleet, stops, 3);
    let plan = plan_day(&request, &Cancel::new(), &Progress::silent()).unwrap();
    let costs = &request.costs;
    let visits: usize = plan.routes.iter().map(|r| r.visits.len()).sum();
    assert!(visits > 15, "{visits}");

    let mut generator = random::generator(1, "drawn days");
    let mut draw = || -> f64 { generator.sample(StandardNormal) };
    let (mut late, mut early) = (0, 0);
    for _ in 0..DAYS {
        for route in &plan.routes {
            let vehicle = plan
                .fleet
                .vehicles
                .iter()
                .find(|v| v.id == route.vehicle_id)
                .unwrap();
            let driver: usize = vehicle.id[1..].parse().unwrap();
            let profile = costs.profile(&vehicle.profile).unwrap();
            let mut here = plan
                .fleet
                .depots
                .iter()
                .position(|d| d.id == vehicle.start_depot)
                .unwrap();
            let mut now = costs.axis().seconds(route.departure) as f64;
            let (mut hour, mut shared) = (i64::MIN, 0.0);
            for visit in &route.visits {
                let index = plan
                    .stops
                    .iter()
                    .position(|s| s.id == visit.stop_id)
                    .unwrap();
                let stop = &plan.stops[index];
                let there = plan.fleet.depots.len() + index;
                let hour_now = costs
                    .axis()
                    .instant(now as i64)
                    .timestamp()
                    .div_euclid(3_600);
                if hour_now != hour {
                    (hour, shared) = (hour_now, draw());
                }
                let mean = costs.duration_s(profile, here, there, now as i64) as f64;
                let p90 = costs.p90_s(profile, here, there, now as i64) as f64;
                let correlation = costs.leg_correlation();
                let noise = correlation.sqrt() * shared + (1.0 - correlation).sqrt() * draw();
                now += (mean + (p90 - mean) / Z90 * noise).max(0.0);
                let arrival = costs.axis().seconds(visit.arrival_p90) as f64;
                let median = costs.axis().seconds(visit.arrival_p50) as f64;
                late += usize::from(now > arrival);
                early += usize::from(now <= median);
                let customer: usize = stop.site_id[1..].parse().unwrap();
                let effect = made.customers[customer] + made.drivers[driver] + NOISE * draw();
                now += typical_s(stop.quantities["kg"]) * effect.exp();
                here = there;
            }
        }
    }
    let all = (DAYS * visits) as f64;
    let (late, early) = (100.0 * late as f64 / all, 100.0 * early as f64 / all);
    assert!((8.0..=12.0).contains(&late), "{late} % later than p90");
    assert!((44.0..=58.0).contains(&early), "{early} % before p50");
}
