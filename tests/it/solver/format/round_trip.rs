//! Instance and solution files.

use super::search;
use routeforce::solver::check::{FaultKind, check};
use routeforce::solver::format::{
    OutputFormat, ReadOptions, parse_instance, parse_solution, write_solution,
};

pub const CVRP: &str = "NAME : tiny
COMMENT : \"three customers\"
TYPE : CVRP
DIMENSION : 4
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 3 4
3 0 1.5
4 -6 0
DEMAND_SECTION
1 0
2 5
3 5
4 5
DEPOT_SECTION
1
-1
EOF
";

pub const SOLOMON: &str = "T1

VEHICLE
NUMBER     CAPACITY
  2         200

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE TIME

    0      0         0          0          0        230          0
    1      1         1         10          50       60         10
    2      2         2          7          0        204         10
";

pub const EXPLICIT: &str = "NAME : e
TYPE : CVRP
DIMENSION : 3
VEHICLES : 1
EDGE_WEIGHT_TYPE : EXPLICIT
EDGE_WEIGHT_FORMAT : LOWER_ROW
CAPACITY : 10
EDGE_WEIGHT_SECTION
7
8 9
DEMAND_SECTION
1 0
2 5
3 5
DEPOT_SECTION
1
-1
EOF
";

#[test]
fn distances_are_rounded_without_windows_and_truncated_to_tenths_with_them() {
    let cvrp = parse_instance("a.vrp", CVRP, &ReadOptions::default()).unwrap();
    let travel = cvrp.problem.travel();
    assert_eq!(travel.distance(0, 0, 1), 5);
    assert_eq!(travel.distance(0, 0, 2), 2);
    let timed = parse_instance("a.txt", SOLOMON, &ReadOptions::default()).unwrap();
    assert_eq!(timed.scale, 10);
    assert_eq!(timed.problem.travel().duration_s(0, 0, 1, 0), 14);
    assert_eq!(timed.problem.stops()[0].windows[0].open_s, 500);
    assert_eq!(timed.problem.stops()[0].service_s, 100);
    assert_eq!(timed.problem.vehicle_types()[0].latest_end_s, 2_300);
}

#[test]
fn explicit_matrices_are_read_and_mirrored() {
    let instance = parse_instance("e.vrp", EXPLICIT, &ReadOptions::default()).unwrap();
    let travel = instance.problem.travel();
    assert_eq!(
        [
            travel.distance(0, 1, 0),
            travel.distance(0, 0, 2),
            travel.distance(0, 2, 1)
        ],
        [7, 8, 9]
    );
    let full = EXPLICIT
        .replace("LOWER_ROW", "FULL_MATRIX")
        .replace("\n7\n8 9\n", "\n0 1 2\n3 0\n4 5 6 0\n");
    let instance = parse_instance("e.vrp", &full, &ReadOptions::default()).unwrap();
    assert_eq!(instance.problem.travel().distance(0, 1, 2), 4);
    assert_eq!(search(&instance.problem, 1, 20).solution.cost, 1 + 4 + 5);
}

#[test]
fn solutions_survive_writing_and_reading() {
    for (name, text) in [("a.vrp", CVRP), ("a.txt", SOLOMON), ("e.vrp", EXPLICIT)] {
        let instance = parse_instance(name, text, &ReadOptions::default()).unwrap();
        let solution = search(&instance.problem, 1, 50).solution;
        let written = write_solution(&instance, &solution, OutputFormat::Own).unwrap();
        let read = parse_solution("a.sol", &written, &instance).unwrap();
        assert!(check(&instance.problem, &read).is_feasible(), "{written}");
        assert_eq!(read.cost, solution.cost);
        assert_eq!(
            write_solution(&instance, &read, OutputFormat::Own).unwrap(),
            written
        );
    }
}

#[test]
fn a_false_cost_in_a_solution_is_found() {
    let instance = parse_instance("a.vrp", CVRP, &ReadOptions::default()).unwrap();
    let text = "Route #1: 1 2\nRoute #2: 3\nCost 1\n";
    let solution = parse_solution("a.sol", text, &instance).unwrap();
    let report = check(&instance.problem, &solution);
    assert!(matches!(
        report.faults[0].kind,
        FaultKind::Cost { stated: 1, .. }
    ));
}
