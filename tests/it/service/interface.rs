//! The rest of the interface.

use super::database::{Database, on_both_engines};
use super::samples::{alert, date, day, morning, plan, position};
use super::server::Server;
use chrono::TimeDelta;
use reqwest::{Method, StatusCode, header};
use routeforce::app::demo;
use routeforce::domain::Document;
use routeforce::domain::kpi::KpiReport;
use routeforce::store::DEFAULT_TENANT;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

on_both_engines!(
    lists_come_in_pages,
    plans_are_imported_once,
    forecasts_are_filtered,
    alerts_are_acknowledged_once,
    a_demo_is_imported_and_reports_come_back,
    operations_answer,
    the_matrix_is_by_departure_origin_destination,
    anomalies_are_found_in_what_is_sent,
    models_are_listed_and_unknown_ones_refused,
    every_route_is_described,
);

/// All items of a list, asked for by `limit`.
async fn all(server: &Server, path: &str, limit: usize) -> Vec<Value> {
    let mut items = Vec::new();
    let mut cursor = String::new();
    loop {
        let (status, page) = server.get(&format!("{path}?limit={limit}{cursor}")).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        let found = page["items"].as_array().unwrap();
        assert!(found.len() <= limit);
        items.extend(found.iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

async fn lists_come_in_pages(database: Database) {
    let server = Server::start(&database).await;
    let fixes: Vec<_> = (0..7).map(|i| position(&format!("van-{i}"), i)).collect();
    let batch = json!({ "positions": fixes });
    server.send(Method::POST, "/api/v1/positions", &batch).await;
    for i in 0..7 {
        // Two plans of one instant: the id decides.
        let made = morning() + TimeDelta::seconds(i / 2);
        let plan = plan(Uuid::now_v7(), made);
        server.app.import_plan(DEFAULT_TENANT, &plan).await.unwrap();
    }
    for limit in [1, 2, 3, 7, 100] {
        let vehicles = all(&server, "/api/v1/vehicles", limit).await;
        let ids: Vec<_> = vehicles
            .iter()
            .map(|v| v["vehicle_id"].as_str().unwrap())
            .collect();
        assert_eq!(
            ids,
            [
                "van-0", "van-1", "van-2", "van-3", "van-4", "van-5", "van-6"
            ]
        );
        let plans = all(&server, "/api/v1/plans", limit).await;
        let ids: BTreeSet<_> = plans.iter().map(|p| p["id"].to_string()).collect();
        assert_eq!((plans.len(), ids.len()), (7, 7));
        assert!(plans.is_sorted_by(|a, b| a["created_at"].as_str() >= b["created_at"].as_str()));
    }
    for query in [
        "limit=0",
        "limit=1001",
        "limit=x",
        "cursor=zz",
        "cursor=1_0",
    ] {
        let (status, problem) = server.get(&format!("/api/v1/plans?{query}")).await;
        assert_eq!(
            status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{query}: {problem}"
        );
        assert_eq!(problem["input"]["source"], "query");
    }
    server.stop().await;
}

async fn plans_are_imported_once(database: Database) {
    let server = Server::start(&database).await;
    let plan = plan(Uuid::now_v7(), morning());
    let path = format!("/api/v1/plans/{}", plan.id);
    let mut document = plan.to_json().unwrap();
    let (status, summary) = server.send(Method::PUT, &path, &document).await;
    assert_eq!(
        (status, &summary["stops"]),
        (StatusCode::CREATED, &json!(0))
    );
    let (status, _) = server.send(Method::PUT, &path, &document).await;
    assert_eq!(status, StatusCode::OK);
    let (_, read) = server.get(&path).await;
    assert_eq!(read, document);
    document["cost"]["fixed"] = json!(1.0);
    let (status, problem) = server.send(Method::PUT, &path, &document).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::CONFLICT, &json!("conflict"))
    );
    let elsewhere = format!("/api/v1/plans/{}", Uuid::now_v7());
    let (status, problem) = server.send(Method::PUT, &elsewhere, &document).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem["input"]["field"], "id");
    document["schema"] = json!("routeforce.plan/99");
    let (status, problem) = server.send(Method::PUT, &path, &document).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem["input"]["value"], "\"routeforce.plan/99\"");
    server.stop().await;
}

async fn forecasts_are_filtered(database: Database) {
    let server = Server::start(&database).await;
    let forecast = |series: &str, day: u32, p50: f64| {
        json!({ "series_id": series, "ts": format!("2026-03-{day:02}T00:00:00"),
                "p10": 0.0, "p50": p50, "p90": 9.0, "mean": 2.5 })
    };
    let batch: Vec<_> = (1..=5)
        .flat_map(|day| [forecast("a", day, 1.0), forecast("b", day, 2.0)])
        .collect();
    let body = json!({ "forecasts": batch });
    let (_, receipt) = server.send(Method::POST, "/api/v1/forecasts", &body).await;
    assert_eq!(receipt["stored"], 10);
    let again = json!({ "forecasts": [forecast("a", 2, 5.0)] });
    server.send(Method::POST, "/api/v1/forecasts", &again).await;
    let (_, page) = server
        .get("/api/v1/forecasts?series_id=a&from=2026-03-02&to=2026-03-03")
        .await;
    assert_eq!(
        page["items"],
        json!([forecast("a", 2, 5.0), forecast("a", 3, 1.0)])
    );
    assert_eq!(all(&server, "/api/v1/forecasts", 3).await.len(), 10);
    let crossed = json!({ "forecasts": [{ "series_id": "a", "ts": "2026-03-01T00:00:00",
        "p10": 3.0, "p50": 2.0, "p90": 9.0, "mean": 2.0 }] });
    let (status, problem) = server
        .send(Method::POST, "/api/v1/forecasts", &crossed)
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem["input"]["field"], "forecasts[0]");
    server.stop().await;
}

async fn alerts_are_acknowledged_once(database: Database) {
    let server = Server::start(&database).await;
    let raised = [alert(1), alert(2)];
    assert_eq!(
        server
            .app
            .raise_alerts(DEFAULT_TENANT, &raised)
            .await
            .unwrap(),
        2
    );
    assert_eq!(
        server
            .app
            .raise_alerts(DEFAULT_TENANT, &raised)
            .await
            .unwrap(),
        0
    );
    let path = format!("/api/v1/alerts/{}/acknowledge", alert(1).id);
    let (status, seen) = server
        .send(Method::POST, &path, &json!({ "by": "ann" }))
        .await;
    assert_eq!(
        (status, &seen["acknowledged_by"]),
        (StatusCode::OK, &json!("ann"))
    );
    let (_, again) = server
        .send(Method::POST, &path, &json!({ "by": "bob" }))
        .await;
    assert_eq!(again, seen);
    let (_, open) = server.get("/api/v1/alerts?acknowledged=false").await;
    assert_eq!(open["items"].as_array().unwrap().len(), 1);
    assert_eq!(open["items"][0]["id"], json!(alert(2).id));
    let missing = format!("/api/v1/alerts/{}/acknowledge", Uuid::now_v7());
    let (status, _) = server
        .send(Method::POST, &missing, &json!({ "by": "ann" }))
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    server.stop().await;
}

async fn a_demo_is_imported_and_reports_come_back(database: Database) {
    let server = Server::start(&database).await;
    // In a folder called `reports`, as the demo's default is: only what lies below counts.
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("reports");
    let driven = plan(Uuid::now_v7(), morning());
    driven.write(&root.join("plan/plan.json")).unwrap();
    plan(Uuid::now_v7(), morning())
        .write(&root.join("plan/other.json"))
        .unwrap();
    day(driven.id).write(&root.join("day/day.json")).unwrap();
    let kpis = KpiReport {
        date: date(),
        kpis: Vec::new(),
    };
    kpis.write(&root.join("day/kpis.json")).unwrap();
    let alerts = serde_json::to_vec(&[alert(1)]).unwrap();
    std::fs::write(root.join("day/alerts.json"), alerts).unwrap();
    let roads = r#"{"type":"FeatureCollection","features":[]}"#;
    std::fs::write(root.join("roads.geojson"), roads).unwrap();
    std::fs::write(root.join("orders.csv"), "raw").unwrap();
    let reports = root.join("reports/2026-03-02");
    std::fs::create_dir_all(&reports).unwrap();
    std::fs::write(reports.join("report.html"), "<h1>Monday</h1>").unwrap();
    std::fs::write(reports.join("stops.csv"), "stop_id\n").unwrap();

    for _ in 0..2 {
        let found = demo::read(&root).unwrap();
        let replayed = server.app.import_demo(DEFAULT_TENANT, found).await.unwrap();
        assert_eq!(replayed.unwrap().plan_id, driven.id);
    }
    let (_, plans) = server.get("/api/v1/plans").await;
    assert_eq!(plans["items"].as_array().unwrap().len(), 1);
    let (_, record) = server.get("/api/v1/days/2026-03-02").await;
    assert_eq!(
        (&record["plan_id"], &record["positions"]),
        (&json!(driven.id), &json!([]))
    );
    let (_, record) = server.get("/api/v1/days/2026-03-02?positions=true").await;
    assert_eq!(record["positions"].as_array().unwrap().len(), 20);
    assert_eq!(
        server.get("/api/v1/kpis/2026-03-02").await.1["schema"],
        "routeforce.kpi-report/1"
    );
    assert_eq!(
        server.get("/api/v1/alerts").await.1["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        server.get("/api/v1/roads").await.1["type"],
        "FeatureCollection"
    );
    let names: Vec<_> = all(&server, "/api/v1/reports", 1).await;
    let urls: Vec<_> = names.iter().map(|r| r["url"].as_str().unwrap()).collect();
    assert_eq!(
        urls,
        [
            "/api/v1/reports/2026-03-02/stops.csv",
            "/api/v1/reports/2026-03-02/report.html"
        ]
    );
    let response = server.client.get(server.url(urls[1])).send().await.unwrap();
    assert_eq!(
        response.headers()[header::CONTENT_TYPE],
        "text/html; charset=utf-8"
    );
    assert!(
        response.headers()[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap()
            .contains("sandbox")
    );
    assert_eq!(response.text().await.unwrap(), "<h1>Monday</h1>");
    for name in ["..%2f..%2fetc%2fpasswd", "nothing.html", "%2e%2e"] {
        let (status, _) = server
            .get(&format!("/api/v1/reports/2026-03-02/{name}"))
            .await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{name}");
    }
    server.stop().await;
}

async fn operations_answer(database: Database) {
    let server = Server::start(&database).await;
    assert_eq!(server.get("/livez").await.1["status"], "alive");
    let (status, ready) = server.get("/readyz").await;
    assert_eq!(
        (status, &ready["status"]),
        (StatusCode::OK, &json!("ready"))
    );
    let response = server.client.get(server.url("/")).send().await.unwrap();
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/html");
    assert!(response.headers().contains_key("x-request-id"));
    assert!(response.text().await.unwrap().contains("RouteForce"));
    let response = server
        .client
        .get(server.url("/metrics"))
        .send()
        .await
        .unwrap();
    let text = response.text().await.unwrap();
    for name in [
        "routeforce_http_requests_total{method=\"GET\",route=\"/livez\",status=\"200\"}",
        "routeforce_http_request_seconds_bucket",
        "routeforce_jobs{state=\"queued\"} 0",
    ] {
        assert!(text.contains(name), "{name} is not in {text}");
    }
    server.stop().await;
}

async fn the_matrix_is_by_departure_origin_destination(database: Database) {
    let server = Server::start(&database).await;
    let mut request = json!({
        "places": [{ "lat": 52.5, "lon": 13.4 }, { "lat": 52.6, "lon": 13.5 }],
        "departures": ["2026-03-02T08:00:00+01:00", "2026-03-02T09:00:00+01:00"],
        "time_zone": "Europe/Berlin"
    });
    let path = "/api/v1/travel-times/matrix";
    let (status, matrix) = server.send(Method::POST, path, &request).await;
    assert_eq!(status, StatusCode::OK, "{matrix}");
    assert_eq!(matrix["model"], "travel-time/7");
    assert_eq!(
        matrix["p50_s"],
        json!([[[0.0, 1.0], [2.0, 3.0]], [[4.0, 5.0], [6.0, 7.0]]])
    );
    assert_eq!(matrix["p90_s"][1][1][0], 6.5);
    request["profile"] = json!("unknown");
    let (status, problem) = server.send(Method::POST, path, &request).await;
    let code = &problem["code"];
    assert_eq!(
        (status, code),
        (StatusCode::SERVICE_UNAVAILABLE, &json!("model-unavailable"))
    );
    server.stop().await;
}

async fn anomalies_are_found_in_what_is_sent(database: Database) {
    let server = Server::start(&database).await;
    let first = chrono::NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
    let ts: Vec<String> = first
        .iter_days()
        .take(200)
        .map(|d| format!("{d}T00:00:00"))
        .collect();
    let mut y: Vec<Value> = (0..200).map(|row| json!(40 + row * 5 % 7)).collect();
    (y[180], y[20]) = (json!(400), Value::Null);
    let mut request = json!({ "series": [{ "series_id": "north", "ts": ts, "y": y }] });
    let path = "/api/v1/anomalies";
    let (status, found) = server.send(Method::POST, path, &request).await;
    assert_eq!(status, StatusCode::OK, "{found}");
    assert_eq!(found["series"][0]["alerts"], json!([180]));
    assert_eq!(found["series"][0]["score"].as_array().unwrap().len(), 200);
    request["series"][0]["y"].as_array_mut().unwrap().pop();
    let (status, problem) = server.send(Method::POST, path, &request).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    assert!(problem.to_string().contains("series[0].y"), "{problem}");
    server.stop().await;
}

async fn models_are_listed_and_unknown_ones_refused(database: Database) {
    let server = Server::start(&database).await;
    let (status, models) = server.get("/api/v1/models").await;
    assert_eq!((status, &models["items"]), (StatusCode::OK, &json!([])));
    for path in [
        "/api/v1/models/demand/none/promote",
        "/api/v1/models/demand/rollback",
    ] {
        let (status, problem) = server.send(Method::POST, path, &json!({})).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    }
    let (status, _) = server.get("/api/v1/models/demand/versions/none/card").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    server.stop().await;
}

async fn every_route_is_described(database: Database) {
    let server = Server::start(&database).await;
    let (_, document) = server.get("/openapi.json").await;
    assert_eq!(document["openapi"], "3.1.0");
    let mut references = Vec::new();
    references_in(&document, &mut references);
    assert!(references.len() > 50);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(
            document.pointer(pointer).is_some(),
            "{reference} leads nowhere"
        );
    }
    // Every schema is itself valid JSON Schema 2020-12.
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(
            jsonschema::draft202012::meta::is_valid(schema),
            "{name} is no schema"
        );
    }
    // Every described operation is there: whatever it answers, not "nothing at" or "not taken".
    let id = Uuid::now_v7().to_string();
    let mut operations = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path
            .replace("{id}", &id)
            .replace("{date}", "2026-03-02")
            .replace("{name}", "x")
            .replace("{version}", "x")
            .replace("{vehicle_id}", "x");
        for method in item.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let url = server.url(&path);
            let response = server
                .client
                .request(method.clone(), url)
                .send()
                .await
                .unwrap();
            let status = response.status();
            assert_ne!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            let text = response.text().await.unwrap();
            assert!(!text.contains("nothing at"), "{method} {path}: {text}");
            operations += 1;
        }
    }
    assert!(operations >= 34, "{operations} operations");
    server.stop().await;
}

fn references_in(json: &Value, found: &mut Vec<String>) {
    match json {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get("$ref") {
                found.push(reference.clone());
            }
            object
                .values()
                .for_each(|value| references_in(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references_in(item, found)),
        _ => {}
    }
}
