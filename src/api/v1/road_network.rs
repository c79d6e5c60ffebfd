//! Questions about roads: matrices, ways, and the points of roads nearest to places.

use super::road_matrix_json::{self, RoadMatrixHead};
use crate::api::ApiState;
use crate::api::extract::{Body, Scope};
use crate::api::problem::Problem;
use crate::api::problem_responses::Busy;
use crate::app::App;
use crate::app::road_matrix::{Between, RoadMatrixQuery};
use crate::app::road_networks::RoadOptions;
use crate::app::road_routes::{Approach, CREDIT, Profile, RoadLeg, RoadPoint};
use crate::domain::{InputError, LatLon};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use schemars::{JsonSchema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Between which places, by either `places` or `sources` and `targets`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoadMatrixRequest {
    /// Whose network; without it, the only one that is served.
    #[serde(default)]
    profile: Option<Profile>,
    /// 1 to 10,000 places, each of them source and target.
    #[serde(default)]
    places: Option<Vec<LatLon>>,
    /// 1 to 10,000 places to leave from; at most 6,250,000 pairs with the targets.
    #[serde(default)]
    sources: Option<Vec<LatLon>>,
    /// 1 to 10,000 places to go to.
    #[serde(default)]
    targets: Option<Vec<LatLon>>,
    /// Whether lengths are wanted too.
    #[serde(default)]
    lengths: bool,
    /// Farthest road that counts, in metres, above 0 to 50,000; without it, 1,000.
    #[serde(default)]
    within_m: Option<f64>,
    /// Side of the road that places are left by and reached on.
    #[serde(default)]
    approach: Approach,
}

/// Which places to drive to, in order.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoadRouteRequest {
    /// Whose network; without it, the only one that is served.
    #[serde(default)]
    profile: Option<Profile>,
    /// 2 to 100 places.
    places: Vec<LatLon>,
    /// Farthest road that counts, in metres, above 0 to 50,000; without it, 1,000.
    #[serde(default)]
    within_m: Option<f64>,
    /// Side of the road that places are left by and reached on.
    #[serde(default)]
    approach: Approach,
}

/// The quickest way at free flow.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RoadRouteResponse {
    /// Whose network it is on.
    profile: Profile,
    /// How long it takes, in seconds.
    duration_s: f64,
    /// How long it is, in metres.
    length_m: f64,
    /// Its line.
    geometry: LineString,
    /// From each place to the next.
    legs: Vec<RoadLeg>,
    /// Credit of the map.
    attribution: &'static str,
}

/// A line as GeoJSON (RFC 7946): longitude before latitude.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LineString {
    /// `LineString`.
    r#type: &'static str,
    /// Its points.
    coordinates: Vec<[f64; 2]>,
}

/// Which places to put on roads.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoadSnapRequest {
    /// Whose network; without it, the only one that is served.
    #[serde(default)]
    profile: Option<Profile>,
    /// 1 to 10,000 places.
    places: Vec<LatLon>,
    /// Farthest road that counts, in metres, above 0 to 50,000; without it, 1,000.
    #[serde(default)]
    within_m: Option<f64>,
    /// Side of the road.
    #[serde(default)]
    approach: Approach,
}

/// Points of roads.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RoadSnapResponse {
    /// Whose network it is.
    profile: Profile,
    /// By place, in the order of the request; null where no road is near enough.
    points: Vec<Option<RoadPoint>>,
    /// Credit of the map.
    attribution: &'static str,
}

pub fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(matrix))
        .routes(routes!(route))
        .routes(routes!(snap))
}

/// The schema of a matrix, whose body is not written by way of a type.
pub fn matrix_response(generator: &mut SchemaGenerator) -> Value {
    let cells = |what: &str| {
        json!({
            "type": "array",
            "description": format!("{what}, a row for each source and a column for each target; null where there is no way"),
            "items": { "type": "array", "items": { "type": ["number", "null"] } },
        })
    };
    json!({
        "allOf": [
            generator.subschema_for::<RoadMatrixHead>(),
            {
                "type": "object",
                "properties": {
                    "durations_s": cells("Durations at free flow with turns in seconds, to a tenth"),
                    "lengths_m": cells("Lengths of those ways in metres, to a tenth, if they were asked for"),
                },
                "required": ["durations_s"],
            },
        ],
    })
}

/// Durations between places on roads, with lengths if wanted
#[utoipa::path(post, path = "/api/v1/roads/matrix", tag = "roads",
    request_body = ref("#/components/schemas/RoadMatrixRequest"),
    responses(
        (status = 200, description = "The durations", body = ref("#/components/schemas/RoadMatrixResponse")),
        Problem, Busy
    ))]
async fn matrix(
    Scope(_scope): Scope,
    State(app): State<App>,
    Body(request): Body<RoadMatrixRequest>,
) -> Result<impl IntoResponse, Problem> {
    let between = match (request.places, request.sources, request.targets) {
        (Some(places), None, None) => Between::Places(places),
        (None, Some(sources), Some(targets)) => Between::SourcesTargets(sources, targets),
        _ => {
            let remedy = "give either places, or sources and targets";
            let problem = "it is not clear between which places";
            let error = InputError::new("request body", problem, remedy);
            return Err(Problem::input(error.field("places")));
        }
    };
    let query = RoadMatrixQuery {
        options: RoadOptions {
            profile: request.profile,
            within_m: request.within_m,
            approach: request.approach,
        },
        between,
        lengths: request.lengths,
    };
    let body = app.road_matrix(query, road_matrix_json::body).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body))
}

/// The quickest way between places in order, with its line and in words
#[utoipa::path(post, path = "/api/v1/roads/route", tag = "roads",
    request_body = ref("#/components/schemas/RoadRouteRequest"),
    responses(
        (status = 200, description = "The way", body = ref("#/components/schemas/RoadRouteResponse")),
        (status = "4XX", description = "What is wrong, such as a place that is on no road",
            body = ref("#/components/schemas/Problem"), content_type = "application/problem+json"),
        Busy
    ))]
async fn route(
    Scope(_scope): Scope,
    State(app): State<App>,
    Body(request): Body<RoadRouteRequest>,
) -> Result<Json<RoadRouteResponse>, Problem> {
    let options = RoadOptions {
        profile: request.profile,
        within_m: request.within_m,
        approach: request.approach,
    };
    let way = app.road_route(options, request.places).await?;
    Ok(Json(RoadRouteResponse {
        profile: way.profile,
        duration_s: thousandths(way.legs.iter().map(|leg| leg.duration_s)),
        length_m: thousandths(way.legs.iter().map(|leg| leg.length_m)),
        geometry: LineString {
            r#type: "LineString",
            coordinates: way.line.iter().map(|at| [at.lon, at.lat]).collect(),
        },
        legs: way.legs,
        attribution: CREDIT,
    }))
}

/// A sum without the digits that adding up leaves behind.
fn thousandths(parts: impl Iterator<Item = f64>) -> f64 {
    (parts.sum::<f64>() * 1e3).round() / 1e3
}

/// The points of roads nearest to places
#[utoipa::path(post, path = "/api/v1/roads/snap", tag = "roads",
    request_body = ref("#/components/schemas/RoadSnapRequest"),
    responses(
        (status = 200, description = "The points", body = ref("#/components/schemas/RoadSnapResponse")),
        Problem, Busy
    ))]
async fn snap(
    Scope(_scope): Scope,
    State(app): State<App>,
    Body(request): Body<RoadSnapRequest>,
) -> Result<Json<RoadSnapResponse>, Problem> {
    let options = RoadOptions {
        profile: request.profile,
        within_m: request.within_m,
        approach: request.approach,
    };
    let (profile, points) = app.road_points(options, request.places).await?;
    Ok(Json(RoadSnapResponse {
        profile,
        points,
        attribution: CREDIT,
    }))
}
