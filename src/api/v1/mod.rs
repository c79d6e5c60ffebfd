//! Version 1 of the interface: one file per noun, each handler one call of `app`.

pub mod alerts;
pub mod anomalies;
pub mod backtests;
pub mod days;
pub mod forecast_jobs;
pub mod forecasts;
pub mod hierarchy;
mod jobs;
pub mod models;
pub mod plans;
pub mod positions;
pub mod reports;
mod road_matrix_json;
pub mod road_network;
mod roads;
pub mod travel_times;

use super::ApiState;
use utoipa_axum::router::OpenApiRouter;

pub fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .merge(positions::router())
        .merge(plans::router())
        .merge(jobs::router())
        .merge(forecasts::router())
        .merge(forecast_jobs::router())
        .merge(backtests::router())
        .merge(hierarchy::router())
        .merge(travel_times::router())
        .merge(models::router())
        .merge(anomalies::router())
        .merge(alerts::router())
        .merge(days::router())
        .merge(reports::router())
        .merge(roads::router())
        .merge(road_network::router())
}
