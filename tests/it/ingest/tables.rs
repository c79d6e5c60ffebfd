//! Tables that the tests are fed with, and what comes out of them.

use polars::prelude::{DataFrame, SerReader};
use polars_io::prelude::{ParquetReader, ParquetWriter};
use routeforce::ingest::{IngestError, Kind, Options, QualityReport, run};
use routeforce::runtime::{Cancel, Progress};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub const TRIPS: &str = "\
trip_id,o_lat,o_lon,d_lat,d_lon,depart,duration_s
1,52.50,13.40,52.52,13.45,2024-03-01 08:00:00,600
2,52.51,13.41,52.49,13.35,2024-03-01 09:30:00,720
";

pub const ORDERS: &str = "\
order_id,site_id,lat,lon,due_date,qty_kg,service_s
1,a,52.50,13.40,2024-03-01,12.5,300
2,b,52.51,13.41,2024-03-04,1,240
";

pub const FLEET: &str = "\
vehicle_id,profile,depot_id,depot_lat,depot_lon,cap_kg,shift_start,shift_end,fixed_cost,cost_per_km,cost_per_hour
v1,van,north,52.50,13.40,1000,06:00,14:30,50,0.3,25
v2,truck,north,52.50,13.40,4000,22:00,06:00,90,0.5,28
";

pub const STOPS: &str = "\
stop_id,site_id,lat,lon,qty_kg,service_s,window_start,window_end
s1,a,52.50,13.40,12.5,300,08:00,10:00
s2,b,52.51,13.41,1,240,,
";

pub const CALENDAR: &str =
    "date,site_id,closed,holiday,promotion\n2024-03-02,,true,,\n2024-03-03,b,,Sunday,yes\n";

pub const DEMAND: &str = "series_id,ts,y,open\na,2024-03-01,5,1\na,2024-03-02,6,0\n";

/// Writes a file into a folder.
pub fn file(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path
}

/// A table with one text replaced, so that a test shows only what differs.
pub fn with(table: &str, from: &str, to: &str) -> String {
    assert!(table.contains(from), "`{from}` is in the table");
    table.replacen(from, to, 1)
}

/// Runs the program.
pub fn routeforce(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_routeforce"))
        .arg("--quiet")
        .args(arguments)
        .output()
        .unwrap()
}

/// Ingests files in process.
pub fn ingest(
    kind: Kind,
    files: &[PathBuf],
    out: &Path,
    options: &Options,
) -> Result<QualityReport, IngestError> {
    run(
        kind,
        files,
        out,
        options,
        &Cancel::new(),
        &Progress::silent(),
    )
}

/// Options with a time zone.
pub fn in_zone(zone: &str) -> Options {
    Options {
        time_zone: Some(zone.parse().unwrap()),
        ..Options::default()
    }
}

/// Reads a Parquet file whole.
pub fn read(path: &Path) -> DataFrame {
    ParquetReader::new(File::open(path).unwrap())
        .finish()
        .unwrap()
}

/// Writes a Parquet file whole.
pub fn write(path: &Path, frame: &mut DataFrame) {
    ParquetWriter::new(File::create(path).unwrap())
        .finish(frame)
        .unwrap();
}

/// Texts of a column.
pub fn texts(frame: &DataFrame, name: &str) -> Vec<Option<String>> {
    let column = frame.column(name).unwrap();
    column
        .str()
        .unwrap()
        .iter()
        .map(|t| t.map(str::to_owned))
        .collect()
}

/// Numbers of a column.
pub fn numbers(frame: &DataFrame, name: &str) -> Vec<Option<f64>> {
    frame.column(name).unwrap().f64().unwrap().iter().collect()
}
