//! Exchanges of tails against full recomputation.

use super::*;

/// The routes of a plan with the tails of two of them exchanged by hand.
fn by_hand(plan: &Plan<Dense>, behind: u32, ahead: u32) -> super::super::best::Routes {
    let cut = |node: u32, after: bool| {
        let route = plan.nodes[node as usize].route;
        let stops: Vec<u32> = plan.stops_of(route).collect();
        let at = stops.iter().position(|&stop| stop == node).unwrap() + usize::from(after);
        (route, stops[..at].to_vec(), stops[at..].to_vec())
    };
    let (one, first_head, first_tail) = cut(behind, true);
    let (other, second_head, second_tail) = cut(ahead, false);
    let mut routes = plan.routes_now();
    let in_use: Vec<u32> = plan.in_use().collect();
    for (route, (_, stops)) in in_use.iter().zip(&mut routes.0) {
        if *route == one {
            *stops = [first_head.clone(), second_tail.clone()].concat();
        } else if *route == other {
            *stops = [second_head.clone(), first_tail.clone()].concat();
        }
    }
    routes.0.retain(|(_, stops)| !stops.is_empty());
    routes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// What is allowed is what the checker accepts, at the cost that the checker finds.
    #[test]
    fn exchange_equals_full_recomputation(seed in any::<u64>()) {
        let problem = problem(seed);
        let tables = tables::dense(&problem, &|| false);
        let (mut plan, _) = after(&tables, seed, 15);
        plan.accept();
        let (before, in_use) = (picture(&plan), plan.in_use().count());
        let routes = plan.nodes.clone();
        let route = |node: u32| routes[node as usize].route;
        let pairs = (0..STOPS as u32).flat_map(|a| (0..STOPS as u32).map(move |b| (a, b)));
        let apart = |&(a, b): &(u32, u32)| route(a) != NONE && route(b) != NONE && route(a) != route(b);
        for (behind, ahead) in pairs.filter(apart) {
            let types = [behind, ahead].map(|node| plan.routes[route(node) as usize].vehicle_type);
            let mut solution = by_hand(&plan, behind, ahead).solution(&tables.order);
            departures::decide(&tables, &mut solution);
            let allowed = check(&problem, &solution).faults.is_empty() && types[0] == types[1];
            let cost = plan.cost;
            let change = plan.tails_change(behind, ahead, 1e8);
            let Some(change) = change else {
                prop_assert!(!allowed);
                continue;
            };
            let in_time = plan.exchange_tails(behind, ahead);
            prop_assert_eq!(in_time, allowed);
            if allowed {
                let made = plan.routes_now().solution(&tables.order);
                let stops = |s: &crate::solver::solution::Solution| -> Vec<Vec<usize>> {
                    s.routes.iter().map(|route| route.stops.clone()).collect()
                };
                prop_assert_eq!(stops(&made), stops(&solution));
                let absences = plan.absent.iter().map(|&stop| {
                    let optional = problem.stops()[tables.order[stop as usize] as usize].penalty.is_some();
                    if optional { 0 } else { tables.stops[stop as usize].absence }
                });
                let absences: i64 = absences.sum();
                prop_assert_eq!(plan.cost - absences, solution.cost);
                let as_estimated = plan.cost - cost == change;
                prop_assert!(as_estimated || tables.lasting || plan.in_use().count() < in_use);
            }
            plan.reject();
            prop_assert_eq!(&picture(&plan), &before);
        }
    }
}
