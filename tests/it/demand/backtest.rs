//! Forecasts of the past: nothing after the cut-off is seen, every row asked for is there.

use super::synthetic::shops;
use routeforce::forecast::backtest::{Split, run};
use routeforce::forecast::{Choice, TrainOptions};
use routeforce::runtime::{Cancel, Progress};

fn split() -> Split {
    Split {
        horizon: 10,
        cutoffs: vec!["2024-08-01 00:00:00".into(), "2024-08-11 00:00:00".into()],
        known_covariates: vec!["open".into()],
    }
}

fn options() -> TrainOptions {
    TrainOptions {
        choice: Choice::Linear,
        ..TrainOptions::default()
    }
}

#[test]
fn what_comes_after_the_cutoff_changes_nothing() {
    let panel = shops(4, 4, 250, 0);
    let watch = (&Cancel::new(), &Progress::silent());
    let before = run(&panel, &split(), &options(), watch.0, watch.1).unwrap();
    let mut changed = panel.clone();
    let start = panel.series[0].start;
    // The first of August is day 213 of the year, counted from 0.
    for series in &mut changed.series {
        for (i, value) in series.values.iter_mut().enumerate() {
            if i as i64 + start > start + 213 {
                *value = *value * 100.0 + 1.0;
            }
        }
    }
    let after = run(&changed, &split(), &options(), watch.0, watch.1).unwrap();
    assert_eq!(before[0].forecasts, after[0].forecasts);
    assert_ne!(before[1].forecasts, after[1].forecasts);
}

#[test]
fn the_first_rows_behind_every_cutoff_are_forecast() {
    let mut panel = shops(4, 3, 250, 0);
    // A gap behind the first cut-off: the ten rows then reach one day further.
    panel.series[0].values[215] = f32::NAN;
    let folds = run(
        &panel,
        &split(),
        &options(),
        &Cancel::new(),
        &Progress::silent(),
    )
    .unwrap();
    assert_eq!(folds.len(), 2);
    for fold in &folds {
        assert_eq!(fold.forecasts.len(), 30);
        assert_eq!(fold.manifest.kind, "linear");
    }
    let times: Vec<String> = folds[0].forecasts[..10]
        .iter()
        .map(|f| f.ts.format("%m-%d").to_string())
        .collect();
    assert_eq!(times[0], "08-02");
    assert!(!times.contains(&"08-03".to_owned()));
    assert_eq!(times[9], "08-12");
    // A covariate that is not named as known is not used.
    assert!(
        !folds[0]
            .manifest
            .features
            .columns
            .iter()
            .any(|c| c.contains("promotion"))
    );
}

#[test]
fn splits_are_found_by_the_name_of_the_data() {
    let folder = tempfile::tempdir().unwrap();
    let splits = folder.path().join("splits.json");
    let text = r#"{"shops": {"horizon": 3, "cutoffs": ["2024-08-01 00:00:00"], "freq": "D"}}"#;
    std::fs::write(&splits, text).unwrap();
    let split = Split::read(&splits, "data/shops.parquet".as_ref()).unwrap();
    assert_eq!(split.horizon, 3);
    assert!(split.known_covariates.is_empty());
    let error = Split::read(&splits, "data/others.parquet".as_ref()).unwrap_err();
    assert!(error.to_string().contains("there are shops"), "{error}");
}
