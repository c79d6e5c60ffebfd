//! What the second best vehicle of a stop would cost.

use crate::solver::draft::{Draft, plan, route};
use routeforce::solver::VehicleType;
use routeforce::solver::explain::explain_vehicle;

#[test]
fn the_second_best_vehicle() {
    let draft = Draft::line(&[0, 100, 200, -100]).with(|d| {
        d.vehicles[0].count = 2;
        d.vehicles.push(VehicleType {
            fixed_cost: 30,
            ..d.vehicles[0].clone()
        });
    });
    let problem = draft.problem();
    let mut routes = vec![route(0, 0, &[0, 1]), route(0, 0, &[2])];
    routes[1].vehicle = 1;
    let solution = plan(&problem, routes);
    let far = explain_vehicle(&problem, &solution, 1).unwrap();
    assert_eq!((far.route, far.cost), (0, 200));
    let second = far.second.unwrap();
    // 400 beyond the depot on the other route, or as much and 30 on a vehicle of its own.
    assert_eq!(
        (second.vehicle_type, second.vehicle, second.cost),
        (0, 1, 400)
    );
    assert_eq!(far.dearer_by(), Some(200));
    let alone = explain_vehicle(&problem, &solution, 2).unwrap();
    assert_eq!((alone.route, alone.cost), (1, 200));
    assert_eq!(alone.second.map(|s| s.cost), Some(200));
    let only = draft.with(|d| d.stops[1].vehicle_types = Some(vec![0]));
    let only = only.with(|d| d.vehicles[0].count = 1);
    let problem = only.problem();
    let solution = plan(&problem, vec![route(0, 0, &[0, 1]), route(1, 0, &[2])]);
    assert_eq!(
        explain_vehicle(&problem, &solution, 1).unwrap().second,
        None
    );
}
