//! The difference of two plans, told stop by stop.

use super::van;
use crate::solver::draft::{Draft, plan, route};
use routeforce::solver::replan::{Arrival, Vehicle, compare};

#[test]
fn differences_are_told_stop_by_stop() {
    let draft = Draft::line(&[0, 100, 200, 300, 400, 500]).with(|d| d.vehicles[0].count = 2);
    let problem = draft.problem();
    let with = |first: &[usize], second: &[usize]| {
        let mut routes = vec![route(0, 0, first), route(0, 0, second)];
        routes[1].vehicle = 1;
        plan(&problem, routes)
    };
    let (old, new) = (with(&[0, 1, 2], &[3]), with(&[1, 2, 0], &[4]));
    let found = compare((&problem, &old), (&problem, &new), Vehicle::of);
    assert_eq!(found.reordered, [0]);
    assert_eq!((found.added, found.dropped), (vec![4], vec![3]));
    assert_eq!(found.moved, []);
    let later = Arrival {
        stop: 0,
        before_s: 100,
        now_s: 500,
    };
    assert_eq!(found.arrivals, [later]);
    let swapped = with(&[0, 3], &[1, 2]);
    let found = compare((&problem, &old), (&problem, &swapped), Vehicle::of);
    let moved: Vec<usize> = found.moved.iter().map(|m| m.stop).collect();
    assert_eq!(moved, [1, 2, 3]);
    assert_eq!((found.moved[2].from, found.moved[2].to), (van(1), van(0)));
}
