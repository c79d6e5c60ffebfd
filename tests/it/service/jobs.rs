//! Plan jobs through the interface, with workers.

use super::database::{Database, on_both_engines};
use super::samples::plan_request;
use super::server::{AT_ONCE, FAIL, PANIC, Server, UNTIL_CANCELLED};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use std::sync::atomic::Ordering;

on_both_engines!(
    a_job_makes_a_plan,
    a_job_shows_progress_and_is_cancelled,
    failures_are_told,
    a_stop_hands_the_job_back,
    a_repeated_request_is_one_job,
);

async fn ask(server: &Server, seed: u64) -> String {
    let (status, job) = server
        .send(Method::POST, "/api/v1/plans", &plan_request(seed))
        .await;
    assert_eq!(status, StatusCode::ACCEPTED, "{job}");
    job["id"].as_str().unwrap().to_owned()
}

async fn a_job_makes_a_plan(database: Database) {
    let server = Server::start(&database).await;
    let id = ask(&server, AT_ONCE).await;
    let job = server.job_in(&id, "succeeded").await;
    let (status, plan) = server.get(job["result"].as_str().unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(plan["schema"], "routeforce.plan/1");
    let (_, latest) = server.get("/api/v1/plans/latest?date=2026-03-02").await;
    assert_eq!(latest, plan);
    let (_, list) = server.get("/api/v1/plans").await;
    assert_eq!(list["items"][0]["id"], plan["id"]);
    assert_eq!(server.planner.0.load(Ordering::SeqCst), 1);
    let (status, cancelled) = server
        .send(Method::DELETE, &format!("/api/v1/jobs/{id}"), &Value::Null)
        .await;
    assert_eq!(
        (status, &cancelled["state"]),
        (StatusCode::OK, &job["state"])
    );
    server.stop().await;
}

async fn a_job_shows_progress_and_is_cancelled(database: Database) {
    let server = Server::start(&database).await;
    let id = ask(&server, UNTIL_CANCELLED).await;
    server.job_in(&id, "running").await;
    let mut done = 0;
    for _ in 0..200 {
        let (_, job) = server.get(&format!("/api/v1/jobs/{id}")).await;
        done = job["progress"]["done"].as_u64().unwrap();
        if done > 0 {
            assert_eq!(job["progress"]["stage"], "search");
            assert_eq!(job["progress"]["total"], 1_000);
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    assert!(done > 0, "no progress was seen");
    let (status, _) = server
        .send(Method::DELETE, &format!("/api/v1/jobs/{id}"), &Value::Null)
        .await;
    assert_eq!(status, StatusCode::ACCEPTED);
    let job = server.job_in(&id, "cancelled").await;
    assert_eq!(job["result"], Value::Null);
    server.stop().await;
}

async fn failures_are_told(database: Database) {
    let server = Server::start(&database).await;
    let id = ask(&server, FAIL).await;
    let job = server.job_in(&id, "failed").await;
    assert_eq!(job["error"], "no model in the folder");
    let id = ask(&server, PANIC).await;
    let job = server.job_in(&id, "failed").await;
    assert_eq!(job["error"], "the computation ended unexpectedly");
    // The worker lives on.
    let id = ask(&server, AT_ONCE).await;
    server.job_in(&id, "succeeded").await;
    server.stop().await;
}

async fn a_stop_hands_the_job_back(database: Database) {
    let server = Server::start(&database).await;
    let id = ask(&server, UNTIL_CANCELLED).await;
    server.job_in(&id, "running").await;
    server.stop().await;
    // Another server takes it at once, without waiting for the lease.
    let server = Server::start(&database).await;
    let job = server.job_in(&id, "running").await;
    assert_eq!(job["attempts"], 1);
    // A job is marked as running just before its planner is called.
    for _ in 0..500 {
        if server.planner.0.load(Ordering::SeqCst) > 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(server.planner.0.load(Ordering::SeqCst), 1);
    server.stop().await;
}

async fn a_repeated_request_is_one_job(database: Database) {
    let server = Server::start(&database).await;
    let mut ids = Vec::new();
    for seed in [AT_ONCE, AT_ONCE, FAIL] {
        let request = server
            .client
            .post(server.url("/api/v1/plans"))
            .header("Idempotency-Key", "monday")
            .json(&plan_request(seed));
        let response = request.send().await.unwrap();
        let status = response.status();
        let body: Value = response.json().await.unwrap();
        if seed == FAIL {
            assert_eq!(
                (status, &body["code"]),
                (StatusCode::CONFLICT, &"conflict".into())
            );
        } else {
            assert_eq!(status, StatusCode::ACCEPTED);
            ids.push(body["id"].clone());
        }
    }
    assert_eq!(ids[0], ids[1]);
    server.stop().await;
}
