//! What can go wrong with demand forecasts.

use crate::domain::InputError;
use crate::features::demand::DemandFeatureError;
use crate::onnx::OnnxError;
use crate::regression::RegressionError;
use crate::runtime::Cancelled;

/// Errors of training and forecasting.
#[derive(Debug, thiserror::Error)]
pub enum ForecastError {
    /// Input that cannot be used.
    #[error("{0}")]
    Input(#[from] InputError),
    /// The work was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The demand table cannot be used.
    #[error(transparent)]
    Features(#[from] DemandFeatureError),
    /// A fit failed.
    #[error(transparent)]
    Regression(#[from] RegressionError),
    /// Export or prediction failed.
    #[error(transparent)]
    Onnx(#[from] OnnxError),
    /// What a model needs cannot be put into its manifest.
    #[error("the model's parameters cannot be written: {0}")]
    Parameters(#[from] serde_json::Error),
}
