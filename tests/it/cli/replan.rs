//! `routeforce replan`: what is driven stays, the rest is planned again, the changes are told.

use super::{refuses, succeeds, text};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Places 100 s apart on a line, one van, jobs at the first three of them.
fn instance(extra_job: &str) -> String {
    let row = |from: i64| {
        (0..5)
            .map(move |to| 100 * (from - to).abs())
            .collect::<Vec<_>>()
    };
    let durations: Vec<Vec<i64>> = (0..5).map(row).collect();
    format!(
        r#"{{
            "vehicles": [{{"id": 7, "start_index": 0, "capacity": [9], "time_window": [0, 9000]}}],
            "jobs": [
                {{"id": 1, "location_index": 1, "delivery": [1]}},
                {{"id": 2, "location_index": 2, "delivery": [1]}},
                {{"id": 3, "location_index": 3, "delivery": [1]}}{extra_job}
            ],
            "matrices": {{"car": {{"durations": {durations:?}}}}}
        }}"#
    )
}

fn solved(folder: &Path) -> (PathBuf, PathBuf) {
    let (file, plan) = (folder.join("a.json"), folder.join("plan.json"));
    std::fs::write(&file, instance("")).unwrap();
    succeeds(&[
        "solve",
        text(&file),
        "--max-iterations",
        "200",
        "--out",
        text(&plan),
    ]);
    (file, plan)
}

fn document(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Jobs of the only route, with their arrivals.
fn jobs(plan: &Path) -> Vec<(i64, i64)> {
    let plan = document(plan);
    let steps = plan["routes"][0]["steps"].as_array().unwrap();
    let jobs = steps.iter().filter(|step| step["type"] == "job");
    jobs.map(|step| {
        (
            step["id"].as_i64().unwrap(),
            step["arrival"].as_i64().unwrap(),
        )
    })
    .collect()
}

/// When the van has done the first job and is on its way to the second.
fn on_the_way(plan: &Path) -> i64 {
    jobs(plan)[0].1 + 50
}

#[test]
fn a_new_stop_is_added_and_a_cancelled_one_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let (file, plan) = solved(folder.path());
    let morning = jobs(&plan);
    assert_eq!(morning.iter().map(|j| j.0).collect::<Vec<_>>(), [1, 2, 3]);
    let extra = r#", {"id": 4, "location_index": 4, "delivery": [1]}"#;
    std::fs::write(&file, instance(extra)).unwrap();
    let (now, again) = (
        on_the_way(&plan).to_string(),
        folder.path().join("again.json"),
    );
    let told = succeeds(&[
        "replan",
        text(&file),
        text(&plan),
        "--now",
        &now,
        "--cancel",
        "3",
        "--max-iterations",
        "200",
        "--json",
        "--out",
        text(&again),
    ]);
    let changes: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(changes["dropped"], serde_json::json!(["3"]), "{told}");
    assert_eq!(changes["moved"], serde_json::json!([]), "{told}");
    assert_eq!(changes["within_budget"], true);
    // What is driven or driven to stays as it was.
    let afterwards = jobs(&again);
    assert_eq!(afterwards[..2], morning[..2]);
    assert_eq!(
        afterwards.iter().map(|j| j.0).collect::<Vec<_>>(),
        [1, 2, 4]
    );
    let checked = succeeds(&["check", text(&file), text(&again)]);
    assert!(checked.contains("no fault found"), "{checked}");
}

#[test]
fn changes_come_as_text_too() {
    let folder = tempfile::tempdir().unwrap();
    let (file, plan) = solved(folder.path());
    let now = on_the_way(&plan).to_string();
    let arguments = [
        "replan",
        text(&file),
        text(&plan),
        "--now",
        &now,
        "--cancel",
        "3",
    ];
    let told = succeeds(&[&arguments[..], &["--max-iterations", "50"]].concat());
    assert!(
        told.contains("1 dropped") && told.contains("stop 3: dropped"),
        "{told}"
    );
}

#[test]
fn requests_that_make_no_sense_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (file, plan) = solved(folder.path());
    let out = folder.path().join("again.json");
    let now = on_the_way(&plan).to_string();
    let with = |more: &[&str], parts: &[&str]| {
        let all = ["replan", text(&file), text(&plan), "--out", text(&out)];
        refuses(&[&all[..], more].concat(), parts);
    };
    with(
        &["--now", "noon"],
        &["--now", "noon", "units of the instance"],
    );
    with(
        &["--now", &now, "--cancel", "1"],
        &["--cancel", "`1`", "ahead"],
    );
    with(
        &["--now", &now, "--cancel", "99"],
        &["--cancel", "99", "no such stop"],
    );
    with(
        &["--now", &now, "--move-price", "-1"],
        &["--move-price", "-1"],
    );
    assert!(!out.exists());
}
