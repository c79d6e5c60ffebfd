//! Kept values equal recomputed ones, after any history of changes.

mod exchange;

use super::best::Best;
use super::fleet::refit;
use super::metric::Dense;
use super::plan::{NONE, Plan};
use super::recreate::{Recreate, detour};
use super::ruin::Ruin;
use super::tables::{self, Tables};
use super::{departures, supports, tails};
use crate::runtime::random;
use crate::solver::check::check;
use crate::solver::problem::{Backhauls, Overtime, Problem, Rules, Stop, TimeWindow, VehicleType};
use crate::solver::travel::{StaticProfile, StaticTravel, Travel};
use proptest::prelude::*;
use rand::Rng;

const STOPS: usize = 24;

/// Stops on a plane, two kinds of vehicle at two depots; windows, durations, prizes, skills,
/// backhauls and legs that break the triangle inequality come and go with the seed.
fn problem(seed: u64) -> Problem {
    let mut random = random::generator(seed, "compact tests");
    let mut coin = |one_in: u32| -> bool { random.random_range(0..one_in) == 0 };
    let (windows, lasting, optional, returns, skills) =
        (coin(2), coin(2), coin(2), coin(3), coin(3));
    let (asymmetric, detours) = (coin(3), coin(3));
    let mut coordinate = || random.random_range(0.0..900.0_f64);
    let points: Vec<(f64, f64)> = (0..STOPS + 2)
        .map(|_| (coordinate(), coordinate()))
        .collect();
    let cell = |a: &(f64, f64), b: &(f64, f64)| {
        let uphill = if asymmetric {
            (b.1 - a.1).max(0.0) * 0.2
        } else {
            0.0
        };
        ((a.0 - b.0).hypot(a.1 - b.1) + uphill).ceil() as u32
    };
    let distances: Vec<u32> = points
        .iter()
        .flat_map(|a| points.iter().map(move |b| cell(a, b)))
        .collect();
    let mut hold_up = |most: u32| match detours {
        true => random.random_range(0..most),
        false => 0,
    };
    let durations: Vec<u32> = distances.iter().map(|d| d * 3 / 2 + hold_up(300)).collect();
    let distances: Vec<u32> = distances.iter().map(|d| d + hold_up(200)).collect();
    let profile = StaticProfile {
        durations: durations.into(),
        distances: distances.into(),
    };
    let travel = Travel::Static(StaticTravel::new(STOPS + 2, vec![profile]).unwrap().into());
    let vehicles = [(30, 0), (20, 1)].map(|(capacity, depot)| VehicleType {
        end: Some(if seed.is_multiple_of(5) { 0 } else { depot }),
        fixed_cost: capacity * 10,
        cost_per_distance: 1 + capacity / 25,
        cost_per_second: if lasting { 2 } else { 0 },
        max_duration_s: (lasting && seed.is_multiple_of(2)).then_some(9_000),
        overtime: (lasting && seed.is_multiple_of(3)).then_some(Overtime {
            after_s: 4_000,
            cost_per_second: 3,
        }),
        latest_end_s: if windows {
            20_000
        } else {
            crate::solver::UNBOUNDED_S
        },
        max_distance: (seed % 4 == 1).then_some(5_000),
        max_stops: (seed % 4 == 2).then_some(5),
        skills: depot as u64,
        ..VehicleType::at_depot(depot, 5, vec![capacity])
    });
    let stops = (2..STOPS + 2).map(|place| {
        let open_s = random.random_range(0..8_000);
        let close_s = open_s + random.random_range(500..4_000);
        let amount = random.random_range(1..6);
        let back = returns && place % 4 == 0;
        Stop {
            demand: vec![if back { 0 } else { amount }],
            pickup: if back { vec![amount] } else { Vec::new() },
            service_s: random.random_range(0..300),
            windows: if windows {
                vec![TimeWindow { open_s, close_s }]
            } else {
                Vec::new()
            },
            required_skills: u64::from(skills && place % 3 == 0),
            penalty: (optional && place % 2 == 0).then(|| random.random_range(100..2_000)),
            priority: place as u32 % 3,
            ..Stop::at(place, vec![0])
        }
    });
    let backhauls = match (returns, seed % 2) {
        (false, _) => Backhauls::Mixed,
        (true, 0) => Backhauls::Last,
        _ => Backhauls::LastAfterDeliveries,
    };
    let rules = Rules {
        backhauls,
        ..Rules::default()
    };
    let problem = Problem::with_rules(travel, vehicles.to_vec(), stops.collect(), rules).unwrap();
    assert!(supports(&problem));
    problem
}

/// A plan after a number of iterations of which every other is undone, and its best.
fn after<'a>(
    tables: &'a Tables<'a, Dense>,
    seed: u64,
    iterations: usize,
) -> (Plan<'a, Dense>, Best) {
    let mut random = random::generator(seed, "compact tests: moves");
    let mut plan = Plan::new(tables);
    let (mut ruin, mut recreate) = (Ruin::default(), Recreate::default());
    let mut best = Best::of(&plan);
    for iteration in 0..iterations {
        let fitted = refit(&mut plan, &mut random);
        if fitted {
            ruin.run(&mut plan, &mut random);
            recreate.run(&mut plan, &ruin.waiting, &mut random);
        }
        let stop = random.random_range(0..tables.count() as u32);
        let in_time = tails::exchange(&mut plan, stop, 200.0) != Some(false);
        if fitted && in_time && iteration % 2 == 0 {
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

/// Everything that an undo must bring back, as text.
fn picture(plan: &Plan<Dense>) -> String {
    let node = |node: usize| {
        let n = plan.nodes[node];
        let times = (n.ready, n.latest, n.next_latest, plan.spans.get(node));
        format!(
            "{:?} {:?} {:?}",
            (n.previous, n.next),
            (n.distance_in, n.distance_out),
            times
        )
    };
    let route = |r: u32| {
        let nodes: Vec<u32> = std::iter::once(plan.ends(r))
            .chain(plan.stops_of(r))
            .collect();
        let kept: Vec<String> = nodes.iter().map(|&n| node(n as usize)).collect();
        format!(
            "{r} {:?} {:?} {kept:?}",
            plan.routes[r as usize],
            plan.room(r)
        )
    };
    let routes: Vec<String> = plan.in_use().map(route).collect();
    format!("{routes:?} {:?} {:?} {}", plan.absent, plan.used, plan.cost)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn kept_cost_equals_the_checkers(seed in any::<u64>()) {
        let problem = problem(seed);
        let tables = tables::dense(&problem, &|| false);
        let (plan, best) = after(&tables, seed, 40);
        for (cost, routes) in [(plan.cost, plan.routes_now()), (best.cost, best.routes(STOPS))] {
            let mut solution = routes.solution(&tables.order);
            departures::decide(&tables, &mut solution);
            let report = check(&problem, &solution);
            prop_assert_eq!(&report.faults, &vec![]);
            prop_assert_eq!(i128::from(solution.cost), report.cost);
            let mandatory = (0..STOPS).filter(|&stop| {
                let original = tables.order[stop] as usize;
                solution.unplanned.contains(&original) && problem.stops()[original].penalty.is_none()
            });
            let absences: i64 = mandatory.map(|stop| tables.stops[stop].absence).sum();
            prop_assert_eq!(cost - absences, solution.cost);
        }
        let in_use = plan.in_use().count();
        prop_assert_eq!(plan.used.iter().sum::<usize>(), in_use);
    }

    #[test]
    fn undo_restores_everything(seed in any::<u64>()) {
        let problem = problem(seed);
        let tables = tables::dense(&problem, &|| false);
        let (mut plan, _) = after(&tables, seed, 21);
        let before = picture(&plan);
        let mut random = random::generator(seed, "compact tests: undo");
        let mut ruin = Ruin::default();
        for _ in 0..3 {
            if refit(&mut plan, &mut random) {
                ruin.run(&mut plan, &mut random);
                Recreate::default().run(&mut plan, &ruin.waiting, &mut random);
            }
            plan.reject();
            prop_assert_eq!(&picture(&plan), &before);
        }
    }

    /// The estimate of an insertion is the change of cost, and refuses exactly what the checker
    /// does.
    #[test]
    fn detour_equals_full_recomputation(seed in any::<u64>()) {
        let problem = problem(seed);
        let tables = tables::dense(&problem, &|| false);
        let (mut plan, _) = after(&tables, seed, 15);
        let stop = (seed % STOPS as u64) as u32;
        let route = plan.nodes[stop as usize].route;
        if route != NONE {
            let behind = plan.nodes[stop as usize].previous;
            plan.remove(stop);
            plan.absent.push(stop);
            if plan.routes[route as usize].size == 0 {
                plan.close(route);
            } else if !plan.mend(behind) {
                return Ok(());
            }
        }
        plan.accept();
        let routes: Vec<u32> = plan.in_use().collect();
        for route in routes {
            let mut nodes = vec![plan.ends(route)];
            nodes.extend(plan.stops_of(route));
            for behind in nodes {
                let fits = plan.accepts(route, stop);
                let estimate = match tables.timed {
                    true => detour::<Dense, true>(&plan, stop, behind, i64::MAX),
                    false => detour::<Dense, false>(&plan, stop, behind, i64::MAX),
                };
                let estimate = estimate.filter(|&e| fits && e < 1 << 27);
                let cost = plan.cost;
                plan.insert(stop, behind);
                let mut solution = plan.routes_now().solution(&tables.order);
                departures::decide(&tables, &mut solution);
                let allowed = check(&problem, &solution).faults.is_empty();
                prop_assert_eq!(estimate.is_some(), allowed);
                if let Some(estimate) = estimate {
                    let absence = tables.stops[stop as usize].absence;
                    prop_assert_eq!(plan.cost + absence - cost, estimate);
                }
                plan.reject();
                prop_assert_eq!(plan.cost, cost);
            }
        }
    }
}

/// A stop with a prize above its detour but below the cost of a route of its own gets one together
/// with others.
#[test]
fn opens_routes_that_pay_only_together() {
    let cells: Vec<u32> = (0..11_u32)
        .flat_map(|a| {
            (0..11_u32).map(move |b| {
                if a == b {
                    0
                } else if a == 0 || b == 0 {
                    100
                } else {
                    1
                }
            })
        })
        .collect();
    let profile = StaticProfile {
        durations: cells.clone().into(),
        distances: cells.into(),
    };
    let travel = Travel::Static(StaticTravel::new(11, vec![profile]).unwrap().into());
    let stops = (1..11).map(|place| Stop {
        penalty: Some(60),
        ..Stop::at(place, vec![1])
    });
    let vehicle = VehicleType::at_depot(0, 2, vec![10]);
    let problem = Problem::new(travel, vec![vehicle], stops.collect()).unwrap();
    let tables = tables::dense(&problem, &|| false);
    let (_, best) = after(&tables, 1, 400);
    assert_eq!(best.cost, 209);
}
