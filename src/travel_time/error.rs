//! What can go wrong with travel times.

use crate::domain::InputError;
use crate::features::travel::TravelFeatureError;
use crate::onnx::OnnxError;
use crate::regression::RegressionError;
use crate::runtime::Cancelled;

/// Errors of training and prediction.
#[derive(Debug, thiserror::Error)]
pub enum TravelTimeError {
    /// Trips or questions that cannot be used.
    #[error("{0}")]
    Input(#[from] InputError),
    /// The model cannot be written, loaded or run.
    #[error("{0}")]
    Onnx(#[from] OnnxError),
    /// The work was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// There is nothing to choose from.
    #[error("the {model} model cannot be fitted: {reason}")]
    Fit {
        /// Which model.
        model: &'static str,
        /// Why.
        reason: String,
    },
    /// A regression cannot be fitted.
    #[error("{0}")]
    Regression(RegressionError),
    /// A manifest without what travel times need.
    #[error("the manifest's parameters cannot be used: {0}")]
    Parameters(#[from] serde_json::Error),
    /// Reading or writing failed.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl From<TravelFeatureError> for TravelTimeError {
    fn from(error: TravelFeatureError) -> Self {
        match error {
            TravelFeatureError::Input(e) => Self::Input(e),
            TravelFeatureError::Cancelled(e) => Self::Cancelled(e),
        }
    }
}

impl From<RegressionError> for TravelTimeError {
    fn from(error: RegressionError) -> Self {
        match error {
            RegressionError::Cancelled(e) => Self::Cancelled(e),
            other => Self::Regression(other),
        }
    }
}
