//! Reading demand tables, good and bad ones.

use routeforce::features::demand::{Frequency, table};
use std::path::PathBuf;

fn csv(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demand.csv");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

#[test]
fn rows_in_any_order_become_series_with_gaps() {
    let (_folder, path) = csv("series_id,ts,y,open,price,name\n\
        b,2026-01-02,2,1,1.5,x\n\
        a,2026-01-04,4,0,2.5,x\n\
        a,2026-01-01,1,1,1.5,x\n\
        a,2026-01-02,2,true,,x\n\
        a,2026-01-05,,1,3.5,x\n"
        .replace("true", "1")
        .as_str());
    let panel = table::read(&path).unwrap();
    assert_eq!(panel.frequency, Frequency::Daily);
    let names: Vec<_> = panel
        .covariates
        .iter()
        .map(|c| (c.name.as_str(), c.binary))
        .collect();
    assert_eq!(names, [("open", true), ("price", false)]);
    let a = &panel.series[0];
    assert_eq!(a.id, "a");
    assert_eq!(panel.time(a.start).to_string(), "2026-01-01 00:00:00");
    assert_eq!(a.values.len(), 4);
    assert!(a.values[2].is_nan());
    assert_eq!(a.values[3], 4.0);
    // The day without demand is the future: its price is known.
    assert_eq!(a.covariate(1, a.start + 4), 3.5);
    assert_eq!(a.last_row, a.start + 4);
    assert_eq!(panel.series[1].values, [2.0]);
}

#[test]
fn frequencies_are_found() {
    for (times, frequency) in [
        (
            [
                "2026-01-01T00:00:00",
                "2026-01-01T01:00:00",
                "2026-01-01T02:00:00",
            ],
            Frequency::Hourly,
        ),
        (
            [
                "2026-01-07T00:00:00",
                "2026-01-14T00:00:00",
                "2026-01-28T00:00:00",
            ],
            Frequency::Weekly,
        ),
        (
            [
                "2026-01-01T00:00:00",
                "2026-02-01T00:00:00",
                "2026-03-01T00:00:00",
            ],
            Frequency::Monthly,
        ),
    ] {
        let rows: String = times.iter().map(|t| format!("a,{t},1\n")).collect();
        let (_folder, path) = csv(&format!("series_id,ts,y\n{rows}"));
        let panel = table::read(&path).unwrap();
        assert_eq!(panel.frequency, frequency);
        let first = panel.time(panel.series[0].start);
        assert_eq!(first.format("%Y-%m-%dT%H:%M:%S").to_string(), times[0]);
    }
}

#[test]
fn bad_tables_name_row_and_field() {
    for (text, parts) in [
        ("series_id,ts\na,2026-01-01\n", vec!["`y`", "missing"]),
        ("series_id,ts,y\n", vec!["no rows"]),
        ("", vec!["not a usable CSV"]),
        (
            "series_id,ts,y\na,yesterday,1\n",
            vec!["`ts`", "not of dates"],
        ),
        (
            "series_id,ts,y\na,2026-01-01,many\n",
            vec!["`y`", "not of numbers"],
        ),
        (
            "series_id,ts,y\na,2026-01-01,1\na,2026-01-02,2\na,2026-01-02,3\n",
            vec!["row 4", "`ts`", "second row", "2026-01-02"],
        ),
        (
            "series_id,ts,y\na,2026-01-01,1\nb,2026-01-01,1\n",
            vec!["one row only"],
        ),
        (
            "series_id,ts,y\na,2026-01-01,1\na,2026-01-02,2\na,2026-01-03,inf\n",
            vec!["row 4", "`y`"],
        ),
        (
            "series_id,ts,y\na,2026-01-01,1\na,2026-01-02,2\n,2026-01-03,3\n",
            vec!["row 4", "`series_id`", "empty"],
        ),
        (
            "series_id,ts,y\na,2026-01-01T00:00:00,1\na,2026-01-01T00:10:00,2\na,2026-01-01T00:20:00,2\n",
            vec!["`ts`", "600 s"],
        ),
        (
            "series_id,ts,y\na,2026-01-01T00:00:00,1\na,2026-01-02T00:00:00,2\na,2026-01-03T00:00:00,2\na,2026-01-04T09:30:00,2\n",
            vec!["row 5", "`ts`", "daily grid"],
        ),
    ] {
        let (_folder, path) = csv(text);
        let error = table::read(&path).unwrap_err().to_string();
        for part in parts {
            assert!(error.contains(part), "{text:?} gives {error}");
        }
    }
}

#[test]
fn a_broken_parquet_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demand.parquet");
    std::fs::write(&path, b"PAR1 but no more").unwrap();
    let error = table::read(folder.path()).unwrap_err().to_string();
    assert!(
        error.contains("demand.parquet") && error.contains("Parquet"),
        "{error}"
    );
    let error = table::read(&folder.path().join("absent.parquet"))
        .unwrap_err()
        .to_string();
    assert!(error.contains("absent.parquet"), "{error}");
}
