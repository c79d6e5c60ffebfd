//! Cost tensors on the matrix of a router that runs as a service.

use super::local_server::LocalServer;
use super::options;
use super::real_osrm::{Server, programs, town};
use crate::cli::{date, demo, raw_stops, refuses, succeeds, text};
use crate::network::map::at;
use crate::speeds::models::{model, places};
use crate::speeds::world::{self, ZONE};
use chrono::NaiveDate;
use routeforce::cost::{SliceAxis, file};
use routeforce::domain::Document;
use routeforce::domain::LatLon;
use routeforce::domain::plan::Plan;
use routeforce::pipeline::costs::{Known, Method, Wanted};
use routeforce::planning;
use routeforce::routers::{Router, RouterService};
use routeforce::runtime::{Cancel, Progress};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

fn table(path: &Path, places: &[LatLon]) {
    let mut rows = String::from("id,lat,lon\n");
    for (id, place) in places.iter().enumerate() {
        writeln!(rows, "shop {id},{},{}", place.lat, place.lon).unwrap();
    }
    std::fs::write(path, rows).unwrap();
}

#[test]
fn without_a_model_cells_are_those_of_the_service_all_day() {
    let Some(programs) = programs() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file_of = |name: &str| folder.path().join(name);
    let (extract, list, out) = (
        file_of("town.osm.pbf"),
        file_of("a.csv"),
        file_of("day.costs"),
    );
    std::fs::write(&extract, town().to_pbf()).unwrap();
    let server = Server::start(&programs, &extract, 4);
    let mut places = [
        [50.0, 2.0],
        [430.0, 198.0],
        [602.0, 790.0],
        [940.0, 1_001.0],
        [3.0, 530.0],
    ]
    .map(|[east, north]| at(east, north))
    .to_vec();
    table(&list, &places);
    let build = ["tensor", "build", text(&list), "--date", "2026-05-05"];
    let on = ["--osrm", &server.address, "--out", text(&out)];
    let zone = ["--time-zone", "Europe/Berlin"];
    let told = succeeds(&[&build[..], &on, &zone].concat());
    assert!(told.contains("by base in"), "{told}");
    let tensor = file::map(&out).unwrap();
    let watch = (&Cancel::new(), &Progress::silent());
    let theirs = server.osrm(4).matrix(&places, &places, watch).unwrap();
    assert!(tensor.is_certain());
    for (from, to) in (0..25).map(|k| (k / 5, k % 5)).filter(|(a, b)| a != b) {
        let seconds = theirs.seconds(from, to).unwrap();
        for depart_s in [0, 8 * 3_600, 20 * 3_600 + 77] {
            let cell = tensor.duration_s(0, from, to, depart_s);
            assert!((cell as f64 - seconds).abs() <= 0.5, "{cell} {seconds}");
        }
        let metres = theirs.metres(from, to).unwrap();
        assert!((f64::from(tensor.distance_m(0, from, to)) - metres).abs() <= 0.5);
    }
    refuses(&[&build[..], &on].concat(), &["time zone", "--time-zone"]);
    // The island is a road that nothing else reaches.
    places.push(at(6_001.0, 200.0));
    table(&list, &places);
    refuses(
        &[&build[..], &on, &zone].concat(),
        &[
            "not reached",
            "shop 5",
            &server.address,
            "leave these places out",
        ],
    );
    let bad = ["--osrm", "https://router.example"];
    refuses(
        &[&build[..], &bad, &zone].concat(),
        &["https", "http://127.0.0.1:5000"],
    );
    refuses(&[&build[..], &zone].concat(), &["--osrm", "--models"]);
}

#[test]
fn with_a_model_cells_are_those_of_the_service_by_its_factors() {
    let Some(programs) = programs() else { return };
    let folder = tempfile::tempdir().unwrap();
    let extract = folder.path().join("town.osm.pbf");
    std::fs::write(&extract, world::map().to_pbf()).unwrap();
    let server = Server::start(&programs, &extract, 100);
    let service = RouterService::osrm(&server.address, options("driving", 100)).unwrap();
    let (model, places) = (model(None), places(60));
    let known = Known {
        model: Some((&model).into()),
        router: Some(&service),
        ..Known::default()
    };
    assert_eq!(known.best().unwrap(), Method::Factors);
    let axis =
        SliceAxis::for_day(NaiveDate::from_ymd_opt(2026, 6, 30).unwrap(), ZONE, 900).unwrap();
    let wanted = Wanted {
        places: &places,
        names: &|place| place.to_string(),
        axis,
        profiles: &["van"],
    };
    let watch = (&Cancel::new(), &Progress::silent());
    let made = |method| {
        known
            .costs(method, wanted, watch.0, watch.1)
            .unwrap()
            .tensor
    };
    let (by_factors, by_model) = (made(Method::Factors), made(Method::Model));
    let theirs = service.matrix(&places, &places, watch).unwrap();
    let count = places.len();
    let pairs = || {
        let pairs = (0..count * count).map(move |k| (k / count, k % count));
        pairs.filter(|&(a, b)| theirs.seconds(a, b).is_some_and(|s| s > 100.0))
    };
    // One factor for each two of at most 16 clusters, so no more ranges of ratios than those.
    let mut ranges = BTreeSet::new();
    let mut by_hour = BTreeMap::new();
    for (from, to) in pairs() {
        let base = theirs.seconds(from, to).unwrap();
        for hour in [8, 20] {
            let cell = by_factors.duration_s(0, from, to, hour * 3_600) as f64;
            let sum = by_hour.entry(hour).or_insert(0.0);
            *sum += cell / base;
            if hour == 8 {
                ranges.insert((cell / base * 50.0).round() as i64);
            }
            let direct = by_model.duration_s(0, from, to, hour * 3_600) as f64;
            assert!((0.5..2.0).contains(&(cell / direct)), "{cell} {direct}");
        }
        for tensor in [&by_factors, &by_model] {
            let metres = theirs.metres(from, to).unwrap();
            assert!((f64::from(tensor.distance_m(0, from, to)) - metres).abs() <= 0.5);
        }
    }
    assert!(by_hour[&8] > 1.1 * by_hour[&20], "{by_hour:?}");
    assert!(ranges.len() > 1, "{ranges:?}");
    // Two places of one cluster: their ways to a third relate as the service says.
    let mut close: Vec<(usize, usize)> = (0..count * count)
        .map(|k| (k / count, k % count))
        .filter(|(a, b)| a < b)
        .collect();
    let apart = |&(a, b): &(usize, usize)| places[a].great_circle_m(places[b]);
    close.sort_by(|a, b| apart(a).total_cmp(&apart(b)));
    let (mut alike, mut all) = (0, 0);
    for &(a, b) in close.iter().take(12) {
        for to in (0..count).filter(|to| pairs().any(|p| p == (a, *to))) {
            let Some(second) = theirs.seconds(b, to).filter(|s| *s > 100.0) else {
                continue;
            };
            let ratio = theirs.seconds(a, to).unwrap() / second;
            let cell = |from| by_factors.duration_s(0, from, to, 8 * 3_600) as f64;
            all += 1;
            alike += i32::from((cell(a) / cell(b) / ratio - 1.0).abs() < 0.012);
        }
    }
    assert!(all > 300 && alike * 10 > all * 8, "{alike} of {all}");
}

/// Answers tables: metres by great circle × 1.7, and 10 metres a second.
fn table_server() -> LocalServer {
    LocalServer::start(|asked, _| {
        let (path, query) = asked.line.split_once('?').unwrap();
        let list = path.rsplit_once('/').unwrap().1;
        let places: Vec<LatLon> = list
            .split(';')
            .map(|place| {
                let (lon, lat) = place.split_once(',').unwrap();
                LatLon::new(lat.parse().unwrap(), lon.parse().unwrap()).unwrap()
            })
            .collect();
        let indices = |name: &str| -> Vec<usize> {
            let value = query.split('&').find_map(|part| part.strip_prefix(name));
            value
                .unwrap()
                .split(';')
                .map(|k| k.parse().unwrap())
                .collect()
        };
        let (sources, targets) = (indices("sources="), indices("destinations="));
        let metres: Vec<Vec<f64>> = sources
            .iter()
            .map(|&a| {
                targets
                    .iter()
                    .map(|&b| 1.7 * places[a].great_circle_m(places[b]))
                    .collect()
            })
            .collect();
        let seconds: Vec<Vec<f64>> = metres
            .iter()
            .map(|row| row.iter().map(|m| m / 10.0).collect())
            .collect();
        let body = serde_json::json!({"code": "Ok", "durations": seconds, "distances": metres});
        (200, "content-type: application/json\r\n", body.to_string())
    })
}

#[test]
fn a_day_is_planned_on_the_matrix_of_a_service() {
    let server = table_server();
    let folder = tempfile::tempdir().unwrap();
    let (out, stops, fleet) = (
        folder.path().join("plan.json"),
        raw_stops(),
        demo().join("raw/fleet.csv"),
    );
    let (models, date) = (demo().join("models"), date());
    let plan = [
        "plan",
        "--stops",
        text(&stops),
        "--fleet",
        text(&fleet),
        "--date",
        &date,
    ];
    let rest = [
        "--models",
        text(&models),
        "--time-limit",
        "0.2",
        "--out",
        text(&out),
    ];
    succeeds(&[&plan[..], &rest, &["--osrm", &server.address]].concat());
    assert!(succeeds(&["check", text(&out)]).contains("no fault found"));
    let (plan_made, costs) = (
        Plan::read(&out).unwrap(),
        file::map(&out.with_extension("costs")).unwrap(),
    );
    let places = planning::places(&plan_made.fleet, &plan_made.stops);
    let count = places.len();
    for (from, to) in (0..count * count).map(|k| (k / count, k % count)) {
        let metres = 1.7 * places[from].great_circle_m(places[to]);
        let cell = f64::from(costs.distance_m(0, from, to));
        assert!((cell - metres).abs() < 2.0, "{cell} {metres}");
    }
    let unreachable = ["--osrm", "http://127.0.0.1:9"];
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_routeforce"))
        .args([&plan[..], &rest, &unreachable].concat())
        .output()
        .unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && message.contains("http://127.0.0.1:9"),
        "{message}"
    );
}
