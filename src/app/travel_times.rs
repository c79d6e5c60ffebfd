//! Travel times between places, from the model.

use super::places::{on_the_map, so_many};
use super::{App, AppError};
use crate::domain::forecast::Quantiles;
use crate::domain::{InputError, LatLon};
use crate::store::TenantScope;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::sync::Arc;

/// Most places of a matrix.
pub const MOST_PLACES: usize = 100;
/// Most departures of a matrix.
pub const MOST_DEPARTURES: usize = 24;

/// Predicts travel times. Called on a thread of its own.
pub trait TravelTimes: Send + Sync {
    /// Seconds between all places, `[departure][from][to]` in row-major order, and the model that
    /// predicted them as `(name, version)`.
    fn predict(&self, query: &MatrixQuery) -> Result<Matrix, TravelTimesError>;
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixQuery {
    /// From and to where.
    pub places: Vec<LatLon>,
    /// When.
    pub departures: Vec<DateTime<Utc>>,
    /// Time zone of the places.
    pub time_zone: Tz,
    /// Travel-time profile, such as `van`.
    pub profile: String,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// Name of the model.
    pub model: String,
    /// Version of the model.
    pub version: String,
    /// Seconds, `[departure][from][to]` in row-major order; 0 from a place to itself.
    pub seconds: Vec<Quantiles>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum TravelTimesError {
    /// The question makes no sense.
    #[error("{0}")]
    Input(#[from] InputError),
    /// There is no model, or it cannot be run.
    #[error("{0}")]
    Unavailable(String),
}

impl App {
    /// Travel times between all places for each departure.
    pub async fn travel_time_matrix(
        &self,
        scope: TenantScope,
        query: MatrixQuery,
    ) -> Result<Matrix, AppError> {
        check(&query)?;
        let model = Arc::clone(&self.parts().travel_times);
        let what = "the travel-time prediction";
        let answer = self.compute(what, move || model.predict(&query)).await?;
        let matrix = answer.map_err(|error| match error {
            TravelTimesError::Input(input) => AppError::Input(input),
            TravelTimesError::Unavailable(reason) => AppError::ModelUnavailable {
                model: "travel-time",
                reason,
            },
        })?;
        let now = self.clock().now();
        self.store()
            .note_model(scope, &matrix.model, &matrix.version, now)
            .await?;
        Ok(matrix)
    }
}

/// Checks a question; names the first fault.
fn check(query: &MatrixQuery) -> Result<(), InputError> {
    so_many("places", query.places.len(), 2..=MOST_PLACES)?;
    so_many("departures", query.departures.len(), 1..=MOST_DEPARTURES)?;
    on_the_map("places", &query.places)
}
