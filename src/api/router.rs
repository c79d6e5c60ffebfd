//! All routes, and what surrounds them.

use super::observe::observe;
use super::problem::Problem;
use super::{live, metrics, operations, v1, web};
use crate::app::App;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::http::{StatusCode, Uri};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use std::any::Any;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa_axum::router::OpenApiRouter;

/// Largest body: a plan of thousands of stops, or 10,000 positions.
const LARGEST_BODY_BYTES: usize = 8 * 1024 * 1024;

/// What handlers may ask for.
#[derive(Clone)]
pub struct ApiState {
    /// The use cases.
    pub app: App,
    /// Turns true when the server stops.
    pub stop: watch::Receiver<bool>,
}

impl FromRef<ApiState> for App {
    fn from_ref(state: &ApiState) -> Self {
        state.app.clone()
    }
}

/// Every route with its description.
pub fn described() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .merge(operations::router())
        .merge(live::router())
        .merge(v1::router())
}

/// The service.
pub fn router(state: ApiState) -> Router {
    metrics::start();
    let (routes, _) = described().split_for_parts();
    routes
        .fallback(web::file)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(LARGEST_BODY_BYTES))
        .layer(CatchPanicLayer::custom(on_panic))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(observe))
        .with_state(state)
}

async fn method_not_allowed(uri: Uri) -> Problem {
    let mut problem = Problem::of_status(StatusCode::METHOD_NOT_ALLOWED);
    problem.detail = format!(
        "{} does not take this method; see /openapi.json",
        uri.path()
    );
    problem
}

fn on_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let message = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    tracing::error!(panic = message.unwrap_or_default(), "a handler panicked");
    Problem::internal().into_response()
}
