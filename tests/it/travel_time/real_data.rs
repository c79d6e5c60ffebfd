//! The backtest on real taxi trips, where they are present.

use routeforce::runtime::{Cancel, Progress};
use routeforce::travel_time::{Kind, TrainOptions, backtest};
use std::path::PathBuf;

fn table(name: &str) -> Option<PathBuf> {
    let folder = match std::env::var_os("ROUTEFORCE_BENCH") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from("../shared/bench"),
    };
    let path = folder.join("travel").join(name);
    if !path.is_file() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

#[test]
fn exact_coordinates_are_predicted_better_than_by_the_baseline() {
    let Some(path) = table("nyc_yellow_latlon.parquet") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let pinball = |kind: Kind| {
        let out = folder.path().join("predictions.csv");
        let options = TrainOptions {
            kind,
            ..TrainOptions::default()
        };
        let (cancel, progress) = (Cancel::new(), Progress::silent());
        let report = backtest(&path, &out, None, &options, &cancel, &progress).unwrap();
        let lines = std::fs::read_to_string(&out).unwrap().lines().count();
        assert_eq!(lines as f64, 1.0 + report.metrics["trips"]);
        let coverage = report.metrics["coverage_80_percent"];
        assert!((73.0..87.0).contains(&coverage), "{kind:?}: {coverage}");
        report.metrics["pinball_s"]
    };
    let (baseline, boosted) = (pinball(Kind::Baseline), pinball(Kind::Auto));
    assert!(boosted < 0.75 * baseline, "{boosted} {baseline}");
}
