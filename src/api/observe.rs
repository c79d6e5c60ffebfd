//! Around every request: an id, a deadline, figures, a line in the log, and errors in one form.

use super::problem::{PROBLEM_JSON, Problem};
use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use axum::middleware::Next;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Header with the id of a request.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// How long an answer may take.
const DEADLINE: Duration = Duration::from_secs(30);
const LONGEST_ID: usize = 100;

/// The middleware.
pub async fn observe(request: Request, next: Next) -> Response<Body> {
    let started = Instant::now();
    let id = request_id(&request);
    let method = request.method().clone();
    // The route, not the path: a figure per vehicle would grow without end.
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("unmatched", MatchedPath::as_str).to_owned();
    let mut response = match tokio::time::timeout(DEADLINE, next.run(request)).await {
        Ok(response) => in_one_form(response, &id),
        Err(_) => timed_out().render(&id),
    };
    let status = response.status();
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, value);
    }
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    let elapsed = started.elapsed();
    let labels = [
        ("method", method.as_str().to_owned()),
        ("route", route.clone()),
        ("status", status.as_u16().to_string()),
    ];
    metrics::counter!("routeforce_http_requests_total", &labels).increment(1);
    metrics::histogram!("routeforce_http_request_seconds", "route" => route.clone())
        .record(elapsed.as_secs_f64());
    tracing::info!(
        request_id = %id, %method, route, status = status.as_u16(),
        elapsed_ms = elapsed.as_millis() as u64, "request"
    );
    response
}

/// The caller's id if it is a plain one, else a new one.
fn request_id(request: &Request) -> String {
    let given = request.headers().get(REQUEST_ID);
    let given = given.and_then(|v| v.to_str().ok()).filter(|id| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        !id.is_empty() && id.len() <= LONGEST_ID && id.chars().all(plain)
    });
    given.map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

/// Every error answer as problem+json, whoever made it.
fn in_one_form(mut response: Response<Body>, id: &str) -> Response<Body> {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return keep_allow(&response, problem.render(id));
    }
    let status = response.status();
    let content_type = response.headers().get(header::CONTENT_TYPE);
    let is_ours = content_type.is_some_and(|v| v == PROBLEM_JSON || v == "application/json");
    if (status.is_client_error() || status.is_server_error()) && !is_ours {
        return keep_allow(&response, Problem::of_status(status).render(id));
    }
    response
}

/// Carries over which methods are allowed (RFC 9110 wants it with 405).
fn keep_allow(from: &Response<Body>, mut to: Response<Body>) -> Response<Body> {
    if let Some(allow) = from.headers().get(header::ALLOW) {
        to.headers_mut().insert(header::ALLOW, allow.clone());
    }
    to
}

fn timed_out() -> Problem {
    let detail = format!("no answer within {} s; ask for less", DEADLINE.as_secs());
    let status = StatusCode::SERVICE_UNAVAILABLE;
    Problem::new(status, "timeout", "Timeout", detail)
}
