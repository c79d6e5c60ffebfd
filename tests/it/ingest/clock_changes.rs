//! Local times on the days when clocks change, in two zones.

use super::tables::{file, in_zone, ingest, read, routeforce};
use chrono::DateTime;
use routeforce::ingest::{Kind, Reason};

/// Trips that depart at these times.
fn trips(departures: &[&str]) -> String {
    let mut table = String::from("trip_id,o_lat,o_lon,d_lat,d_lon,depart,duration_s\n");
    for (id, depart) in departures.iter().enumerate() {
        table.push_str(&format!("{id},52.50,13.40,52.52,13.45,{depart},600\n"));
    }
    table
}

/// Instants of the departures that are kept, and the report.
fn departures(zone: &str, times: &[&str]) -> (Vec<i64>, routeforce::ingest::QualityReport) {
    let folder = tempfile::tempdir().unwrap();
    let path = [file(folder.path(), "t.csv", trips(times))];
    let report = ingest(Kind::Trips, &path, folder.path(), &in_zone(zone)).unwrap();
    let frame = read(&folder.path().join("trips.parquet"));
    let column = frame.column("depart").unwrap().to_physical_repr();
    assert_eq!(
        frame.column("depart").unwrap().dtype().to_string(),
        format!("datetime[μs, {zone}]")
    );
    (column.i64().unwrap().iter().flatten().collect(), report)
}

fn instant(text: &str) -> i64 {
    DateTime::parse_from_rfc3339(text)
        .unwrap()
        .timestamp_micros()
}

#[test]
fn skipped_times_are_rejected_and_repeated_ones_counted() {
    for (zone, times, expected) in [
        (
            "Europe/Berlin",
            [
                "2024-03-31 01:59:59",
                "2024-03-31 02:30:00",
                "2024-03-31 03:00:00",
                "2024-10-27 02:30:00",
                "2024-10-27 03:00:00",
            ],
            [
                "2024-03-31T01:59:59+01:00",
                "2024-03-31T03:00:00+02:00",
                "2024-10-27T02:30:00+02:00",
                "2024-10-27T03:00:00+01:00",
            ],
        ),
        (
            "America/New_York",
            [
                "2024-03-10 01:59:59",
                "2024-03-10 02:30:00",
                "2024-03-10 03:00:00",
                "2024-11-03 01:30:00",
                "2024-11-03 02:00:00",
            ],
            [
                "2024-03-10T01:59:59-05:00",
                "2024-03-10T03:00:00-04:00",
                "2024-11-03T01:30:00-04:00",
                "2024-11-03T02:00:00-05:00",
            ],
        ),
    ] {
        let (found, report) = departures(zone, &times);
        assert_eq!(found, expected.map(instant), "{zone}");
        assert_eq!(report.ambiguous_local_times, 1);
        assert_eq!(report.rejected.len(), 1);
        assert_eq!(report.rejected[0].reason, Reason::NonexistentLocalTime);
        assert_eq!(
            (
                report.rejected[0].first.row,
                report.rejected[0].first.value.as_deref()
            ),
            (3, Some(times[1]))
        );
    }
}

#[test]
fn offsets_say_more_than_the_zone() {
    let times = [
        "2024-10-27T02:30:00+02:00",
        "2024-10-27T02:30:00+01:00",
        "2024-10-27 00:30:30Z",
    ];
    let (found, report) = departures("Europe/Berlin", &times);
    assert_eq!(
        found,
        [
            "2024-10-27T00:30:00Z",
            "2024-10-27T01:30:00Z",
            "2024-10-27T00:30:30Z"
        ]
        .map(instant)
    );
    assert_eq!((report.ambiguous_local_times, report.rows_rejected), (0, 0));
}

#[test]
fn without_any_zone_offsets_alone_are_taken() {
    let folder = tempfile::tempdir().unwrap();
    let table = file(
        folder.path(),
        "t.csv",
        trips(&["2024-10-27T02:30:00+01:00", "2024-10-27 02:30:00"]),
    );
    let out = folder.path().join("out");
    let output = routeforce(&[
        "ingest",
        "trips",
        table.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ]);
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert!(table.contains("no_time_zone"), "{table}");
    assert!(table.contains("warning: departures are in UTC"), "{table}");
}
