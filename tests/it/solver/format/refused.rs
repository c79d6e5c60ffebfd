//! What is asked of a dialect that it does not have, and documents that are none.

use super::refusal;
use super::round_trip::{CVRP, SOLOMON};
use routeforce::solver::format::{Dialect, DistanceRule, ReadOptions, parse_instance};

const VROOM: &str = include_str!("../../../data/vroom/skills.json");
const PRAGMATIC: &str = include_str!("../../../data/pragmatic/costs.problem.json");

#[test]
fn what_looks_like_json_must_be() {
    for content in [
        "{",
        "{}",
        "{\"vehicles\": []}",
        "{\"jobs\": 5}",
        "{\"td\": 1, \"instance_name\": 2}",
    ] {
        let message = refusal("bad.json", content);
        assert!(message.starts_with("bad.json"), "{content}: {message}");
    }
    let message = refusal("bad.json", &format!("{VROOM} {VROOM}"));
    assert!(message.contains("not JSON"), "{message}");
    let message = refusal("bad.json", &VROOM.replacen("\"id\": 1,", "\"id\": 1;", 1));
    assert!(message.starts_with("bad.json, row 3"), "{message}");
    let deep = format!("{}1{}", "{\"jobs\":[".repeat(500), "]}".repeat(500));
    assert!(refusal("deep.json", &deep).contains("recursion limit"));
}

#[test]
fn options_that_a_dialect_has_no_use_for_are_refused() {
    let rounding = ReadOptions {
        rounding: Some(DistanceRule::Exact),
        ..ReadOptions::default()
    };
    let matrices = ReadOptions {
        matrices: vec!["matrix.json".into()],
        ..ReadOptions::default()
    };
    for content in [VROOM, PRAGMATIC] {
        let message = parse_instance("a", content, &rounding)
            .unwrap_err()
            .to_string();
        assert!(message.contains("`rounding`, value `exact`"), "{message}");
    }
    for content in [VROOM, CVRP, SOLOMON] {
        let message = parse_instance("a", content, &matrices)
            .unwrap_err()
            .to_string();
        assert!(message.contains("matrix.json"), "{message}");
    }
}

#[test]
fn a_dialect_that_is_named_is_not_guessed() {
    let named = |dialect| ReadOptions {
        dialect: Some(dialect),
        ..ReadOptions::default()
    };
    for (dialect, content) in [
        (Dialect::Solomon, CVRP),
        (Dialect::Vrplib, SOLOMON),
        (Dialect::LiLim, CVRP),
        (Dialect::Vroom, PRAGMATIC),
        (Dialect::Pragmatic, VROOM),
        (Dialect::Mamut, VROOM),
    ] {
        let refused = parse_instance("a", content, &named(dialect));
        assert!(refused.is_err(), "{dialect}");
        assert_eq!(dialect.to_string().parse(), Ok(dialect));
    }
    assert!(parse_instance("a", CVRP, &named(Dialect::Vrplib)).is_ok());
    assert!("excel".parse::<Dialect>().unwrap_err().contains("vroom"));
}

#[test]
fn vehicles_first_can_be_asked_of_any() {
    for content in [CVRP, SOLOMON, VROOM, PRAGMATIC] {
        for asked in [true, false] {
            let options = ReadOptions {
                vehicles_first: Some(asked),
                ..ReadOptions::default()
            };
            let instance = parse_instance("a", content, &options).unwrap();
            assert_eq!(instance.problem.rules().objective.vehicles_first, asked);
        }
    }
}
