//! Series that hardly are any: never a panic, always a finite forecast.

use super::synthetic::shops;
use routeforce::features::demand::Panel;
use routeforce::features::demand::panel::Series;
use routeforce::forecast::{Choice, TrainOptions, predict, train};
use routeforce::onnx::registry;
use routeforce::regression::BoostOptions;
use routeforce::runtime::{Cancel, Progress};

fn model_of(panel: &Panel, choice: Choice) -> Result<routeforce::onnx::Model, String> {
    let options = TrainOptions {
        horizon: Some(7),
        choice,
        boosting: BoostOptions {
            rounds: 20,
            leaves: 7,
            ..TrainOptions::default().boosting
        },
        ..TrainOptions::default()
    };
    let trained = train(panel, "x", &options, &Cancel::new(), &Progress::silent())
        .map_err(|e| e.to_string())?;
    let folder = tempfile::tempdir().unwrap();
    trained.save(folder.path()).map_err(|e| e.to_string())?;
    registry::load_latest(folder.path(), "demand").map_err(|e| e.to_string())
}

fn odd_ones(panel: &mut Panel) {
    let start = panel.series[0].start;
    let days = panel.series[0].values.len();
    let covariates = panel.series[0].covariates.clone();
    let mut push = |id: &str, start: i64, values: Vec<f32>| {
        panel.series.push(Series {
            id: id.into(),
            start,
            values,
            covariates: covariates.clone(),
            last_row: start + covariates[0].len() as i64 - 1,
        });
    };
    push("all-zero", start, vec![0.0; days]);
    push("constant", start, vec![5.0; days]);
    push("one-point", start + days as i64 - 1, vec![3.0]);
    push("nothing", start, vec![]);
    push("mostly-missing", start, {
        let mut values = vec![f32::NAN; days];
        values[3] = 2.0;
        values[days - 1] = 4.0;
        values
    });
    push("ended-early", start, vec![7.0; 30]);
    push(
        "huge",
        start,
        (0..days).map(|d| 1e12 + d as f32 * 1e9).collect(),
    );
    push(
        "tiny",
        start,
        (0..days).map(|d| 1e-12 * (1 + d % 7) as f32).collect(),
    );
}

#[test]
fn odd_series_beside_usual_ones() {
    let mut panel = shops(1, 4, 120, 7);
    odd_ones(&mut panel);
    for choice in [
        Choice::Auto,
        Choice::Baseline,
        Choice::Linear,
        Choice::Boosted,
    ] {
        let model = model_of(&panel, choice).unwrap();
        let forecasts = predict(&model, &panel, 7, &["never-seen".into()]).unwrap();
        assert_eq!(forecasts.len(), (panel.series.len() + 1) * 7);
        for forecast in forecasts {
            let q = forecast.quantiles;
            let all = [q.p10, q.p50, q.p90, q.mean];
            assert!(
                all.iter().all(|v| v.is_finite() && *v >= 0.0),
                "{choice:?} {forecast:?}"
            );
            assert!(q.p10 <= q.p50 && q.p50 <= q.p90, "{choice:?} {forecast:?}");
            if forecast.series_id == "all-zero" {
                assert!(q.p50 < 20.0, "{choice:?} {forecast:?}");
            }
        }
    }
}

#[test]
fn only_odd_series() {
    let usual = shops(1, 1, 60, 7);
    for (name, values) in [
        ("zeros", vec![0.0; 60]),
        ("constant", vec![5.0; 60]),
        ("two points", vec![1.0, 2.0]),
        ("gap", [vec![1.0], vec![f32::NAN; 40], vec![2.0]].concat()),
        ("negative", (0..60).map(|d| (d % 5) as f32 - 2.0).collect()),
    ] {
        let mut panel = usual.clone();
        panel.series[0].values = values;
        let model = model_of(&panel, Choice::Auto).unwrap_or_else(|e| panic!("{name}: {e}"));
        let forecasts = predict(&model, &panel, 7, &[]).unwrap();
        assert_eq!(forecasts.len(), 7, "{name}");
    }
    for values in [vec![], vec![1.0], vec![f32::NAN; 9]] {
        let mut panel = usual.clone();
        panel.series[0].values = values;
        let error = model_of(&panel, Choice::Auto).unwrap_err();
        assert!(error.contains("too short"), "{error}");
    }
}

#[test]
fn a_model_refuses_other_series_than_it_was_trained_on() {
    let panel = shops(1, 3, 120, 7);
    let model = model_of(&panel, Choice::Linear).unwrap();
    let without = panel.clone().with_covariates(&["open".into()]);
    let error = predict(&model, &without, 7, &[]).unwrap_err().to_string();
    assert!(error.contains("`promotion`"), "{error}");
    let mut hourly = panel;
    hourly.frequency = routeforce::features::demand::Frequency::Hourly;
    let error = predict(&model, &hourly, 7, &[]).unwrap_err().to_string();
    assert!(error.contains("Hourly"), "{error}");
}
