//! Which version serves: promotion, refusal, going back.

use super::registry::{input_error, manifest, model_bytes};
use chrono::{TimeDelta, Utc};
use routeforce::domain::Document;
use routeforce::onnx::manifest::BacktestScore;
use routeforce::onnx::stages::{self, Stage, Stages};
use routeforce::onnx::{contest, registry};
use std::path::Path;

/// Saves a version whose loss is so much of the baseline's; gives its name.
fn save(folder: &Path, day: i64, loss: f64) -> String {
    let mut manifest = manifest();
    manifest.created_at += TimeDelta::days(day);
    manifest.version = routeforce::onnx::Manifest::version_of(manifest.created_at, "d");
    let score = |model: &str, exported: bool, wql: f64| BacktestScore {
        model: model.into(),
        exported,
        metrics: [("wql".to_owned(), wql)].into(),
    };
    // The steps held back are harder every day.
    let hard = 1.0 + day as f64;
    manifest.backtest = vec![
        score("seasonal-naive", false, hard),
        score("boosted", true, hard * loss),
    ];
    let (_, saved) = registry::save(folder, "demand", &model_bytes(), manifest).unwrap();
    saved.version
}

fn serving(folder: &Path) -> String {
    let model = stages::load_serving(folder, "demand").unwrap();
    let version = model.manifest.version;
    assert_eq!(
        stages::serving(folder, "demand").unwrap(),
        Some(version.clone())
    );
    version
}

#[test]
fn the_latest_serves_until_one_is_promoted_and_then_only_a_better_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let first = save(folder, 0, 0.8);
    let second = save(folder, 1, 0.7);
    assert_eq!(serving(folder), second);
    stages::promote(folder, "demand", &first, "trusted", true, Utc::now()).unwrap();
    assert_eq!(serving(folder), first);

    let worse = save(folder, 2, 0.9);
    let refused = stages::promote(folder, "demand", &worse, "", true, Utc::now());
    let error = input_error(refused.unwrap_err());
    assert!(error.to_string().contains("0.9000"), "{error}");
    assert_eq!(serving(folder), first);

    let promoted = stages::promote(folder, "demand", &second, "better", true, Utc::now()).unwrap();
    assert_eq!(serving(folder), second);
    assert_eq!(promoted.of(&first), Stage::Retired);
    assert_eq!(promoted.of(&second), Stage::Champion);
    assert_eq!(promoted.of(&worse), Stage::Candidate);

    stages::promote(folder, "demand", &worse, "forced", false, Utc::now()).unwrap();
    assert_eq!(serving(folder), worse);
}

#[test]
fn going_back_goes_further_every_time_and_stops_at_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let versions = [
        save(folder, 0, 0.8),
        save(folder, 1, 0.7),
        save(folder, 2, 0.6),
    ];
    for version in &versions {
        stages::promote(folder, "demand", version, "", true, Utc::now()).unwrap();
    }
    for expected in [&versions[1], &versions[0]] {
        stages::roll_back(folder, "demand", "it failed", Utc::now()).unwrap();
        assert_eq!(serving(folder), *expected);
    }
    let error = input_error(stages::roll_back(folder, "demand", "", Utc::now()).unwrap_err());
    assert!(
        error.to_string().contains("no version served before"),
        "{error}"
    );
    assert_eq!(serving(folder), versions[0]);
    let history = Stages::read(folder, "demand").unwrap().changes;
    assert_eq!(history.len(), 5);
    assert_eq!(history[4].reason, "it failed");
}

#[test]
fn what_is_not_there_cannot_be_promoted_and_damage_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let version = save(folder, 0, 0.8);
    for (name, version) in [
        ("demand", "none"),
        ("travel-time", version.as_str()),
        ("../x", "y"),
    ] {
        assert!(stages::promote(folder, name, version, "", true, Utc::now()).is_err());
    }
    stages::promote(folder, "demand", &version, "", true, Utc::now()).unwrap();
    let file = folder.join("demand/stages.json");
    std::fs::write(&file, "{}").unwrap();
    let error = input_error(stages::load_serving(folder, "demand").unwrap_err());
    assert!(error.to_string().contains("stages.json"), "{error}");
    // The schema is published like that of every document.
    let validator = jsonschema::validator_for(&Stages::json_schema_document()).unwrap();
    assert!(!validator.is_valid(&serde_json::json!({})));
}

#[test]
fn a_new_version_serves_only_if_it_is_better_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let decide = |version: &str| contest::decide(folder, "demand", version, Utc::now()).unwrap();
    let first = save(folder, 0, 0.8);
    let decision = decide(&first);
    assert!(decision.promoted && decision.reason.contains("first"));

    let worse = save(folder, 1, 0.9);
    let decision = decide(&worse);
    assert!(!decision.promoted);
    assert_eq!(decision.serves, first);
    for figure in ["0.9000", "0.8000", &first] {
        assert!(decision.reason.contains(figure), "{}", decision.reason);
    }
    assert_eq!(serving(folder), first);

    let better = save(folder, 2, 0.7);
    assert!(decide(&better).promoted);
    assert_eq!(serving(folder), better);
    let again = decide(&better);
    assert!(!again.promoted && again.serves == better);
    assert_eq!(Stages::read(folder, "demand").unwrap().changes.len(), 2);
    assert!(contest::decide(folder, "demand", "none", Utc::now()).is_err());
}

#[test]
fn what_served_without_being_champion_goes_on_if_the_new_version_is_no_better() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    save(folder, 0, 0.9);
    let served = save(folder, 1, 0.7);
    let worse = save(folder, 2, 0.8);
    let decision = contest::decide(folder, "demand", &worse, Utc::now()).unwrap();
    assert!(!decision.promoted);
    assert_eq!(serving(folder), served);
    // A champion that cannot be loaded any more is beaten by any that can.
    std::fs::write(folder.join("demand").join(&served).join("model.onnx"), "x").unwrap();
    let decision = contest::decide(folder, "demand", &worse, Utc::now()).unwrap();
    assert!(decision.promoted && decision.reason.contains("not known"));
}
