//! Routers that run as services: OSRM itself, and servers that answer as the test says.

mod local_server;
mod real_osrm;
mod real_valhalla;
mod replies;
mod tensors;

use routeforce::domain::LatLon;
use routeforce::routers::{ClientOptions, RouterOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

fn options(profile: &str, block: usize) -> RouterOptions {
    RouterOptions {
        profile: profile.to_owned(),
        block,
        client: ClientOptions {
            timeout: Duration::from_secs(20),
            ..ClientOptions::default()
        },
    }
}

/// A file of the benchmark's maps, where it is present.
fn bench(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("ROUTEFORCE_BENCH").map(PathBuf::from);
    let path = folder
        .unwrap_or_else(|| "../shared/bench".into())
        .join("osm")
        .join(name);
    if !path.exists() {
        eprintln!(
            "skipped: {} is not there (set ROUTEFORCE_BENCH)",
            path.display()
        );
        return None;
    }
    Some(path)
}

/// The first places of a table of the benchmark.
fn points(table: &Path, count: usize) -> Vec<LatLon> {
    let text = std::fs::read_to_string(table).unwrap();
    let rows = text.lines().skip(1).take(count).map(|line| {
        let fields: Vec<&str> = line.split(',').collect();
        LatLon::new(fields[1].parse().unwrap(), fields[2].parse().unwrap()).unwrap()
    });
    rows.collect()
}
