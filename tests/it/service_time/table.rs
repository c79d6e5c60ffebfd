//! Visits from raw files: ingestion with its reasons, and the table that is read back.

use crate::ingest::tables::{file, in_zone, ingest, read as read_frame, with, write};
use polars::prelude::{NamedFrom, Series};
use routeforce::features::visits;
use routeforce::ingest::{Kind, Mapping, Options, Reason};

const VISITS: &str = "\
visit_id,site_id,vehicle_id,service_start,service_end,qty_kg
1,a,v1,2026-03-02 08:00:00,2026-03-02 08:05:30,12.5
2,b,v1,2026-03-02 09:00:00,2026-03-02 09:20:00,0
3,a,v2,2026-03-03 08:10:00,2026-03-03 08:14:00,40
";

#[test]
fn service_times_come_from_start_and_end_in_the_operators_zone() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "visits.csv", VISITS);
    let report = ingest(
        Kind::Visits,
        &[path],
        folder.path(),
        &in_zone("Europe/Berlin"),
    )
    .unwrap();
    assert_eq!((report.rows_kept, report.rows_rejected), (3, 0));
    assert_eq!(report.written[0], "visits.parquet");
    let visits = visits::read(folder.path()).unwrap();
    assert_eq!(visits.service_s, [330.0, 1_200.0, 240.0]);
    assert_eq!(visits.driver, ["v1", "v1", "v2"]);
    assert_eq!(
        visits.quantities,
        [("kg".to_owned(), vec![12.5, 0.0, 40.0])]
    );
    assert_eq!(
        visits.local_start(0).to_rfc3339(),
        "2026-03-02T08:00:00+01:00"
    );
}

#[test]
fn what_no_visit_can_be_is_rejected_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let header = "visit_id,site_id,driver_id,arrive,service_start,service_s,qty_kg\n";
    let row = |id: &str, arrive: &str, seconds: &str, kg: &str| {
        format!("{id},a,d,2026-03-02 {arrive},2026-03-02 08:00:00,{seconds},{kg}\n")
    };
    let rows = [
        row("1", "07:50:00", "300", "5"),
        row("2", "07:50:00", "-300", "5"),
        row("3", "07:50:00", "0", "5"),
        row("4", "07:50:00", "NaN", "5"),
        row("5", "07:50:00", "300", "-5"),
        row("6", "07:50:00", "300", "nan"),
        row("7", "07:50:00", "90000", "5"),
        row("8", "08:00:01", "300", "5"),
        row("9", "07:50:00", "soon", "5"),
        row("1", "07:50:00", "300", "5"),
    ];
    let path = file(
        folder.path(),
        "visits.csv",
        header.to_owned() + &rows.concat(),
    );
    let report = ingest(
        Kind::Visits,
        &[path],
        folder.path(),
        &in_zone("Europe/Berlin"),
    )
    .unwrap();
    assert_eq!((report.rows_kept, report.rows_rejected), (1, 9));
    let rows_of = |field: &str, reason: Reason| {
        let found = report
            .rejected
            .iter()
            .find(|r| r.field == field && r.reason == reason);
        found.map_or(0, |r| r.rows)
    };
    assert_eq!(rows_of("service_s", Reason::NotPositive), 2);
    assert_eq!(rows_of("service_s", Reason::NotFinite), 1);
    assert_eq!(rows_of("service_s", Reason::LongerThanADay), 1);
    assert_eq!(rows_of("service_s", Reason::NotANumber), 1);
    assert_eq!(rows_of("qty_kg", Reason::Negative), 1);
    assert_eq!(rows_of("qty_kg", Reason::NotFinite), 1);
    assert_eq!(rows_of("service_start", Reason::BeforeArrival), 1);
    assert_eq!(rows_of("visit_id", Reason::Duplicate), 1);
    let quarantine = std::fs::read_to_string(folder.path().join("visits.quarantine.csv")).unwrap();
    assert_eq!(quarantine.lines().count(), 10);
    assert_eq!(visits::read(folder.path()).unwrap().driver, ["d"]);
}

#[test]
fn ends_before_starts_and_missing_ends_name_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let table = with(VISITS, "2026-03-02 08:05:30", "2026-03-02 07:05:30");
    let table = with(&table, "2026-03-02 09:20:00", "");
    let path = file(folder.path(), "visits.csv", table);
    let report = ingest(
        Kind::Visits,
        &[path],
        folder.path(),
        &in_zone("Europe/Berlin"),
    )
    .unwrap();
    let found: Vec<_> = report
        .rejected
        .iter()
        .map(|r| (r.field.as_str(), r.reason))
        .collect();
    assert!(
        found.contains(&("service_end", Reason::NotPositive)),
        "{found:?}"
    );
    assert!(
        found.contains(&("service_end", Reason::Missing)),
        "{found:?}"
    );
}

#[test]
fn foreign_columns_are_mapped_ids_made_up_and_arrivals_stand_in() {
    let folder = tempfile::tempdir().unwrap();
    let foreign = "customer;van;came;minutes\nx;9;02.03.2026 08:00;4\ny;9;02.03.2026 09:00;6\n";
    let path = file(folder.path(), "log.csv", foreign);
    let map = "\
time_zone = \"Europe/Berlin\"
datetime_format = \"%d.%m.%Y %H:%M\"
[columns]
site_id = \"customer\"
vehicle_id = \"van\"
arrive = \"came\"
service_s = \"minutes\"
[factors]
service_s = 60
";
    let options = Options {
        mapping: Mapping::parse("map.toml", map).unwrap(),
        ..Options::default()
    };
    let report = ingest(Kind::Visits, &[path], folder.path(), &options).unwrap();
    assert_eq!(report.rows_kept, 2);
    assert!(
        report
            .warnings
            .iter()
            .any(|w| w.contains("the arrival stands for it"))
    );
    let visits = visits::read(folder.path()).unwrap();
    assert_eq!(visits.visit_id, ["1-2", "1-3"]);
    assert_eq!(visits.service_s, [240.0, 360.0]);
    assert!(visits.quantities.is_empty());
}

#[test]
fn parquet_gives_what_csv_gives() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("csv"), folder.path().join("parquet"));
    let path = file(folder.path(), "visits.csv", VISITS);
    ingest(Kind::Visits, &[path], &first, &in_zone("Europe/Berlin")).unwrap();
    // The clean table is a table that can be ingested, too.
    let clean = first.join("visits.parquet");
    ingest(Kind::Visits, &[clean], &second, &in_zone("Europe/Berlin")).unwrap();
    let (csv, parquet) = (
        visits::read(&first).unwrap(),
        visits::read(&second).unwrap(),
    );
    let named = |mut v: visits::Visits| {
        v.source.clear();
        v
    };
    assert_eq!(named(csv), named(parquet));
}

#[test]
fn a_table_that_was_not_cleaned_is_refused_by_row_and_field() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "visits.csv", VISITS);
    ingest(
        Kind::Visits,
        &[path],
        folder.path(),
        &in_zone("Europe/Berlin"),
    )
    .unwrap();
    let table = folder.path().join("visits.parquet");
    let mut frame = read_frame(&table);
    frame
        .with_column(Series::new("service_s".into(), [330.0, f64::NAN, 240.0]).into())
        .unwrap();
    write(&table, &mut frame);
    let message = visits::read(&table).unwrap_err().to_string();
    for part in ["row 2", "`service_s`", "NaN", "routeforce ingest visits"] {
        assert!(message.contains(part), "{message}");
    }
}
