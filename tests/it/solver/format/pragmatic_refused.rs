//! What pragmatic problems ask that is not supported or wrong.

use super::pragmatic::example;
use routeforce::solver::format::{ReadOptions, parse_pragmatic};

const JOB: &str = "{\"id\": \"job1\", ";

/// An example, what is replaced in it and by what, and the path and value that must be named.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const CASES: [Case; 30] = [
    (
        "costs",
        JOB,
        "{\"id\": \"job1\", \"order\": 2, ",
        "plan.jobs[0].order",
        "2",
    ),
    (
        "costs",
        JOB,
        "{\"id\": \"job2\", ",
        "plan.jobs[1].id",
        "job2",
    ),
    (
        "costs",
        JOB,
        "{\"id\": \"job1\", \"value\": -1, ",
        "plan.jobs[0].value",
        "-1",
    ),
    (
        "costs",
        "\"duration\": 600",
        "\"duration\": -1",
        "plan.jobs[0].deliveries[0].places[0].duration",
        "-1",
    ),
    (
        "costs",
        "\"lat\": 45.761",
        "\"lat\": 95.0",
        "plan.jobs[0].deliveries[0].places[0].location",
        "95",
    ),
    (
        "costs",
        "{\"lat\": 45.761, \"lng\": 4.836}",
        "{\"index\": 1}",
        "plan.jobs[1].deliveries[0].places[0].location",
        "45.767",
    ),
    (
        "costs",
        "\"demand\": [1]",
        "\"demand\": [-1]",
        "plan.jobs[0].deliveries[0].demand",
        "-1",
    ),
    (
        "costs",
        ", \"demand\": [1]",
        "",
        "plan.jobs[0].deliveries[0].demand",
        "none",
    ),
    (
        "costs",
        "\"fixed\": 5",
        "\"fixed\": -5",
        "fleet.vehicles[0].costs.fixed",
        "-5",
    ),
    (
        "costs",
        "\"matrix\": \"car\"",
        "\"matrix\": \"bike\"",
        "fleet.vehicles[0].profile.matrix",
        "bike",
    ),
    (
        "costs",
        "2026-07-06T08:00:00Z",
        "yesterday",
        "fleet.vehicles[0].shifts[0].start.earliest",
        "yesterday",
    ),
    (
        "costs",
        "2026-07-06T18:00:00Z",
        "2026-07-06T07:00:00Z",
        "fleet.vehicles[0].shifts[0].end.latest",
        "07:00",
    ),
    (
        "costs",
        "\"c1\", \"c2\"",
        "\"c1\", \"c1\"",
        "fleet.vehicles[0].vehicleIds",
        "c1",
    ),
    (
        "costs",
        "\"minimize-cost\"",
        "\"balance-distance\"",
        "objectives[1].type",
        "balance-distance",
    ),
    (
        "costs",
        "\"minimize-unassigned\"",
        "\"minimize-cost\"",
        "objectives[1].type",
        "minimize-cost",
    ),
    (
        "costs",
        "\"profiles\": [",
        "\"resources\": [], \"profiles\": [",
        "fleet.resources",
        "[]",
    ),
    (
        "costs",
        "{\"name\": \"car\"}",
        "{\"name\": \"car\", \"type\": 1}",
        "fleet.profiles[0].type",
        "1",
    ),
    (
        "windows",
        "[\"2026-07-06T08:30:00Z\", \"2026-07-06T09:00:00Z\"]",
        "[\"2026-07-06T09:30:00Z\", \"2026-07-06T09:00:00Z\"]",
        "plan.jobs[0].deliveries[0].places[0].times[0]",
        "09:30",
    ),
    (
        "shipments",
        "\"pickups\": [",
        "\"replacements\": [",
        "plan.jobs[0].replacements[0]",
        "",
    ),
    (
        "shipments",
        "\"demand\": [1]}], \"del",
        "\"demand\": [2]}], \"del",
        "plan.jobs[0].deliveries[0].demand",
        "1",
    ),
    (
        "relations",
        "\"any\"",
        "\"strict\"",
        "plan.relations[0].type",
        "strict",
    ),
    (
        "relations",
        "\"van_2\"}",
        "\"van_7\"}",
        "plan.relations[0].vehicleId",
        "van_7",
    ),
    (
        "relations",
        "\"job5\"]",
        "\"break\"]",
        "plan.relations[0].jobs[2]",
        "break",
    ),
    (
        "breaks",
        "\"tag\": \"lunch\"",
        "\"location\": {\"lat\": 45.7, \"lng\": 4.8}",
        "fleet.vehicles[0].shifts[0].breaks[0].places[0].location",
        "given",
    ),
    (
        "breaks",
        "[\"2026-07-06T10:00:00Z\", \"2026-07-06T11:00:00Z\"]",
        "[3600, 7200]",
        "fleet.vehicles[0].shifts[0].breaks[0].time",
        "[3600,7200]",
    ),
    (
        "breaks",
        "\"time\": [\"",
        "\"policy\": \"never\", \"time\": [\"",
        "fleet.vehicles[0].shifts[0].breaks[0].policy",
        "never",
    ),
    (
        "reloads",
        "\"tag\": \"depot\"",
        "\"resourceId\": \"r\"",
        "fleet.vehicles[0].shifts[0].reloads[0].resourceId",
        "r",
    ),
    (
        "limits",
        "\"tourSize\": 2",
        "\"areas\": []",
        "fleet.vehicles[0].limits.areas",
        "[]",
    ),
    (
        "limits",
        "2200.0",
        "-1.0",
        "fleet.vehicles[1].limits.maxDistance",
        "-1",
    ),
    (
        "profiles",
        "\"scale\": 1.2",
        "\"scale\": 0",
        "fleet.vehicles[0].profile.scale",
        "0",
    ),
];

fn refusal(content: &str, matrices: &[&str]) -> String {
    let refused = parse_pragmatic("p.json", content, matrices, &ReadOptions::default());
    refused.expect_err("must be refused").to_string()
}

#[test]
fn what_is_not_supported_or_wrong_is_named_with_path_and_value() {
    let change = |name: &str, good: &str, bad: &str| {
        let (_, content, matrices) = example(name);
        assert!(content.contains(good), "{name} has no {good}");
        refusal(&content.replacen(good, bad, 1), matrices)
    };
    for (name, good, bad, path, value) in CASES {
        let message = change(name, good, bad);
        assert!(
            message.contains(&format!("field `{path}`")),
            "{path}: {message}"
        );
        assert!(message.contains(value), "{value}: {message}");
    }
}

#[test]
fn matrices_that_do_not_fit_are_refused() {
    let (_, content, matrices) = example("indices");
    let matrix = matrices[0];
    for (bad, word) in [
        (matrix.replacen("[\n    0, ", "[\n    ", 1), "travelTimes"),
        (
            matrix.replacen("\"distances\": [\n    0, ", "\"distances\": [\n    ", 1),
            "distances",
        ),
        (matrix.replacen("\"errorCodes\"", "\"codes\"", 1), "codes"),
        (matrix.replacen("608", "-608", 1), "travelTimes[1]"),
        ("[]".into(), "matrix"),
    ] {
        let message = refusal(content, &[&bad]);
        assert!(message.contains(word), "{word}: {message}");
    }
    let open = content.replacen(
        ", \"end\": {\"latest\": \"2026-07-06T18:00:00Z\", \"location\": {\"index\": 0}}",
        "",
        1,
    );
    assert_ne!(open, content);
    assert!(refusal(&open, matrices).contains("errorCodes[1]"));
    assert!(refusal(content, &[]).contains("indexed locations"));
    let (_, timed, files) = example("time_dependent");
    let other = files[1].replacen(
        "\"distances\": [\n    0, 671",
        "\"distances\": [\n    0, 672",
        1,
    );
    assert!(refusal(timed, &[files[0], &other]).contains("distances"));
    assert!(refusal(timed, &[files[0], files[0]]).contains("timestamp"));
}
