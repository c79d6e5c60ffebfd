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
