//! Positions of vehicles.

use crate::api::ApiState;
use crate::api::extract::{Body, Paging, Path, Query, Scope};
use crate::api::page::{ListPage, list};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::positions::Receipt;
use crate::domain::day_record::Position;
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A batch of fixes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PositionBatch {
    /// 1 to 10,000 fixes of any vehicles.
    positions: Vec<Position>,
}

/// A vehicle and its last fix.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VehicleView {
    /// The vehicle.
    vehicle_id: String,
    /// Its last fix.
    position: Position,
}

impl From<Position> for VehicleView {
    fn from(position: Position) -> Self {
        Self {
            vehicle_id: position.vehicle_id.clone(),
            position,
        }
    }
}

#[derive(Debug, Deserialize)]
struct TrackQuery {
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
}

pub fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(record))
        .routes(routes!(vehicles))
        .routes(routes!(track))
}

/// Take in positions
///
/// All or nothing. A fix of the same vehicle and instant as a known one is ignored, so a batch
/// may be sent again.
#[utoipa::path(post, path = "/api/v1/positions", tag = "tracking",
    request_body = ref("#/components/schemas/PositionBatch"),
    responses(
        (status = 200, description = "What became of them", body = ref("#/components/schemas/Receipt")),
        Problem
    ))]
async fn record(
    Scope(scope): Scope,
    State(app): State<App>,
    Body(batch): Body<PositionBatch>,
) -> Result<Json<Receipt>, Problem> {
    Ok(Json(app.record_positions(scope, &batch.positions).await?))
}

/// Vehicles with their last positions, by id
#[utoipa::path(get, path = "/api/v1/vehicles", tag = "tracking",
    params(("limit" = Option<u32>, Query, description = "Most items, 1 to 1000"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page", body = ref("#/components/schemas/VehicleViewPage"))))]
async fn vehicles(
    Scope(scope): Scope,
    State(app): State<App>,
    paging: Paging,
) -> Result<Json<ListPage<VehicleView>>, Problem> {
    let page = app.vehicles(scope, paging.after, paging.limit).await?;
    Ok(list(page))
}

/// Positions of one vehicle, oldest first
#[utoipa::path(get, path = "/api/v1/vehicles/{vehicle_id}/positions", tag = "tracking",
    params(("vehicle_id" = String, Path, description = "The vehicle"),
        ("from" = Option<DateTime<Utc>>, Query, description = "First instant, included"),
        ("to" = Option<DateTime<Utc>>, Query, description = "Last instant, excluded"),
        ("limit" = Option<u32>, Query, description = "Most items, 1 to 1000"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page", body = ref("#/components/schemas/PositionPage"))))]
async fn track(
    Scope(scope): Scope,
    State(app): State<App>,
    Path(vehicle_id): Path<String>,
    Query(query): Query<TrackQuery>,
    paging: Paging,
) -> Result<Json<ListPage<Position>>, Problem> {
    let (after, limit) = (paging.after, paging.limit);
    let page = app
        .track(scope, &vehicle_id, query.from, query.to, after, limit)
        .await?;
    Ok(list(page))
}
