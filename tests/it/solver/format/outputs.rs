//! Solutions as CSV, GeoJSON and GPX.

use super::round_trip::{CVRP, EXPLICIT};
use super::{read, search};
use routeforce::solver::format::{Instance, OutputFormat, write_solution};
use serde_json::{Value, json};
use std::path::Path;

const ON_THE_MAP: &str = include_str!("../../../data/vroom/capacity.json");

fn written(instance: &Instance, format: OutputFormat) -> String {
    let solution = search(&instance.problem, 1, 500).solution;
    write_solution(instance, &solution, format).unwrap()
}

#[test]
fn csv_tells_every_stop_with_times_loads_and_coordinates() {
    let text = written(&read("a.vrp", CVRP), OutputFormat::Csv);
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(
        rows[0],
        "route,vehicle,sequence,what,id,arrival,start,end,waiting,distance,load_1,x,y"
    );
    // Two routes with their starts and ends, three stops.
    assert_eq!(rows.len(), 1 + 2 * 2 + 3, "{text}");
    assert!(
        rows.iter()
            .any(|row| row.contains(",stop,3,") && row.ends_with(",0,-6,0")),
        "{text}"
    );
    assert!(
        rows.iter().all(|row| row.split(',').count() == 13),
        "{text}"
    );
    let bare = written(&read("e.vrp", EXPLICIT), OutputFormat::Csv);
    assert!(bare.lines().next().unwrap().ends_with(",load_1"), "{bare}");
}

#[test]
fn csv_tells_what_is_left_out() {
    let text = written(&read("c.json", ON_THE_MAP), OutputFormat::Csv);
    let left = text.lines().filter(|row| row.contains("left out"));
    assert_eq!(left.count(), 1, "{text}");
    let columns = text.lines().next().unwrap().split(',').count();
    assert!(
        text.lines().all(|row| row.split(',').count() == columns),
        "{text}"
    );
}

#[test]
fn geojson_draws_routes_and_points() {
    let text = written(&read("c.json", ON_THE_MAP), OutputFormat::GeoJson);
    let map: Value = serde_json::from_str(&text).unwrap();
    let features = map["features"].as_array().unwrap();
    let of = |kind: &str| {
        features
            .iter()
            .filter(|f| f["geometry"]["type"] == kind)
            .count()
    };
    // Two routes of three stops each with start and end; one left out.
    assert_eq!((of("LineString"), of("Point")), (2, 2 * 5 + 1));
    let line = &features[0]["geometry"]["coordinates"];
    assert_eq!(line[0], json!([4.83, 45.76]), "longitude first");
    assert_eq!(map.get("plane"), None);
    let plane: Value =
        serde_json::from_str(&written(&read("a.vrp", CVRP), OutputFormat::GeoJson)).unwrap();
    assert_eq!(plane["plane"], true);
}

#[test]
fn gpx_is_for_the_earth_only() {
    let text = written(&read("c.json", ON_THE_MAP), OutputFormat::Gpx);
    assert_eq!(text.matches("<rte>").count(), 2);
    assert_eq!(text.matches("<rtept ").count(), 10);
    assert!(text.contains("lat=\"45.76\" lon=\"4.83\""), "{text}");
    let instance = read("a.vrp", CVRP);
    let solution = search(&instance.problem, 1, 50).solution;
    let refused = write_solution(&instance, &solution, OutputFormat::Gpx).unwrap_err();
    assert!(refused.to_string().contains("plane"), "{refused}");
}

#[test]
fn what_has_no_coordinates_is_on_no_map() {
    let instance = read("e.vrp", EXPLICIT);
    let solution = search(&instance.problem, 1, 50).solution;
    for format in [OutputFormat::Gpx, OutputFormat::GeoJson] {
        let refused = write_solution(&instance, &solution, format).unwrap_err();
        assert!(refused.to_string().contains("no coordinates"), "{refused}");
    }
    let other = read("c.json", ON_THE_MAP);
    let solution = search(&other.problem, 1, 50).solution;
    let refused = write_solution(&other, &solution, OutputFormat::Routes).unwrap_err();
    assert!(refused.to_string().contains("vroom"), "{refused}");
}

#[test]
fn the_extension_decides_the_format() {
    for (file, format) in [
        ("a.sol", OutputFormat::Routes),
        ("a.CSV", OutputFormat::Csv),
        ("a.geojson", OutputFormat::GeoJson),
        ("a.gpx", OutputFormat::Gpx),
        ("a.json", OutputFormat::Own),
        ("a", OutputFormat::Own),
    ] {
        assert_eq!(OutputFormat::of_file(Path::new(file)), format);
    }
}
