//! The one place where codes become statuses.

use super::problem::Problem;
use crate::app::{AppError, Code};
use axum::http::StatusCode;

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        let (status, code, title) = match error.code() {
            Code::InvalidInput => return input(error),
            Code::NotFound => (StatusCode::NOT_FOUND, "not-found", "Not found"),
            Code::Conflict => (StatusCode::CONFLICT, "conflict", "Conflict"),
            Code::ModelUnavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "model-unavailable",
                "Model not available",
            ),
            Code::DatabaseUnavailable => {
                tracing::error!(error = &error as &dyn std::error::Error, "database failed");
                let detail = "the database did not do it; ask again later";
                let status = StatusCode::SERVICE_UNAVAILABLE;
                let title = "Database not available";
                return Self::new(status, "database-unavailable", title, detail);
            }
            Code::Overloaded => (StatusCode::SERVICE_UNAVAILABLE, "overloaded", "Overloaded"),
            Code::Internal => {
                tracing::error!(error = &error as &dyn std::error::Error, "internal error");
                return Self::internal();
            }
        };
        Self::new(status, code, title, error.to_string())
    }
}

fn input(error: AppError) -> Problem {
    match error {
        AppError::Input(error) => Problem::input(error),
        other => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Problem::new(status, "invalid-input", "Invalid input", other.to_string())
        }
    }
}
