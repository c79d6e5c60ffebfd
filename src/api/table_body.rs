//! Requests about a table: JSON, or the table alone as CSV with the settings in the query.

use super::extract::{Body, Query};
use super::problem::Problem;
use crate::domain::InputError;
use axum::RequestExt;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use serde::de::DeserializeOwned;

/// A request that a CSV table can stand for.
pub trait OfCsv: DeserializeOwned {
    /// Settings as query parameters.
    type Settings: DeserializeOwned + Send + 'static;

    /// The request for a table with settings.
    fn of_csv(csv: String, settings: Self::Settings) -> Result<Self, InputError>;
}

/// A request about a table.
#[derive(Debug)]
pub struct TableBody<T>(pub T);

impl<T: OfCsv, S: Send + Sync> FromRequest<S> for TableBody<T> {
    type Rejection = Problem;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Problem> {
        let content_type = request.headers().get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|v| v.to_str().ok()).unwrap_or("");
        let media_type = content_type.split(';').next().unwrap_or("").trim();
        if !media_type.eq_ignore_ascii_case("text/csv") {
            return Ok(Self(Body::from_request(request, state).await?.0));
        }
        let Query(settings) = request.extract_parts::<Query<T::Settings>>().await?;
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| Problem::of_status(rejection.status()))?;
        let csv = String::from_utf8(bytes.into()).map_err(|e| {
            let problem = format!("not UTF-8 after {} bytes", e.utf8_error().valid_up_to());
            Problem::malformed(InputError::new("request body", problem, "send UTF-8"))
        })?;
        T::of_csv(csv, settings).map(Self).map_err(Problem::input)
    }
}
