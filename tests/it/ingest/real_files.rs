//! Real files, where they are present.

use super::tables::{ingest, read};
use routeforce::ingest::{Kind, Options};
use std::path::PathBuf;

fn bench(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("ROUTEFORCE_BENCH")
        .map_or_else(|| PathBuf::from("../shared/bench"), PathBuf::from);
    let path = root.join(name);
    if !path.exists() {
        eprintln!(
            "skipped: {} is not there (set ROUTEFORCE_BENCH)",
            path.display()
        );
        return None;
    }
    Some(path)
}

#[test]
fn benchmark_tables_load_as_they_are() {
    for (kind, name, rejected_at_most) in [
        (Kind::Trips, "travel/nyc_yellow_latlon.parquet", 10),
        (Kind::Trips, "travel/nyc_green.parquet", 10),
        (Kind::Demand, "demand/store_daily.parquet", 0),
        (Kind::Demand, "demand/retail_daily.parquet", 0),
        (Kind::Demand, "demand/monthly_stallion.parquet", 0),
        (Kind::Demand, "demand/hourly_bus.parquet", 0),
    ] {
        let Some(path) = bench(name) else { continue };
        let folder = tempfile::tempdir().unwrap();
        let raw = read(&path);
        let report = ingest(kind, &[path], folder.path(), &Options::default()).unwrap();
        assert_eq!(report.rows_read, raw.height() as u64, "{name}");
        assert!(
            report.rows_rejected <= rejected_at_most,
            "{name}: {:?}",
            report.rejected
        );
        let clean = read(&folder.path().join(format!("{kind}.parquet")));
        assert_eq!(
            clean.width(),
            raw.width(),
            "{name}: every column passes through"
        );
        if kind == Kind::Trips {
            assert_eq!(report.time_zone.as_deref(), Some("America/New_York"));
        } else {
            assert_eq!(report.series.map(|s| s.steps_missing), Some(0), "{name}");
        }
    }
}
