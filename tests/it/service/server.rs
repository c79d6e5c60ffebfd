//! A real server on a free port, with a planner that does as the test says.

use super::database::Database;
use super::demand_maker::TestDemand;
use super::road_network;
use super::samples;
use chrono::Utc;
use reqwest::{Client, Method, StatusCode};
use routeforce::api;
use routeforce::app::cpu_pool::CpuPool;
use routeforce::app::travel_times::Matrix;
use routeforce::app::worker::Workers;
use routeforce::app::{
    App, Clock, JobError, MatrixQuery, Parts, PlanJobRequest, PlanMaker, TravelTimes,
    TravelTimesError,
};
use routeforce::domain::forecast::Quantiles;
use routeforce::domain::plan::Plan;
use routeforce::runtime::{Cancel, Progress};
use routeforce::store::Store;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// Seeds by which the test planner knows what to do.
pub const AT_ONCE: u64 = 1;
pub const UNTIL_CANCELLED: u64 = 2;
pub const FAIL: u64 = 3;
pub const PANIC: u64 = 4;

/// Counts its runs.
#[derive(Default)]
pub struct TestPlanner(pub AtomicU32);

impl PlanMaker for TestPlanner {
    fn make(
        &self,
        request: &PlanJobRequest,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Plan, JobError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        match request.seed {
            UNTIL_CANCELLED => {
                for done in 0.. {
                    cancel.check()?;
                    progress.report("search", done, 1_000);
                    std::thread::sleep(Duration::from_millis(20));
                }
                Err(JobError::Failed("the loop ended".into()))
            }
            FAIL => Err(JobError::Failed("no model in the folder".into())),
            PANIC => panic!("a fault in the planner"),
            _ => Ok(samples::plan(Uuid::now_v7(), Utc::now())),
        }
    }
}

/// Durations that tell their cell.
struct TestTravelTimes;

impl TravelTimes for TestTravelTimes {
    fn predict(&self, query: &MatrixQuery) -> Result<Matrix, TravelTimesError> {
        if query.profile == "unknown" {
            return Err(TravelTimesError::Unavailable("no model; train one".into()));
        }
        let cells = query.departures.len() * query.places.len() * query.places.len();
        let quantiles = |cell| {
            let p50 = f64::from(cell as u32);
            Quantiles {
                p10: p50,
                p50,
                p90: p50 + 0.5,
                mean: p50 + 0.25,
            }
        };
        Ok(Matrix {
            model: "travel-time".into(),
            version: "7".into(),
            seconds: (0..cells).map(quantiles).collect(),
        })
    }
}

/// The use cases on a store.
pub fn app(store: Store, planner: Arc<TestPlanner>) -> App {
    App::new(Parts {
        store,
        clock: Clock::system(),
        planner,
        demand: Arc::new(TestDemand),
        model_cards: Arc::new(TestDemand),
        travel_times: Arc::new(TestTravelTimes),
        networks: road_network::networks(),
        models: "no-models-here".into(),
        model_runtime: Arc::new(|| Ok("test".into())),
        computations: CpuPool::start("test-compute", 1, 8).unwrap(),
        lease: Duration::from_secs(2),
    })
}

/// A running server.
pub struct Server {
    pub app: App,
    pub planner: Arc<TestPlanner>,
    pub address: String,
    pub client: Client,
    stop: watch::Sender<bool>,
    serving: JoinHandle<std::io::Result<()>>,
    workers: Workers,
}

impl Server {
    pub async fn start(database: &Database) -> Self {
        let planner = Arc::new(TestPlanner::default());
        let app = app(database.store().await, Arc::clone(&planner));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (stop, stopped) = watch::channel(false);
        Self {
            workers: app.start_workers(1).unwrap(),
            serving: tokio::spawn(api::serve(app.clone(), listener, stopped)),
            app,
            planner,
            address,
            // A connection that the server closes after a refusal must not be taken for the next request.
            client: Client::builder().pool_max_idle_per_host(0).build().unwrap(),
            stop,
        }
    }

    pub async fn stop(self) {
        drop(self.client);
        self.stop.send(true).unwrap();
        self.workers.stop().await;
        self.serving.await.unwrap().unwrap();
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub async fn send(&self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        let mut request = self.client.request(method, self.url(path));
        if !body.is_null() {
            request = request.json(body);
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        (status, response.json().await.unwrap())
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.send(Method::GET, path, &Value::Null).await
    }

    /// Waits until a job is in a state; fails after some seconds.
    pub async fn job_in(&self, id: &str, state: &str) -> Value {
        for _ in 0..400 {
            let (_, job) = self.get(&format!("/api/v1/jobs/{id}")).await;
            if job["state"] == state {
                return job;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("job {id} never became {state}");
    }
}
