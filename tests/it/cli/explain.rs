//! `routeforce explain`: what keeps a stop out, what would let it in, why this vehicle.

use super::{refuses, succeeds, text};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Two vans of four units; a job of seven units fits none of them.
const VROOM: &str = r#"{
    "vehicles": [
        {"id": 1, "start_index": 0, "end_index": 0, "capacity": [4]},
        {"id": 2, "start_index": 0, "end_index": 0, "capacity": [4], "costs": {"fixed": 50}}
    ],
    "jobs": [
        {"id": 11, "location_index": 1, "delivery": [2]},
        {"id": 12, "location_index": 2, "delivery": [2]},
        {"id": 13, "location_index": 2, "delivery": [7]}
    ],
    "matrices": {"car": {"durations": [[0, 100, 200], [100, 0, 100], [200, 100, 0]]}}
}"#;

fn solved(folder: &Path) -> (PathBuf, PathBuf) {
    let (instance, plan) = (folder.join("a.json"), folder.join("plan.json"));
    std::fs::write(&instance, VROOM).unwrap();
    succeeds(&[
        "solve",
        text(&instance),
        "--max-iterations",
        "200",
        "--out",
        text(&plan),
    ]);
    (instance, plan)
}

#[test]
fn reasons_changes_and_second_best_vehicles_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let (instance, plan) = solved(folder.path());
    let told = succeeds(&["explain", text(&instance), text(&plan)]);
    for part in [
        "1 stops left out, 2 planned",
        "13 is left out",
        "3 units too many for dimension 1 of the capacity",
        "cheapest change: 3 units more capacity",
        "verified by solving again",
        "11 is on vehicle 1",
        "second best: vehicle 2",
    ] {
        assert!(told.contains(part), "no `{part}` in {told}");
    }
}

#[test]
fn the_same_comes_as_json_for_one_stop() {
    let folder = tempfile::tempdir().unwrap();
    let (instance, plan) = solved(folder.path());
    let explain = |stop: &str| -> Value {
        let arguments = [
            "explain",
            text(&instance),
            text(&plan),
            "--json",
            "--stop",
            stop,
        ];
        serde_json::from_str(&succeeds(&arguments)).unwrap()
    };
    let out = explain("13");
    let change = &out["left_out"][0]["change"];
    assert_eq!(change["kind"], "capacity");
    assert_eq!(change["amount"], 3.0);
    assert_eq!(change["verified"], true);
    assert_eq!(out["planned"], Value::Array(vec![]));
    let planned = &explain("12")["planned"][0];
    // Without it the van saves the way from the first stop on and back; the other van drives to it
    // from the depot, for its fixed cost besides.
    assert_eq!(planned["cost"], 200.0);
    assert_eq!(planned["second"]["vehicle"], "2");
    assert_eq!(planned["second"]["dearer_by"], 250.0);
}

#[test]
fn an_unknown_stop_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (instance, plan) = solved(folder.path());
    refuses(
        &["explain", text(&instance), text(&plan), "--stop", "99"],
        &["--stop", "99", "such as 11"],
    );
}
