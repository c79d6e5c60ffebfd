//! Foreign files as they are: maps, gzip, workbooks, other delimiters and formats.

use super::tables::{STOPS, TRIPS, file, in_zone, ingest, numbers, read, texts};
use chrono::NaiveDate;
use flate2::write::GzEncoder;
use routeforce::ingest::{Kind, Mapping, Options, load_stops};
use rust_xlsxwriter::Workbook;
use std::io::Write;

fn options(map: &str) -> Options {
    Options {
        mapping: Mapping::parse("map.toml", map).unwrap(),
        ..Options::default()
    }
}

#[test]
fn raw_taxi_records_load_by_a_map() {
    let table = "\
VendorID,tpep_pickup_datetime,tpep_dropoff_datetime,trip_distance,pickup_longitude,pickup_latitude,dropoff_longitude,dropoff_latitude
2,2016-01-01 00:10:00,2016-01-01 00:20:30,1.10,-73.990372,40.734695,-73.981842,40.732407
2,2016-01-01 00:10:00,2016-01-01 00:20:30,1.10,-73.990372,40.734695,-73.981842,40.732407
1,2016-01-01 00:30:00,2016-01-01 00:30:00,4.90,0,0,-73.944473,40.716679
1,2016-01-01 00:40:00,2016-01-01 00:30:00,4.90,-73.980782,40.729912,-73.944473,40.716679
";
    let map = "\
time_zone = \"America/New_York\"
[columns]
depart = \"tpep_pickup_datetime\"
arrive = \"tpep_dropoff_datetime\"
o_lat = \"pickup_latitude\"
o_lon = \"pickup_longitude\"
d_lat = \"dropoff_latitude\"
d_lon = \"dropoff_longitude\"
distance_m = \"trip_distance\"
[factors]
distance_m = 1609.344
";
    let folder = tempfile::tempdir().unwrap();
    let path = [file(folder.path(), "yellow.csv", table)];
    let report = ingest(Kind::Trips, &path, folder.path(), &options(map)).unwrap();
    assert_eq!((report.rows_read, report.rows_kept), (4, 1));
    let frame = read(&folder.path().join("trips.parquet"));
    assert_eq!(numbers(&frame, "duration_s"), [Some(630.0)]);
    assert!((numbers(&frame, "distance_m")[0].unwrap() - 1770.2784).abs() < 1e-9);
    assert_eq!(texts(&frame, "trip_id"), [Some("1-2".to_owned())]);
    assert_eq!(texts(&frame, "VendorID"), [Some("2".to_owned())]);
}

#[test]
fn zones_stand_for_places() {
    let folder = tempfile::tempdir().unwrap();
    file(
        folder.path(),
        "zones.csv",
        "id,y,x\n41,40.80,-73.95\n42,40.82,-73.94\n",
    );
    let map = "time_zone = \"America/New_York\"\n[zones]\nfile = \"zones.csv\"\nzone = \"id\"\nlat = \"y\"\nlon = \"x\"\n\
               [columns]\no_zone = \"PU\"\nd_zone = \"DO\"\n";
    let map = file(folder.path(), "map.toml", map);
    let table =
        "depart,PU,DO,duration_s\n2023-01-01 10:00,41,42,600\n2023-01-01 11:00,41,264,600\n";
    let path = [file(folder.path(), "green.csv", table)];
    let options = Options {
        mapping: Mapping::read(&map).unwrap(),
        ..Options::default()
    };
    let report = ingest(Kind::Trips, &path, folder.path(), &options).unwrap();
    let frame = read(&folder.path().join("trips.parquet"));
    assert_eq!(
        (numbers(&frame, "o_lat"), numbers(&frame, "d_lon")),
        (vec![Some(40.80)], vec![Some(-73.94)])
    );
    let rejected = &report.rejected[0];
    assert_eq!(
        (rejected.reason.code(), rejected.first.row),
        ("unknown_zone", 3)
    );
    assert_eq!(rejected.first.value.as_deref(), Some("264"));
}

#[test]
fn decimal_commas_and_german_dates() {
    let table = "Nr;Kunde;Breite;Länge;Termin;Menge;Aktion\n1;a;52,5;13,4;01.03.2024;1.234,5;ja\n2;a;52,5;13,4;02.03.2024;k.A.;nein\n";
    let map = "\
decimal_comma = true
date_format = \"%d.%m.%Y\"
missing = [\"k.A.\"]
[columns]
order_id = \"Nr\"
site_id = \"Kunde\"
lat = \"Breite\"
lon = \"Länge\"
due_date = \"Termin\"
qty_kg = \"Menge\"
[constants]
service_s = \"300\"
";
    let folder = tempfile::tempdir().unwrap();
    let path = [file(folder.path(), "auftraege.csv", table)];
    let report = ingest(Kind::Orders, &path, folder.path(), &options(map)).unwrap();
    let frame = read(&folder.path().join("orders.parquet"));
    assert_eq!(
        (numbers(&frame, "qty_kg"), numbers(&frame, "lat")),
        (vec![Some(1234.5)], vec![Some(52.5)])
    );
    assert_eq!(
        (
            report.rejected[0].field.as_str(),
            report.rejected[0].reason.code()
        ),
        ("qty_kg", "missing")
    );
}

#[test]
fn series_by_days_in_a_format_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = [file(
        folder.path(),
        "d.csv",
        "series_id,ts,y\na,1 March 2024,5\na,12 March 2024,6\n",
    )];
    ingest(
        Kind::Demand,
        &path,
        folder.path(),
        &options("date_format = \"%d %B %Y\""),
    )
    .unwrap();
    let days = read(&folder.path().join("demand.parquet"))
        .column("ts")
        .unwrap()
        .clone();
    assert_eq!(days.dtype().to_string(), "date");
    assert_eq!(days.to_physical_repr().i32().unwrap().get(1), Some(19_794));
}

#[test]
fn gzip_and_several_files_are_one_table() {
    let folder = tempfile::tempdir().unwrap();
    // Columns in another order and one more than the first file has.
    let second = "duration_s,depart,d_lon,d_lat,o_lon,o_lat,trip_id,driver\n500,2024-03-02 08:00,13.40,52.50,13.45,52.52,9,Kim\n";
    let mut packed = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(second.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let files = [
        file(folder.path(), "a.csv", TRIPS),
        file(folder.path(), "b.csv.gz", packed),
    ];
    ingest(
        Kind::Trips,
        &files,
        folder.path(),
        &in_zone("Europe/Berlin"),
    )
    .unwrap();
    let frame = read(&folder.path().join("trips.parquet"));
    assert_eq!(
        numbers(&frame, "duration_s"),
        [600.0, 720.0, 500.0].map(Some)
    );
    assert_eq!(
        texts(&frame, "driver"),
        [None, None, Some("Kim".to_owned())]
    );
}

#[test]
fn a_workbook_gives_the_same_stops_as_csv() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stops.xlsx");
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, line) in STOPS.lines().enumerate() {
        for (column, cell) in line.split(',').enumerate() {
            let (row, column) = (row as u32, column as u16);
            match (cell.parse::<f64>(), cell.split_once(':')) {
                (Ok(number), _) => sheet.write_number(row, column, number).unwrap(),
                // Times of day as planners have them: numbers that are shown as times.
                (_, Some((hour, minute))) => {
                    let time = rust_xlsxwriter::ExcelDateTime::from_hms(
                        hour.parse().unwrap(),
                        minute.parse().unwrap(),
                        0,
                    )
                    .unwrap();
                    let format = rust_xlsxwriter::Format::new().set_num_format("hh:mm");
                    sheet
                        .write_datetime_with_format(row, column, &time, &format)
                        .unwrap()
                }
                _ => sheet.write_string(row, column, cell).unwrap(),
            };
        }
    }
    workbook.save(&path).unwrap();
    let csv = file(folder.path(), "stops.csv", STOPS);
    let day = NaiveDate::from_ymd_opt(2024, 7, 1).unwrap();
    let zone = chrono_tz::Europe::Berlin;
    let stops = load_stops(&path, day, zone).unwrap();
    assert_eq!(stops, load_stops(&csv, day, zone).unwrap());
    assert_eq!(
        stops[0].windows[0].start.to_rfc3339(),
        "2024-07-01T06:00:00+00:00"
    );
}
