//! The program itself as a service of forecasts: what comes of real models and real tables.

use super::database::{Database, on_both_engines};
use super::program::{routeforce, serve, terminate, wait};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

on_both_engines!(
    history_becomes_forecasts_that_add_up,
    tables_are_refused,
    csv_and_lacking_series_are_refused,
    training_is_cancelled
);

const SHOPS: [&str; 4] = ["n1", "n2", "s1", "s2"];

/// Days of four shops with a week's rhythm, as CSV.
fn history(days: i64) -> String {
    let mut text = "series_id,ts,y\n".to_owned();
    let first = chrono::NaiveDate::from_ymd_opt(2025, 1, 6).unwrap();
    for (shop, id) in SHOPS.iter().enumerate() {
        for (day, date) in (0..days).zip(first.iter_days()) {
            let wobble = (day * 31 + shop as i64 * 17) % 11;
            let y = 20 + 10 * shop as i64 + 5 * (day % 7) + wobble;
            writeln!(text, "{id},{date},{y}").unwrap();
        }
    }
    text
}

pub struct Service {
    child: std::process::Child,
    url: String,
    client: Client,
}

impl Service {
    pub fn start(database: &Database, options: &[&str]) -> Self {
        let (child, url) = serve(database, options);
        let client = Client::new();
        Self { child, url, client }
    }

    pub async fn send(&self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.client.request(method, format!("{}{path}", self.url));
        let response = request.json(body).send().await.unwrap();
        (response.status(), response.json().await.unwrap())
    }

    pub async fn get(&self, path: &str) -> Value {
        self.send(Method::GET, path, &Value::Null).await.1
    }

    async fn post_csv(&self, path: &str, csv: String) -> (StatusCode, Value) {
        let request = self.client.post(format!("{}{path}", self.url)).body(csv);
        let request = request.header("content-type", "text/csv");
        let response = request.send().await.unwrap();
        (response.status(), response.json().await.unwrap())
    }

    /// Waits until a job is in a state; a training may take a minute on a busy machine.
    pub async fn job_in(&self, job: &Value, state: &str) -> Value {
        let path = format!("/api/v1/jobs/{}", job["id"].as_str().unwrap());
        for _ in 0..6_000 {
            let job = self.get(&path).await;
            if job["state"] == state {
                return job;
            }
            assert_ne!(job["state"], "failed", "{job}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("never {state}");
    }

    pub fn stop(mut self) {
        terminate(&self.child);
        assert!(wait(&mut self.child, Duration::from_secs(20)));
    }
}

fn train(database: &Database, folder: &Path) {
    let data = folder.join("demand.csv");
    std::fs::write(&data, history(120)).unwrap();
    let output = routeforce(database)
        .args(["--quiet", "train", "demand", "--data"])
        .arg(&data)
        .arg("--models")
        .arg(folder.join("models"))
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{errors}");
}

async fn history_becomes_forecasts_that_add_up(database: Database) {
    let folder = tempfile::tempdir().unwrap();
    train(&database, folder.path());
    let models = folder.path().join("models");
    let service = Service::start(&database, &["--models", models.to_str().unwrap()]);
    let row = |id: &&str| json!({ "series_id": id, "groups": [&id[..1]] });
    let rows: Vec<Value> = SHOPS.iter().map(row).collect();
    let hierarchy = json!({ "levels": ["area"], "series": rows });
    let (status, kept) = service
        .send(Method::PUT, "/api/v1/hierarchy", &hierarchy)
        .await;
    assert_eq!(status, StatusCode::OK, "{kept}");
    for (options, model) in [("", None), ("&train=false", Some("demand/"))] {
        let path = format!("/api/v1/forecast-jobs?horizon=7{options}");
        let (status, job) = service.post_csv(&path, history(120)).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{job}");
        let job = service.job_in(&job, "succeeded").await;
        let report = service.get(job["result"].as_str().unwrap()).await;
        assert_eq!(report["forecasts"], 28);
        let name = report["model"].as_str().unwrap();
        assert!(model.is_none_or(|start| name.starts_with(start)), "{name}");
        check_sums(&service).await;
    }
    // A version that serves without ever having been promoted is no mere candidate.
    let models = service.get("/api/v1/models").await;
    let version = models["items"][0]["version"].as_str().unwrap();
    let path = format!(
        "{}/api/v1/models/demand/versions/{version}/card",
        service.url
    );
    let card = service.client.get(path).send().await.unwrap();
    assert_eq!(
        card.headers()["content-type"],
        "text/markdown; charset=utf-8"
    );
    let card = card.text().await.unwrap();
    assert!(card.starts_with(&format!("# demand {version}")), "{card}");
    assert!(card.contains("but it serves"), "{card}");
    service.stop();
}

/// Means of groups are those of their series, and their intervals are no wider than the sums.
async fn check_sums(service: &Service) {
    let series = service.get("/api/v1/forecasts").await;
    let mut sums: BTreeMap<(String, String), [f64; 3]> = BTreeMap::new();
    for forecast in series["items"].as_array().unwrap() {
        let id = forecast["series_id"].as_str().unwrap();
        let ts = forecast["ts"].as_str().unwrap().to_owned();
        for group in [&id[..1], "total"] {
            let sum = sums.entry((group.to_owned(), ts.clone())).or_default();
            for (slot, name) in sum.iter_mut().zip(["mean", "p10", "p90"]) {
                *slot += forecast[name].as_f64().unwrap();
            }
        }
    }
    let groups = service.get("/api/v1/forecasts/groups").await;
    let groups = groups["items"].as_array().unwrap();
    assert_eq!(groups.len(), 3 * 7);
    for group in groups {
        let text = |name: &str| group[name].as_str().unwrap().to_owned();
        let number = |name: &str| group[name].as_f64().unwrap();
        let [mean, low, high] = sums[&(text("group"), text("ts"))];
        assert!((number("mean") - mean).abs() < 1e-6 * mean, "{group}");
        assert!(number("p10") <= number("p50") && number("p50") <= number("p90"));
        assert!(
            number("p90") - number("p10") <= (high - low) * 1.2,
            "{group}"
        );
    }
}

async fn tables_are_refused(database: Database) {
    let service = Service::start(&database, &[]);
    let days = |first: u32, count: u32| -> Vec<String> {
        (first..first + count)
            .map(|d| format!("2026-03-{d:02}T00:00:00"))
            .collect()
    };
    let table = |ts: Vec<String>, y: Value| {
        json!({ "table": { "series": [
            { "series_id": "a", "ts": days(1, 9), "y": [1, 2, 3, 4, 5, 6, 7, 8, 9] },
            { "series_id": "b", "ts": ts, "y": y, "covariates": {} }
        ] }, "horizon": 1 })
    };
    let (mut twice, mut skewed) = (days(1, 3), days(1, 3));
    twice[2] = twice[1].clone();
    skewed[1] = "2026-03-02T07:30:00".into();
    let ancient = vec![
        "0001-01-01T00:00:00".to_owned(),
        "9999-01-01T00:00:00".into(),
    ];
    let mut named = table(days(1, 2), json!([1, 2]));
    named["table"]["series"][1]["covariates"] = json!({ "y": [1, 2] });
    let mut known = table(days(1, 2), json!([1, 2]));
    known["known_covariates"] = json!(["price"]);
    let path = "/api/v1/backtests";
    let cases = [
        (table(twice, json!([1, 2, 3])), "table.series[1].ts[2]"),
        (table(skewed, json!([1, 2, 3])), "table.series[1].ts[1]"),
        (table(days(1, 2), json!([1])), "table.series[1].y"),
        (table(days(1, 2), json!([1, 1e300])), "table.series[1].y[1]"),
        (table(ancient, json!([1, 2])), "table.series[].ts"),
        (named, "table.series[1].covariates.y"),
        (known, "known_covariates"),
        (table(days(1, 2), json!([1, 2])), ""),
    ];
    for (mut request, field) in cases {
        if field.is_empty() {
            request["folds"] = json!(9);
        }
        let (status, problem) = service.send(Method::POST, path, &request).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
        let expected = if field.is_empty() { "folds" } else { field };
        assert_eq!(problem["input"]["field"], expected, "{problem}");
        assert_eq!(problem["input"]["source"], "request body");
    }
    assert_eq!(service.get("/api/v1/jobs").await["items"], json!([]));
    service.stop();
}

async fn csv_and_lacking_series_are_refused(database: Database) {
    let service = Service::start(&database, &[]);
    for csv in [
        "series_id,ts\na,2026-03-01\n",
        "a;b\n1;2\n",
        "series_id,ts,y\na,monday,1\n",
    ] {
        let (status, problem) = service.post_csv("/api/v1/forecast-jobs", csv.into()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    }
    // A sum that would silently lack a series is refused at once.
    let rows = json!([{ "series_id": "elsewhere", "groups": ["north"] }]);
    let hierarchy = json!({ "levels": ["area"], "series": rows });
    service
        .send(Method::PUT, "/api/v1/hierarchy", &hierarchy)
        .await;
    let (status, problem) = service.post_csv("/api/v1/forecast-jobs", history(60)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    assert_eq!(problem["input"]["value"], "elsewhere", "{problem}");
    assert_eq!(service.get("/api/v1/jobs").await["items"], json!([]));
    service.stop();
}

async fn training_is_cancelled(database: Database) {
    let service = Service::start(&database, &[]);
    let path = "/api/v1/backtests?horizon=14&folds=20&models=auto,boosted,local,linear,baseline";
    let (status, job) = service.post_csv(path, history(700)).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{job}");
    service.job_in(&job, "running").await;
    let at = format!("/api/v1/jobs/{}", job["id"].as_str().unwrap());
    service.send(Method::DELETE, &at, &Value::Null).await;
    let job = service.job_in(&job, "cancelled").await;
    assert_eq!(job["result"], Value::Null);
    // The worker is free again: a hundred trainings were not waited for.
    let path = "/api/v1/backtests?horizon=7&folds=2&models=local,baseline";
    let (_, job) = service.post_csv(path, history(120)).await;
    let job = service.job_in(&job, "succeeded").await;
    let report = service.get(job["result"].as_str().unwrap()).await;
    assert_eq!(report["folds"].as_array().unwrap().len(), 2);
    for model in report["overall"].as_array().unwrap() {
        assert_eq!(model["figures"]["rows"], 2.0 * 7.0 * 4.0, "{report}");
        assert!(model["figures"]["wape"].as_f64().unwrap() < 0.5, "{report}");
    }
    service.stop();
}
