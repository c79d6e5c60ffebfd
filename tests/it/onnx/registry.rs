//! Saving and loading versions, whole and broken.

use chrono::{DateTime, NaiveDate, Utc};
use routeforce::domain::{Document, InputError};
use routeforce::onnx::manifest::{BacktestScore, FeatureSchema, Manifest, TrainingWindow};
use routeforce::onnx::{OnnxError, QuantileGraph, registry};
use std::path::Path;

pub fn model_bytes() -> Vec<u8> {
    let mut graph = QuantileGraph::new(2);
    let value = graph.column(1).unwrap();
    graph.finish(&value, &value, &value, &value).unwrap()
}

pub fn manifest() -> Manifest {
    let day = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
    let created_at: DateTime<Utc> = "2026-03-02T04:05:06Z".parse().unwrap();
    let data_sha256 = registry::sha256_of(b"data");
    Manifest {
        name: "demand".into(),
        version: Manifest::version_of(created_at, &data_sha256),
        created_at,
        code_version: "0.1.0".into(),
        kind: "boosted".into(),
        features: FeatureSchema {
            version: 1,
            columns: vec!["a".into(), "b".into()],
        },
        training_window: TrainingWindow {
            start: day.and_hms_opt(0, 0, 0).unwrap(),
            end: day.and_hms_opt(23, 0, 0).unwrap(),
        },
        training_rows: 17,
        data_sha256,
        model_sha256: String::new(),
        seed: 7,
        time_zone: Some("Europe/Berlin".into()),
        backtest: vec![BacktestScore {
            model: "seasonal-naive".into(),
            exported: false,
            metrics: [("wape".to_owned(), 0.25)].into(),
        }],
        training_profile: None,
        parameters: [("leg_correlation".to_owned(), serde_json::json!(0.3))].into(),
    }
}

fn save(folder: &Path) -> (std::path::PathBuf, Manifest) {
    registry::save(folder, "demand", &model_bytes(), manifest()).unwrap()
}

pub fn input_error(error: OnnxError) -> InputError {
    match error {
        OnnxError::Input(error) => error,
        other => panic!("not an input error: {other}"),
    }
}

#[test]
fn a_version_comes_back_as_it_was_saved() {
    let folder = tempfile::tempdir().unwrap();
    let (path, saved) = save(folder.path());
    assert!(path.ends_with("demand/20260302T040506Z-3a6eb079"));
    assert_eq!(Manifest::read(&path.join("manifest.json")).unwrap(), saved);
    let model = registry::load_latest(folder.path(), "demand").unwrap();
    assert_eq!(model.manifest, saved);
    assert_eq!(model.session.predict_row(&[1.0, 5.0]).unwrap().p50, 5.0);
}

#[test]
fn manifests_fit_their_published_schema() {
    let schema = Manifest::json_schema_document();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut json = manifest().to_json().unwrap();
    assert!(validator.is_valid(&json));
    json["seed"] = "seven".into();
    assert!(!validator.is_valid(&json));
}

#[test]
fn the_greatest_version_is_the_latest_and_none_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let (_, first) = save(folder.path());
    let (_, second) = save(folder.path());
    assert_ne!(first.version, second.version);
    // Left by a run that was killed.
    std::fs::create_dir(folder.path().join("demand/99990101T000000Z-dead")).unwrap();
    let versions = registry::versions(folder.path(), "demand").unwrap();
    assert_eq!(versions, [first.version, second.version.clone()]);
    let latest = registry::load_latest(folder.path(), "demand").unwrap();
    assert_eq!(latest.manifest.version, second.version);
    // Nothing is left aside.
    let entries = std::fs::read_dir(folder.path().join("demand")).unwrap();
    assert_eq!(entries.count(), 3);
}

#[test]
fn a_missing_model_names_the_command_that_trains_it() {
    let folder = tempfile::tempdir().unwrap();
    let error = input_error(registry::load_latest(folder.path(), "demand").unwrap_err());
    assert!(
        error.to_string().contains("routeforce train demand"),
        "{error}"
    );
}

#[test]
fn a_name_never_leaves_the_models_folder() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["../demand", "a/b", "", ".hidden"] {
        assert!(
            registry::load_latest(folder.path(), name).is_err(),
            "{name}"
        );
        assert!(registry::save(folder.path(), name, &model_bytes(), manifest()).is_err());
    }
}

#[test]
fn a_changed_model_file_is_refused_by_its_hash() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = save(folder.path());
    let file = path.join("model.onnx");
    let mut bytes = std::fs::read(&file).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let error = input_error(registry::load_latest(folder.path(), "demand").unwrap_err());
    assert!(error.source.ends_with("model.onnx"));
    assert!(error.problem.contains("SHA-256"), "{error}");
}

#[test]
fn corrupt_and_foreign_model_files_are_refused_by_name() {
    let whole = model_bytes();
    let mut renamed = whole.clone();
    let at = renamed.windows(8).position(|w| w == b"features").unwrap();
    // Every mention, so that the graph stays sound but its input has a foreign name.
    for start in at..renamed.len() - 8 {
        if &renamed[start..start + 8] == b"features" {
            renamed[start..start + 8].copy_from_slice(b"fixtures");
        }
    }
    let half = &whole[..whole.len() / 2];
    for bytes in [b"".as_slice(), b"not a model", half, &renamed] {
        let folder = tempfile::tempdir().unwrap();
        registry::save(folder.path(), "demand", bytes, manifest()).unwrap();
        let error = input_error(registry::load_latest(folder.path(), "demand").unwrap_err());
        assert!(error.source.ends_with("model.onnx"), "{error}");
        assert!(error.remedy.contains("routeforce train"), "{error}");
    }
}

#[test]
fn a_broken_manifest_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = save(folder.path());
    std::fs::write(path.join("manifest.json"), "{\"schema\": \"other/1\"}").unwrap();
    let error = input_error(registry::load_latest(folder.path(), "demand").unwrap_err());
    assert!(error.source.ends_with("manifest.json"), "{error}");
}
