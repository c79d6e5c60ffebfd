//! The solver's plans pass the independent checker, and the checker finds what is wrong with a plan.

use super::town;
use chrono::TimeDelta;
use proptest::prelude::*;
use routeforce::cost::tensor::{CostTensor, ProfileCosts};
use routeforce::domain::plan::{Plan, PlanBasis};
use routeforce::planning::{Caution, PlanRequest, check::check, plan_day};
use routeforce::runtime::{Cancel, Progress};
use std::sync::Arc;

fn plan(request: &PlanRequest) -> Plan {
    plan_day(request, &Cancel::new(), &Progress::silent()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Mixed fleets, two depots, open routes, several windows, skills, optional stops.
    #[test]
    fn plans_pass_the_checker(seed in 0_u64..1_000_000, stops in 0_usize..40) {
        let (fleet, stops) = town::fleet_and_stops(seed, stops);
        let request = town::request(fleet, stops, seed);
        let plan = plan(&request);
        let faults = check(&plan, &request.costs).unwrap();
        prop_assert!(faults.is_empty(), "{faults:#?}");
        for visit in plan.routes.iter().flat_map(|r| &r.visits) {
            prop_assert!(visit.arrival_p50 <= visit.arrival_p90);
        }
    }
}

#[test]
fn the_same_request_gives_the_same_plan() {
    let (fleet, stops) = town::fleet_and_stops(5, 25);
    let request = town::request(fleet, stops, 9);
    let (mut first, mut second) = (plan(&request), plan(&request));
    // Wall time is the one thing that differs.
    first.search.elapsed_s = 0.0;
    second.search.elapsed_s = 0.0;
    assert_eq!(first, second);
}

/// A driver who serves slower takes as much longer at each of his stops; the checker recomputes it.
#[test]
fn service_takes_as_long_as_the_driver_needs() {
    let (mut fleet, stops) = town::fleet_and_stops(5, 25);
    fleet.vehicles[0].service_factor = Some(1.305);
    let request = town::request(fleet, stops, 9);
    let mut plan = plan(&request);
    let mut seen = 0;
    for route in &plan.routes {
        let factor = match route.vehicle_id.as_str() {
            "van-1" => 1.305,
            "truck-1" => 0.85,
            _ => 1.0,
        };
        for visit in &route.visits {
            let served = (visit.departure - visit.service_start).num_seconds();
            assert_eq!(
                served,
                (300.0_f64 * factor).round() as i64,
                "{}",
                route.vehicle_id
            );
            seen += usize::from(factor != 1.0);
        }
    }
    assert!(seen > 5, "{seen}");
    assert_eq!(check(&plan, &request.costs).unwrap(), Vec::<String>::new());
    plan.fleet.vehicles[0].service_factor = None;
    let faults = check(&plan, &request.costs).unwrap();
    assert!(
        faults
            .iter()
            .any(|f| f.contains("do not follow from the tensor")),
        "{faults:?}"
    );
}

#[test]
fn uncertain_service_widens_later_arrivals_and_moves_nothing() {
    let (fleet, mut stops) = town::fleet_and_stops(5, 25);
    stops.iter_mut().for_each(|s| s.windows.clear());
    let certain = plan(&town::request(fleet.clone(), stops.clone(), 9));
    stops.iter_mut().for_each(|s| s.service_sd_s = Some(90.0));
    let uncertain = plan(&town::request(fleet, stops, 9));
    let pairs = certain.routes.iter().zip(&uncertain.routes);
    let mut later = 0;
    for (a, b) in pairs.flat_map(|(a, b)| a.visits.iter().zip(&b.visits)) {
        assert_eq!((a.arrival, a.arrival_p50), (b.arrival, b.arrival_p50));
        assert!(b.arrival_p90 >= a.arrival_p90);
        later += usize::from(b.arrival_p90 > a.arrival_p90 + TimeDelta::seconds(10));
    }
    assert!(later > 10, "{later}");
}

/// On a ring, the way round that is shorter has the site with uncertain service before the one that
/// closes early; whoever prices expected lateness drives the other way if the service is uncertain.
#[test]
fn a_cautious_plan_prices_uncertain_service() {
    let orders = |sd_s: Option<f64>, factor: Option<f64>| {
        let (mut fleet, mut stops) = town::fleet_and_stops(5, 2);
        fleet.depots.truncate(1);
        fleet.vehicles = vec![town::vehicle("van-1", "van")];
        fleet.vehicles[0].service_factor = factor;
        for (id, stop) in stops.iter_mut().enumerate() {
            *stop = town::stop(id, stop.place);
        }
        stops[0].service_sd_s = sd_s;
        stops[1].windows = vec![town::window((6, 0), (6, 30))];
        let axis = *town::tensor(&fleet, &stops).axis();
        let cells = |on: u32, back: u32| {
            let cells = [0, on, back, back, 0, on, on, back, 0];
            cells
                .into_iter()
                .flat_map(|s| std::iter::repeat_n(s, axis.slices))
                .collect()
        };
        let van = ProfileCosts {
            name: "van".into(),
            mean_s: cells(600, 660),
            p90_s: cells(600, 660),
            distance_m: vec![0; 9],
        };
        let costs = CostTensor::new(axis, 3, vec![van], 0.3).unwrap();
        let request = PlanRequest {
            costs: Arc::new(costs),
            caution: Some(Caution::default()),
            basis: PlanBasis::Cautious,
            ..town::request(fleet, stops, 9)
        };
        let plan = plan(&request);
        assert_eq!(check(&plan, &request.costs).unwrap(), Vec::<String>::new());
        let visits = plan.routes[0].visits.iter();
        visits.map(|v| v.stop_id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(orders(None, None), ["s0", "s1"]);
    assert_eq!(orders(Some(1_800.0), None), ["s1", "s0"]);
    // A driver of his own pace, here the usual one, has the spread by vehicle type; a quick one has little.
    assert_eq!(orders(Some(1_800.0), Some(1.0)), ["s1", "s0"]);
    assert_eq!(orders(Some(1_800.0), Some(0.01)), ["s0", "s1"]);
}

/// One fault planted at a time; each must be found, and named.
#[test]
fn every_planted_fault_is_found() {
    let (fleet, stops) = town::fleet_and_stops(5, 30);
    let request = town::request(fleet, stops, 9);
    let sound = plan(&request);
    assert!(check(&sound, &request.costs).unwrap().is_empty());
    let longest = (0..sound.routes.len())
        .max_by_key(|r| sound.routes[*r].visits.len())
        .unwrap();
    assert!(sound.routes[longest].visits.len() >= 3);
    let timed = sound.routes.iter().position(|r| {
        r.visits.iter().any(|v| {
            sound
                .stops
                .iter()
                .any(|s| s.id == v.stop_id && !s.windows.is_empty())
        })
    });
    let timed = timed.unwrap();
    type Planting<'a> = (&'a str, &'a str, Box<dyn Fn(&mut Plan) + 'a>);
    let plantings: Vec<Planting> = vec![
        (
            "a stop served twice",
            "appears 2 times",
            Box::new(|p| {
                let again = p.routes[longest].visits[0].clone();
                p.routes[longest].visits.push(again);
            }),
        ),
        (
            "a stop forgotten",
            "neither planned nor unplanned",
            Box::new(|p| {
                p.routes[longest].visits.pop();
            }),
        ),
        (
            "an unknown stop",
            "not among the plan's stops",
            Box::new(|p| {
                p.routes[longest].visits[0].stop_id = "nowhere".into();
            }),
        ),
        (
            "two visits swapped",
            "do not follow from the tensor",
            Box::new(|p| {
                p.routes[longest].visits.swap(0, 1);
            }),
        ),
        (
            "an arrival moved",
            "do not follow from the tensor",
            Box::new(|p| {
                p.routes[longest].visits[1].arrival += TimeDelta::seconds(1);
            }),
        ),
        (
            "a departure before the shift",
            "before its shift starts",
            Box::new(|p| {
                p.routes[longest].departure -= TimeDelta::hours(12);
            }),
        ),
        (
            "a window that has closed",
            "served after its windows",
            Box::new(|p| {
                let ids: Vec<_> = p.routes[timed]
                    .visits
                    .iter()
                    .map(|v| v.stop_id.clone())
                    .collect();
                for stop in p.stops.iter_mut().filter(|s| ids.contains(&s.id)) {
                    for window in &mut stop.windows {
                        window.start -= TimeDelta::hours(9);
                        window.end -= TimeDelta::hours(9);
                    }
                }
            }),
        ),
        (
            "a smaller vehicle",
            "is overloaded",
            Box::new(|p| {
                for vehicle in &mut p.fleet.vehicles {
                    vehicle.capacity.insert("kg".into(), 10.0);
                }
            }),
        ),
        (
            "a skill nobody has",
            "lacks skill",
            Box::new(|p| {
                let id = p.routes[longest].visits[0].stop_id.clone();
                p.stops.iter_mut().find(|s| s.id == id).unwrap().skills = vec!["crane".into()];
            }),
        ),
        (
            "a wrong load",
            "wrong load after stop",
            Box::new(|p| {
                p.routes[longest].visits[0]
                    .load_after
                    .insert("kg".into(), 1.0);
            }),
        ),
        (
            "a shorter shift",
            "after its shift ends",
            Box::new(|p| {
                for vehicle in &mut p.fleet.vehicles {
                    vehicle.shift_end = town::clock(6, 5);
                }
            }),
        ),
        (
            "a distance limit",
            "drives",
            Box::new(|p| {
                for vehicle in &mut p.fleet.vehicles {
                    vehicle.max_distance_km = Some(0.5);
                }
            }),
        ),
        (
            "a stop limit",
            "stops",
            Box::new(|p| {
                for vehicle in &mut p.fleet.vehicles {
                    vehicle.max_stops = Some(1);
                }
            }),
        ),
        (
            "a cheaper kilometre",
            "distance cost",
            Box::new(|p| {
                p.routes[longest].cost.distance -= 1.0;
            }),
        ),
        (
            "a cheaper total",
            "total cost",
            Box::new(|p| p.cost.fixed -= 1.0),
        ),
        (
            "the same van twice",
            "has two routes",
            Box::new(|p| {
                let route = p.routes[longest].clone();
                p.routes.push(route);
            }),
        ),
        (
            "quantiles crossed",
            "p90 of the arrival",
            Box::new(|p| {
                let visit = &mut p.routes[longest].visits[0];
                visit.arrival_p90 = visit.arrival_p50 - TimeDelta::seconds(1);
            }),
        ),
        (
            "another tensor",
            "not that of the tensor",
            Box::new(|p| p.costs_sha256 = "00".into()),
        ),
    ];
    for (name, expected, plant) in plantings {
        let mut faulty = sound.clone();
        plant(&mut faulty);
        let faults = check(&faulty, &request.costs).unwrap();
        assert!(
            faults.iter().any(|f| f.contains(expected)),
            "{name}: {faults:#?}"
        );
    }
}

#[test]
fn a_tensor_of_other_places_is_refused() {
    let (fleet, stops) = town::fleet_and_stops(5, 10);
    let request = town::request(fleet.clone(), stops.clone(), 9);
    let other = town::tensor(&fleet, &stops[1..]);
    let error = check(&plan(&request), &other).unwrap_err();
    assert_eq!(error.field.as_deref(), Some("places"));
}
