//! Every reason for leaving a stop out, each in a day made for it.

use super::town;
use routeforce::domain::fleet::{Depot, Fleet};
use routeforce::domain::plan::{Unplanned, UnplannedReason};
use routeforce::domain::stop::Stop;
use routeforce::domain::{InputError, LatLon};
use routeforce::planning::{PlanError, plan_day};
use routeforce::runtime::{Cancel, Progress};

const HOME: LatLon = LatLon {
    lat: 52.0,
    lon: 13.0,
};

/// About 11 km, hence some 24 minutes of free driving, north of the depot per tenth of a degree.
fn north(degrees: f64) -> LatLon {
    LatLon {
        lat: HOME.lat + degrees,
        lon: HOME.lon,
    }
}

fn fleet() -> Fleet {
    Fleet {
        depots: vec![Depot {
            id: "north".into(),
            place: HOME,
        }],
        vehicles: vec![town::vehicle("van-1", "van")],
    }
}

fn reasons(fleet: Fleet, stops: Vec<Stop>) -> Vec<Unplanned> {
    let request = town::request(fleet, stops, 1);
    plan_day(&request, &Cancel::new(), &Progress::silent())
        .unwrap()
        .unplanned
}

fn only_reason(fleet: Fleet, stops: Vec<Stop>) -> Unplanned {
    let mut found = reasons(fleet, stops);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn no_vehicle_has_the_skills() {
    let mut stop = town::stop(1, north(0.01));
    stop.skills = vec!["crane".into()];
    let found = only_reason(fleet(), vec![stop]);
    assert_eq!(found.reason, UnplannedReason::NoVehicleWithSkills);
    assert_eq!(found.explanation, "no vehicle has crane");
    assert_eq!(found.nearest_vehicle_id, None);
}

#[test]
fn too_large_for_any_vehicle() {
    let mut stop = town::stop(1, north(0.01));
    stop.quantities.insert("kg".into(), 450.0);
    let found = only_reason(fleet(), vec![stop]);
    assert_eq!(found.reason, UnplannedReason::TooLargeForAnyVehicle);
    assert!(
        found.explanation.contains("lacks 50.0 kg"),
        "{}",
        found.explanation
    );
    assert_eq!(found.nearest_vehicle_id.as_deref(), Some("van-1"));
}

#[test]
fn window_unreachable() {
    let mut stop = town::stop(1, north(0.2));
    stop.penalty = None;
    stop.windows = vec![town::window((5, 0), (6, 10))];
    let found = only_reason(fleet(), vec![stop]);
    assert_eq!(found.reason, UnplannedReason::WindowUnreachable);
}

#[test]
fn shift_too_short() {
    let mut stop = town::stop(1, north(0.1));
    stop.penalty = None;
    stop.windows = vec![town::window((14, 50), (15, 0))];
    let found = only_reason(fleet(), vec![stop]);
    assert_eq!(found.reason, UnplannedReason::ShiftTooShort);
}

#[test]
fn fleet_full() {
    let stops = (0..12).map(|id| town::stop(id, north(0.01))).collect();
    let found = only_reason(fleet(), stops);
    assert_eq!(found.reason, UnplannedReason::FleetFull);
    assert!(found.explanation.contains("kg"), "{}", found.explanation);
}

#[test]
fn no_time_left() {
    let mut stops: Vec<_> = [0.1, -0.1]
        .map(|d| town::stop(usize::from(d > 0.0), north(d)))
        .into();
    for stop in &mut stops {
        stop.windows = vec![town::window((10, 0), (10, 5))];
    }
    let found = only_reason(fleet(), stops);
    assert_eq!(found.reason, UnplannedReason::NoTimeLeft);
}

#[test]
fn costs_more_than_its_penalty() {
    let mut stops = vec![town::stop(1, north(0.01)), town::stop(2, north(0.2))];
    stops[1].penalty = Some(3.0);
    let found = only_reason(fleet(), stops);
    assert_eq!(found.reason, UnplannedReason::CostsMoreThanPenalty);
    assert!(
        found.explanation.contains("leaving it out 3.00"),
        "{}",
        found.explanation
    );
}

/// What does not fit together is an error that names the part, never a half plan.
#[test]
fn faulty_requests_are_refused_by_name() {
    let refused = |change: &dyn Fn(&mut routeforce::planning::PlanRequest)| -> InputError {
        let stops = vec![town::stop(1, north(0.01)), town::stop(2, north(0.02))];
        let mut request = town::request(fleet(), stops, 1);
        change(&mut request);
        match plan_day(&request, &Cancel::new(), &Progress::silent()) {
            Err(PlanError::Input(error)) => error,
            other => panic!("{other:?}"),
        }
    };
    let field = |change: &dyn Fn(&mut routeforce::planning::PlanRequest)| refused(change).field;
    assert_eq!(
        field(&|r| r.stops[1].id = "s1".into()).as_deref(),
        Some("stop_id")
    );
    assert_eq!(
        field(&|r| r.fleet.vehicles[0].profile = "bike".into()).as_deref(),
        Some("profile")
    );
    assert_eq!(
        field(&|r| r.fleet.vehicles[0].start_depot = "x".into()).as_deref(),
        Some("start_depot")
    );
    assert_eq!(
        field(&|r| r.fleet.vehicles[0].cost_per_km = f64::NAN).as_deref(),
        Some("cost_per_km")
    );
    assert_eq!(
        field(&|r| r.stops[0].penalty = Some(-1.0)).as_deref(),
        Some("penalty")
    );
    let overlapping = vec![town::window((8, 0), (10, 0)), town::window((9, 0), (11, 0))];
    assert_eq!(
        field(&|r| r.stops[0].windows = overlapping.clone()).as_deref(),
        Some("windows")
    );
    assert_eq!(field(&|r| drop(r.stops.pop())).as_deref(), Some("places"));
}
