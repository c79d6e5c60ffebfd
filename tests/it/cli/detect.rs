//! `routeforce detect` on tables.

use super::{refuses, succeeds, text};
use std::fmt::Write;

#[test]
fn every_row_gets_a_score_and_the_odd_one_an_alert() {
    let folder = tempfile::tempdir().unwrap();
    let (data, out) = (
        folder.path().join("s.csv"),
        folder.path().join("scores.csv"),
    );
    let mut table = String::from("series_id,ts,y\n");
    let first = chrono::NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
    for (row, day) in first.iter_days().take(200).enumerate() {
        let usual = if row % 7 == 6 { 0 } else { 40 + row * 5 % 7 };
        let y = if row == 180 { 400 } else { usual };
        writeln!(table, "north,{day},{y}").unwrap();
    }
    std::fs::write(&data, table).unwrap();
    let alerts = folder.path().join("alerts.json");
    let files = [
        "--data",
        text(&data),
        "--out",
        text(&out),
        "--alerts",
        text(&alerts),
    ];
    succeeds(&[&["detect"], &files[..]].concat());
    let scores = std::fs::read_to_string(&out).unwrap();
    let rows: Vec<Vec<&str>> = scores.lines().map(|l| l.split(',').collect()).collect();
    assert_eq!(rows[0], ["series_id", "ts", "score", "alert"]);
    assert_eq!(rows.len(), 201);
    let alerted: Vec<&str> = rows.iter().filter(|r| r[3] == "1").map(|r| r[1]).collect();
    assert_eq!(alerted, ["2026-07-04T00:00:00"]);
    let told: serde_json::Value = serde_json::from_slice(&std::fs::read(&alerts).unwrap()).unwrap();
    assert_eq!(told[0]["series_id"], "north");
    assert_eq!(told[0]["value"], 400.0);
    assert!(told[0]["difference"].as_f64().unwrap() > 300.0, "{told}");

    let parquet = folder.path().join("scores.parquet");
    let files = ["--data", text(&data), "--out", text(&parquet)];
    succeeds(&[&["detect"], &files[..]].concat());
    assert!(std::fs::read(&parquet).unwrap().starts_with(b"PAR1"));
    let none = [&["detect"], &files[..], &["--false-alarms", "0"]].concat();
    refuses(&none, &["--false-alarms", "0"]);
}
