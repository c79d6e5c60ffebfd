//! `routeforce network` and `routeforce match` on a small extract.

use super::{refuses, succeeds, text};
use crate::network::map::{Map, at};
use std::fmt::Write;

/// Two streets that cross, 1 km long each.
fn crossing() -> Map {
    let mut map = Map::new();
    map.node(1, -500.0, 0.0, &[])
        .node(2, 500.0, 0.0, &[])
        .node(5, 0.0, 0.0, &[]);
    map.node(3, 0.0, -500.0, &[]).node(4, 0.0, 500.0, &[]);
    map.way(
        1,
        &[1, 5, 2],
        &[("highway", "residential"), ("name", "East Street")],
    );
    map.way(
        2,
        &[3, 5, 4],
        &[("highway", "residential"), ("name", "North Street")],
    );
    map
}

#[test]
fn a_network_is_built_told_of_and_asked() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let (extract, roads) = (file("town.osm.pbf"), file("town.rfroads"));
    std::fs::write(&extract, crossing().to_pbf()).unwrap();
    let built = succeeds(&["network", "build", text(&extract), "--out", text(&roads)]);
    assert!(
        built.contains("2 of 2 ways are roads") && built.contains("OpenStreetMap"),
        "{built}"
    );
    assert!(succeeds(&["network", "info", text(&roads)]).contains("5 junctions"));
    let place = |east, north| {
        let place = at(east, north);
        format!("{},{}", place.lat, place.lon)
    };
    let (from, to) = (place(-400.0, 3.0), place(3.0, 400.0));
    let route = [
        "network",
        "route",
        text(&roads),
        "--from",
        &from,
        "--to",
        &to,
    ];
    let told = succeeds(&route);
    assert!(
        told.contains("turn left onto North Street") && told.contains("0.8 km"),
        "{told}"
    );
    let json = succeeds(&[&route[..], &["--format", "geojson"]].concat());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["geometry"]["type"], "LineString");
    assert!(succeeds(&[&route[..], &["--format", "gpx"]].concat()).contains("<trkpt "));
    refuses(
        &["network", "info", text(&extract)],
        &["town.osm.pbf", "network build"],
    );

    let (places, matrix) = (file("places.csv"), file("matrix.csv"));
    let mut table = String::from("id,lat,lon\n");
    for (id, east, north) in [
        ("a", -400.0, 0.0),
        ("b", 0.0, 400.0),
        ("far", 90_000.0, 0.0),
    ] {
        let place = at(east, north);
        writeln!(table, "{id},{},{}", place.lat, place.lon).unwrap();
    }
    std::fs::write(&places, &table).unwrap();
    succeeds(&[
        "network",
        "matrix",
        text(&roads),
        text(&places),
        "--out",
        text(&matrix),
    ]);
    let rows = std::fs::read_to_string(&matrix).unwrap();
    let rows: Vec<Vec<&str>> = rows.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0], ["from", "to", "duration_s", "length_m"]);
    assert_eq!(rows.len(), 10);
    assert!(
        (rows[2][3].parse::<f64>().unwrap() - 800.0).abs() < 2.0,
        "{rows:?}"
    );
    assert_eq!(rows[3][2..], ["", ""]);
    std::fs::write(&places, table + "a,1,2\n").unwrap();
    refuses(
        &[
            "network",
            "matrix",
            text(&roads),
            text(&places),
            "--out",
            text(&matrix),
        ],
        &["places.csv", "row 5", "`id`", "also in row 2"],
    );
}

#[test]
fn positions_are_matched_to_the_roads_driven() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let (extract, roads) = (file("town.osm.pbf"), file("town.rfroads"));
    std::fs::write(&extract, crossing().to_pbf()).unwrap();
    succeeds(&["network", "build", text(&extract), "--out", text(&roads)]);
    let (data, out, driven) = (file("fixes.csv"), file("matched.csv"), file("driven.csv"));
    let mut table = String::from("vehicle_id,ts,lat,lon\n");
    for step in 0..17 {
        let along = f64::from(step) * 50.0;
        let (east, north) = if along < 400.0 {
            (along - 400.0, 4.0)
        } else {
            (-4.0, along - 400.0)
        };
        let place = at(east, north);
        writeln!(table, "V1,{},{},{}", step * 6, place.lat, place.lon).unwrap();
    }
    std::fs::write(&data, &table).unwrap();
    let files = [
        "--data",
        text(&data),
        "--network",
        text(&roads),
        "--out",
        text(&out),
    ];
    let told = succeeds(&[&["match"], &files[..], &["--driven", text(&driven)]].concat());
    assert!(
        told.contains("1 traces, 17 positions on roads, 0 on none"),
        "{told}"
    );
    let rows = std::fs::read_to_string(&out).unwrap();
    assert_eq!(rows.lines().count(), 18);
    let ways = std::fs::read_to_string(&driven).unwrap();
    let ways: Vec<Vec<&str>> = ways
        .lines()
        .skip(1)
        .map(|l| l.split(',').collect())
        .collect();
    assert_eq!(
        ways.iter().map(|way| way[3]).collect::<Vec<_>>(),
        ["1 5", "5 4"]
    );
    std::fs::write(&data, table.replace("V1,6,", ",6,")).unwrap();
    refuses(
        &[&["match"], &files[..]].concat(),
        &["fixes.csv", "row 3", "`vehicle_id`", "empty"],
    );
}

/// Drives from west to north through the crossing at a speed by the hour, a fix every six seconds.
fn drives() -> String {
    let mut table = String::from("trace_id,ts,lat,lon\n");
    for drive in 0..80 {
        // 4 May 2026 was a Monday; seven and twelve o'clock in Berlin.
        let hour = if drive % 2 == 0 { 5 } else { 10 };
        let begin = 1_777_852_800 + 86_400 * (drive / 20) + 3_600 * hour + 60 * (drive % 20);
        let speed = if hour == 5 { 4.0 } else { 8.0 };
        let mut along = 0.0;
        while along <= 900.0 {
            let (east, north) = if along < 450.0 {
                (along - 450.0, 2.0)
            } else {
                (-2.0, along - 450.0)
            };
            let (place, ts) = (at(east, north), begin as f64 + along / speed);
            writeln!(table, "d{drive},{ts},{},{}", place.lat, place.lon).unwrap();
            along += 6.0 * speed;
        }
    }
    table
}

#[test]
fn speeds_are_learned_and_a_tensor_is_routed_on_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let (extract, roads) = (file("town.osm.pbf"), file("town.rfroads"));
    std::fs::write(&extract, crossing().to_pbf()).unwrap();
    succeeds(&["network", "build", text(&extract), "--out", text(&roads)]);
    let (positions, speeds) = (file("fixes.csv"), file("town.rfspeeds"));
    std::fs::write(&positions, drives()).unwrap();
    let learn = [
        "network",
        "learn",
        text(&roads),
        "--positions",
        text(&positions),
    ];
    let zone = ["--time-zone", "Europe/Berlin", "--out", text(&speeds)];
    let told = succeeds(&[&learn[..], &zone[..]].concat());
    assert!(
        told.contains("of 80 drives") && told.contains("street, "),
        "{told}"
    );
    let place = |east, north| {
        let place = at(east, north);
        format!("{},{}", place.lat, place.lon)
    };
    let (from, to) = (place(-450.0, 0.0), place(0.0, 450.0));
    let route = [
        "network",
        "route",
        text(&roads),
        "--from",
        &from,
        "--to",
        &to,
    ];
    let leaving = |depart: &str| {
        let time = ["--speeds", text(&speeds), "--depart", depart];
        succeeds(&[&route[..], &time[..]].concat())
    };
    // 900 m at 4 and at 8 m/s.
    let (rush, noon) = (leaving("2026-05-05T07:30"), leaving("2026-05-05T12:30"));
    assert!(rush.contains("4 min leaving at 2026-05-05 07:30"), "{rush}");
    assert!(noon.contains("2 min leaving at"), "{noon}");
    refuses(
        &[
            &route[..],
            &["--speeds", text(&speeds), "--depart", "2026-03-29T02:30"],
        ]
        .concat(),
        &["--depart", "Europe/Berlin", "skip"],
    );

    let (places, tensor) = (file("places.csv"), file("day.costs"));
    let row = |id: &str, east, north| format!("{id},{}\n", place(east, north));
    let table = String::from("id,lat,lon\n")
        + &row("a", -450.0, 0.0)
        + &row("b", 0.0, 450.0)
        + &row("c", 300.0, 0.0);
    std::fs::write(&places, &table).unwrap();
    let build = [
        "tensor",
        "build",
        text(&places),
        "--date",
        "2026-05-05",
        "--network",
        text(&roads),
    ];
    let rest = ["--speeds", text(&speeds), "--out", text(&tensor)];
    let told = succeeds(&[&build[..], &rest[..]].concat());
    assert!(
        told.contains("3 places, 121 slices of 900 s") && told.contains("by roads in"),
        "{told}"
    );
    assert!(succeeds(&["tensor", "info", text(&tensor)]).contains("(Europe/Berlin)"));
    refuses(&build, &["--speeds"]);
    let same_all_day = ["--by", "base", "--time-zone", "Europe/Berlin"];
    let out = ["--out", text(&tensor)];
    let told = succeeds(&[&build[..], &same_all_day[..], &out[..]].concat());
    assert!(told.contains("by base in"), "{told}");
    std::fs::write(&places, table + &row("far", 90_000.0, 0.0)).unwrap();
    refuses(
        &[&build[..], &rest[..]].concat(),
        &["no road within", "far"],
    );
    refuses(&["tensor", "info", text(&speeds)], &["town.rfspeeds"]);
}
