//! What VROOM problems ask that is not supported or wrong.

use super::refusal;
use super::vroom::text;

/// The skills of a job, in whose place other fields are put.
const SKILLS: &str = "\"skills\": [1]}";

/// An example, what is replaced in it and by what, and the path and value that must be named.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const CASES: [Case; 26] = [
    ("skills", SKILLS, "\"setup\": 60", "jobs[0].setup", "60"),
    (
        "skills",
        SKILLS,
        "\"setup_per_type\": {\"a\": 5}",
        "jobs[0].setup_per_type",
        "5",
    ),
    (
        "skills",
        SKILLS,
        "\"max_lateness\": 7",
        "jobs[0].max_lateness",
        "7",
    ),
    ("skills", SKILLS, "\"service\": -5", "jobs[0].service", "-5"),
    (
        "skills",
        SKILLS,
        "\"service\": \"long\"",
        "jobs[0].service",
        "long",
    ),
    (
        "skills",
        SKILLS,
        "\"priority\": 101",
        "jobs[0].priority",
        "101",
    ),
    (
        "skills",
        SKILLS,
        "\"delivery\": [1]",
        "jobs[0].delivery",
        "[1]",
    ),
    (
        "skills",
        SKILLS,
        "\"time_windows\": [[9, 5]]",
        "jobs[0].time_windows[0]",
        "[9, 5]",
    ),
    (
        "skills",
        SKILLS,
        "\"time_windows\": [[1, 2, 3]]",
        "jobs[0].time_windows[0]",
        "[1,2,3]",
    ),
    (
        "skills",
        SKILLS,
        "\"amount\": [], \"delivery\": []",
        "jobs[0].amount",
        "",
    ),
    (
        "skills",
        "\"location_index\": 1,",
        "\"location_index\": 9,",
        "jobs[0].location_index",
        "9",
    ),
    (
        "skills",
        "\"location_index\": 1, ",
        "",
        "jobs[0].location_index",
        "none",
    ),
    (
        "skills",
        "{\"id\": 2, \"loc",
        "{\"id\": 1, \"loc",
        "job.id",
        "1",
    ),
    (
        "skills",
        "{\"id\": 2, \"sta",
        "{\"id\": 1, \"sta",
        "vehicles[1].id",
        "1",
    ),
    (
        "skills",
        "\"start_index\": 0, \"end_index\": 0",
        "\"profile\": \"bike\"",
        "matrices.bike.durations",
        "bike",
    ),
    (
        "open_ends",
        "\"start_index\": 0, ",
        "",
        "vehicles[0].start_index",
        "",
    ),
    (
        "open_ends",
        "\"start_index\": 0, ",
        "\"open_index\": 0, ",
        "vehicles[0].open_index",
        "0",
    ),
    (
        "breaks",
        "\"service\": 900",
        "\"max_load\": [1]",
        "vehicles[0].breaks[0].max_load",
        "[1]",
    ),
    (
        "breaks",
        "\"id\": 5",
        "\"id\": 4",
        "vehicles[0].breaks[1].id",
        "4",
    ),
    (
        "limits",
        "\"max_tasks\": 2",
        "\"steps\": []",
        "vehicles[0].steps",
        "[]",
    ),
    (
        "limits",
        "\"distances\"",
        "\"metres\"",
        "matrices.car.metres",
        "",
    ),
    (
        "windows",
        "\"start_index\"",
        "\"max_distance\": 5, \"start_index\"",
        "vehicles[0].max_distance",
        "5",
    ),
    (
        "cost_matrix",
        "\"max_tasks\": 3",
        "\"costs\": {\"per_km\": 3}",
        "vehicles[0].costs.per_km",
        "3",
    ),
    (
        "cost_matrix",
        "\"max_tasks\": 3",
        "\"costs\": {\"per_hour\": 3}",
        "vehicles[0].costs.per_hour",
        "3",
    ),
    (
        "profiles",
        "\"speed_factor\": 0.8",
        "\"speed_factor\": 5.5",
        "vehicles[1].speed_factor",
        "5.5",
    ),
    (
        "one_matrix",
        "[0, 608, ",
        "[608, ",
        "matrices.car.durations[0]",
        "8",
    ),
];

#[test]
fn what_is_not_supported_or_wrong_is_named_with_path_and_value() {
    for (name, good, bad, path, value) in CASES {
        let bad = match good == SKILLS {
            true => format!("{bad}}}"),
            false => bad.to_owned(),
        };
        // Jobs come after vehicles, whose skills are not followed by a brace alone.
        let (vehicles, jobs) = text(name).split_once("\"jobs\"").unwrap();
        let content = match jobs.contains(good) && good == SKILLS {
            true => format!("{vehicles}\"jobs\"{}", jobs.replacen(good, &bad, 1)),
            false => text(name).replacen(good, &bad, 1),
        };
        assert_ne!(content, text(name), "{name} has no {good}");
        let message = refusal("input.json", &content);
        assert!(
            message.contains(&format!("field `{path}`")),
            "{path}: {message}"
        );
        assert!(message.contains(value), "{value}: {message}");
        assert!(message.starts_with("input.json"), "{message}");
    }
}
