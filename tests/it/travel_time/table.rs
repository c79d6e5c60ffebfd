//! Reading trips tables, and the whole way from a table to a version in the registry.

use super::synthetic::{ZONE, options, trips};
use polars::prelude::*;
use polars_io::parquet::write::ParquetWriter;
use rand::Rng;
use routeforce::features::travel::{TravelFeatureError, Trips, read};
use routeforce::runtime::{Cancel, Progress, random};
use routeforce::travel_time::{self, TravelTimeModel};
use std::path::Path;

pub fn frame(trips: &Trips) -> DataFrame {
    let of = |name: &str, values: Vec<f64>| Column::new(name.into(), values);
    let micros: Vec<i64> = trips.depart.iter().map(|t| t.timestamp_micros()).collect();
    let zone = TimeZone::opt_try_new(Some(ZONE.name())).unwrap();
    let depart = Column::new("depart".into(), micros)
        .cast(&DataType::Datetime(TimeUnit::Microseconds, zone))
        .unwrap();
    let columns = vec![
        Column::new("trip_id".into(), trips.trip_id.clone()),
        of("o_lat", trips.origin.iter().map(|p| p.lat).collect()),
        of("o_lon", trips.origin.iter().map(|p| p.lon).collect()),
        of("d_lat", trips.destination.iter().map(|p| p.lat).collect()),
        of("d_lon", trips.destination.iter().map(|p| p.lon).collect()),
        depart,
        of("duration_s", trips.duration_s.clone()),
        of("distance_m", trips.distance_m.clone()),
        Column::new("profile".into(), trips.profile.clone().unwrap()),
    ];
    DataFrame::new(trips.len(), columns).unwrap()
}

pub fn write(path: &Path, frame: &mut DataFrame) {
    let file = std::fs::File::create(path).unwrap();
    ParquetWriter::new(file).finish(frame).unwrap();
}

fn field_of(path: &Path) -> (Option<String>, Option<u64>) {
    match read(path, &Cancel::new()) {
        Err(TravelFeatureError::Input(error)) => (error.field, error.row),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_table_comes_back_as_trips_and_trains_a_version() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trips.parquet");
    let mut made = trips(2_000, 7);
    write(&path, &mut frame(&made));
    let found = read(folder.path(), &Cancel::new()).unwrap();
    made.source = path.display().to_string();
    assert_eq!(found, made);
    let models = folder.path().join("models");
    let (cancel, progress) = (Cancel::new(), Progress::silent());
    let trained = travel_time::train(&path, &models, &options(), &cancel, &progress).unwrap();
    assert_eq!(trained.manifest.time_zone.as_deref(), Some("Europe/Berlin"));
    assert_eq!(trained.manifest.backtest.len(), 3);
    assert_eq!(
        trained
            .manifest
            .backtest
            .iter()
            .filter(|s| s.exported)
            .count(),
        1
    );
    let model = TravelTimeModel::load(&models).unwrap();
    assert_eq!(model.version(), trained.manifest.version);
    assert_eq!(model.parameters().profile_factors.len(), 2);
}

#[test]
fn bad_tables_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trips.parquet");
    let good = frame(&trips(300, 8));

    write(&path, &mut good.drop("d_lon").unwrap());
    assert_eq!(field_of(&path).0.as_deref(), Some("d_lon"));

    let naive = good.column("depart").unwrap();
    let naive = naive
        .cast(&DataType::Datetime(TimeUnit::Microseconds, None))
        .unwrap();
    write(&path, good.clone().with_column(naive).unwrap());
    assert_eq!(field_of(&path).0.as_deref(), Some("depart"));

    for (name, value) in [("o_lat", 97.0), ("d_lat", f64::NAN), ("duration_s", -5.0)] {
        let column = good.column(name).unwrap().f64().unwrap();
        let mut values: Vec<f64> = column.iter().flatten().collect();
        values[41] = value;
        write(
            &path,
            good.clone()
                .with_column(Column::new(name.into(), values))
                .unwrap(),
        );
        assert_eq!(field_of(&path), (Some(name.to_owned()), Some(42)));
    }

    let texts = vec!["fast"; 300];
    write(
        &path,
        good.clone()
            .with_column(Column::new("duration_s".into(), texts))
            .unwrap(),
    );
    assert_eq!(field_of(&path).0.as_deref(), Some("duration_s"));

    write(&path, &mut good.clone());
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(field_of(&path), (None, None));
    write(&path, &mut good.head(Some(0)));
    assert_eq!(field_of(&path), (None, None));
    assert_eq!(
        field_of(&folder.path().join("absent.parquet")),
        (None, None)
    );
}

#[test]
fn damaged_tables_are_refused_by_name_or_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.parquet");
    write(&path, &mut frame(&trips(300, 9)));
    let whole = std::fs::read(&path).unwrap();
    let mut draw = random::generator(3, "damaged trips");
    let mut refused = 0;
    for _ in 0..400 {
        let mut file = whole.clone();
        for _ in 0..draw.random_range(1..12) {
            // The footer, which says where everything is, is most of what can go wrong.
            let from = if draw.random_bool(0.5) {
                whole.len() * 3 / 4
            } else {
                0
            };
            let at = draw.random_range(from..file.len());
            file[at] = draw.random();
        }
        if draw.random_bool(0.2) {
            file.truncate(draw.random_range(0..whole.len()));
        }
        std::fs::write(&path, &file).unwrap();
        match read(&path, &Cancel::new()) {
            Ok(found) => assert!(found.duration_s.iter().all(|d| d.is_finite() && *d > 0.0)),
            Err(error) => {
                refused += 1;
                assert!(error.to_string().contains("damaged.parquet"), "{error}");
            }
        }
    }
    assert!(refused > 100, "{refused}");
}
