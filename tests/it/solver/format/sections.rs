//! The extended sections of VRPLIB, each with what it asks for, and malformed.

use super::{read, there_and_back};
use routeforce::solver::format::{DistanceRule, OutputFormat, ReadOptions, parse_instance};
use routeforce::solver::{Backhauls, TimeWindow, Travel};

/// Two depots, three customers, three vehicles.
pub const RICH: &str = "NAME : rich
TYPE : MDVRPTW
DIMENSION : 5
VEHICLES : 3
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 10 0
3 3 4
4 6 8
5 10 5.5
DEMAND_SECTION
1 0
2 0
3 2
4 2
5 3
CAPACITY_SECTION
1 4
2 4
3 9
VEHICLES_DEPOT_SECTION
1 1
2 1
3 2
DEPOT_SECTION
1
2
-1
EOF
";

/// Sections before `DEPOT_SECTION` proper, not `VEHICLES_DEPOT_SECTION`.
pub fn rich(sections: &str) -> String {
    let (head, tail) = RICH.rsplit_once("DEPOT_SECTION").unwrap();
    format!("{head}{sections}\nDEPOT_SECTION{tail}")
}

#[test]
fn vehicles_that_are_alike_make_a_type() {
    let instance = read("rich.vrp", RICH);
    let types = instance.problem.vehicle_types();
    assert_eq!(types.len(), 2);
    assert_eq!(
        (types[0].count, types[0].start, types[0].capacity[0]),
        (2, Some(0), 4)
    );
    assert_eq!(
        (types[1].count, types[1].start, types[1].capacity[0]),
        (1, Some(1), 9)
    );
    assert_eq!(instance.fleet, [(0, 0), (0, 1), (1, 0)]);
    // Thousandths, to the nearest; places 0 and 1 are depots.
    assert_eq!(instance.problem.travel().distance(0, 0, 2), 5_000);
    assert_eq!(instance.problem.stops()[0].place, 2);
    let (solution, _) = there_and_back(&instance, 300);
    let text =
        routeforce::solver::format::write_solution(&instance, &solution, OutputFormat::Routes);
    let text = text.unwrap();
    // The cheapest plan needs the third vehicle alone; the lines of the others stay empty.
    assert!(
        text.starts_with("Route #1:\nRoute #2:\nRoute #3: 4 3 2\n"),
        "{text}"
    );
}

#[test]
fn limits_prices_and_reloads_are_read_by_vehicle_or_for_all() {
    let content = rich(
        "VEHICLES_MAX_DURATION_SECTION\n1 10\n2 10\n3 20.5
VEHICLES_FIXED_COST_SECTION\n1 1\n2 1\n3 2
VEHICLES_UNIT_DISTANCE_COST_SECTION\n1 41\n2 41\n3 50
VEHICLES_RELOAD_DEPOT_SECTION\n1 1 2\n2 1 2\n3
VEHICLES_MAX_RELOADS_SECTION\n1 1\n2 1\n3 0",
    )
    .replacen(
        "VEHICLES : 3",
        "VEHICLES : 3\nVEHICLES_MAX_DISTANCE : 30",
        1,
    );
    let instance = read("rich.vrp", &content);
    let [first, second] = instance.problem.vehicle_types() else {
        panic!("two types");
    };
    assert_eq!(
        (first.max_duration_s, second.max_duration_s),
        (Some(10_000), Some(20_500))
    );
    assert_eq!(
        (first.max_distance, second.max_distance),
        (Some(30_000), Some(30_000))
    );
    assert_eq!((first.fixed_cost, first.cost_per_distance), (1_000, 41));
    assert_eq!((second.fixed_cost, second.cost_per_distance), (2_000, 50));
    let reloads: Vec<usize> = first.reloads.iter().map(|r| r.place).collect();
    assert_eq!((reloads, first.max_trips), (vec![0, 1], Some(2)));
    assert_eq!((second.reloads.len(), second.max_trips), (0, Some(1)));
}

#[test]
fn times_prizes_groups_and_allowed_clients_are_read_by_customer() {
    let content = rich(
        "TIME_WINDOW_SECTION\n1 0 100\n2 5 90\n3 1 50\n4 0 60\n5 0 70
SERVICE_TIME_SECTION\n1 0\n2 0\n3 1.5\n4 2\n5 3
RELEASE_TIME_SECTION\n1 0\n2 0\n3 7\n4 0\n5 0
PRIZE_SECTION\n1 0\n2 0\n3 12.5\n4 0\n5 0
MUTUALLY_EXCLUSIVE_GROUP_SECTION\n1 4 5\n2 3
VEHICLES_ALLOWED_CLIENTS_SECTION\n1 3 4\n2 3 4\n3 3 4 5",
    );
    let instance = read("rich.vrp", &content);
    let stops = instance.problem.stops();
    let window = |open_s, close_s| vec![TimeWindow { open_s, close_s }];
    assert_eq!(stops[0].windows, window(1_000, 50_000));
    assert_eq!((stops[0].service_s, stops[0].release_s), (1_500, 7_000));
    assert_eq!((stops[0].penalty, stops[1].penalty), (Some(12_500), None));
    assert_eq!(instance.problem.rules().groups[0].stops, [1, 2]);
    assert_eq!(
        instance.problem.rules().groups.len(),
        1,
        "a group of one is no group"
    );
    assert_eq!(
        (&stops[0].vehicle_types, &stops[2].vehicle_types),
        (&None, &Some(vec![1]))
    );
    let types = instance.problem.vehicle_types();
    assert_eq!(
        (types[1].earliest_start_s, types[1].latest_end_s),
        (5_000, 90_000)
    );
    assert_eq!(
        instance.show_cost(12_500),
        "12500",
        "as published solutions of this type"
    );
}

#[test]
fn backhauls_follow_deliveries_in_a_vrpb_only() {
    let content = RICH
        .replace("MDVRPTW", "VRPB")
        .replacen("5 3\n", "5 0\n", 1)
        .replacen(
            "CAPACITY_SECTION",
            "BACKHAUL_SECTION\n1 0\n2 0\n3 0\n4 0\n5 3\nCAPACITY_SECTION",
            1,
        );
    let instance = read("b.vrp", &content);
    assert_eq!(
        instance.problem.rules().backhauls,
        Backhauls::LastAfterDeliveries
    );
    assert!(instance.problem.stops()[2].is_backhaul());
    assert_eq!(instance.scale, 1);
    let mixed = read("b.vrp", &content.replace("VRPB", "VRPSPD"));
    assert_eq!(mixed.problem.rules().backhauls, Backhauls::Mixed);
}

#[test]
fn the_rounding_can_be_chosen() {
    for (rule, scale, distance, duration) in [
        (DistanceRule::Nearest, 1, 6, 6),
        (DistanceRule::Tenths, 10, 55, 55),
        (DistanceRule::Exact, 1_000, 5_590, 5_590),
        (DistanceRule::Doubles, 10_000, 55_902, 55_902),
    ] {
        let options = ReadOptions {
            rounding: Some(rule),
            ..ReadOptions::default()
        };
        let moved = RICH.replacen("5 10 5.5", "5 12.5 5", 1);
        let instance = parse_instance("r.vrp", &moved, &options).unwrap();
        let travel = instance.problem.travel();
        assert_eq!(instance.scale, scale);
        // From depot 2 at (10, 0) to (12.5, 5): 5.59017 units.
        assert_eq!(travel.distance(0, 1, 4), distance);
        assert_eq!(travel.duration_s(0, 1, 4, 0), duration);
        assert_eq!(rule.to_string().parse(), Ok(rule));
    }
}

#[test]
fn large_instances_get_no_matrix() {
    let nodes = 5_001;
    let coordinates: String = (1..=nodes)
        .map(|i| format!("{i} {} {}\n", i % 97, i % 89))
        .collect();
    let demands: String = (1..=nodes)
        .map(|i| format!("{i} {}\n", i64::from(i > 1)))
        .collect();
    let content = format!(
        "NAME : big\nTYPE : CVRP\nDIMENSION : {nodes}\nEDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 50\n\
         NODE_COORD_SECTION\n{coordinates}DEMAND_SECTION\n{demands}DEPOT_SECTION\n1\n-1\nEOF\n"
    );
    let instance = read("big.vrp", &content);
    assert!(matches!(instance.problem.travel(), Travel::Plane(_)));
    assert_eq!(instance.problem.stops().len(), 5_000);
}
