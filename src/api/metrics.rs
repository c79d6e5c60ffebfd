//! Figures for Prometheus. There is one set per process.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Upper bounds in seconds: 1 ms to the deadline of a request, and on for jobs.
const BUCKETS_S: [f64; 14] = [
    0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0,
];

/// Starts collecting; does nothing if it has been started.
pub fn start() {
    HANDLE.get_or_init(|| {
        let builder = PrometheusBuilder::new().set_buckets(&BUCKETS_S).ok()?;
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("something else collects metrics; /metrics stays empty");
            return None;
        }
        describe();
        Some(handle)
    });
}

fn describe() {
    use metrics::{describe_counter, describe_gauge, describe_histogram};
    describe_counter!("routeforce_http_requests_total", "Requests answered");
    describe_histogram!("routeforce_http_request_seconds", "Time to answer requests");
    describe_counter!("routeforce_positions_total", "New positions taken in");
    describe_counter!("routeforce_jobs_requested_total", "Jobs asked for");
    describe_counter!("routeforce_jobs_finished_total", "Jobs finished, by state");
    describe_histogram!("routeforce_job_seconds", "Running time of jobs");
    describe_gauge!("routeforce_jobs", "Jobs waiting and running, by state");
    describe_gauge!("routeforce_live_listeners", "WebSocket listeners");
}

/// All figures as text.
pub fn render() -> String {
    match HANDLE.get() {
        Some(Some(handle)) => {
            handle.run_upkeep();
            handle.render()
        }
        _ => String::new(),
    }
}
