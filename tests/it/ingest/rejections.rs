//! Rows at fault among right ones: kept apart with their reason, and counted.

use super::tables::{DEMAND, ORDERS, file, in_zone, ingest, read, texts, with};
use routeforce::ingest::{Kind, Options, Reason};

#[test]
fn swapped_places_are_told_by_the_bulk() {
    let mut table = String::from("vehicle_id,ts,lat,lon,speed_kmh\n");
    for i in 0..50 {
        table.push_str(&format!(
            "v,2024-03-01T08:00:{i:02}Z,52.{i:02},13.{i:02},30\n"
        ));
    }
    table.push_str("v,2024-03-01T09:00:00Z,13.40,52.50,30\n");
    table.push_str("v,2024-03-01T09:01:00Z,48.10,11.50,30\n");
    table.push_str("v,2024-03-01T09:02:00Z,52.10,13.50,420\n");
    table.push_str("v,2024-03-01T09:03:00Z,0,0,30\n");
    let folder = tempfile::tempdir().unwrap();
    let path = [file(folder.path(), "p.csv", table)];
    let report = ingest(Kind::Positions, &path, folder.path(), &Options::default()).unwrap();
    let mut found: Vec<_> = report
        .rejected
        .iter()
        .map(|r| (r.first.row, r.reason))
        .collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            (52, Reason::Swapped),
            (54, Reason::ImplausibleSpeed),
            (55, Reason::OffTheMap)
        ]
    );
    assert_eq!(report.time_zone.as_deref(), Some("UTC"));
}

#[test]
fn the_first_of_two_equal_keys_is_kept_unless_it_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let table = format!(
        "{ORDERS}2,b,52.51,13.41,2024-03-05,1,240\n3,b,52.51,13.41,2024-03-05,x,240\n3,b,52.51,13.41,2024-03-06,4,240\n"
    );
    // Two files are one table: the duplicates are found across them.
    let files = [
        file(folder.path(), "a.csv", &table),
        file(folder.path(), "b.csv", ORDERS),
    ];
    let report = ingest(Kind::Orders, &files, folder.path(), &Options::default()).unwrap();
    assert_eq!((report.rows_read, report.rows_kept), (7, 3));
    let duplicates = report
        .rejected
        .iter()
        .find(|r| r.reason == Reason::Duplicate)
        .unwrap();
    assert_eq!((duplicates.rows, duplicates.first.row), (3, 4));
    let ids = texts(&read(&folder.path().join("orders.parquet")), "order_id");
    assert_eq!(ids, ["1", "2", "3"].map(|id| Some(id.to_owned())));
}

#[test]
fn the_quarantine_holds_the_row_as_it_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let table = with(ORDERS, "\n2,b,52.51", "\n2,\"b, \"\"the\"\" bakery\",north");
    let path = [file(folder.path(), "o.csv", table)];
    ingest(Kind::Orders, &path, folder.path(), &Options::default()).unwrap();
    let quarantine = std::fs::read_to_string(folder.path().join("orders.quarantine.csv")).unwrap();
    let expected = format!(
        "source,row,field,reason,order_id,site_id,lat,lon,due_date,qty_kg,service_s,beyond_header\n\
         {},3,lat,not_a_number,2,\"b, \"\"the\"\" bakery\",north,13.41,2024-03-04,1,240,\n",
        path[0].display()
    );
    assert_eq!(quarantine, expected);
}

#[test]
fn gaps_in_series_and_days_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let table = format!("{DEMAND}a,2024-03-07,6,1\nb,2024-03-02,1,1\n");
    let path = [file(folder.path(), "d.csv", table)];
    let report = ingest(Kind::Demand, &path, folder.path(), &Options::default()).unwrap();
    let series = report.series.unwrap();
    assert_eq!(
        (
            series.count,
            series.step_s,
            series.with_gaps,
            series.steps_missing
        ),
        (2, Some(86_400), 1, 4)
    );
    assert_eq!(series.worst, Some(("a".to_owned(), 4)));
    let path = [file(folder.path(), "o.csv", ORDERS)];
    let report = ingest(Kind::Orders, &path, folder.path(), &Options::default()).unwrap();
    assert_eq!(report.days_without_rows.count, 2);
    assert_eq!(report.days_without_rows.first, ["2024-03-02", "2024-03-03"]);
}

#[test]
fn a_cancelled_run_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = [file(folder.path(), "o.csv", ORDERS)];
    let out = folder.path().join("deep/out");
    let cancel = routeforce::runtime::Cancel::new();
    cancel.cancel();
    let progress = routeforce::runtime::Progress::silent();
    let result = routeforce::ingest::run(
        Kind::Orders,
        &path,
        &out,
        &in_zone("UTC"),
        &cancel,
        &progress,
    );
    assert!(matches!(
        result,
        Err(routeforce::ingest::IngestError::Cancelled(_))
    ));
    assert!(!folder.path().join("deep").exists());
}

#[test]
fn a_failed_run_leaves_the_files_of_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let path = [file(folder.path(), "o.csv", ORDERS)];
    ingest(Kind::Orders, &path, &out, &Options::default()).unwrap();
    let before = std::fs::read(out.join("orders.parquet")).unwrap();
    let path = [file(folder.path(), "o.csv", format!("{ORDERS}\"open"))];
    assert!(ingest(Kind::Orders, &path, &out, &Options::default()).is_err());
    assert_eq!(std::fs::read(out.join("orders.parquet")).unwrap(), before);
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 4);
}
