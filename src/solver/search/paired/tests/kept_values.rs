//! Kept values equal recomputed ones, after any history of changes, and the checker agrees.

use super::super::ejection::Ejection;
use super::super::perturb::Perturb;
use super::super::places::{Place, Places};
use super::super::plan::{NONE, Plan};
use super::super::recreate::Recreate;
use super::super::route::Route;
use super::super::ruin::Ruin;
use super::super::tables::Tables;
use super::drafts::{after, has_shortcuts, problem, solution};
use crate::runtime::random;
use crate::solver::check::check;
use proptest::prelude::*;
use std::collections::BTreeSet;

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

    /// The places offered are exactly those that the checker allows, and their detours right; where
    /// legs break the triangle inequality some that pay late may be missed.
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
        let may_miss = has_shortcuts(&tables, 18);
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
                prop_assert!(found.is_some() == allowed || (allowed && may_miss));
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
}
