//! Malformed inputs through the program: exit code 2, the exact parts, nothing left behind.

use super::tables::{CALENDAR, DEMAND, FLEET, ORDERS, STOPS, TRIPS, file, routeforce, with, write};
use flate2::Compression;
use flate2::write::GzEncoder;
use polars::prelude::*;
use std::io::Write;
use std::path::Path;

/// One malformed input.
struct Case {
    kind: &'static str,
    /// Name of the file; `-` if the fault is on the command line or in the map.
    name: &'static str,
    content: Vec<u8>,
    arguments: &'static [&'static str],
    map: Option<&'static str>,
    /// What follows the source in the message: row, field, value and the start of the problem.
    says: &'static str,
}

fn case(
    kind: &'static str,
    name: &'static str,
    content: impl AsRef<[u8]>,
    says: &'static str,
) -> Case {
    let content = content.as_ref().to_vec();
    Case {
        kind,
        name,
        content,
        arguments: &[],
        map: None,
        says,
    }
}

/// A fault of the map.
fn mapped(kind: &'static str, table: &str, map: &'static str, says: &'static str) -> Case {
    Case {
        map: Some(map),
        ..case(kind, "table.csv", table, says)
    }
}

fn with_arguments(case: Case, arguments: &'static [&'static str]) -> Case {
    Case { arguments, ..case }
}

fn check(cases: Vec<Case>) {
    for case in cases {
        let folder = tempfile::tempdir().unwrap();
        let table = file(folder.path(), case.name, &case.content);
        let out = folder.path().join("out");
        let map = case.map.map(|map| file(folder.path(), "map.toml", map));
        let mut arguments = vec![
            "ingest",
            case.kind,
            table.to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
        ];
        if let Some(map) = &map {
            arguments.extend(["--map", map.to_str().unwrap()]);
        }
        arguments.extend(case.arguments);
        let output = routeforce(&arguments);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{}: {message}", case.says);
        let error = message
            .lines()
            .rfind(|line| line.starts_with("error: "))
            .unwrap_or(&message);
        let from_command_line = error.starts_with("error: command line");
        let source = match (&map, from_command_line) {
            (_, true) => "command line",
            (Some(map), _)
                if error.contains("map.toml")
                    && !error.starts_with(&format!("error: {}", table.display())) =>
            {
                map.to_str().unwrap()
            }
            _ => table.to_str().unwrap(),
        };
        let expected = format!("error: {source}{}", case.says);
        assert!(
            error.starts_with(&expected),
            "\nexpected {expected}\n   found {error}"
        );
        let (_, rest) = error.split_at(expected.len());
        assert!(rest.contains("; "), "the message has a remedy: {error}");
        assert!(!out.exists(), "{}: nothing half-written", case.says);
    }
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn parquet(fill: impl FnOnce(&Path)) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.parquet");
    fill(&path);
    std::fs::read(path).unwrap()
}

fn demand_parquet(rows: usize) -> Vec<u8> {
    parquet(|path| {
        let ids: Vec<String> = (0..rows).map(|i| format!("series {}", i % 7)).collect();
        let days: Vec<i32> = (0..rows as i32).collect();
        let y: Vec<f64> = (0..rows).map(|i| (i as f64).sin()).collect();
        let columns = vec![
            Column::new("series_id".into(), ids),
            Int32Chunked::from_vec("ts".into(), days)
                .into_date()
                .into_column(),
            Column::new("y".into(), y),
        ];
        write(path, &mut DataFrame::new(rows, columns).unwrap());
    })
}

#[test]
fn files_that_are_no_tables() {
    let whole = demand_parquet(5000);
    let mut damaged = whole.clone();
    for byte in &mut damaged[40..4000] {
        *byte ^= 0x5a;
    }
    let long_line = "x".repeat(10 << 20);
    let long_row = format!("{TRIPS}{long_line}\n");
    let packed = gzip(&TRIPS.repeat(200));
    check(vec![
        case("trips", "t.csv", "", ": an empty file"),
        case(
            "trips",
            "t.csv",
            "\n\n",
            ", row 1, field `column 1`: a column without a name",
        ),
        case(
            "trips",
            "t.csv",
            TRIPS.lines().next().unwrap(),
            ": a table without rows",
        ),
        case(
            "demand",
            "t.parquet",
            demand_parquet(0),
            ": a table without rows",
        ),
        case(
            "demand",
            "t.parquet",
            &whole[..whole.len() / 2],
            ": not readable as Parquet",
        ),
        case(
            "demand",
            "t.parquet",
            &whole[..6],
            ": not readable as Parquet",
        ),
        case(
            "demand",
            "t.parquet",
            damaged,
            ", row 1: not readable as Parquet",
        ),
        case("trips", "t.parquet", TRIPS, ": not a Parquet file"),
        case("trips", "t.csv.gz", TRIPS, ": not compressed by gzip"),
        case(
            "trips",
            "t.csv.gz",
            &packed[..packed.len() - 20],
            ", row 1: compressed data that ends too early",
        ),
        case("trips", "t.csv", [0x89, b'P', 0, 0x1a], ": not a text file"),
        case("trips", "t.csv", [0xff, 0xfe, b't', 0], ": text in UTF-16"),
        case("stops", "t.xlsx", STOPS, ": not an XLSX workbook"),
        case(
            "stops",
            "t.xlsx",
            b"PK\x03\x04 no zip at all",
            ": not readable as a workbook",
        ),
        case(
            "trips",
            "t.csv",
            TRIPS.replace('\n', "\r"),
            ", row 1: lines end by carriage returns only",
        ),
        case("trips", "t.csv", long_row, ", row 4, value `xxxxx"),
        case("trips", "t.csv", &long_line, ", row 1, value `xxxxx"),
        case(
            "trips",
            "t.csv",
            with(TRIPS, "\n2,", "\n\"2,"),
            ", row 3, value `\"2,52.51",
        ),
    ]);
}

#[test]
fn absent_files_and_folders() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let absent = folder.path().join("absent.csv");
    for (path, problem) in [
        (absent.as_path(), ": cannot be read"),
        (folder.path(), ": a folder"),
    ] {
        let output = routeforce(&[
            "ingest",
            "trips",
            path.to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
        ]);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2));
        assert!(
            message.starts_with(&format!("error: {}{problem}", path.display())),
            "{message}"
        );
        assert!(!out.exists());
    }
}

#[test]
fn bad_text_and_headers() {
    let mut latin_1 = with(ORDERS, "2,b,", "2,b\u{1},").into_bytes();
    let at = latin_1.iter().position(|&byte| byte == 1).unwrap();
    latin_1[at] = 0xfc;
    check(vec![
        case(
            "orders",
            "t.csv",
            latin_1,
            ", row 3, field `site_id`, value `b\u{fffd}`: not UTF-8 text",
        ),
        case(
            "trips",
            "t.csv",
            with(TRIPS, "d_lat", "o_lat"),
            ", row 1, field `o_lat`: the same column name twice",
        ),
        case(
            "trips",
            "t.csv",
            with(TRIPS, "d_lat", ""),
            ", row 1, field `column 4`: a column without a name",
        ),
        case(
            "trips",
            "t.csv",
            with(TRIPS, "depart", "Depart_"),
            ", row 1, field `depart`: a required column is missing; is it `Depart_`?",
        ),
        case(
            "trips",
            "t.csv",
            with(TRIPS, "duration_s", "seconds"),
            ", row 1, field `duration_s`: a required column is missing",
        ),
        case(
            "orders",
            "t.csv",
            with(ORDERS, "qty_kg", "kg"),
            ", row 1, field `qty_*`: no quantity column",
        ),
        case(
            "fleet",
            "t.csv",
            with(FLEET, "cap_kg", "cap_"),
            ", row 1, field `cap_*`: no quantity column",
        ),
        case(
            "demand",
            "t.parquet",
            parquet(|path| {
                let columns = vec![
                    Column::new("series_id".into(), ["a"]),
                    Column::new("ts".into(), [1.5]),
                    Column::new("y".into(), [1.0]),
                ];
                write(path, &mut DataFrame::new(1, columns).unwrap());
            }),
            ", field `ts`, value `f64`: a column of the wrong type",
        ),
    ]);
}

#[test]
fn maps_and_arguments() {
    check(vec![
        mapped(
            "trips",
            TRIPS,
            "time_zome = \"UTC\"",
            ", row 1, value `time_zome`: unknown field",
        ),
        mapped(
            "trips",
            TRIPS,
            "\n[columns]\ndepart = \"when\"",
            ", field `columns.depart`, value `when`:",
        ),
        mapped(
            "trips",
            TRIPS,
            "[columns]\ndepartt = \"depart\"",
            ", field `columns.departt`: no such column in this kind of table",
        ),
        mapped("trips", TRIPS, "[columns\n", ", row 1"),
        mapped(
            "trips",
            TRIPS,
            "time_zone = \"Mars/Crater\"",
            ", row 1, value `\"Mars/Crater\"`:",
        ),
        mapped(
            "trips",
            TRIPS,
            "[factors]\nduration_s = 0",
            ", field `factors.duration_s`, value `0`: not a factor",
        ),
        mapped(
            "trips",
            TRIPS,
            "datetime_format = \"%Q\"",
            ", field `datetime_format`, value `%Q`: not a format",
        ),
        mapped(
            "trips",
            TRIPS,
            "max_speed_kmh = -5",
            ", field `max_speed_kmh`, value `-5`: not a speed",
        ),
        case(
            "trip",
            "t.csv",
            TRIPS,
            ", field `KIND`, value `trip`: no such kind of table",
        ),
        with_arguments(
            case(
                "trips",
                "t.csv",
                TRIPS,
                ", field `--time-zone`, value `CET/Berlin`: no such time zone",
            ),
            &["--time-zone", "CET/Berlin"],
        ),
        with_arguments(
            case(
                "orders",
                "t.csv",
                ORDERS,
                ", field `--dimension`, value `m3`: no such dimension",
            ),
            &["--dimension", "m3"],
        ),
    ]);
}

#[test]
fn tables_without_one_right_row() {
    let one_trip = || {
        TRIPS
            .lines()
            .take(2)
            .map(|l| format!("{l}\n"))
            .collect::<String>()
    };
    let trip = |from: &str, to: &str| with(&one_trip(), from, to);
    let berlin = |case| with_arguments(case, &["--time-zone", "Europe/Berlin"]);
    let one = |table: &str, from: &str, to: &str| {
        with(
            &table
                .lines()
                .take(2)
                .map(|l| format!("{l}\n"))
                .collect::<String>(),
            from,
            to,
        )
    };
    check(vec![
        case(
            "trips",
            "t.csv",
            TRIPS,
            ", row 2, field `depart`, value `2024-03-01 08:00:00`: a local time without a time zone",
        ),
        berlin(case(
            "trips",
            "t.csv",
            trip("52.50", "NaN"),
            ", row 2, field `o_lat`, value `NaN`: not a finite number",
        )),
        berlin(case(
            "trips",
            "t.csv",
            trip("52.50", "north"),
            ", row 2, field `o_lat`, value `north`: not a number",
        )),
        berlin(case(
            "trips",
            "t.csv",
            trip("52.50", "inf"),
            ", row 2, field `o_lat`, value `inf`: not a finite number",
        )),
        berlin(case(
            "trips",
            "t.csv",
            trip("52.50,13.40", "113.40,52.50"),
            ", row 2, field `o_lat`, value `113.40`: latitude and longitude are swapped",
        )),
        berlin(case(
            "trips",
            "t.csv",
            trip("13.45", "513.45"),
            ", row 2, field `d_lon`, value `513.45`: off the map",
        )),
        berlin(case(
            "trips",
            "t.csv",
            trip("600", "0"),
            ", row 2, field `duration_s`, value `0`: not above zero",
        )),
        berlin(case(
            "trips",
            "t.csv",
            trip("600", "5"),
            ", row 2, field `duration_s`, value `5`: faster than any vehicle drives",
        )),
        berlin(case(
            "trips",
            "t.csv",
            trip("2024-03-01 08", "2024-03-31 02"),
            ", row 2, field `depart`, value `2024-03-31 02:00:00`: a local time that the clocks skip",
        )),
        berlin(case(
            "trips",
            "t.csv",
            trip("2024-03-01 08:00:00", "1 March"),
            ", row 2, field `depart`, value `1 March`: not a point in time",
        )),
        berlin(case(
            "trips",
            "t.csv",
            trip(",600", ""),
            ", row 2, field `row`, value `6 fields`: not as many fields as the header has",
        )),
        berlin(case(
            "trips",
            "t.csv",
            trip(",600", ",600,7"),
            ", row 2, field `row`, value `8 fields`: not as many fields as the header has",
        )),
        case(
            "orders",
            "t.csv",
            one(ORDERS, "12.5", "-12.5"),
            ", row 2, field `qty_kg`, value `-12.5`: negative",
        ),
        case(
            "orders",
            "t.csv",
            one(ORDERS, "12.5", "\"12,5\""),
            ", row 2, field `qty_kg`, value `12,5`: not a number",
        ),
        case(
            "orders",
            "t.csv",
            one(ORDERS, "2024-03-01", "2024-02-30"),
            ", row 2, field `due_date`, value `2024-02-30`: not a date",
        ),
        case(
            "orders",
            "t.csv",
            one(ORDERS, "300", "1e12"),
            ", row 2, field `service_s`, value `1e12`: not a whole number",
        ),
        case(
            "orders",
            "t.csv",
            one(ORDERS, ",a,", ",,"),
            ", row 2, field `site_id`: missing",
        ),
        case(
            "fleet",
            "t.csv",
            one(FLEET, "14:30", "06:00"),
            ", row 2, field `shift_end`, value `06:00`: a shift that ends when it starts",
        ),
        case(
            "fleet",
            "t.csv",
            one(FLEET, "06:00", "6 am"),
            ", row 2, field `shift_start`, value `6 am`: not a time of day",
        ),
        case(
            "fleet",
            "t.csv",
            one(FLEET, "1000", ""),
            ", row 2, field `cap_kg`: missing",
        ),
        case(
            "stops",
            "t.csv",
            one(STOPS, "08:00,10:00", "10:00,08:00"),
            ", row 2, field `window_end`, value `08:00`: a time window that ends before it starts",
        ),
        case(
            "stops",
            "t.csv",
            "stop_id,site_id,lat,lon,qty_kg,service_s,windows\ns,a,52.5,13.4,1,60,08:00-10:00;09:00-11:00\n",
            ", row 2, field `windows`, value `08:00-10:00;09:00-11:00`: time windows that overlap",
        ),
        case(
            "calendar",
            "t.csv",
            one(CALENDAR, "true", "perhaps"),
            ", row 2, field `closed`, value `perhaps`: neither true nor false",
        ),
        case(
            "demand",
            "t.csv",
            one(DEMAND, ",5,", ",five,"),
            ", row 2, field `y`, value `five`: not a number",
        ),
    ]);
}
