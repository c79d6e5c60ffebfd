//! Forecasts of the past: nothing after the cut-off is seen, every row asked for is there.

use super::synthetic::shops;
use routeforce::forecast::backtest::{Split, run};
use routeforce::forecast::fold_scores::score;
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

/// The figures of a fold, computed again from the forecasts and the panel alone.
#[test]
fn scores_are_those_of_the_forecasts() {
    let mut panel = shops(4, 3, 250, 0);
    panel.series[1].values[100] = f32::NAN;
    let watch = (&Cancel::new(), &Progress::silent());
    let choices = [Choice::Linear, Choice::Baseline];
    let options = TrainOptions::default();
    let scores = score(&panel, &split(), &choices, &options, watch.0, watch.1).unwrap();
    assert_eq!(scores.folds.len(), 2);
    assert_eq!(scores.folds[1].cutoff.to_string(), "2024-08-11 00:00:00");
    for (number, choice) in choices.into_iter().enumerate() {
        let options = TrainOptions {
            choice,
            ..TrainOptions::default()
        };
        let folds = run(&panel, &split(), &options, watch.0, watch.1).unwrap();
        let (mut all_error, mut all_volume, mut all_rows) = (0.0, 0.0, 0);
        for (fold, scored) in folds.iter().zip(&scores.folds) {
            let (mut error, mut volume, mut excess, mut inside, mut squares) =
                (0.0, 0.0, 0.0, 0, 0.0);
            for forecast in &fold.forecasts {
                let series = panel.series.iter().find(|s| s.id == forecast.series_id);
                let series = series.unwrap();
                let index = panel.frequency.index(forecast.ts).unwrap();
                let (y, q) = (f64::from(series.value(index)), forecast.quantiles);
                error += (y - q.p50).abs();
                volume += y.abs();
                excess += q.mean - y;
                inside += usize::from(q.p10 <= y && y <= q.p90);
                let first = panel.frequency.index(fold.forecasts[0].ts).unwrap();
                let known: Vec<f64> = (series.start..first)
                    .map(|i| f64::from(series.value(i)))
                    .collect();
                let changes = known.windows(2).map(|p| (p[1] - p[0]).powi(2));
                let changes: Vec<f64> = changes.filter(|c| c.is_finite()).collect();
                let scale = changes.iter().sum::<f64>() / changes.len() as f64;
                squares += (y - q.mean).powi(2) / scale;
            }
            let rows = fold.forecasts.len() as f64;
            let expected = [
                ("rows", rows),
                ("wape", error / volume),
                ("bias", excess / volume),
                ("coverage_80", inside as f64 / rows),
                ("rmsse", (squares / rows).sqrt()),
            ];
            let model = &scored.models[number];
            assert_eq!(model.choice, choice);
            for (name, value) in expected {
                let found = model.figures[name];
                assert!((found - value).abs() < 1e-9, "{name}: {found} for {value}");
            }
            all_error += error;
            all_volume += volume;
            all_rows += fold.forecasts.len();
        }
        let overall = &scores.overall[number].figures;
        assert_eq!(overall["rows"], all_rows as f64);
        assert!((overall["wape"] - all_error / all_volume).abs() < 1e-9);
    }
}

#[test]
fn folds_share_no_step_and_end_with_the_panel() {
    let panel = shops(4, 3, 100, 0);
    let rolling = |horizon, folds| Split::rolling(&panel, horizon, folds, &[], "table");
    let split = rolling(7, 3).unwrap();
    let end = panel.end().unwrap();
    for (number, cutoff) in split.cutoffs.iter().enumerate() {
        let last = panel.time(end - 1 - 7 * (3 - number as i64)).to_string();
        assert_eq!(*cutoff, last);
    }
    // Two horizons are known at the first cut-off: twelve folds of seven days need 98 days.
    assert!(rolling(7, 12).is_ok());
    let error = rolling(7, 13).unwrap_err();
    assert!(error.to_string().contains("up to 12"), "{error}");
    let unknown = Split::rolling(&panel, 7, 1, &["price".into()], "table").unwrap_err();
    assert_eq!(unknown.field.as_deref(), Some("known_covariates"));
}
