//! What is counted: vehicles first, lateness at the 90 % quantile, travel times by the hour.

use super::matters;
use crate::solver::draft::{Draft, plan, route};
use routeforce::cost::tensor::{CostTensor, ProfileCosts, SliceAxis};
use routeforce::solver::{TimeWindow, Travel, VehicleType};

#[test]
fn one_vehicle_less_before_any_other_cost() {
    let draft = Draft::line(&[0, 10, 100, 90]).with(|d| {
        d.stops.truncate(2);
        d.vehicles.push(VehicleType::at_depot(3, 1, vec![10]));
        d.rules.objective.vehicles_first = true;
    });
    let plan = matters(&draft, &[], |d| d.rules.objective.vehicles_first = false);
    assert_eq!(plan.routes.len(), 1);
    assert_eq!(plan.cost, 180);
}

/// Two places; by profile and slice of 1,000 s: expected seconds and 90 % quantile of the leg.
fn tensor(profiles: &[&[(u32, u32)]]) -> Travel {
    let axis = SliceAxis {
        origin: chrono::DateTime::UNIX_EPOCH,
        time_zone: chrono_tz::UTC,
        slice_s: 1_000,
        slices: profiles[0].len(),
    };
    let profile = |(index, legs): (usize, &&[(u32, u32)])| {
        let cells = |of: fn(&(u32, u32)) -> u32| {
            let legs: Vec<u32> = legs.iter().map(of).collect();
            let none = vec![0; legs.len()];
            [none.clone(), legs.clone(), legs, none].concat()
        };
        ProfileCosts {
            name: index.to_string(),
            mean_s: cells(|leg| leg.0),
            p90_s: cells(|leg| leg.1),
            distance_m: vec![0, 100, 100, 0],
        }
    };
    let profiles = profiles.iter().enumerate().map(profile).collect();
    Travel::Tensor(CostTensor::new(axis, 2, profiles, 0.3).unwrap().into())
}

#[test]
fn the_risk_of_being_late() {
    // The first type is faster in the mean, and often stuck.
    let draft = Draft::line(&[0, 100]).with(|d| {
        d.travel = tensor(&[&[(100, 300)], &[(120, 130)]]);
        d.vehicles[0].cost_per_driving_second = 1;
        d.vehicles.push(d.vehicles[0].clone());
        d.vehicles[1].profile = 1;
        d.stops[0].windows = vec![TimeWindow {
            open_s: 0,
            close_s: 200,
        }];
        d.rules.objective.p90_lateness_cost_per_second = 1;
    });
    let plan = matters(&draft, &[], |d| {
        d.rules.objective.p90_lateness_cost_per_second = 0;
    });
    assert_eq!(plan.routes[0].vehicle_type, 1);
    let early = draft.with(|d| d.stops[0].windows[0].close_s = 290);
    let plan = matters(&early, &[], |d| {
        d.rules.objective.p90_lateness_cost_per_second = 0;
    });
    assert_eq!((plan.routes[0].vehicle_type, plan.cost), (0, 410));
}

#[test]
fn the_lateness_to_be_expected() {
    // Both arrive in time as planned; the faster one is far more uncertain.
    let draft = Draft::line(&[0, 100]).with(|d| {
        d.travel = tensor(&[&[(100, 300)], &[(120, 130)]]);
        d.vehicles[0].cost_per_driving_second = 1;
        d.vehicles.push(d.vehicles[0].clone());
        d.vehicles[1].profile = 1;
        d.stops[0].windows = vec![TimeWindow {
            open_s: 0,
            close_s: 200,
        }];
        d.rules.objective.expected_lateness_cost_per_second = 10;
    });
    let plan = matters(&draft, &[], |d| {
        d.rules.objective.expected_lateness_cost_per_second = 0;
    });
    assert_eq!(plan.routes[0].vehicle_type, 1);
}

/// Places on a ring, 100 s from each to the next and `back_s` the other way round, for sure; by profile.
fn ring(profiles: &[(u32, u32)]) -> Travel {
    let axis = SliceAxis {
        origin: chrono::DateTime::UNIX_EPOCH,
        time_zone: chrono_tz::UTC,
        slice_s: 1_000,
        slices: 1,
    };
    let profile = |(index, &(on_s, back_s)): (usize, &(u32, u32))| {
        let cells = vec![0, on_s, back_s, back_s, 0, on_s, on_s, back_s, 0];
        ProfileCosts {
            name: index.to_string(),
            mean_s: cells.clone(),
            p90_s: cells,
            distance_m: vec![0; 9],
        }
    };
    let profiles = profiles.iter().enumerate().map(profile).collect();
    Travel::Tensor(CostTensor::new(axis, 3, profiles, 0.3).unwrap().into())
}

/// 50 seconds at stop 0, give or take a minute; stop 1 closes at 300.
fn uncertain_service(profiles: &[(u32, u32)]) -> Draft {
    Draft::line(&[0, 100, 200]).with(|d| {
        d.travel = ring(profiles);
        d.vehicles[0].cost_per_driving_second = 1;
        d.stops[0].service_s = 50;
        d.stops[0].service_sd_ms = 60_000;
        d.stops[1].windows = vec![TimeWindow {
            open_s: 0,
            close_s: 300,
        }];
        d.rules.objective.expected_lateness_cost_per_second = 10;
    })
}

#[test]
fn the_lateness_to_be_expected_of_uncertain_service() {
    // On the ring, stop 1 is reached at 250 in the mean: 60 (0.28190 - 0.83333 x 0.20233) = 6.797 s
    // late are expected. The other way round costs 30 more and is never late.
    let draft = uncertain_service(&[(100, 110)]);
    let on = plan(&draft.problem(), vec![route(0, 0, &[0, 1])]);
    assert_eq!(on.cost, 300 + 68);
    let best = matters(&draft, &[], |d| d.stops[0].service_sd_ms = 0);
    assert_eq!((&best.routes[0].stops[..], best.cost), (&[1, 0][..], 330));
}

#[test]
fn the_uncertainty_of_service_by_vehicle_type() {
    // Stop 0 has to come first; the second type takes longer to drive, and always 50 seconds there.
    let draft = uncertain_service(&[(100, 110), (110, 120)]).with(|d| {
        d.stops[0].windows = vec![TimeWindow {
            open_s: 0,
            close_s: 150,
        }];
        d.stops[0].service_sd_by_type_ms = vec![60_000, 0];
        d.vehicles.push(d.vehicles[0].clone());
        d.vehicles[1].profile = 1;
    });
    let best = matters(&draft, &[], |d| {
        d.stops[0].service_sd_by_type_ms = vec![0, 0]
    });
    assert_eq!((best.routes[0].vehicle_type, best.cost), (1, 330));
}

#[test]
fn travel_times_that_depend_on_the_hour() {
    // Rush at 1,000 s; whoever leaves at 3,000 drives half as long.
    let rush = &[(400, 400), (400, 400), (200, 200), (200, 200)];
    let draft = Draft::line(&[0, 100]).with(|d| {
        d.travel = tensor(&[rush]);
        d.vehicles[0].cost_per_second = 1;
    });
    let plan = matters(&draft, &[2_000, 3_000], |d| {
        d.travel = tensor(&[&[(400, 400)]]);
    });
    assert_eq!(plan.cost, 200 + 400);
    assert!(plan.routes[0].departure_s >= 2_000);
}
