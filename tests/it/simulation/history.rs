//! History files: the same seed gives the same bytes, columns are as promised, most rows are sound.

use super::{small_options, small_world};
use flate2::read::GzDecoder;
use routeforce::runtime::{Cancel, Progress};
use routeforce::simulation::{HistoryFiles, HistoryOptions, SimulationError, World, write_history};
use std::io::Read;
use std::path::Path;

fn options() -> HistoryOptions {
    HistoryOptions {
        trips: 3_000,
        position_days: 1,
        ..HistoryOptions::default()
    }
}

fn written(dir: &Path, seed: u64, options: &HistoryOptions) -> HistoryFiles {
    let world = small_world(seed);
    write_history(dir, &world, options, &Cancel::new(), &Progress::silent()).unwrap()
}

fn text(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap();
    if path.extension().is_some_and(|e| e == "gz") {
        let mut text = String::new();
        GzDecoder::new(bytes.as_slice())
            .read_to_string(&mut text)
            .unwrap();
        text
    } else {
        String::from_utf8(bytes).unwrap()
    }
}

#[test]
fn same_seed_same_bytes_other_seed_other_bytes() {
    let dirs = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let [a, b, c] =
        [(0, 1), (1, 1), (2, 2)].map(|(d, seed)| written(dirs[d].path(), seed, &options()));
    let paths = |f: &HistoryFiles| {
        [
            &f.orders,
            &f.trips,
            &f.visits,
            &f.fleet,
            &f.calendar,
            &f.positions,
            &f.stops,
        ]
        .map(|p| p.to_owned())
    };
    for (first, second) in paths(&a).iter().zip(&paths(&b)) {
        assert_eq!(
            std::fs::read(first).unwrap(),
            std::fs::read(second).unwrap(),
            "{first:?}"
        );
    }
    assert_ne!(
        std::fs::read(&a.trips).unwrap(),
        std::fs::read(&c.trips).unwrap()
    );
    assert_ne!(
        std::fs::read(&a.orders).unwrap(),
        std::fs::read(&c.orders).unwrap()
    );
}

#[test]
fn columns_are_those_of_the_tables_and_rows_are_complete() {
    let dir = tempfile::tempdir().unwrap();
    let files = written(
        dir.path(),
        3,
        &HistoryOptions {
            fault_share: 0.0,
            ..options()
        },
    );
    for (path, header) in [
        (
            &files.orders,
            "order_id,site_id,lat,lon,due_date,qty_kg,qty_m3,service_s,ordered_at,product_class,price,promotion,window_start,window_end",
        ),
        (
            &files.trips,
            "trip_id,vehicle_id,profile,o_lat,o_lon,d_lat,d_lon,depart,duration_s,distance_m",
        ),
        (
            &files.visits,
            "visit_id,site_id,vehicle_id,arrive,service_start,service_end,qty_kg,qty_m3,window_start,window_end",
        ),
        (
            &files.fleet,
            "vehicle_id,profile,depot_id,depot_lat,depot_lon,cap_kg,cap_m3,shift_start,shift_end,fixed_cost,cost_per_km,cost_per_hour,skills,max_duration_h",
        ),
        (&files.calendar, "date,site_id,closed,holiday,promotion"),
        (
            &files.positions,
            "vehicle_id,ts,lat,lon,speed_kmh,heading_deg",
        ),
        (
            &files.stops,
            "stop_id,site_id,lat,lon,qty_kg,qty_m3,service_s,windows,skills,penalty,origin",
        ),
    ] {
        let text = text(path);
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some(header));
        let columns = header.split(',').count();
        let rows = lines.inspect(|line| assert_eq!(line.split(',').count(), columns, "{line}"));
        assert!(rows.count() > 3, "{path:?}");
    }
    assert!(files.stops.ends_with("raw/stops_2026-09-17.csv"));
}

#[test]
fn trips_are_as_many_as_asked_in_order_and_within_the_day() {
    let dir = tempfile::tempdir().unwrap();
    let files = written(
        dir.path(),
        4,
        &HistoryOptions {
            fault_share: 0.0,
            ..options()
        },
    );
    let text = text(&files.trips);
    let mut rows = 0;
    for line in text.lines().skip(1) {
        rows += 1;
        let fields: Vec<&str> = line.split(',').collect();
        let depart = chrono::DateTime::parse_from_rfc3339(fields[7]).unwrap();
        let hour = chrono::Timelike::hour(&depart);
        assert!((5..20).contains(&hour), "{line}");
        let (seconds, metres): (f64, f64) =
            (fields[8].parse().unwrap(), fields[9].parse().unwrap());
        assert!(metres / seconds * 3.6 < 90.0, "{line}");
    }
    assert_eq!(rows, 3_000);
}

#[test]
fn faults_are_few_and_of_every_kind() {
    let dir = tempfile::tempdir().unwrap();
    let share = 0.02;
    let files = written(
        dir.path(),
        5,
        &HistoryOptions {
            fault_share: share,
            ..options()
        },
    );
    let text = text(&files.trips);
    let rows: Vec<Vec<&str>> = text
        .lines()
        .skip(1)
        .map(|l| l.split(',').collect())
        .collect();
    let count = |faulty: &dyn Fn(&Vec<&str>) -> bool| rows.iter().filter(|r| faulty(r)).count();
    let negative = count(&|r| r[8].starts_with('-'));
    let missing = count(&|r| r[3].is_empty() || r[7].is_empty() || r[8].is_empty());
    let swapped = count(&|r| r[3].parse::<f64>().is_ok_and(|lat| lat < 20.0));
    let short = count(&|r| r[8] == "4");
    let doubled = rows.windows(2).filter(|pair| pair[0] == pair[1]).count();
    for found in [negative, missing, swapped, short, doubled] {
        assert!(
            found > 0,
            "{negative} {missing} {swapped} {short} {doubled}"
        );
    }
    let all = (negative + missing + swapped + short + doubled) as f64;
    assert!(all < 2.0 * share * rows.len() as f64);
}

#[test]
fn cancelling_leaves_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let cancel = Cancel::new();
    cancel.cancel();
    let world = small_world(1);
    let result = write_history(dir.path(), &world, &options(), &cancel, &Progress::silent());
    assert!(matches!(result, Err(SimulationError::Cancelled(_))));
    let left = std::fs::read_dir(dir.path().join("raw")).map_or(0, Iterator::count);
    assert_eq!(left, 0);
}

#[test]
fn an_operator_without_sites_is_refused() {
    let options = routeforce::simulation::WorldOptions {
        sites: 0,
        ..small_options()
    };
    let error = World::new(1, options).unwrap_err();
    assert!(error.to_string().contains("`sites`"), "{error}");
}

#[test]
fn about_seven_of_ten_orders_are_known_when_the_plan_is_made() {
    let world = World::new(1, Default::default()).unwrap();
    let (mut known, mut all) = (0, 0);
    for date in world.history_start().iter_days().take(30) {
        let truth = world.day_truth(date);
        all += truth.orders.len();
        known += truth.known_stops().len();
        let plan_made = (date - chrono::Days::new(1)).and_hms_opt(16, 0, 0).unwrap();
        for order in &truth.orders {
            let local = order
                .ordered_at
                .with_timezone(&world.time_zone())
                .naive_local();
            assert_eq!(order.known, local < plan_made, "{local}");
        }
    }
    let share = f64::from(known as u32) / f64::from(all as u32);
    assert!((0.62..0.78).contains(&share), "{share}");
}

#[test]
#[ignore = "writes the whole demo history, for measuring"]
fn the_demo_operator() {
    let dir = std::env::var("ROUTEFORCE_HISTORY").unwrap();
    let started = std::time::Instant::now();
    let world = World::new(1, Default::default()).unwrap();
    let options = HistoryOptions::default();
    let files = write_history(
        Path::new(&dir),
        &world,
        &options,
        &Cancel::new(),
        &Progress::silent(),
    )
    .unwrap();
    eprintln!("{:?} in {:?}", files, started.elapsed());
}
