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

pub type Example = (&'static str, &'static str, &'static [&'static str]);

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

pub fn example(name: &str) -> Example {
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
