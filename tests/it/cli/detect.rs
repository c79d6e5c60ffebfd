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

/// Days of a year from a Monday, with what `value` makes of their number.
fn days(value: impl Fn(usize) -> String) -> String {
    let first = chrono::NaiveDate::from_ymd_opt(2025, 1, 6).unwrap();
    let days = first.iter_days().take(365).enumerate();
    days.fold(String::new(), |mut text, (number, day)| {
        writeln!(text, "{day},{}", value(number)).unwrap();
        text
    })
}

fn alerts(data: &std::path::Path, more: &[&str]) -> Vec<serde_json::Value> {
    let folder = tempfile::tempdir().unwrap();
    let (out, alerts) = (folder.path().join("s.csv"), folder.path().join("a.json"));
    let files = [
        "--data",
        text(data),
        "--out",
        text(&out),
        "--alerts",
        text(&alerts),
    ];
    succeeds(&[&["detect"], &files[..], more].concat());
    serde_json::from_slice(&std::fs::read(&alerts).unwrap()).unwrap()
}

/// A number that scatters evenly around 0, within one.
fn scatter(seed: usize) -> f64 {
    (seed * 7919 % 1009) as f64 / 504.5 - 1.0
}

#[test]
fn key_figures_in_a_wide_table_are_watched_and_a_shift_is_dated_and_priced() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("figures.csv");
    // Cost rises by 300 on day 300; the share of late stops does not.
    let row = |day: usize| {
        let shift = if day >= 300 { 300.0 } else { 0.0 };
        let (cost, late) = (
            1000.0 + 30.0 * scatter(day) + shift,
            5.0 + scatter(day * 31),
        );
        format!("{cost:.1},{late:.2},")
    };
    std::fs::write(
        &data,
        format!("date,cost,late_share,unserved\n{}", days(row)),
    )
    .unwrap();
    let told = alerts(&data, &[]);
    let of_cost: Vec<_> = told
        .iter()
        .filter(|a| a["series_id"] == "cost" && a["ts"].as_str().unwrap() >= "2025-11-01")
        .collect();
    let first = of_cost.first().unwrap_or_else(|| panic!("{told:?}"));
    // Day 300 is the second of November.
    assert!(
        first["since"].as_str().unwrap().starts_with("2025-11-0"),
        "{first}"
    );
    assert!(first["ts"].as_str().unwrap() <= "2025-11-06", "{first}");
    let per_day = first["difference_per_day"].as_f64().unwrap();
    assert!((150.0..450.0).contains(&per_day), "{first}");
    assert!(
        first["how_unusual"]
            .as_str()
            .unwrap()
            .contains("one usual row in")
    );
    assert!(
        first["likely_cause"]
            .as_str()
            .unwrap()
            .contains("none of the other 2"),
        "{first}"
    );
}

#[test]
fn an_alert_names_the_group_that_shares_it() {
    let folder = tempfile::tempdir().unwrap();
    let (data, areas) = (folder.path().join("s.csv"), folder.path().join("areas.csv"));
    let names = ["east", "north", "south", "west", "x", "y"];
    let value = |name: usize, day: usize| {
        let off = if name < 3 && day == 340 { 4.0 } else { 1.0 };
        off * (50.0 + 5.0 * scatter(day * 13 + name * 101))
    };
    let row = |day: usize| {
        let values = (0..names.len()).map(|name| format!("{:.2}", value(name, day)));
        values.collect::<Vec<_>>().join(",")
    };
    std::fs::write(&data, format!("day,{}\n{}", names.join(","), days(row))).unwrap();
    let table = "series_id,area,depot\neast,hills,one\nnorth,hills,one\nsouth,hills,one\n\
                 west,coast,one\nx,coast,one\ny,coast,one\n";
    std::fs::write(&areas, table).unwrap();
    let told = alerts(&data, &["--hierarchy", text(&areas)]);
    let on_the_day: Vec<_> = told
        .iter()
        .filter(|a| a["ts"].as_str().unwrap().starts_with("2025-12-12"))
        .collect();
    assert_eq!(on_the_day.len(), 3, "{told:?}");
    for alert in on_the_day {
        let cause = alert["likely_cause"].as_str().unwrap();
        assert!(cause.contains("3 of the 3 series of area:hills"), "{cause}");
        assert_eq!(alert["shared_with"].as_array().unwrap().len(), 2);
        assert_eq!(alert["beside"], 2);
    }
}

#[test]
fn key_figures_of_report_folders_are_signals() {
    let folder = tempfile::tempdir().unwrap();
    let first = chrono::NaiveDate::from_ymd_opt(2025, 1, 6).unwrap();
    for (number, day) in first.iter_days().take(200).enumerate() {
        let cost = if number == 180 {
            5000.0
        } else {
            1000.0 + 40.0 * scatter(number)
        };
        let report = serde_json::json!({
            "schema": "routeforce.kpi-report/1", "date": day, "kpis": [
                {"id": "cost", "name": "Cost", "value": cost, "planned": null, "unit": "EUR",
                 "definition": "all of it"},
                {"id": "late", "name": "Late", "value": null, "planned": null, "unit": "%",
                 "definition": "none known"},
            ],
        });
        let of_day = folder.path().join(day.to_string());
        std::fs::create_dir(&of_day).unwrap();
        std::fs::write(of_day.join("kpi-report.json"), report.to_string()).unwrap();
        std::fs::write(of_day.join("other.json"), "{}").unwrap();
    }
    let told = alerts(folder.path(), &[]);
    let spike = told.iter().find(|a| a["ts"] == "2025-07-05T00:00:00");
    let spike = spike.unwrap_or_else(|| panic!("{told:?}"));
    assert_eq!(
        (&spike["series_id"], &spike["value"]),
        (&"cost".into(), &5000.0.into())
    );

    let twice = folder.path().join("twice.json");
    std::fs::copy(folder.path().join("2025-01-06/kpi-report.json"), &twice).unwrap();
    refuses(
        &["detect", "--data", text(folder.path())],
        &["twice.json", "date", "second report"],
    );
    let empty = tempfile::tempdir().unwrap();
    refuses(
        &["detect", "--data", text(empty.path())],
        &["no kpi-report document"],
    );
}
