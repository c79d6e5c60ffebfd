//! VROOM problems go in, are solved, come out as VROOM answers, and are judged.

use super::{read, there_and_back};
use routeforce::solver::check::{FaultKind, check};
use routeforce::solver::format::{OutputFormat, parse_solution, write_solution};
use serde_json::{Value, json};

macro_rules! example {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!("../../../data/vroom/", $name, ".json")),
        )
    };
}

/// The examples with the cost that VROOM 1.15 finds, and how many tasks it leaves out.
const EXAMPLES: [((&str, &str), i64, usize); 14] = [
    (example!("breaks"), 4_798, 0),
    (example!("capacity"), 5_645, 1),
    (example!("cost_matrix"), 1_821, 0),
    (example!("costs"), 13_798, 0),
    (example!("limits"), 5_532, 3),
    (example!("one_matrix"), 3_461, 0),
    (example!("open_ends"), 3_632, 0),
    (example!("pickups_and_deliveries"), 3_238, 1),
    (example!("priorities"), 2_167, 3),
    // Slowed durations are rounded up to seconds: one more than there.
    (example!("profiles"), 5_077, 0),
    (example!("service_per_type"), 4_397, 0),
    (example!("shipments"), 8_878, 0),
    (example!("skills"), 4_625, 1),
    (example!("windows"), 4_768, 0),
];

pub fn text(name: &str) -> &'static str {
    let found = EXAMPLES.iter().find(|((known, _), ..)| *known == name);
    found.unwrap().0.1
}

#[test]
fn every_example_is_solved_as_well_as_by_vroom() {
    for ((name, content), cost, left_out) in EXAMPLES {
        let instance = read(name, content);
        let (solution, report) = there_and_back(&instance, 3_000);
        assert_eq!(solution.unplanned.len(), left_out, "{name}");
        assert_eq!(report.cost, i128::from(cost) * 18_000, "{name}");
    }
}

fn answer(name: &str) -> Value {
    let instance = read(name, text(name));
    let (solution, _) = there_and_back(&instance, 3_000);
    let text = write_solution(&instance, &solution, OutputFormat::Own).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn answers_tell_steps_times_loads_and_sums() {
    let answer = answer("breaks");
    assert_eq!(answer["code"], 0);
    assert_eq!(answer["summary"]["cost"], 4_798);
    assert_eq!(answer["summary"]["service"], 6 * 300 + 900 + 300);
    assert_eq!(answer["summary"]["duration"], 4_798);
    let steps = answer["routes"][0]["steps"].as_array().unwrap();
    assert_eq!(steps.first().unwrap()["type"], "start");
    assert_eq!(steps.last().unwrap()["type"], "end");
    let lunch = steps
        .iter()
        .find(|step| step["id"] == 4 && step["type"] == "break");
    let lunch = lunch.unwrap();
    let starts = lunch["arrival"].as_i64().unwrap() + lunch["waiting_time"].as_i64().unwrap();
    assert!((1_800..=2_400).contains(&starts));
    assert_eq!(lunch["description"], "lunch");
    for pair in steps.windows(2) {
        let at = |step: &Value| {
            let sum = |key: &str| step[key].as_i64().unwrap();
            sum("arrival") + sum("waiting_time") + sum("service") - sum("duration")
        };
        let arrives =
            |step: &Value| step["arrival"].as_i64().unwrap() - step["duration"].as_i64().unwrap();
        assert_eq!(at(&pair[0]), arrives(&pair[1]), "{pair:?}");
    }
}

#[test]
fn answers_tell_what_is_left_out() {
    let answer = answer("skills");
    let left =
        json!([{ "id": 5, "type": "job", "description": "nobody can", "location_index": 3 }]);
    assert_eq!(answer["unassigned"], left);
    assert_eq!(answer["summary"]["unassigned"], 1);
}

#[test]
fn loads_count_shipments_and_both_kinds_of_jobs() {
    let answer = answer("shipments");
    for route in answer["routes"].as_array().unwrap() {
        for step in route["steps"].as_array().unwrap() {
            let load = step["load"][0].as_i64().unwrap();
            assert!((0..=2).contains(&load), "{step}");
        }
    }
    assert_eq!(answer["summary"]["delivery"], json!([5]));
    assert_eq!(answer["summary"]["pickup"], json!([5]));
}

#[test]
fn a_changed_answer_is_found_out() {
    let instance = read("breaks", text("breaks"));
    let judged = |change: &dyn Fn(&mut Value)| {
        let mut answer = answer("breaks");
        change(&mut answer);
        let solution = parse_solution("a.json", &answer.to_string(), &instance)?;
        Ok::<_, routeforce::domain::InputError>(check(&instance.problem, &solution).faults)
    };
    let faults = judged(&|a| a["summary"]["cost"] = json!(4_000)).unwrap();
    assert!(matches!(faults[0].kind, FaultKind::Cost { .. }));
    let without_breaks = judged(&|a| {
        let steps = a["routes"][0]["steps"].as_array_mut().unwrap();
        steps.retain(|step| step["type"] != "break");
    });
    assert!(!without_breaks.unwrap().is_empty());
    for (path, value) in [
        ("/routes/0/vehicle", json!(77)),
        ("/routes/0/steps/1/id", json!(77)),
        ("/routes/0/steps/1/type", json!("visit")),
        ("/routes/0/steps/0/arrival", json!(i64::MAX)),
        ("/code", json!(3)),
    ] {
        let refused = judged(&|a| *a.pointer_mut(path).unwrap() = value.clone());
        let message = refused.expect_err(path).to_string();
        assert!(
            message.contains(path.rsplit('/').next().unwrap()),
            "{message}"
        );
    }
}
