//! Travel times between places.

use crate::api::ApiState;
use crate::api::extract::{Body, Scope};
use crate::api::problem::Problem;
use crate::app::{App, MatrixQuery};
use crate::domain::forecast::Quantiles;
use crate::domain::{InputError, LatLon};
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Between which places, and when.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MatrixRequest {
    /// 2 to 100 places.
    places: Vec<LatLon>,
    /// 1 to 24 departures.
    departures: Vec<DateTime<Utc>>,
    /// IANA name of the places' time zone; without it, UTC.
    #[serde(default)]
    time_zone: Option<String>,
    /// Travel-time profile; without it, `van`.
    #[serde(default)]
    profile: Option<String>,
}

/// Durations in seconds, `[departure][from][to]`; 0 from a place to itself.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MatrixResponse {
    /// The model that predicted them, as `name/version`.
    model: String,
    /// The departures.
    departures: Vec<DateTime<Utc>>,
    /// Not exceeded with probability 50 %.
    p50_s: Cube,
    /// Not exceeded with probability 90 %.
    p90_s: Cube,
    /// Expected.
    mean_s: Cube,
}

type Cube = Vec<Vec<Vec<f64>>>;

pub fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(matrix))
}

/// Travel times between all places for each departure, from the model
#[utoipa::path(post, path = "/api/v1/travel-times/matrix", tag = "forecasts",
    request_body = ref("#/components/schemas/MatrixRequest"),
    responses(
        (status = 200, description = "The durations", body = ref("#/components/schemas/MatrixResponse")),
        Problem,
        (status = 503, description = "There is no model", body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json")
    ))]
async fn matrix(
    Scope(scope): Scope,
    State(app): State<App>,
    Body(request): Body<MatrixRequest>,
) -> Result<Json<MatrixResponse>, Problem> {
    let zone = request.time_zone.as_deref().unwrap_or("UTC");
    let time_zone: Tz = zone.parse().map_err(|_| {
        let remedy = "give an IANA name such as Europe/Berlin";
        let error = InputError::new("request body", "unknown time zone", remedy);
        Problem::input(error.field("time_zone").value(zone))
    })?;
    let places = request.places.len();
    let departures = request.departures;
    let query = MatrixQuery {
        places: request.places,
        departures: departures.clone(),
        time_zone,
        profile: request.profile.unwrap_or_else(|| "van".into()),
    };
    let matrix = app.travel_time_matrix(scope, query).await?;
    let cube = |part: fn(&Quantiles) -> f64| -> Cube {
        let row = |row: &[Quantiles]| row.iter().map(part).collect();
        let slice = |slice: &[Quantiles]| slice.chunks(places).map(row).collect();
        matrix.seconds.chunks(places * places).map(slice).collect()
    };
    Ok(Json(MatrixResponse {
        model: format!("{}/{}", matrix.model, matrix.version),
        departures,
        p50_s: cube(|q| q.p50),
        p90_s: cube(|q| q.p90),
        mean_s: cube(|q| q.mean),
    }))
}
