//! Backtests and forecasts as jobs, through the interface.

use super::database::{Database, on_both_engines};
use super::demand_maker::{NEXT, table};
use super::samples::{morning, plan_request};
use super::server::{AT_ONCE, FAIL, Server, TestPlanner, UNTIL_CANCELLED, app};
use reqwest::{Method, StatusCode};
use routeforce::app::Code;
use routeforce::app::hierarchy::HierarchyTable;
use routeforce::app::job_kinds::forecast::ForecastRequest;
use routeforce::app::rows::GroupFilter;
use routeforce::domain::forecast::{DemandForecast, Quantiles};
use routeforce::domain::hierarchy::Hierarchy;
use routeforce::store::{
    DEFAULT_TENANT, ForecastRows, JobState, NewJob, Outcome, StoreError, Take, TenantScope,
};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

on_both_engines!(
    a_backtest_is_cancelled,
    a_backtest_holds_up_no_plan,
    a_stop_hands_a_backtest_back,
    a_csv_table_stands_for_a_request,
    requests_are_refused,
    a_repeated_request_is_one_job,
    forecasts_by_another_hierarchy_are_dropped,
    nothing_is_seen_across_tenants,
);

pub const PATH: &str = "/api/v1/forecast-jobs";

pub fn hierarchy() -> Value {
    let row = |id: &str, area: &str| json!({ "series_id": id, "groups": [area, "hub"] });
    json!({ "levels": ["area", "depot"], "series": [
        row("a", "north"), row("bb", "north"), row("ccc", "south")
    ] })
}

/// Asks for something at a path and waits for its result, which is given.
pub async fn done(server: &Server, path: &str, request: &Value) -> Value {
    let (status, job) = server.send(Method::POST, path, request).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{job}");
    let job = server
        .job_in(job["id"].as_str().unwrap(), "succeeded")
        .await;
    let (status, report) = server.get(job["result"].as_str().unwrap()).await;
    assert_eq!(status, StatusCode::OK, "{report}");
    report
}

fn backtest(seed: u64) -> Value {
    json!({ "table": table(&["a"]), "horizon": 7, "seed": seed })
}

async fn ask(server: &Server, path: &str, request: &Value) -> String {
    let (status, job) = server.send(Method::POST, path, request).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{job}");
    job["id"].as_str().unwrap().to_owned()
}

async fn a_backtest_is_cancelled(database: Database) {
    let server = Server::start(&database).await;
    let id = ask(&server, "/api/v1/backtests", &backtest(UNTIL_CANCELLED)).await;
    let job = server.job_in(&id, "running").await;
    assert_eq!(job["kind"], "backtest");
    let (status, _) = server
        .send(Method::DELETE, &format!("/api/v1/jobs/{id}"), &Value::Null)
        .await;
    assert_eq!(status, StatusCode::ACCEPTED);
    let job = server.job_in(&id, "cancelled").await;
    assert_eq!(job["result"], Value::Null);
    let (status, _) = server.get(&format!("/api/v1/backtests/{id}")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    // The worker lives on.
    let failed = ask(&server, "/api/v1/backtests", &backtest(FAIL)).await;
    let job = server.job_in(&failed, "failed").await;
    assert_eq!(job["error"], "no model in the folder");
    let report = done(&server, "/api/v1/backtests", &backtest(AT_ONCE)).await;
    assert_eq!(
        (&report["horizon"], &report["series"]),
        (&json!(7), &json!(1))
    );
    server.stop().await;
}

async fn a_backtest_holds_up_no_plan(database: Database) {
    let server = Server::start(&database).await;
    let path = "/api/v1/backtests";
    let training = ask(&server, path, &backtest(UNTIL_CANCELLED)).await;
    server.job_in(&training, "running").await;
    let waiting = ask(&server, path, &backtest(AT_ONCE)).await;
    let plan = ask(&server, "/api/v1/plans", &plan_request(AT_ONCE)).await;
    server.job_in(&plan, "succeeded").await;
    let (_, job) = server.get(&format!("/api/v1/jobs/{waiting}")).await;
    assert_eq!(job["state"], "queued");
    server.stop().await;
}

async fn a_stop_hands_a_backtest_back(database: Database) {
    let server = Server::start(&database).await;
    let id = ask(&server, "/api/v1/backtests", &backtest(UNTIL_CANCELLED)).await;
    server.job_in(&id, "running").await;
    server.stop().await;
    let server = Server::start(&database).await;
    let job = server.job_in(&id, "running").await;
    assert_eq!(job["attempts"], 1);
    server.stop().await;
}

async fn a_csv_table_stands_for_a_request(database: Database) {
    let server = Server::start(&database).await;
    let post = |path: &str, csv: &'static [u8]| {
        let request = server.client.post(server.url(path)).body(csv);
        request
            .header("content-type", "text/csv; charset=utf-8")
            .send()
    };
    let answer = post(&format!("{PATH}?horizon=3"), b"series_id,ts\nx,y")
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let path = "/api/v1/backtests?horizon=3&models=auto,local&seed=1";
    let answer = post(path, b"series_id,ts,y\na,2026-03-01,1\n")
        .await
        .unwrap();
    let job: Value = answer.json().await.unwrap();
    server
        .job_in(job["id"].as_str().unwrap(), "succeeded")
        .await;
    for (path, csv, field) in [
        (
            "/api/v1/backtests?horizon=3&models=auto,best",
            &b"y\n1\n"[..],
            "models",
        ),
        ("/api/v1/backtests?horizon=0", b"y\n1\n", "horizon"),
        ("/api/v1/backtests?horizon=3", b"y\n", "table"),
    ] {
        let problem: Value = post(path, csv).await.unwrap().json().await.unwrap();
        assert_eq!(problem["input"]["field"], field, "{problem}");
    }
    for (path, csv, status) in [
        ("/api/v1/backtests?horizons=3", &b"y\n1\n"[..], 422),
        ("/api/v1/backtests", b"y\n1\n", 422),
        ("/api/v1/backtests?horizon=3", b"y\n\xff\n", 400),
    ] {
        let answer = post(path, csv).await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{path}");
    }
    server.stop().await;
}

async fn requests_are_refused(database: Database) {
    let server = Server::start(&database).await;
    let day = "2026-03-01T00:00:00";
    let many = json!({ "series": [
        { "series_id": "a", "ts": vec![day; 200_001], "y": vec![1; 200_001] }
    ] });
    let some = table(&["a"]);
    let with = |field: &str, value: Value| {
        let mut request = json!({ "table": some, "horizon": 7 });
        request[field] = value;
        request
    };
    let backtests = "/api/v1/backtests";
    let cases = [
        (backtests, with("table", many.clone()), "table"),
        (PATH, with("table", many), "table"),
        (backtests, with("table", json!({ "series": [] })), "table"),
        (backtests, with("horizon", json!(1_001)), "horizon"),
        (backtests, with("folds", json!(0)), "folds"),
        (backtests, with("folds", json!(21)), "folds"),
        (backtests, with("models", json!([])), "models"),
        (backtests, with("models", json!(["auto", "auto"])), "models"),
        (backtests, with("models", json!(["best"])), "models[0]"),
        (backtests, with("known_covariates", json!(["x"])), "known"),
        (backtests, with("surprise", json!(1)), "surprise"),
        (PATH, with("horizon", json!(0)), "horizon"),
        (PATH, with("table", table(&["a\u{1f}"])), "table"),
        (PATH, with("table", table(&vec!["a"; 30_000])), "horizon"),
    ];
    for (path, request, field) in cases {
        let (status, problem) = server.send(Method::POST, path, &request).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
        assert_eq!(problem["input"]["field"], field, "{problem}");
    }
    assert_eq!(server.get("/api/v1/jobs").await.1["items"], json!([]));
    server.stop().await;
}

async fn a_repeated_request_is_one_job(database: Database) {
    let server = Server::start(&database).await;
    let mut answers = Vec::new();
    for seed in [AT_ONCE, AT_ONCE, FAIL] {
        let request = server
            .client
            .post(server.url("/api/v1/backtests"))
            .header("Idempotency-Key", "monday")
            .json(&backtest(seed));
        let response = request.send().await.unwrap();
        let status = response.status();
        let body: Value = response.json().await.unwrap();
        if status == StatusCode::ACCEPTED {
            // Also when it is long done.
            let id = body["id"].as_str().unwrap();
            server.job_in(id, "succeeded").await;
        }
        answers.push((status, body["id"].clone()));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[2].0, StatusCode::CONFLICT);
    server.stop().await;
}

async fn forecasts_by_another_hierarchy_are_dropped(database: Database) {
    let store = database.store().await;
    let job = NewJob {
        kind: "forecast",
        payload: "{}",
        idempotency_key: None,
    };
    let id = store
        .enqueue(DEFAULT_TENANT, job, morning())
        .await
        .unwrap()
        .id;
    let lease = chrono::TimeDelta::seconds(10);
    store
        .claim("w", Take::AllBut("plan"), lease, morning())
        .await
        .unwrap()
        .unwrap();
    let level = routeforce::domain::hierarchy::Level {
        name: "area".into(),
        groups: [("north".to_owned(), vec!["a".to_owned()])].into(),
    };
    let used = Hierarchy {
        levels: vec![level],
    };
    let made = DemandForecast {
        series_id: "a".into(),
        ts: NEXT.parse().unwrap(),
        quantiles: Quantiles::default(),
    };
    let rows = ForecastRows {
        series: std::slice::from_ref(&made),
        groups: &[],
        hierarchy: Some(&used),
    };
    let outcome = Outcome::Forecast { rows, report: "{}" };
    let finished = store.finish(DEFAULT_TENANT, id, "w", outcome, morning());
    let error = finished.await.unwrap_err();
    assert!(matches!(error, StoreError::Superseded { .. }), "{error}");
    // Neither the end nor the forecasts are there.
    let job = store.job(DEFAULT_TENANT, id).await.unwrap().unwrap();
    assert_eq!(job.state, JobState::Running);
    let kept = store
        .forecasts(DEFAULT_TENANT, None, None, None, None, 9)
        .await;
    assert!(kept.unwrap().items.is_empty());
    store.put_hierarchy(DEFAULT_TENANT, &used).await.unwrap();
    let finished = store.finish(DEFAULT_TENANT, id, "w", outcome, morning());
    assert!(finished.await.unwrap());
    let kept = store
        .forecasts(DEFAULT_TENANT, None, None, None, None, 9)
        .await;
    assert_eq!(kept.unwrap().items, [made]);
}

async fn nothing_is_seen_across_tenants(database: Database) {
    let store = database.store().await;
    let acme = TenantScope::of(Uuid::from_u128(77));
    store.create_tenant(acme, "acme", morning()).await.unwrap();
    let app = app(store, Arc::new(TestPlanner::default()));
    let theirs: HierarchyTable = serde_json::from_value(hierarchy()).unwrap();
    app.put_hierarchy(acme, &theirs).await.unwrap();
    let request = json!({ "table": table(&["a", "bb", "ccc"]), "horizon": 1 });
    let request: ForecastRequest = serde_json::from_value(request).unwrap();
    let workers = app.start_workers(1).unwrap();
    let mut jobs = Vec::new();
    for scope in [acme, DEFAULT_TENANT] {
        let job = app
            .request_forecast(scope, request.clone(), Some("one"))
            .await;
        jobs.push(job.unwrap().id);
    }
    for (scope, job) in [(acme, jobs[0]), (DEFAULT_TENANT, jobs[1])] {
        for _ in 0..400 {
            if app.job(scope, job).await.unwrap().state == JobState::Succeeded {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
    }
    workers.stop().await;
    // The same request under the same key is a job of each tenant, added up by its own hierarchy.
    let all = GroupFilter::default();
    let sums = app.group_forecasts(acme, all, None, 9).await.unwrap();
    assert_eq!(sums.items.len(), 4);
    let none = app.group_forecasts(DEFAULT_TENANT, all, None, 9).await;
    assert!(none.unwrap().items.is_empty());
    assert_eq!(app.hierarchy(acme).await.unwrap(), theirs);
    let empty = HierarchyTable::default();
    assert_eq!(app.hierarchy(DEFAULT_TENANT).await.unwrap(), empty);
    assert!(app.forecast_report(acme, jobs[0]).await.is_ok());
    for (scope, job) in [(acme, jobs[1]), (DEFAULT_TENANT, jobs[0])] {
        let error = app.forecast_report(scope, job).await.unwrap_err();
        assert_eq!(error.code(), Code::NotFound);
    }
    // A report is of its kind only.
    let error = app.backtest(acme, jobs[0]).await.unwrap_err();
    assert_eq!(error.code(), Code::NotFound);
    // What one tenant takes back stays with the other.
    app.put_hierarchy(DEFAULT_TENANT, &theirs).await.unwrap();
    app.put_hierarchy(DEFAULT_TENANT, &empty).await.unwrap();
    let sums = app.group_forecasts(acme, all, None, 9).await.unwrap();
    assert_eq!(sums.items.len(), 4);
}
