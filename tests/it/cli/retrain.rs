//! `routeforce retrain`: trains when there is something new, promotes what is better, keeps order.

use super::{refuses, succeeds, text};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A demand table of so many days of two shops, as CSV turned into the folder's Parquet by ingest.
fn demand(folder: &Path, days: usize, level: usize) -> PathBuf {
    let mut table = String::from("series_id,ts,y\n");
    let first = chrono::NaiveDate::from_ymd_opt(2025, 1, 6).unwrap();
    for (shop, size) in [("north", 40), ("south", 9)] {
        for (number, day) in first.iter_days().take(days).enumerate() {
            let y = match number % 7 {
                6 => 0,
                weekday => (size + 3 * weekday + number * 5 % 11) * level,
            };
            writeln!(table, "{shop},{day},{y}").unwrap();
        }
    }
    let (raw, data) = (folder.join("raw.csv"), folder.join("data"));
    std::fs::write(&raw, table).unwrap();
    let _ = std::fs::remove_dir_all(&data);
    succeeds(&["ingest", "demand", text(&raw), "--out", text(&data)]);
    assert!(data.join("demand.parquet").exists());
    data
}

fn log(models: &Path) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(models.join("retrain.jsonl")).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn versions(models: &Path) -> Vec<String> {
    routeforce::onnx::registry::versions(models, "demand").unwrap()
}

#[test]
fn a_round_trains_on_new_data_and_does_nothing_without() {
    let folder = tempfile::tempdir().unwrap();
    let models = folder.path().join("models");
    let data = demand(folder.path(), 120, 1);
    let once = [
        "retrain",
        "--once",
        "--models",
        text(&models),
        "--data",
        text(&data),
    ];
    let printed = succeeds(&once);
    assert!(
        printed.contains("promoted: it is the first version"),
        "{printed}"
    );
    let printed = succeeds(&once);
    assert!(
        printed.contains("unchanged: ") && printed.contains("same data"),
        "{printed}"
    );
    assert_eq!(versions(&models).len(), 1);
    let champion = versions(&models).remove(0);

    demand(folder.path(), 134, 1);
    let printed = succeeds(&once);
    assert_eq!(versions(&models).len(), 2, "{printed}");
    let entries = log(&models);
    let actions: Vec<&str> = entries
        .iter()
        .map(|e| e["action"].as_str().unwrap())
        .collect();
    assert_eq!(actions[..2], ["promoted", "unchanged"]);
    assert!(["promoted", "kept"].contains(&actions[2]), "{entries:?}");
    // The better one serves, whichever it is.
    let loss = |version: &str| {
        let manifest = routeforce::onnx::registry::manifest(&models, "demand", version).unwrap();
        routeforce::onnx::stages::skill(&manifest)
    };
    let newer = entries[2]["version"].as_str().unwrap();
    let better = if loss(newer) < loss(&champion) {
        newer
    } else {
        champion.as_str()
    };
    assert_eq!(entries[2]["serves"], better);
    assert_eq!(entries[2]["data_sha256"].as_str().unwrap().len(), 64);
}

#[test]
fn the_horizon_that_somebody_chose_stays() {
    let folder = tempfile::tempdir().unwrap();
    let models = folder.path().join("models");
    let data = demand(folder.path(), 120, 1);
    let at = ["--models", text(&models), "--data", text(&data)];
    let train = ["train", "demand", "--model", "baseline", "--horizon", "3"];
    succeeds(&[&train[..], &at[..]].concat());
    demand(folder.path(), 134, 1);
    succeeds(&[&["retrain", "--once"], &at[..]].concat());
    let all = versions(&models);
    assert_eq!(all.len(), 2);
    for version in all {
        let manifest = routeforce::onnx::registry::manifest(&models, "demand", &version).unwrap();
        assert_eq!(
            routeforce::forecast::predict::horizon_of(&manifest),
            Some(3)
        );
    }
}

#[test]
fn a_version_that_was_never_decided_on_is_and_one_rolled_back_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let models = folder.path().join("models");
    let data = demand(folder.path(), 120, 1);
    let at = ["--models", text(&models), "--data", text(&data)];
    let train = |model: &str| {
        succeeds(&[&["train", "demand", "--model", model], &at[..]].concat());
    };
    train("baseline");
    let first = versions(&models).remove(0);
    succeeds(&[
        "models",
        "--models",
        text(&models),
        "promote",
        &format!("demand/{first}"),
    ]);
    // As if the program had been stopped between training and choosing.
    train("local");
    let second = versions(&models).pop().unwrap();
    let once = [&["retrain", "--once"], &at[..]].concat();
    assert!(succeeds(&once).contains(&format!("{second}: promoted")));
    succeeds(&["models", "--models", text(&models), "rollback", "demand"]);
    assert!(succeeds(&once).contains("unchanged"));
    let serving = routeforce::onnx::stages::serving(&models, "demand").unwrap();
    assert_eq!(serving, Some(first.clone()));
    // Neither what serves nor what is as new as asked for is removed.
    let printed = succeeds(&[&once[..], &["--keep", "1"]].concat());
    assert!(!printed.contains("removed"), "{printed}");
    for _ in 0..2 {
        train("baseline");
    }
    let printed = succeeds(&[&once[..], &["--keep", "1"]].concat());
    let left = versions(&models);
    assert!(printed.contains("removed demand/"), "{printed}");
    assert!(left.contains(&first), "{left:?}");
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn with_if_drift_only_changed_data_are_trained_on() {
    let folder = tempfile::tempdir().unwrap();
    let models = folder.path().join("models");
    let data = demand(folder.path(), 300, 1);
    let once = [
        "retrain",
        "--once",
        "--if-drift",
        "--models",
        text(&models),
        "--data",
        text(&data),
    ];
    assert!(succeeds(&once).contains("first version"));
    demand(folder.path(), 300 + 35, 1);
    let printed = succeeds(&once);
    assert!(
        printed.contains("as trained: drift of demand/"),
        "{printed}"
    );
    assert_eq!(versions(&models).len(), 1);
    demand(folder.path(), 300 + 42, 3);
    // Three times the level throughout: other data than those it was trained on.
    let printed = succeeds(&once);
    assert_eq!(versions(&models).len(), 2, "{printed}");
}

#[test]
fn what_cannot_be_trained_on_is_refused_and_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let (models, data) = (folder.path().join("models"), folder.path().join("data"));
    std::fs::create_dir(&data).unwrap();
    let once = [
        "retrain",
        "--once",
        "--models",
        text(&models),
        "--data",
        text(&data),
    ];
    refuses(&once, &["no table to train on", "demand.parquet"]);
    std::fs::write(data.join("demand.parquet"), "no table").unwrap();
    refuses(&once, &["demand.parquet", "Parquet"]);
    assert_eq!(log(&models)[0]["action"], "failed");
    std::fs::write(models.join("retrain.jsonl"), "{}\n").unwrap();
    refuses(&once, &["retrain.jsonl", "row 1"]);
    refuses(&["retrain", "--data", text(&data)], &["--once"]);
}
