//! Kept values equal recomputed ones, after any history of changes.

use super::best::Best;
use super::ejection::Ejection;
use super::perturb::Perturb;
use super::places::{Place, Places};
use super::plan::{NONE, Plan};
use super::recreate::Recreate;
use super::route::Route;
use super::ruin::Ruin;
use super::tables::Tables;
use super::{search, supports};
use crate::runtime::{Cancel, Progress, random};
use crate::solver::check::check;
use crate::solver::problem::{Objective, Problem, Rules, Shipment, Stop, TimeWindow, VehicleType};
use crate::solver::search::limits::Limits;
use crate::solver::solution::Solution;
use crate::solver::travel::{StaticProfile, StaticTravel, Travel};
use proptest::prelude::*;
use rand::Rng;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Shipments on a plane, two kinds of vehicle at two depots, two dimensions of load; windows, skills,
/// limits and prizes come and go with the seed.
fn problem(seed: u64, shipments: usize) -> Problem {
    let mut random = random::generator(seed, "paired tests");
    let mut coin = |one_in: u32| -> bool { random.random_range(0..one_in) == 0 };
    let (windows, optional, skills, limited) = (coin(2), coin(3), coin(3), coin(3));
    let asymmetric = coin(3);
    let stops = 2 * shipments;
    let mut coordinate = || random.random_range(0.0..900.0_f64);
    let points: Vec<(f64, f64)> = (0..stops + 2)
        .map(|_| (coordinate(), coordinate()))
        .collect();
    let cell = |a: &(f64, f64), b: &(f64, f64)| {
        let climb = f64::from(u8::from(asymmetric)) * 0.2;
        ((a.0 - b.0).hypot(a.1 - b.1) + (b.1 - a.1).max(0.0) * climb).ceil() as u32
    };
    let pairs = points
        .iter()
        .flat_map(|a| points.iter().map(move |b| (a, b)));
    let distances: Vec<u32> = pairs.map(|(a, b)| cell(a, b)).collect();
    let durations: Vec<u32> = distances.iter().map(|d| d * 3 / 2 + 1).collect();
    let profile = StaticProfile {
        durations: durations.into(),
        distances: distances.into(),
    };
    let travel = Travel::Static(StaticTravel::new(stops + 2, vec![profile]).unwrap().into());
    let vehicles = [(12, 0), (8, 1)].map(|(capacity, depot)| VehicleType {
        end: Some(if seed.is_multiple_of(5) { 0 } else { depot }),
        fixed_cost: capacity * 10,
        cost_per_distance: 1 + capacity / 10,
        earliest_start_s: 100,
        latest_end_s: if windows { 20_000 } else { 60_000 },
        max_distance: (limited && seed.is_multiple_of(2)).then_some(6_000),
        max_stops: (limited && !seed.is_multiple_of(2)).then_some(6),
        skills: depot as u64,
        ..VehicleType::at_depot(depot, shipments, vec![capacity, 20])
    });
    let rules = Rules {
        shipments: (0..shipments)
            .map(|k| Shipment {
                pickup: 2 * k,
                delivery: 2 * k + 1,
                amount: vec![random.random_range(1..6), random.random_range(0..9)],
            })
            .collect(),
        objective: Objective {
            vehicles_first: !optional && seed.is_multiple_of(3),
            ..Objective::default()
        },
        ..Rules::default()
    };
    let stops = (0..stops).map(|stop| {
        let open_s = random.random_range(0..4_000) + 4_000 * i64::from(stop % 2 == 1);
        let close_s = open_s + random.random_range(500..5_000);
        Stop {
            service_s: random.random_range(0..300),
            windows: Vec::from_iter(windows.then_some(TimeWindow { open_s, close_s })),
            required_skills: u64::from(skills && stop % 6 == 0),
            penalty: (optional && stop % 4 < 2).then_some(600),
            ..Stop::at(stop + 2, vec![0, 0])
        }
    });
    let problem = Problem::with_rules(travel, vehicles.to_vec(), stops.collect(), rules).unwrap();
    assert!(supports(&problem));
    problem
}

/// A plan after a number of iterations of which every other is undone, and its best.
fn after<'a>(tables: &'a Tables<'a>, seed: u64, iterations: usize) -> (Plan<'a>, Best) {
    let mut random = random::generator(seed, "paired tests: moves");
    let mut plan = Plan::new(tables);
    let (mut ruin, mut recreate) = (Ruin::default(), Recreate::default());
    let mut best = Best::of(&plan);
    for iteration in 0..iterations {
        ruin.run(&mut plan, &mut random);
        recreate.run(&mut plan, &ruin.waiting, &mut random);
        if iteration % 2 == 0 {
            best.note(&plan);
            plan.accept();
            if plan.cost < best.cost {
                best.update(&plan);
            }
        } else {
            plan.reject();
        }
    }
    (plan, best)
}

/// Everything that an undo must bring back. The order of what is absent counts too: choices depend
/// on it.
fn picture(plan: &Plan) -> String {
    let routes: Vec<&Route> = plan.routes.iter().filter(|r| r.in_use()).collect();
    let rest = (&plan.absent, &plan.used, &plan.route_of, plan.cost);
    format!("{routes:?} {rest:?}")
}

/// Whether every kept value of a plan is what a recomputation gives.
fn assert_consistent(plan: &Plan) {
    let tables = plan.tables;
    let mut cost: i64 = 0;
    for route in plan.in_use() {
        let this = &plan.routes[route as usize];
        let mut again = Route::default();
        again.open(tables, this.vehicle_type);
        let mut placed = BTreeSet::new();
        for stop in this.stops() {
            let request = tables.request_of[stop as usize];
            assert_eq!(plan.route_of[request as usize], route);
            let ends = tables.requests[request as usize];
            if ends.pickup == stop {
                placed.insert(request);
                continue;
            }
            // As many of the earlier deliveries' stops as come before the pickup, and all of them.
            let before: Vec<u32> = this.stops().take_while(|&s| s != ends.pickup).collect();
            let behind = |of: &dyn Fn(u32) -> bool| {
                again.visits.iter().rposition(|v| of(v.site)).unwrap_or(0)
            };
            let pickup = behind(&|site| before.contains(&site));
            let earlier: Vec<u32> = this.stops().take_while(|&s| s != stop).collect();
            let delivery = behind(&|site| earlier.contains(&site));
            again.insert(tables, ends, pickup, delivery);
        }
        assert_eq!(placed.len() * 2, this.size());
        assert_eq!(&again, this);
        cost += tables.types[this.vehicle_type as usize].fixed + this.distance * this.unit;
    }
    let absences = plan
        .absent
        .iter()
        .map(|&r| tables.prices.absence[r as usize]);
    assert_eq!(cost + absences.sum::<i64>(), plan.cost);
    let absent: BTreeSet<u32> = plan.absent.iter().copied().collect();
    assert_eq!(absent.len(), plan.absent.len());
    let nowhere = (0..tables.requests.len() as u32).filter(|&r| plan.route_of[r as usize] == NONE);
    assert_eq!(nowhere.collect::<BTreeSet<u32>>(), absent);
    assert_eq!(plan.vehicles(), plan.in_use().count());
}

/// The plan as a solution.
fn solution(plan: &Plan) -> Solution {
    Best::of(plan).solution(plan.tables)
}

fn limits(cancel: &Cancel, iterations: Option<u64>) -> Limits<'_> {
    Limits {
        start: Instant::now(),
        time: Duration::from_secs(20),
        iterations,
        cancel,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn kept_values_equal_recomputed_ones_and_the_checker_agrees(seed in any::<u64>()) {
        let problem = problem(seed, 12);
        let tables = Tables::new(&problem);
        let (plan, best) = after(&tables, seed, 40);
        assert_consistent(&plan);
        for solution in [solution(&plan), best.solution(&tables)] {
            let report = check(&problem, &solution);
            prop_assert_eq!(&report.faults, &vec![]);
            prop_assert_eq!(i128::from(solution.cost), report.cost);
        }
    }

    #[test]
    fn undo_restores_everything(seed in any::<u64>()) {
        let problem = problem(seed, 12);
        let tables = Tables::new(&problem);
        let (mut plan, _) = after(&tables, seed, 21);
        let before = picture(&plan);
        let mut random = random::generator(seed, "paired tests: undo");
        let (mut ruin, mut perturb) = (Ruin::default(), Perturb::default());
        for _ in 0..3 {
            ruin.run(&mut plan, &mut random);
            Recreate::default().run(&mut plan, &ruin.waiting, &mut random);
            (0..20).for_each(|_| perturb.shake(&mut plan, &mut random));
            assert_consistent(&plan);
            plan.reject();
            prop_assert_eq!(&picture(&plan), &before);
        }
    }

    /// The places offered are exactly those that the checker allows, and their detours right.
    #[test]
    fn places_are_what_the_checker_allows(seed in any::<u64>()) {
        let problem = problem(seed, 8);
        let tables = Tables::new(&problem);
        let (mut plan, _) = after(&tables, seed, 15);
        let request = (seed % 8) as u32;
        if plan.route_of[request as usize] != NONE {
            plan.remove(plan.route_of[request as usize], &[request]);
            plan.accept();
        }
        let in_use: Vec<u32> = plan.in_use().collect();
        for route in in_use {
            let this = &plan.routes[route as usize];
            let (mut offered, legs) = (Vec::new(), this.visits.len() - 1);
            let ends = tables.requests[request as usize];
            if plan.accepts(route, request) {
                Places::default().scan(&tables, this, ends, i32::MAX, |place| {
                    offered.push(place);
                    i32::MAX
                });
            }
            for (pickup, delivery) in (0..legs).flat_map(|p| (p..legs).map(move |d| (p, d))) {
                let before = (plan.cost, plan.routes[route as usize].unit);
                let found = offered.iter().find(|o| (o.pickup, o.delivery) == (pickup, delivery));
                plan.insert(request, route, Place { pickup, delivery, detour: 0 });
                plan.settle_absent();
                let allowed = check(&problem, &solution(&plan)).faults.is_empty();
                prop_assert_eq!(found.is_some(), allowed);
                if let Some(found) = found {
                    let absence = tables.prices.absence[request as usize];
                    let detour = i64::from(found.detour) * before.1;
                    prop_assert_eq!(plan.cost + absence - before.0, detour);
                }
                plan.reject();
            }
        }
    }

    /// What has to leave is on the route, and makes the room it is said to make.
    #[test]
    fn ejections_make_room(seed in any::<u64>()) {
        let problem = problem(seed, 12);
        let tables = Tables::new(&problem);
        let (mut plan, _) = after(&tables, seed, 30);
        let request = (seed % 12) as u32;
        let mut random = random::generator(seed, "paired tests: ejection");
        if plan.route_of[request as usize] != NONE {
            plan.remove(plan.route_of[request as usize], &[request]);
        }
        let mut ejection = Ejection::default();
        if let Some(found) = ejection.find(&plan, request, &[1; 12], &mut random) {
            for &ejected in ejection.ejected() {
                prop_assert_eq!(plan.route_of[ejected as usize], found.route);
            }
            plan.take(found.route, ejection.ejected());
            plan.insert(request, found.route, found.place);
            plan.settle_absent();
            assert_consistent(&plan);
            prop_assert_eq!(check(&problem, &solution(&plan)).faults, vec![]);
        }
    }

    /// A handful of shipments is solved to the optimum, and twice the same way; started from that,
    /// the search keeps it.
    #[test]
    fn finds_the_optimum_of_small_problems(seed in 0..1_u64 << 40) {
        let problem = problem(seed, 3);
        let cancel = Cancel::default();
        let limits = limits(&cancel, Some(600));
        let found = search(&problem, None, seed, &limits, &Progress::silent());
        prop_assert_eq!(found.search_cost, optimum(&Tables::new(&problem)));
        prop_assert_eq!(found.iterations, 600);
        let again = search(&problem, None, seed, &limits, &Progress::silent());
        prop_assert_eq!(&again.solution, &found.solution);
        let short = super::tests::limits(&cancel, Some(0));
        let warm = search(&problem, Some(&found.solution), 1, &short, &Progress::silent());
        prop_assert_eq!(warm.solution, found.solution);
    }
}

/// Least search cost of all plans: every request in turn at every place of every route.
fn optimum(tables: &Tables) -> i64 {
    fn go(plan: &mut Plan, request: u32, least: &mut i64) {
        let tables = plan.tables;
        if request as usize == tables.requests.len() {
            *least = (*least).min(plan.cost);
            return;
        }
        go(plan, request + 1, least);
        let types = 0..tables.types.len() as u32;
        let open: Vec<u32> = plan.in_use().collect();
        let fresh = types.filter(|&t| tables.solo(t as usize, request).is_some());
        let choices = open.into_iter().map(Ok).chain(fresh.map(Err));
        for choice in choices.collect::<Vec<Result<u32, u32>>>() {
            let route = choice.unwrap_or_else(|t| plan.open(t));
            let mut offered = Vec::new();
            if plan.accepts(route, request) {
                let this = &plan.routes[route as usize];
                let ends = tables.requests[request as usize];
                Places::default().scan(tables, this, ends, i32::MAX, |place| {
                    offered.push(place);
                    i32::MAX
                });
            }
            for place in offered {
                plan.insert(request, route, place);
                plan.settle_absent();
                go(plan, request + 1, least);
                plan.take(route, &[request]);
            }
            if choice.is_err() {
                plan.close(route);
            }
        }
    }
    let mut plan = Plan::new(tables);
    let mut least = i64::MAX;
    go(&mut plan, 0, &mut least);
    least
}
