//! Hierarchies and forecasts of their groups, through the interface.

use super::database::{Database, on_both_engines};
use super::demand_jobs::{PATH, done, hierarchy};
use super::demand_maker::{NEXT, table};
use super::server::Server;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

on_both_engines!(
    a_job_forecasts_series_and_groups,
    groups_are_forgotten_when_they_are_sums_no_longer,
    groups_are_taken_in_with_their_series,
    hierarchies_are_refused,
);

async fn put(server: &Server, hierarchy: &Value) -> (StatusCode, Value) {
    server
        .send(Method::PUT, "/api/v1/hierarchy", hierarchy)
        .await
}

async fn forecast(server: &Server) -> Value {
    let request = json!({ "table": table(&["a", "bb", "ccc", "dddd"]), "horizon": 2 });
    done(server, PATH, &request).await
}

/// Level, group and mean of every forecast of a group, first step first.
async fn groups(server: &Server, query: &str) -> Vec<(String, String, f64)> {
    let (status, page) = server
        .get(&format!("/api/v1/forecasts/groups?{query}"))
        .await;
    assert_eq!(status, StatusCode::OK, "{page}");
    let text = |item: &Value, field: &str| item[field].as_str().unwrap().to_owned();
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|i| {
            (
                text(i, "level"),
                text(i, "group"),
                i["mean"].as_f64().unwrap(),
            )
        })
        .collect()
}

fn found(rows: &[(&str, &str, f64)]) -> Vec<(String, String, f64)> {
    rows.iter()
        .map(|(level, group, mean)| ((*level).into(), (*group).into(), *mean))
        .collect()
}

async fn a_job_forecasts_series_and_groups(database: Database) {
    let server = Server::start(&database).await;
    let (status, kept) = put(&server, &hierarchy()).await;
    assert_eq!((status, &kept), (StatusCode::OK, &hierarchy()));
    let report = forecast(&server).await;
    assert_eq!(
        (&report["forecasts"], &report["group_forecasts"]),
        (&json!(8), &json!(8))
    );
    assert_eq!(report["ungrouped"], json!(["dddd"]));
    assert_eq!(report["from"], NEXT);
    let (_, page) = server.get("/api/v1/forecasts?series_id=bb").await;
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    // One step of every group; the series outside is in no sum.
    let first = groups(&server, "to=2026-03-02").await;
    let sums = [
        ("area", "north", 3.0),
        ("area", "south", 3.0),
        ("depot", "hub", 6.0),
        ("total", "total", 6.0),
    ];
    assert_eq!(first, found(&sums));
    let south = groups(&server, "level=area&group=south").await;
    assert_eq!(
        south,
        found(&[("area", "south", 3.0), ("area", "south", 13.0)])
    );
    // Page by page the same.
    let (mut paged, mut cursor) = (0, String::new());
    loop {
        let path = format!("/api/v1/forecasts/groups?limit=3{cursor}");
        let (_, page) = server.get(&path).await;
        paged += page["items"].as_array().unwrap().len();
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(paged, 8);
    server.stop().await;
}

async fn groups_are_forgotten_when_they_are_sums_no_longer(database: Database) {
    let server = Server::start(&database).await;
    put(&server, &hierarchy()).await;
    forecast(&server).await;
    let changed = json!({ "forecasts": [
        { "series_id": "ccc", "ts": NEXT, "p10": 0.0, "p50": 1.0, "p90": 2.0, "mean": 1.0 }
    ] });
    server
        .send(Method::POST, "/api/v1/forecasts", &changed)
        .await;
    // The other group and the other step are sums still.
    let first = groups(&server, "to=2026-03-02").await;
    assert_eq!(first, found(&[("area", "north", 3.0)]));
    assert_eq!(groups(&server, "from=2026-03-03").await.len(), 4);
    // The same hierarchy changes nothing, another one everything.
    put(&server, &hierarchy()).await;
    assert_eq!(groups(&server, "").await.len(), 5);
    let (status, kept) = put(&server, &json!({ "levels": [], "series": [] })).await;
    assert_eq!((status, &kept["series"]), (StatusCode::OK, &json!([])));
    assert!(groups(&server, "").await.is_empty());
    assert_eq!(forecast(&server).await["group_forecasts"], 0);
    server.stop().await;
}

async fn groups_are_taken_in_with_their_series(database: Database) {
    let server = Server::start(&database).await;
    put(&server, &hierarchy()).await;
    let row = |mean: f64| json!({ "ts": NEXT, "p10": 0.0, "p50": 1.0, "p90": 9.0, "mean": mean });
    let series = |id: &str, mean: f64| {
        let mut row = row(mean);
        row["series_id"] = json!(id);
        row
    };
    let group = |level: &str, group: &str, mean: f64| {
        let mut row = row(mean);
        (row["level"], row["group"]) = (json!(level), json!(group));
        row
    };
    let cases = [
        (
            group("area", "north", 4.0),
            StatusCode::UNPROCESSABLE_ENTITY,
            "groups[0].mean",
        ),
        (
            group("area", "east", 3.0),
            StatusCode::UNPROCESSABLE_ENTITY,
            "groups[0]",
        ),
        (
            group("depot", "hub", 3.0),
            StatusCode::UNPROCESSABLE_ENTITY,
            "groups[0]",
        ),
        (group("area", "north", 3.0), StatusCode::OK, ""),
    ];
    for (group, expected, field) in cases {
        let batch =
            json!({ "forecasts": [series("a", 1.0), series("bb", 2.0)], "groups": [group] });
        let (status, answer) = server.send(Method::POST, "/api/v1/forecasts", &batch).await;
        assert_eq!(status, expected, "{answer}");
        if !field.is_empty() {
            assert_eq!(answer["input"]["field"], field, "{answer}");
            assert!(groups(&server, "").await.is_empty());
        }
    }
    assert_eq!(groups(&server, "").await, found(&[("area", "north", 3.0)]));
    server.stop().await;
}

async fn hierarchies_are_refused(database: Database) {
    let server = Server::start(&database).await;
    let change = |pointer: &str, value: Value| {
        let mut table = hierarchy();
        *table.pointer_mut(pointer).unwrap() = value;
        table
    };
    let cases = [
        (change("/levels", json!([])), "levels"),
        (change("/levels/1", json!("area")), "levels[1]"),
        (change("/levels/1", json!("total")), "levels[1]"),
        (change("/levels/0", json!("")), "levels[0]"),
        (
            change("/series/2/series_id", json!("a")),
            "series[2].series_id",
        ),
        (
            change("/series/0/series_id", json!("a\u{0}")),
            "series[0].series_id",
        ),
        (
            change("/series/1/groups", json!(["north"])),
            "series[1].groups",
        ),
        (
            change("/series/1/groups/1", json!("")),
            "series[1].groups[1]",
        ),
        (change("/series", json!([])), "levels"),
    ];
    for (table, field) in cases {
        let (status, problem) = put(&server, &table).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
        assert_eq!(problem["input"]["field"], field, "{problem}");
    }
    let (_, kept) = server.get("/api/v1/hierarchy").await;
    assert_eq!(kept, json!({ "levels": [], "series": [] }));
    server.stop().await;
}
