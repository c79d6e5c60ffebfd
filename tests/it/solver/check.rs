//! The checker finds each fault planted in a good solution.

use super::search::search;
use routeforce::solver::check::{FaultKind, check};
use routeforce::solver::{
    Problem, Solution, StaticProfile, StaticTravel, Stop, TimeWindow, Travel, VehicleType,
};
use std::sync::Arc;

/// Stops 0 to 3 at 100, 200, 300 and 400 on a line from the depot; the last is optional.
fn line(change: impl Fn(&mut VehicleType, &mut Vec<Stop>)) -> Problem {
    let cells: Arc<[u32]> = (0..5_u32)
        .flat_map(|a| (0..5_u32).map(move |b| a.abs_diff(b) * 100))
        .collect();
    let profile = StaticProfile {
        durations: cells.clone(),
        distances: cells,
    };
    let travel = Travel::Static(Arc::new(StaticTravel::new(5, vec![profile]).unwrap()));
    let mut vehicle = VehicleType::at_depot(0, 2, vec![10]);
    let mut stops: Vec<Stop> = (1..5).map(|place| Stop::at(place, vec![2])).collect();
    stops[3].penalty = Some(10_000);
    change(&mut vehicle, &mut stops);
    Problem::new(travel, vec![vehicle], stops).unwrap()
}

fn good() -> Solution {
    let solution = search(&line(|_, _| {}), 1, 200).solution;
    assert!(check(&line(|_, _| {}), &solution).is_feasible());
    assert_eq!(solution.routes.len(), 1);
    assert_eq!(solution.cost, 800);
    solution
}

/// Judges the good solution, or a spoilt copy, under changed rules.
fn faults(
    change: impl Fn(&mut VehicleType, &mut Vec<Stop>),
    spoil: impl Fn(&mut Solution),
) -> Vec<FaultKind> {
    let mut solution = good();
    spoil(&mut solution);
    let report = check(&line(change), &solution);
    report.faults.into_iter().map(|fault| fault.kind).collect()
}

macro_rules! finds {
    ($name:ident, $change:expr, $spoil:expr, $kind:pat) => {
        #[test]
        fn $name() {
            let found = faults($change, $spoil);
            assert!(
                found.iter().any(|kind| matches!(kind, $kind)),
                "found only {found:?}"
            );
        }
    };
}

finds!(
    an_overload,
    |v, _| v.capacity = vec![7],
    |_| {},
    FaultKind::Load {
        load: 8,
        capacity: 7,
        ..
    }
);
finds!(
    a_missed_window,
    |_, s| {
        s[0].windows = vec![TimeWindow {
            open_s: 0,
            close_s: 50,
        }];
    },
    |_| {},
    FaultKind::Window { .. }
);
finds!(
    an_early_departure,
    |v, _| v.earliest_start_s = 10,
    |s| s.routes[0].departure_s = 9,
    FaultKind::ShiftStart {
        departure_s: 9,
        earliest_s: 10
    }
);
finds!(
    a_late_end,
    |v, _| v.latest_end_s = 799,
    |_| {},
    FaultKind::ShiftEnd { end_s: 800, .. }
);
finds!(
    a_missing_skill,
    |v, s| {
        v.skills = 1;
        s[0].required_skills = 3;
    },
    |_| {},
    FaultKind::Skills { missing: 2 }
);
finds!(
    a_long_way,
    |v, _| v.max_distance = Some(799),
    |_| {},
    FaultKind::Distance { distance: 800, .. }
);
finds!(
    a_long_time,
    |v, _| v.max_duration_s = Some(799),
    |_| {},
    FaultKind::Duration {
        duration_s: 800,
        ..
    }
);
finds!(
    too_many_stops,
    |v, _| v.max_stops = Some(3),
    |_| {},
    FaultKind::Stops { stops: 4, most: 3 }
);
finds!(
    a_missing_stop,
    |_, _| {},
    |s| {
        s.routes[0].stops.pop();
    },
    FaultKind::Missing
);
finds!(
    a_duplicate,
    |_, _| {},
    |s| s.routes[0].stops.push(1),
    FaultKind::Duplicate
);
finds!(
    a_planned_stop_called_unplanned,
    |_, _| {},
    |s| s.unplanned.push(3),
    FaultKind::Duplicate
);
finds!(
    an_unknown_stop,
    |_, _| {},
    |s| s.routes[0].stops.push(9),
    FaultKind::UnknownStop
);
finds!(
    an_unknown_vehicle,
    |_, _| {},
    |s| s.routes[0].vehicle = 2,
    FaultKind::UnknownVehicle { .. }
);
finds!(
    an_unknown_type,
    |_, _| {},
    |s| s.routes[0].vehicle_type = 1,
    FaultKind::UnknownVehicle { .. }
);
finds!(
    a_vehicle_used_twice,
    |_, _| {},
    |s| {
        let mut second = s.routes[0].clone();
        second.stops = s.routes[0].stops.split_off(2);
        s.routes.push(second);
    },
    FaultKind::VehicleUsedTwice { .. }
);
finds!(
    an_empty_route,
    |_, _| {},
    |s| {
        let mut empty = s.routes[0].clone();
        (empty.vehicle, empty.stops) = (1, vec![]);
        s.routes.push(empty);
    },
    FaultKind::EmptyRoute
);
finds!(
    a_wrong_cost,
    |_, _| {},
    |s| s.cost -= 1,
    FaultKind::Cost {
        stated: 799,
        actual: 800
    }
);

#[test]
fn mandatory_stops_left_out_are_told_apart_from_optional_ones() {
    let mut solution = good();
    solution.routes.clear();
    solution.unplanned = vec![0, 1, 2, 3];
    solution.cost = 10_000;
    let report = check(&line(|_, _| {}), &solution);
    assert_eq!(report.faults, []);
    assert_eq!(report.unplanned_mandatory, [0, 1, 2]);
    assert!(!report.is_feasible());
}
