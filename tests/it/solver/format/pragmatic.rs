//! pragmatic problems go in, are solved, come out as pragmatic answers, and are judged.

use super::there_and_back;
use routeforce::solver::check::{FaultKind, check};
use routeforce::solver::format::{
    Instance, OutputFormat, ReadOptions, parse_pragmatic, parse_solution, read_instance,
    write_solution,
};
use serde_json::{Value, json};

macro_rules! example {
    ($name:literal $(, $matrix:literal)*) => {
        (
            $name,
            include_str!(concat!("../../../data/pragmatic/", $name, ".problem.json")),
            &[$(include_str!(concat!("../../../data/pragmatic/", $matrix, ".json"))),*],
        )
    };
}

type Example = (&'static str, &'static str, &'static [&'static str]);

/// The examples with their best cost, in units of the least digit, and how many stops are left out.
const EXAMPLES: [(Example, i64, usize); 19] = [
    (example!("alternatives"), 27_716, 0),
    (example!("breaks"), 98_690, 0),
    (example!("capacity"), 56_556, 0),
    (example!("costs"), 1_025_400, 0),
    (example!("distance"), 2_989_000, 0),
    (example!("groups"), 55_289, 0),
    (example!("indices", "indices.matrix"), 2_841, 0),
    (example!("limits"), 78_485, 1),
    (example!("open_end"), 30_527, 0),
    (
        example!("profiles", "profiles.matrix.car", "profiles.matrix.truck"),
        55_570,
        0,
    ),
    (example!("relations"), 32_990, 0),
    (example!("reloads"), 46_104, 0),
    (example!("required_break"), 82_190, 0),
    (example!("shifts"), 81_565, 0),
    (example!("shipments"), 43_294, 0),
    (example!("skills"), 53_877, 1),
    (
        example!(
            "time_dependent",
            "time_dependent.matrix.08",
            "time_dependent.matrix.09",
            "time_dependent.matrix.10"
        ),
        7_561,
        0,
    ),
    (example!("values"), 37_015, 3),
    (example!("windows"), 90_107, 0),
];

fn example(name: &str) -> Example {
    let found = EXAMPLES.iter().find(|((known, ..), ..)| *known == name);
    found.unwrap().0
}

fn read((name, content, matrices): Example) -> Instance {
    parse_pragmatic(name, content, matrices, &ReadOptions::default()).unwrap()
}

#[test]
fn every_example_is_solved() {
    for (example, cost, left_out) in EXAMPLES {
        let instance = read(example);
        let (solution, report) = there_and_back(&instance, 3_000);
        assert_eq!(solution.unplanned.len(), left_out, "{}", example.0);
        assert_eq!(report.cost, i128::from(cost), "{}", example.0);
    }
}

fn answer(name: &str) -> (Instance, Value) {
    let instance = read(example(name));
    let (solution, _) = there_and_back(&instance, 3_000);
    let text = write_solution(&instance, &solution, OutputFormat::Own).unwrap();
    (instance, serde_json::from_str(&text).unwrap())
}

/// All activities of an answer, as job and type.
fn activities(answer: &Value) -> Vec<(String, String)> {
    let tours = answer["tours"].as_array().unwrap().iter();
    let stops = tours.flat_map(|tour| tour["stops"].as_array().unwrap());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    stops
        .flat_map(|stop| stop["activities"].as_array().unwrap())
        .map(|activity| (text(&activity["jobId"]), text(&activity["type"])))
        .collect()
}

#[test]
fn answers_tell_stops_times_loads_and_sums() {
    let (_, answer) = answer("breaks");
    assert_eq!(answer["statistic"]["times"]["break"], 2_700);
    assert_eq!(answer["statistic"]["times"]["serving"], 6 * 1_800);
    let all = activities(&answer);
    assert_eq!(all.iter().filter(|(_, kind)| kind == "break").count(), 1);
    assert_eq!(all.first().unwrap().0, "departure");
    assert_eq!(all.last().unwrap().0, "arrival");
    let tour = &answer["tours"][0];
    assert_eq!(tour["vehicleId"], "van_1");
    assert_eq!(tour["typeId"], "van");
    assert_eq!(tour["shiftIndex"], 0);
    let times = tour["statistic"]["times"].as_object().unwrap();
    let sum: i64 = times.values().map(|v| v.as_i64().unwrap()).sum();
    assert_eq!(tour["statistic"]["duration"], sum);
    let stops = tour["stops"].as_array().unwrap();
    assert_eq!(stops[0]["time"]["arrival"], "2026-07-06T08:00:00Z");
    assert_eq!(
        stops.last().unwrap()["distance"],
        tour["statistic"]["distance"]
    );
}

#[test]
fn reloads_shifts_and_tags_come_out() {
    let (_, answer_of_reloads) = answer("reloads");
    let all = activities(&answer_of_reloads);
    assert_eq!(all.iter().filter(|(_, kind)| kind == "reload").count(), 2);
    let loads = answer_of_reloads["tours"][0]["stops"]
        .as_array()
        .unwrap()
        .iter();
    assert!(
        loads
            .clone()
            .all(|stop| stop["load"][0].as_i64().unwrap() <= 5)
    );
    assert_eq!(loads.last().unwrap()["load"], json!([0]));
    let (_, shifts) = answer("shifts");
    let tours = shifts["tours"].as_array().unwrap().iter();
    let used: Vec<i64> = tours
        .map(|tour| tour["shiftIndex"].as_i64().unwrap())
        .collect();
    assert_eq!(used, [0, 1]);
    let (_, alternatives) = answer("alternatives");
    assert!(alternatives.to_string().contains("\"jobTag\":\"locker\""));
}

#[test]
fn answers_tell_what_is_left_out_and_why() {
    let (_, skills) = answer("skills");
    let reason =
        json!([{ "code": "SKILL_CONSTRAINT", "description": "cannot serve required skill" }]);
    assert_eq!(
        skills["unassigned"],
        json!([{ "jobId": "e", "reasons": reason }])
    );
    let (_, values) = answer("values");
    let jobs = values["unassigned"].as_array().unwrap().iter();
    let jobs: Vec<&str> = jobs.map(|job| job["jobId"].as_str().unwrap()).collect();
    assert_eq!(jobs, ["a", "c", "d"], "the most valuable jobs are kept");
}

#[test]
fn a_changed_answer_is_found_out() {
    let (instance, good) = answer("capacity");
    let judged = |change: &dyn Fn(&mut Value)| {
        let mut answer = good.clone();
        change(&mut answer);
        let solution = parse_solution("a.json", &answer.to_string(), &instance)?;
        Ok::<_, routeforce::domain::InputError>(check(&instance.problem, &solution).faults)
    };
    assert_eq!(judged(&|_| {}).unwrap(), []);
    let faults = judged(&|a| a["statistic"]["cost"] = json!(50.0)).unwrap();
    assert!(matches!(faults[0].kind, FaultKind::Cost { .. }));
    for (path, value) in [
        ("/tours/0/vehicleId", json!("van_9")),
        ("/tours/0/stops/1/activities/0/jobId", json!("nobody")),
        ("/tours/0/stops/0/time/departure", json!("early")),
    ] {
        let refused = judged(&|a| *a.pointer_mut(path).unwrap() = value.clone());
        let message = refused.expect_err(path).to_string();
        assert!(
            message.contains(path.rsplit('/').next().unwrap()),
            "{message}"
        );
    }
}

#[test]
fn matrices_are_read_from_files() {
    let folder = tempfile::tempdir().unwrap();
    let (_, content, matrices) = example("profiles");
    let path = folder.path().join("profiles.json");
    std::fs::write(&path, content).unwrap();
    let mut options = ReadOptions::default();
    for (number, matrix) in matrices.iter().enumerate() {
        let file = folder.path().join(format!("m{number}.json"));
        std::fs::write(&file, matrix).unwrap();
        options.matrices.push(file);
    }
    let instance = read_instance(&path, &options).unwrap();
    assert_eq!(instance.name, "profiles");
    // Durations of the first profile are scaled by 1.2 and rounded up: 0.1 * 671 = 67.
    assert_eq!(instance.problem.travel().duration_s(0, 0, 1, 0), 81);
    options.matrices.truncate(1);
    let refused = read_instance(&path, &options).unwrap_err().to_string();
    assert!(refused.contains("truck"), "{refused}");
    options.matrices[0] = folder.path().join("missing.json");
    let refused = read_instance(&path, &options).unwrap_err().to_string();
    assert!(refused.contains("missing.json"), "{refused}");
}

#[test]
fn durations_between_timestamps_are_linear() {
    let instance = read(example("time_dependent"));
    let travel = instance.problem.travel();
    let at = |hours: f64| travel.duration_s(0, 0, 1, (hours * 3_600.0) as i64);
    assert_eq!((at(0.0), at(1.0), at(2.0), at(5.0)), (335, 2_012, 671, 671));
    assert_eq!(at(0.5), (335 + 2_012) / 2);
}

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
    let job = "{\"id\": \"job1\", ";
    for (name, good, bad, path, value) in [
        (
            "costs",
            job,
            "{\"id\": \"job1\", \"order\": 2, ",
            "plan.jobs[0].order",
            "2",
        ),
        (
            "costs",
            job,
            "{\"id\": \"job2\", ",
            "plan.jobs[1].id",
            "job2",
        ),
        (
            "costs",
            job,
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
    ] {
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
