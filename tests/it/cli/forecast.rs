//! `routeforce forecast` on tables that nobody has prepared.

use super::{refuses, succeeds, text};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Daily sales of two shops, quiet on Sundays, under names of their own.
fn sales(folder: &Path) -> PathBuf {
    let mut table = String::from("shop,day,sold\n");
    let first = chrono::NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
    for (shop, size) in [("north", 40), ("south", 9)] {
        for (number, day) in first.iter_days().take(120).enumerate() {
            let sold = if number % 7 == 6 {
                0
            } else {
                size + number * 5 % 3
            };
            writeln!(table, "{shop},{day},{sold}").unwrap();
        }
    }
    let path = folder.join("sales.csv");
    std::fs::write(&path, table).unwrap();
    path
}

#[test]
fn three_columns_need_no_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let data = sales(folder.path());
    let out = folder.path().join("ahead.csv");
    let arguments = ["--data", text(&data), "--out", text(&out), "--horizon", "7"];
    succeeds(&[&["forecast"], &arguments[..]].concat());
    let table = std::fs::read_to_string(&out).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().map(|l| l.split(',').collect()).collect();
    assert_eq!(rows[0], ["series_id", "ts", "p10", "p50", "p90", "mean"]);
    assert_eq!(rows.len(), 1 + 2 * 7);
    let sums = |shop: &str| {
        let of_shop = rows.iter().filter(|row| row[0] == shop);
        of_shop
            .map(|row| row[5].parse::<f64>().unwrap())
            .sum::<f64>()
    };
    assert!((sums("north") - 6.0 * 41.0).abs() < 30.0, "{table}");
    assert!((sums("south") - 6.0 * 10.0).abs() < 15.0, "{table}");
    for row in &rows[1..] {
        let quantile = |k: usize| row[k].parse::<f64>().unwrap();
        assert!(
            quantile(2) <= quantile(3) && quantile(3) <= quantile(4),
            "{row:?}"
        );
    }
    let picture = std::fs::read_to_string(out.with_extension("svg")).unwrap();
    assert!(picture.starts_with("<svg") && picture.contains("Demand of north"));
}

#[test]
fn a_model_that_was_saved_forecasts_into_parquet() {
    let folder = tempfile::tempdir().unwrap();
    let (data, models) = (sales(folder.path()), folder.path().join("models"));
    let saved = ["--data", text(&data), "--models", text(&models)];
    succeeds(&[&["train", "demand", "--model", "local"], &saved[..]].concat());
    let out = folder.path().join("ahead.parquet");
    let picture = folder.path().join("ahead.png");
    let files = ["--out", text(&out), "--picture", text(&picture)];
    succeeds(&[&["forecast"], &saved[..], &files[..]].concat());
    assert!(std::fs::read(&out).unwrap().starts_with(b"PAR1"));
    assert!(std::fs::read(&picture).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn what_cannot_be_told_apart_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("odd.csv");
    std::fs::write(&data, "shop,sold\nnorth,3\nsouth,4\n").unwrap();
    let out = folder.path().join("ahead.csv");
    let arguments = ["--data", text(&data), "--out", text(&out)];
    refuses(
        &[&["forecast"], &arguments[..]].concat(),
        &["odd.csv", "series_id", "shop, sold"],
    );
    assert!(!out.exists());
}

#[test]
fn versions_are_listed_promoted_and_described() {
    let folder = tempfile::tempdir().unwrap();
    let (data, models) = (sales(folder.path()), folder.path().join("models"));
    let at = ["--models", text(&models)];
    let train = |model: &str| {
        let data = ["--data", text(&data), "--model", model];
        let printed = succeeds(&[&["train", "demand"], &data[..], &at[..]].concat());
        let saved = Path::new(printed.lines().next().unwrap())
            .file_name()
            .unwrap();
        format!("demand/{}", saved.to_str().unwrap())
    };
    let (good, naive) = (train("local"), train("baseline"));
    fn joined<'a>(action: &[&'a str], at: &[&'a str]) -> Vec<&'a str> {
        [&["models"], action, at].concat()
    }
    succeeds(&joined(&["promote", &good], &at));
    refuses(&joined(&["promote", &naive], &at), &["--force"]);
    succeeds(&joined(
        &["promote", &naive, "--force", "--reason", "to compare"],
        &at,
    ));
    succeeds(&joined(&["rollback", "demand"], &at));
    let listed = succeeds(&joined(&["list"], &at));
    for (version, stage) in [(&good, "champion"), (&naive, "retired")] {
        let version = version.strip_prefix("demand/").unwrap();
        let line = listed.lines().find(|line| line.contains(version)).unwrap();
        assert!(line.contains(stage), "{listed}");
    }
    let card = folder.path().join("card.md");
    succeeds(&joined(&["card", "demand", "--out", text(&card)], &at));
    let card_text = std::fs::read_to_string(&card).unwrap();
    for part in ["champion", "seasonal-naive", "rolled back", "card.svg"] {
        assert!(card_text.contains(part), "no `{part}` in {card_text}");
    }
    assert!(card.with_extension("svg").exists());
    refuses(
        &joined(&["promote", "demand"], &at),
        &["MODEL", "NAME/VERSION"],
    );
}

#[test]
fn forecasts_of_groups_add_up() {
    let folder = tempfile::tempdir().unwrap();
    let data = sales(folder.path());
    let (areas, out) = (folder.path().join("areas.csv"), folder.path().join("a.csv"));
    std::fs::write(
        &areas,
        "series_id,area,depot\nnorth,hills,one\nsouth,coast,one\n",
    )
    .unwrap();
    let arguments = ["--data", text(&data), "--out", text(&out), "--horizon", "3"];
    let arguments = [&arguments[..], &["--hierarchy", text(&areas)]].concat();
    succeeds(&[&["forecast"], &arguments[..]].concat());
    let table = std::fs::read_to_string(&out).unwrap();
    let means = |series: &str| {
        let rows = table
            .lines()
            .map(|line| line.split(',').collect::<Vec<_>>());
        let of_series = rows.filter(|row| row[0] == series);
        of_series
            .map(|row| row[5].parse::<f64>().unwrap())
            .collect::<Vec<_>>()
    };
    let parts = means("north").into_iter().zip(means("south"));
    let sums: Vec<f64> = parts.map(|(a, b)| a + b).collect();
    assert_eq!(sums.len(), 3);
    for (sum, total) in sums.iter().zip(means("depot:one")) {
        assert!((sum - total).abs() < 1e-9, "{table}");
    }
    assert_eq!(means("area:hills"), means("north"));

    std::fs::write(&areas, "series_id,area\nnorth,hills\neast,hills\n").unwrap();
    refuses(
        &[&["forecast"], &arguments[..]].concat(),
        &["areas.csv", "series_id", "east"],
    );
}

#[test]
fn what_drove_a_forecast_adds_up_in_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let data = sales(folder.path());
    let (out, why) = (folder.path().join("a.csv"), folder.path().join("why.csv"));
    let files = ["--data", text(&data), "--out", text(&out), "--horizon", "7"];
    succeeds(&[&["forecast"], &files[..], &["--explain", text(&why)]].concat());
    let rows = |path: &Path| -> Vec<Vec<String>> {
        let table = std::fs::read_to_string(path).unwrap();
        let rows = table
            .lines()
            .map(|l| l.split(',').map(String::from).collect());
        rows.collect()
    };
    let (forecasts, reasons) = (rows(&out), rows(&why));
    let header = ["series_id", "ts", "mean", "typical", "recent_demand"];
    assert_eq!(reasons[0][..5], header);
    assert_eq!(reasons.len(), forecasts.len());
    for (reason, forecast) in reasons.iter().zip(&forecasts).skip(1) {
        assert_eq!(
            (&reason[0], &reason[1], &reason[2]),
            (&forecast[0], &forecast[1], &forecast[5])
        );
        let numbers: Vec<f64> = reason[2..].iter().map(|c| c.parse().unwrap()).collect();
        let sum: f64 = numbers[1..].iter().sum();
        assert!(
            (sum - numbers[0]).abs() < 1e-4 * numbers[1].abs().max(1.0),
            "{reason:?}"
        );
    }
}

#[test]
fn training_promotes_what_is_better_and_drift_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (data, models) = (sales(folder.path()), folder.path().join("models"));
    let train = |model: &str| {
        let data = ["--data", text(&data), "--models", text(&models)];
        succeeds(
            &[
                &["train", "demand", "--promote", "--model", model],
                &data[..],
            ]
            .concat(),
        )
    };
    let first = train("local");
    assert!(first.contains("\npromoted demand/"), "{first}");
    let second = train("baseline");
    assert!(second.contains("not promoted demand/"), "{second}");
    assert!(second.contains("of the baseline's, that of"), "{second}");

    let out = folder.path().join("drift.json");
    let drift = |data: &Path| {
        let (data, models) = (text(data), text(&models));
        let files = ["--data", data, "--models", models, "--out", text(&out)];
        [&["models", "drift", "demand"], &files[..]]
            .concat()
            .into_iter()
            .map(String::from)
            .collect::<Vec<_>>()
    };
    let asked = drift(&data);
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    refuses(&asked, &["sales.csv", "no step behind 2026-05-04", "newer"]);
    // Four more weeks, at ten times the level.
    let mut table = std::fs::read_to_string(&data).unwrap();
    let first = chrono::NaiveDate::from_ymd_opt(2026, 5, 5).unwrap();
    for (number, day) in first.iter_days().take(28).enumerate() {
        for shop in ["north", "south"] {
            writeln!(table, "{shop},{day},{}", 400 + number % 7 * 13).unwrap();
        }
    }
    std::fs::write(&data, table).unwrap();
    let printed = succeeds(&asked);
    assert!(printed.contains("retrain"), "{printed}");
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    assert_eq!(report["schema"], "routeforce.drift-report/1");
    assert_eq!(report["verdict"], "retrain");
}
