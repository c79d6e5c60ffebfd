//! OSRM itself: its programs, from `deploy/setup.sh tests` or the folder in `OSRM_BIN`, prepare an
//! extract and serve it.

use super::{bench, options, points};
use crate::cli::{refuses, succeeds, text};
use crate::network::map::{Map, at, build_file};
use crate::network::via_ways::ladder;
use routeforce::domain::LatLon;
use routeforce::network::SnapOptions;
use routeforce::network::osm::{Profile, Vehicle};
use routeforce::routers::{Osrm, OwnRoads, Router};
use routeforce::runtime::{Cancel, Progress};
use std::fmt::Write;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

pub fn programs() -> Option<PathBuf> {
    let named = std::env::var_os("OSRM_BIN").map(PathBuf::from);
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let usual = || Some(cache.or_else(home)?.join("routeforce/osrm/bin"));
    let found = named
        .or_else(usual)
        .filter(|folder| folder.join("osrm-routed").exists());
    if found.is_none() {
        eprintln!("skipped: OSRM is not there (deploy/setup.sh tests installs it)");
    }
    found
}

pub struct Server {
    pub address: String,
    process: Child,
    _folder: TempDir,
}

impl Server {
    /// Prepares an extract and serves it, with tables of at most `largest` by `largest` places.
    pub fn start(programs: &Path, extract: &Path, largest: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let map = folder.path().join("map.osm.pbf");
        std::fs::copy(extract, &map).unwrap();
        let prepared = folder.path().join("map.osrm");
        let profile = programs.parent().unwrap().join("share/profiles/car.lua");
        let run = |program: &str, arguments: &[&Path]| {
            let output = Command::new(programs.join(program))
                .args(arguments)
                .output()
                .unwrap();
            let told = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success(), "{program}: {told}");
        };
        run(
            "osrm-extract",
            &["-t".as_ref(), "1".as_ref(), "-p".as_ref(), &profile, &map],
        );
        run("osrm-contract", &["-t".as_ref(), "1".as_ref(), &prepared]);
        let free = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let process = Command::new(programs.join("osrm-routed"))
            .args(["-i", "127.0.0.1", "-t", "1", "--algorithm", "ch"])
            .args(["-p", &free.port().to_string()])
            .args(["--max-table-size", &largest.to_string()])
            .arg(&prepared)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self {
            address: format!("http://{free}"),
            process,
            _folder: folder,
        };
        let up = (0..400).any(|_| {
            std::thread::sleep(Duration::from_millis(50));
            TcpStream::connect(free).is_ok()
        });
        assert!(up, "osrm-routed does not listen");
        server
    }

    pub fn osrm(&self, block: usize) -> Osrm {
        Osrm::new(&self.address, options("driving", block)).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A town of 6 x 6 junctions, 200 m apart, and a street on an island, 6 km east.
pub fn town() -> Map {
    let mut map = Map::new();
    let street = [("highway", "residential"), ("name", "Main Street")];
    for k in 0..36_i64 {
        map.node(k + 1, (k % 6) as f64 * 200.0, (k / 6) as f64 * 200.0, &[]);
    }
    map.node(101, 6_000.0, 0.0, &[])
        .node(102, 6_000.0, 400.0, &[]);
    for line in 0..6_i64 {
        let row: Vec<i64> = (0..6).map(|k| line * 6 + k + 1).collect();
        let column: Vec<i64> = (0..6).map(|k| k * 6 + line + 1).collect();
        map.way(1 + line, &row, &street)
            .way(11 + line, &column, &street);
    }
    map.way(31, &[101, 102], &street);
    map
}

#[test]
fn a_town_is_as_osrm_sees_it() {
    let Some(programs) = programs() else { return };
    let folder = tempfile::tempdir().unwrap();
    let extract = folder.path().join("town.osm.pbf");
    std::fs::write(&extract, town().to_pbf()).unwrap();
    let server = Server::start(&programs, &extract, 4);
    let network = build_file(&extract, Profile::Car, &Vehicle::default()).unwrap();
    let own = OwnRoads {
        network: &network,
        snapping: SnapOptions::default(),
        timed: None,
    };
    let mut places: Vec<LatLon> = [
        [50.0, 2.0],
        [430.0, 198.0],
        [602.0, 790.0],
        [940.0, 1_001.0],
        [3.0, 530.0],
        [800.0, 310.0],
        [120.0, 799.0],
    ]
    .map(|[east, north]| at(east, north))
    .to_vec();
    places.push(at(6_001.0, 200.0));
    let watch = (&Cancel::new(), &Progress::silent());
    // More than one table may hold: found out by the server's refusal, or told before.
    let found = server
        .osrm(Osrm::BLOCK)
        .matrix(&places, &places, watch)
        .unwrap();
    assert_eq!(
        server.osrm(3).matrix(&places, &places, watch).unwrap(),
        found
    );
    let ours = own.matrix(&places, &places, watch).unwrap();
    for a in 0..places.len() {
        for b in 0..places.len() {
            let pair = found.seconds(a, b).zip(ours.seconds(a, b));
            // The island reaches itself, for OSRM; nothing else does.
            let on_island = (a == 7) || (b == 7);
            assert_eq!(
                pair.is_none(),
                on_island,
                "{a} {b} {:?} {:?}",
                found.seconds(a, b),
                ours.seconds(a, b)
            );
            if let Some((theirs, ours)) = pair {
                assert!(
                    (theirs - ours).abs() <= 3.0 + 0.15 * ours,
                    "{a} {b} {theirs} {ours}"
                );
            }
            if let Some((theirs, ours)) = found.metres(a, b).zip(ours.metres(a, b)) {
                assert!(
                    (theirs - ours).abs() <= 5.0 + 0.01 * ours,
                    "{a} {b} {theirs} {ours}"
                );
            }
        }
    }
    assert_eq!((found.seconds(0, 7), found.seconds(7, 0)), (None, None));
    let ways = [
        server.osrm(4).route(&places[..3], watch.0),
        own.route(&places[..3], watch.0),
    ];
    let [theirs, ours] = ways.map(|way| way.unwrap().unwrap());
    assert!(
        (theirs.length_m - ours.length_m).abs() < 10.0,
        "{} {}",
        theirs.length_m,
        ours.length_m
    );
    for way in [&theirs, &ours] {
        let drawn: f64 = way.line.windows(2).map(|p| p[0].great_circle_m(p[1])).sum();
        assert!(
            (drawn - way.length_m).abs() < 15.0,
            "{drawn} {}",
            way.length_m
        );
        assert!(way.line[0].great_circle_m(places[0]) < 10.0);
        let steps_m: f64 = way.steps.iter().map(|step| step.length_m).sum();
        assert!(
            (steps_m - way.length_m).abs() < 5.0,
            "{steps_m} {}",
            way.length_m
        );
    }
    assert!(
        theirs
            .steps
            .iter()
            .any(|step| step.what.contains("onto Main Street"))
    );
    assert_eq!(
        server
            .osrm(4)
            .route(&[places[0], places[7]], watch.0)
            .unwrap(),
        None
    );
    asked_by_the_program(&server, &places, folder.path());
}

/// The same by the command line.
fn asked_by_the_program(server: &Server, places: &[LatLon], folder: &Path) {
    let (table, out) = (folder.join("places.csv"), folder.join("matrix.csv"));
    let mut rows = String::from("id,lat,lon\n");
    for (id, place) in places.iter().enumerate() {
        writeln!(rows, "{id},{},{}", place.lat, place.lon).unwrap();
    }
    std::fs::write(&table, rows).unwrap();
    let address = server.address.as_str();
    succeeds(&[
        "network",
        "matrix",
        "--osrm",
        address,
        text(&table),
        "--out",
        text(&out),
    ]);
    let rows = std::fs::read_to_string(&out).unwrap();
    assert_eq!(rows.lines().count(), 1 + places.len() * places.len());
    assert!(rows.lines().any(|line| line == "0,7,,"), "{rows}");
    let [from, to] = [0, 2].map(|k: usize| format!("{},{}", places[k].lat, places[k].lon));
    let ends = ["--from", &from, "--to", &to];
    let told = succeeds(&[&["network", "route", "--osrm", address], &ends[..]].concat());
    assert!(
        told.contains("min at free flow") && told.contains("depart"),
        "{told}"
    );
    let json = succeeds(
        &[
            &["network", "route", "--osrm", address, "--format", "geojson"],
            &ends[..],
        ]
        .concat(),
    );
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["geometry"]["type"], "LineString");
    refuses(
        &[
            "network",
            "matrix",
            "--osrm",
            "https://router.example",
            text(&table),
        ],
        &["https", "http://127.0.0.1:5000"],
    );
    refuses(
        &["network", "matrix", text(&table)],
        &["NETWORK and PLACES"],
    );
}

#[test]
fn restrictions_over_ways_are_as_osrm_sees_them() {
    let Some(programs) = programs() else { return };
    let folder = tempfile::tempdir().unwrap();
    let extract = folder.path().join("ladder.osm.pbf");
    for (what, ways) in [
        ("no_left_turn", &[10, 20, 21, 30][..]),
        ("no_right_turn", &[40, 20, 70]),
        ("only_left_turn", &[10, 20, 21, 30]),
    ] {
        let mut map = ladder();
        map.restriction_over(1, what, ways);
        std::fs::write(&extract, map.to_pbf()).unwrap();
        let server = Server::start(&programs, &extract, 100);
        let network = build_file(&extract, Profile::Car, &Vehicle::default()).unwrap();
        let own = OwnRoads {
            network: &network,
            snapping: SnapOptions::default(),
            timed: None,
        };
        let places = [
            [-150.0, 0.0],
            [-150.0, 200.0],
            [150.0, 0.0],
            [150.0, 200.0],
            [0.0, 50.0],
            [0.0, 150.0],
            [-100.0, 100.0],
        ]
        .map(|[east, north]| at(east, north));
        let watch = (&Cancel::new(), &Progress::silent());
        let theirs = server.osrm(100).matrix(&places, &places, watch).unwrap();
        let ours = own.matrix(&places, &places, watch).unwrap();
        for a in 0..places.len() {
            for b in 0..places.len() {
                let pair = theirs.metres(a, b).zip(ours.metres(a, b));
                let (theirs, ours) = pair.unwrap();
                assert!(
                    (theirs - ours).abs() < 5.0,
                    "{what} {a} {b}: {theirs} {ours}"
                );
            }
        }
    }
}

#[test]
fn monaco_is_about_as_osrm_sees_it() {
    let (Some(programs), Some(extract)) = (programs(), bench("monaco.osm.pbf")) else {
        return;
    };
    let Some(table) = bench("points/monaco_points.csv") else {
        return;
    };
    let server = Server::start(&programs, &extract, 100);
    let network = build_file(&extract, Profile::Car, &Vehicle::default()).unwrap();
    let own = OwnRoads {
        network: &network,
        snapping: SnapOptions::default(),
        timed: None,
    };
    let places = points(&table, 130);
    let watch = (&Cancel::new(), &Progress::silent());
    let theirs = server
        .osrm(Osrm::BLOCK)
        .matrix(&places, &places, watch)
        .unwrap();
    let ours = own.matrix(&places, &places, watch).unwrap();
    let mut ratios = Vec::new();
    for a in 0..places.len() {
        for b in 0..places.len() {
            if let Some((theirs, ours)) = theirs
                .seconds(a, b)
                .zip(ours.seconds(a, b))
                .filter(|_| a != b)
            {
                ratios.push(ours / theirs.max(1.0));
            }
        }
    }
    ratios.sort_by(f64::total_cmp);
    let share = |q: f64| ratios[(q * ratios.len() as f64) as usize];
    assert!(ratios.len() > 15_000, "{}", ratios.len());
    assert!((0.8..1.25).contains(&share(0.5)), "{}", share(0.5));
    assert!(
        share(0.1) > 0.6 && share(0.9) < 1.6,
        "{} {}",
        share(0.1),
        share(0.9)
    );
}
