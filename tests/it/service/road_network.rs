//! Questions about roads, against a real server.

use super::database::{Database, on_both_engines};
use super::server::Server;
use crate::network::map::{Map, at};
use reqwest::{Method, StatusCode, header};
use routeforce::app::road_networks::RoadNetworks;
use routeforce::domain::LatLon;
use routeforce::network::osm::{Profile, Vehicle};
use routeforce::network::{Network, SnapOptions, Snapped};
use routeforce::runtime::Cancel;
use serde_json::{Value, json};
use std::sync::LazyLock;

on_both_engines!(
    matrices_are_those_of_the_network,
    ways_are_told_and_drawn,
    places_are_put_on_roads,
    questions_about_roads_are_refused_by_name,
);

static NETWORKS: LazyLock<RoadNetworks> = LazyLock::new(|| {
    let mut networks = RoadNetworks::default();
    networks.add("car", town(Profile::Car)).unwrap();
    networks.add("foot", town(Profile::Foot)).unwrap();
    assert!(networks.add("again", town(Profile::Car)).is_err());
    networks
});

/// What the test server serves.
pub fn networks() -> RoadNetworks {
    NETWORKS.clone()
}

/// Two named streets that cross, one of them one-way for cars, and a street that leads nowhere else.
pub fn town(profile: Profile) -> Network {
    let mut map = Map::new();
    map.node(1, -500.0, 0.0, &[])
        .node(2, 500.0, 0.0, &[])
        .node(5, 0.0, 0.0, &[]);
    map.node(3, 0.0, -500.0, &[]).node(4, 0.0, 500.0, &[]);
    let street = |name| [("highway", "residential"), ("name", name)];
    map.way(1, &[1, 5, 2], &street("East Street"));
    let one_way = [&street("North Street")[..], &[("oneway", "yes")]].concat();
    map.way(2, &[3, 5, 4], &one_way);
    map.way(3, &[4, 2], &street("Long Street"))
        .way(4, &[1, 3], &street("Short Street"));
    map.build(profile, &Vehicle::default()).unwrap()
}

fn places() -> Vec<LatLon> {
    let near = [
        [-400.0, 3.0],
        [3.0, 400.0],
        [0.0, -300.0],
        [250.0, -1.0],
        [-400.0, 3.0],
    ];
    near.map(|[east, north]| at(east, north)).to_vec()
}

fn snapped(network: &Network, places: &[LatLon]) -> Vec<Option<Snapped>> {
    let options = SnapOptions::default();
    places
        .iter()
        .map(|place| network.snap(*place, &options))
        .collect()
}

async fn matrices_are_those_of_the_network(database: Database) {
    let server = Server::start(&database).await;
    let path = "/api/v1/roads/matrix";
    let mut places = places();
    places.push(at(90_000.0, 0.0));
    let request = json!({ "profile": "car", "places": places, "lengths": true });
    let (status, found) = server.send(Method::POST, path, &request).await;
    assert_eq!(status, StatusCode::OK, "{found}");
    let network = town(Profile::Car);
    let on_roads = snapped(&network, &places);
    let right = network
        .matrix(&on_roads, &on_roads, &Cancel::new())
        .unwrap();
    for row in 0..places.len() {
        for column in 0..places.len() {
            for (name, right) in [
                ("durations_s", right.seconds(row, column)),
                ("lengths_m", right.metres(row, column)),
            ] {
                let cell = found[name][row][column].as_f64();
                assert_eq!(cell.is_some(), right.is_some(), "{name} {row} {column}");
                let off = cell.zip(right).map_or(0.0, |(a, b)| (a - b).abs());
                assert!(off <= 0.0501, "{name} {row} {column}: {cell:?} {right:?}");
            }
        }
    }
    assert_eq!(found["off_road"], json!([{ "list": "places", "index": 5 }]));
    assert_eq!(
        (&found["profile"], &found["durations_s"][5][0]),
        (&json!("car"), &Value::Null)
    );
    assert!(
        found["attribution"]
            .as_str()
            .unwrap()
            .contains("OpenStreetMap")
    );
    // Durations alone, and from some to others, are parts of the same.
    let request = json!({ "profile": "car", "sources": [places[2]], "targets": places });
    let (_, part) = server.send(Method::POST, path, &request).await;
    assert_eq!(part["durations_s"], json!([found["durations_s"][2]]));
    assert!(part.get("lengths_m").is_none());
    assert_eq!(part["off_road"], json!([{ "list": "targets", "index": 5 }]));
    let request = json!({ "profile": "foot", "places": places[..2] });
    let (_, on_foot) = server.send(Method::POST, path, &request).await;
    assert!(on_foot["durations_s"][0][1].as_f64() > found["durations_s"][0][1].as_f64());
    // Text is packed only for those who ask for it.
    let sent = server
        .client
        .post(server.url(path))
        .json(&request)
        .send()
        .await
        .unwrap();
    assert!(sent.headers().get(header::CONTENT_ENCODING).is_none());
    server.stop().await;
}

async fn ways_are_told_and_drawn(database: Database) {
    let server = Server::start(&database).await;
    let path = "/api/v1/roads/route";
    let places = places();
    let request = json!({ "profile": "car", "places": [places[0], places[1], places[3]] });
    let (status, way) = server.send(Method::POST, path, &request).await;
    assert_eq!(status, StatusCode::OK, "{way}");
    let legs = way["legs"].as_array().unwrap();
    assert_eq!(legs.len(), 2);
    let sum = |name: &str| {
        legs.iter()
            .map(|leg| leg[name].as_f64().unwrap())
            .sum::<f64>()
    };
    for name in ["duration_s", "length_m"] {
        assert!(
            (way[name].as_f64().unwrap() - sum(name)).abs() < 0.001,
            "{way}"
        );
    }
    let words: Vec<&str> = legs[0]["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["what"].as_str().unwrap())
        .collect();
    assert_eq!(
        words,
        [
            "depart east on East Street",
            "turn left onto North Street",
            "arrive"
        ]
    );
    let network = town(Profile::Car);
    let ends = snapped(&network, &places);
    let right = network.route(ends[0].as_ref().unwrap(), ends[1].as_ref().unwrap());
    assert_eq!(
        legs[0]["duration_s"].as_f64(),
        Some(right.unwrap().unwrap().duration_s)
    );
    assert_eq!(way["geometry"]["type"], "LineString");
    let line = way["geometry"]["coordinates"].as_array().unwrap();
    let drawn: Vec<LatLon> = line
        .iter()
        .map(|p| LatLon {
            lat: p[1].as_f64().unwrap(),
            lon: p[0].as_f64().unwrap(),
        })
        .collect();
    let drawn_m: f64 = drawn
        .windows(2)
        .map(|pair| pair[0].great_circle_m(pair[1]))
        .sum();
    assert!((drawn_m - sum("length_m")).abs() < 2.0, "{drawn_m}");
    let far = json!({ "profile": "car", "places": [places[0], at(90_000.0, 0.0)] });
    let (status, problem) = server.send(Method::POST, path, &far).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem["input"]["field"], "places[1]", "{problem}");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("within 1000 m"),
        "{problem}"
    );
    server.stop().await;
}

async fn places_are_put_on_roads(database: Database) {
    let server = Server::start(&database).await;
    let path = "/api/v1/roads/snap";
    let request = json!({ "profile": "car", "places": [at(-400.0, 30.0), at(3.0, 250.0), at(0.0, 90_000.0)] });
    let (status, found) = server.send(Method::POST, path, &request).await;
    assert_eq!(status, StatusCode::OK, "{found}");
    let points = found["points"].as_array().unwrap();
    assert_eq!(
        (points[0]["road"].as_str(), &points[2]),
        (Some("East Street"), &Value::Null)
    );
    assert!((points[0]["distance_m"].as_f64().unwrap() - 30.0).abs() < 0.5);
    let bearings = |point: &Value| -> Vec<f64> {
        let all = point["bearings_deg"].as_array().unwrap().iter();
        all.map(|deg| deg.as_f64().unwrap().round()).collect()
    };
    assert_eq!(bearings(&points[0]), [90.0, 270.0]);
    assert_eq!(bearings(&points[1]), [0.0]);
    // On the north side traffic that keeps right goes west.
    let mut kerb = request.clone();
    kerb["approach"] = json!("kerb_right");
    let (_, found) = server.send(Method::POST, path, &kerb).await;
    assert_eq!(bearings(&found["points"][0]), [270.0]);
    kerb["within_m"] = json!(20.0);
    let (_, found) = server.send(Method::POST, path, &kerb).await;
    assert_eq!(found["points"][0], Value::Null);
    server.stop().await;
}

async fn questions_about_roads_are_refused_by_name(database: Database) {
    let server = Server::start(&database).await;
    let place = json!({ "lat": 49.4, "lon": 8.7 });
    let many = vec![place.clone(); 2_501];
    let cases = [
        (json!({ "profile": "car" }), 422, "places"),
        (
            json!({ "profile": "car", "places": [place], "sources": [place] }),
            422,
            "places",
        ),
        (
            json!({ "profile": "car", "sources": [place] }),
            422,
            "places",
        ),
        (json!({ "profile": "car", "places": [] }), 422, "places"),
        (
            json!({ "profile": "car", "sources": [place], "targets": [] }),
            422,
            "targets",
        ),
        (
            json!({ "profile": "car", "places": [place, { "lat": 91.0, "lon": 0.0 }] }),
            422,
            "places[1].lat",
        ),
        (
            json!({ "profile": "car", "sources": vec![&place; 2_500], "targets": many }),
            422,
            "",
        ),
        (
            json!({ "profile": "car", "places": vec![&place; 10_001] }),
            422,
            "places",
        ),
        (
            json!({ "profile": "car", "places": [place], "within_m": 0.0 }),
            422,
            "within_m",
        ),
        (
            json!({ "profile": "car", "places": [place], "approach": "left" }),
            422,
            "approach",
        ),
        (
            json!({ "profile": "horse", "places": [place] }),
            422,
            "profile",
        ),
        (json!({ "places": [place] }), 422, "profile"),
        (json!({ "profile": "truck", "places": [place] }), 404, ""),
    ];
    for (request, status, field) in cases {
        let (found, problem) = server
            .send(Method::POST, "/api/v1/roads/matrix", &request)
            .await;
        assert_eq!(found.as_u16(), status, "{field}: {problem}");
        if !field.is_empty() {
            assert_eq!(problem["input"]["field"], field, "{problem}");
        }
        if status == 404 {
            let detail = problem["detail"].as_str().unwrap();
            assert!(
                detail.contains("truck") && detail.contains("car, foot"),
                "{detail}"
            );
        }
    }
    for (path, places) in [
        ("route", vec![&place]),
        ("route", vec![&place; 101]),
        ("snap", vec![]),
    ] {
        let request = json!({ "profile": "car", "places": places });
        let (status, problem) = server
            .send(Method::POST, &format!("/api/v1/roads/{path}"), &request)
            .await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(problem["input"]["field"], "places", "{problem}");
    }
    server.stop().await;
}
