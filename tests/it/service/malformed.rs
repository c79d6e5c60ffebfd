//! Whatever is wrong, the answer is problem+json that says what and where.

use super::database::{Database, on_both_engines};
use super::samples::{plan_request, position};
use super::server::Server;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

on_both_engines!(
    bodies_are_refused,
    values_are_refused,
    paths_and_methods_are_refused
);

/// Sends bytes; gives the problem, having checked its form.
async fn refused(server: &Server, path: &str, body: Vec<u8>, content_type: &str) -> Value {
    let request = server.client.post(server.url(path)).body(body);
    let request = request.header(header::CONTENT_TYPE, content_type);
    problem(request.send().await.unwrap()).await
}

async fn problem(response: reqwest::Response) -> Value {
    let status = response.status();
    assert!(status.is_client_error(), "{status}");
    assert_eq!(
        response.headers()[header::CONTENT_TYPE],
        "application/problem+json"
    );
    let id = response.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let problem: Value = response.json().await.unwrap();
    assert_eq!(problem["status"], status.as_u16());
    assert_eq!(problem["request_id"], id);
    let kind = format!(
        "urn:routeforce:problem:{}",
        problem["code"].as_str().unwrap()
    );
    assert_eq!(problem["type"], kind);
    assert!(!problem["detail"].as_str().unwrap().is_empty());
    problem
}

async fn bodies_are_refused(database: Database) {
    let server = Server::start(&database).await;
    let good = json!({ "positions": [position("van-1", 0)] }).to_string();
    let with = |from: &str, to: &str| good.replace(from, to).into_bytes();
    let cases: Vec<(&str, Vec<u8>, u16, Option<&str>)> = vec![
        ("empty", Vec::new(), 400, None),
        ("cut off", good.as_bytes()[..40].to_vec(), 400, None),
        (
            "not JSON",
            b"vehicle_id,ts\nvan-1,now\n".to_vec(),
            400,
            None,
        ),
        ("two values", [good.as_bytes(), b" {}"].concat(), 400, None),
        (
            "bad UTF-8",
            with("van-1", "van-\u{1}")
                .into_iter()
                .map(|b| if b == 1 { 0xff } else { b })
                .collect(),
            400,
            None,
        ),
        ("NaN", with("52.5", "NaN"), 400, None),
        ("infinite", with("52.5", "1e999"), 400, None),
        ("deep", vec![b'['; 100_000], 422, None),
        ("an array", b"[]".to_vec(), 422, Some("(whole body)")),
        (
            "text for a number",
            with("52.5", "\"north\""),
            422,
            Some("positions[0]"),
        ),
        (
            "null for a text",
            with("\"van-1\"", "null"),
            422,
            Some("positions[0].vehicle_id"),
        ),
        (
            "no such instant",
            with("07:00:00", "25:00:00"),
            422,
            Some("positions[0].ts"),
        ),
        (
            "without a field",
            with("\"speed_kmh\"", "\"kmh\""),
            422,
            Some("positions[0]"),
        ),
        (
            "an unknown field",
            with("\"positions\"", "\"fixes\""),
            422,
            Some("fixes"),
        ),
    ];
    for (name, body, status, field) in cases {
        let problem = refused(&server, "/api/v1/positions", body, "application/json").await;
        assert_eq!(problem["status"], status, "{name}: {problem}");
        assert_eq!(problem["input"]["source"], "request body", "{name}");
        assert!(
            !problem["input"]["remedy"].as_str().unwrap().is_empty(),
            "{name}"
        );
        if let Some(field) = field {
            assert_eq!(problem["input"]["field"], field, "{name}: {problem}");
        }
    }
    let long = format!("{{\"positions\":\"{}\"}}", "x".repeat(10_000_000)).into_bytes();
    let problem = refused(&server, "/api/v1/positions", long, "application/json").await;
    assert_eq!(problem["code"], "payload-too-large");
    let form = good.clone().into_bytes();
    let problem = refused(&server, "/api/v1/positions", form, "text/plain").await;
    assert_eq!(problem["code"], "unsupported-media-type");
    // Nothing of all that was stored.
    assert_eq!(server.get("/api/v1/vehicles").await.1["items"], json!([]));
    server.stop().await;
}

async fn values_are_refused(database: Database) {
    let server = Server::start(&database).await;
    let position = |field: &str, value: Value| {
        let mut fix = serde_json::to_value(position("van-1", 0)).unwrap();
        fix[field] = value;
        (
            "/api/v1/positions",
            json!({ "positions": [fix] }),
            format!("positions[0].{field}"),
        )
    };
    let plan = |pointer: &str, value: Value, field: &str| {
        let mut request = plan_request(1);
        *request.pointer_mut(pointer).unwrap() = value;
        ("/api/v1/plans", request, field.to_owned())
    };
    let overlapping = json!([
        { "start": "2026-03-02T08:00:00Z", "end": "2026-03-02T10:00:00Z" },
        { "start": "2026-03-02T09:00:00Z", "end": "2026-03-02T11:00:00Z" }
    ]);
    let reversed = json!([{ "start": "2026-03-02T10:00:00Z", "end": "2026-03-02T08:00:00Z" }]);
    let stop = plan_request(1)["stops"][0].clone();
    let cases = [
        position("lat", json!(95.0)),
        position("lon", json!(-181.0)),
        position("speed_kmh", json!(-1.0)),
        position("speed_kmh", json!(2_000.0)),
        position("heading_deg", json!(720.0)),
        position("vehicle_id", json!("")),
        position("vehicle_id", json!("van\u{0}")),
        position("ts", json!("2126-03-02T07:00:00Z")),
        (
            "/api/v1/positions",
            json!({ "positions": [] }),
            "positions".into(),
        ),
        plan("/time_zone", json!("Berlin"), "time_zone"),
        plan("/basis", json!("perfect"), "basis"),
        plan("/time_limit_s", json!(0.0), "time_limit_s"),
        plan("/stops", json!([]), "stops"),
        plan("/stops", json!([stop, stop]), "stops[1].id"),
        plan("/stops/0/place/lat", json!(152.0), "stops[0].place.lat"),
        plan(
            "/stops/0/quantities/kg",
            json!(-2.0),
            "stops[0].quantities.kg",
        ),
        plan("/stops/0/service_s", json!(-2), "stops[0].service_s"),
        plan("/stops/0/windows", overlapping, "stops[0].windows[1]"),
        plan("/stops/0/windows", reversed, "stops[0].windows[0]"),
        plan("/fleet/vehicles", json!([]), "fleet.vehicles"),
        plan(
            "/fleet/vehicles/0/start_depot",
            json!("moon"),
            "fleet.vehicles[0].start_depot",
        ),
        plan(
            "/fleet/vehicles/0/cost_per_km",
            json!(-1.0),
            "fleet.vehicles[0].cost_per_km",
        ),
    ];
    for (path, body, field) in cases {
        let response = server
            .client
            .post(server.url(path))
            .json(&body)
            .send()
            .await
            .unwrap();
        let problem = problem(response).await;
        assert_eq!(problem["code"], "invalid-input", "{field}: {problem}");
        assert_eq!(problem["input"]["field"], field, "{problem}");
    }
    assert_eq!(server.get("/api/v1/jobs").await.1["items"], json!([]));
    server.stop().await;
}

async fn paths_and_methods_are_refused(database: Database) {
    let server = Server::start(&database).await;
    let cases = [
        (Method::GET, "/api/v1/nothing", 404, "not-found"),
        (Method::GET, "/favicon.php", 404, "not-found"),
        (Method::GET, "/..%2f..%2fetc/passwd", 404, "not-found"),
        (Method::POST, "/", 404, "not-found"),
        (
            Method::DELETE,
            "/api/v1/positions",
            405,
            "method-not-allowed",
        ),
        (Method::GET, "/api/v1/positions", 405, "method-not-allowed"),
        (
            Method::GET,
            "/api/v1/plans/not-a-uuid",
            422,
            "invalid-input",
        ),
        (Method::GET, "/api/v1/kpis/2026-13-01", 422, "invalid-input"),
        (Method::GET, "/api/v1/kpis/2026-03-01", 404, "not-found"),
        (
            Method::GET,
            "/api/v1/plans?date=tomorrow",
            422,
            "invalid-input",
        ),
        (Method::GET, "/api/v1/jobs?state=lost", 422, "invalid-input"),
        (
            Method::GET,
            "/api/v1/vehicles/x/positions?from=now",
            422,
            "invalid-input",
        ),
        (Method::GET, "/api/v1/live", 400, "bad-request"),
        (Method::POST, "/api/v1/plans", 415, "unsupported-media-type"),
    ];
    for (method, path, status, code) in cases {
        let request = server.client.request(method.clone(), server.url(path));
        let problem = problem(request.send().await.unwrap()).await;
        let found = (problem["status"].as_u64(), problem["code"].as_str());
        assert_eq!(
            found,
            (Some(status), Some(code)),
            "{method} {path}: {problem}"
        );
    }
    let allowed = server
        .client
        .delete(server.url("/api/v1/positions"))
        .send()
        .await
        .unwrap();
    assert_eq!(allowed.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(allowed.headers()[header::ALLOW], "POST");
    server.stop().await;
}
