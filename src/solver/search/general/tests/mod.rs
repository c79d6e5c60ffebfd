//! Kept values equal recomputed ones after any history of changes, estimates are what they claim to
//! be, and nothing found breaks a rule, on random days with every feature.

mod days;

use super::assessor::Assessor;
use super::index::Index;
use super::offers::{Offers, Place};
use super::plans;
use super::recreate::Recreate;
use super::refit::refit;
use super::requests::{Kind, NONE};
use super::route::{RouteState, chain};
use super::ruin::Ruin;
use super::state::State;
use super::trips::move_trip;
use super::{pair, single};
use crate::runtime::random;
use crate::solver::check::check;
use crate::solver::problem::Problem;
use crate::solver::schedule::DepartureRule;
use days::{day, features};
use proptest::prelude::*;
use rand::Rng;

/// The index of a problem; some take the first place that holds, as those of many stops do.
fn index(problem: &Problem, seed: u64) -> Index<'_> {
    let mut index = Index::new(problem, &|| false);
    index.close |= seed.is_multiple_of(2);
    index
}

/// A state after a number of iterations of which every other is undone.
fn after<'a>(index: &'a Index, seed: u64, iterations: usize) -> State<'a> {
    let mut random = random::generator(seed, "search tests: moves");
    let mut state = State::new(index);
    let (mut ruin, mut recreate) = (Ruin::default(), Recreate::default());
    for iteration in 0..iterations {
        if index.any_reloads {
            move_trip(&mut state, &mut random);
        }
        refit(&mut state, &mut random);
        ruin.run(&mut state, &mut random);
        recreate.run(&mut state, &ruin.waiting, iteration % 3 == 0, &mut random);
        state.settle();
        if iteration % 2 == 0 {
            state.accept();
        } else {
            state.reject();
        }
    }
    state
}

/// Makes a departure that of a route, and recomputes what follows from it.
fn leave_at(index: &Index, assessor: &mut Assessor, route: &mut RouteState, departure_s: i64) {
    let clock = index.clock(route.vehicle_type);
    if clock.departure_rule() != DepartureRule::Scan {
        return;
    }
    let plan = clock.leave(&route.tasks, departure_s, &mut assessor.walks);
    let plan = plan.expect("it was left then before");
    route.cost += plan.cost - route.plan.cost;
    route.plan = plan;
    if index.chained[route.vehicle_type] {
        chain(&clock, route, departure_s);
    }
}

/// All that a state keeps, without empty routes.
fn picture(state: &State) -> (Vec<RouteState>, Vec<u32>, Vec<u32>, Vec<usize>, i64) {
    let routes = state.routes.iter().filter(|r| r.in_use());
    let visits = state.visits.iter().map(|visit| visit.route);
    let mut absent = state.absent.clone();
    absent.sort_unstable();
    (
        routes.cloned().collect(),
        visits.collect(),
        absent,
        state.used.clone(),
        state.cost,
    )
}

/// Sets a place and tells the change of cost, then undoes it; `None` if it breaks a rule.
fn tried(state: &mut State, place: Place) -> Option<i64> {
    let mut tasks = Vec::new();
    place.tasks(state, &mut tasks);
    let route = place.route()?;
    let before = state.routes[route].cost;
    state.accept();
    let done = state.put(route, state.routes[route].vehicle_type, &tasks);
    let change = state.routes[route].cost - before;
    state.reject();
    done.then_some(change)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn kept_values_equal_recomputed_ones(seed in any::<u64>(), features in features()) {
        let problem = day(seed, features);
        let index = index(&problem, seed);
        let mut state = after(&index, seed, 30);
        for (number, route) in state.routes.clone().iter().enumerate() {
            let mut again = route.clone();
            if route.in_use() {
                let near_s = Some(route.plan.departure_s);
                prop_assert!(state.assessor.refresh(&index, &mut again, near_s));
                again.provisional = false;
                leave_at(&index, &mut state.assessor, &mut again, route.plan.departure_s);
                prop_assert_eq!(&again, route);
            }
            for (position, &task) in route.tasks.iter().enumerate() {
                if !index.is_reload(task) {
                    let visit = state.visits[task as usize];
                    prop_assert_eq!((visit.route, visit.position), (number as u32, position as u32));
                }
            }
        }
        let routes: i64 = state.routes.iter().map(|r| r.cost).sum();
        let absences: i64 = state.absent.iter().map(|&r| index.prices.absence[r as usize]).sum();
        prop_assert_eq!(state.cost, routes + absences);
        let in_use = state.routes.iter().filter(|r| r.in_use()).count();
        prop_assert_eq!(state.in_use(), in_use);
        let solution = plans::solution(&mut state);
        prop_assert_eq!(check(&problem, &solution).faults, vec![]);
    }

    /// Departures near that of the plan before are looked at first; once settled, a route is not
    /// dearer than one planned afresh, and the state's cost follows.
    #[test]
    fn settled_routes_are_as_good_as_planned_afresh(seed in any::<u64>(), features in features()) {
        let problem = day(seed, features);
        let index = index(&problem, seed);
        let mut state = after(&index, seed, 10);
        let mut random = random::generator(seed, "search tests: settle");
        let mut ruin = Ruin::default();
        ruin.run(&mut state, &mut random);
        Recreate::default().run(&mut state, &ruin.waiting, true, &mut random);
        let (cost, before) = (state.cost, state.routes.clone());
        state.settle();
        let saved: i64 = before.iter().zip(&state.routes).map(|(b, now)| b.cost - now.cost).sum();
        prop_assert_eq!(cost - state.cost, saved);
        for (before, route) in before.iter().zip(&state.routes).filter(|(_, r)| r.in_use()) {
            prop_assert!(!route.provisional && route.cost <= before.cost);
            let mut afresh = route.clone();
            // The grid may miss the few departures that are allowed.
            if state.assessor.refresh(&index, &mut afresh, None) {
                prop_assert!(route.cost <= afresh.cost);
            }
        }
    }

    #[test]
    fn undo_restores_everything(seed in any::<u64>(), features in features()) {
        let problem = day(seed, features);
        let index = index(&problem, seed);
        let mut state = after(&index, seed, 11);
        let before = picture(&state);
        let mut random = random::generator(seed, "search tests: undo");
        let mut ruin = Ruin::default();
        refit(&mut state, &mut random);
        ruin.run(&mut state, &mut random);
        Recreate::default().run(&mut state, &ruin.waiting, true, &mut random);
        state.reject();
        prop_assert_eq!(picture(&state), before);
    }

    /// Where an offer says that it is exact, its cost is that of a full recomputation, and what is
    /// not offered breaks a rule. Elsewhere what is refused breaks a rule all the same.
    #[test]
    fn estimates_are_what_they_claim(seed in any::<u64>(), features in features()) {
        let problem = day(seed, features);
        let index = index(&problem, seed);
        let mut state = after(&index, seed, 9);
        let chosen = random::generator(seed, "search tests: request")
            .random_range(0..index.requests.all.len().max(1));
        let Some(request) = index.requests.all.get(chosen) else { return Ok(()) };
        let face = request.face() as usize;
        if !state.absent.contains(&(chosen as u32)) {
            let stop = request.stops().find(|&s| state.visits[s as usize].route != NONE);
            let route = state.visits[stop.unwrap_or(0) as usize].route;
            state.remove(route as usize, &[chosen as u32]);
        }
        state.accept();
        let mut offers = Offers::default();
        // Where a detour is quicker than a leg, places for shipments are overlooked.
        let has_shortcuts = days::has_shortcuts(&problem);
        for route in 0..state.routes.len() {
            let this = &state.routes[route];
            let (begun, tasks) = (this.begun, this.tasks.len());
            if !this.in_use() || !state.permits(Some(route), this.vehicle_type, face as u32) {
                continue;
            }
            let is_plain = index.clock(this.vehicle_type).is_plain();
            let number = route as u32;
            match request.kind {
                Kind::Pair { pickup, delivery } => {
                    if !state.permits(Some(route), this.vehicle_type, delivery) {
                        continue;
                    }
                    offers.reset_to(usize::MAX, i64::MAX / 4);
                    pair::offer(&state, route, [pickup, delivery], &mut || false, &mut offers);
                    for pickup_at in begun..=tasks {
                        for delivery_at in pickup_at..=tasks {
                            let (pickup_at, delivery_at) = (pickup_at as u32, delivery_at as u32);
                            let place = Place::Pair {
                                route: number, pickup, pickup_at, delivery, delivery_at,
                            };
                            let offered = offers.all().iter().any(|offer| offer.place == place);
                            if offered || !has_shortcuts {
                                compare(&mut state, place, &offers, is_plain)?;
                            }
                        }
                    }
                }
                _ => for position in begun..=tasks {
                    offers.reset_to(usize::MAX, i64::MAX / 4);
                    let stop = face as u32;
                    single::offer(&state, route, position, stop, &mut offers);
                    let at = position as u32;
                    let place = Place::Stop { route: number, position: at, stop };
                    let vehicle_type = state.routes[route].vehicle_type;
                    let is_exact = index.is_exact(vehicle_type);
                    compare(&mut state, place, &offers, is_exact)?;
                    let vehicle = &problem.vehicle_types()[vehicle_type];
                    let more = vehicle.max_trips.is_none_or(|m| state.routes[route].reloads + 1 < m);
                    let reloads = index.reloads[vehicle_type].iter();
                    for (&reload, reload_first) in reloads.flat_map(|r| [(r, true), (r, false)]) {
                        let around = &state.routes[route].tasks;
                        let needless = match reload_first {
                            true => position == begun || index.is_reload(around[position - 1]),
                            false => position == tasks || index.is_reload(around[position]),
                        };
                        if needless || !more {
                            continue;
                        }
                        let place = Place::Reloading { route: number, position: at, stop, reload, reload_first };
                        compare(&mut state, place, &offers, is_exact && index.exact_trips)?;
                    }
                },
            }
        }
    }
}

/// Compares what is offered for a place with what comes of it.
fn compare(
    state: &mut State,
    place: Place,
    offers: &Offers,
    is_plain: bool,
) -> Result<(), TestCaseError> {
    let offered = offers.all().iter().find(|offer| offer.place == place);
    let offered = offered.map(|offer| (offer.cost, offer.exact));
    let change = tried(state, place);
    if is_plain {
        prop_assert_eq!(offered, change.map(|cost| (cost, true)), "{:?}", place);
    } else if offered.is_none() {
        prop_assert_eq!(change, None, "{:?}", place);
    }
    Ok(())
}
