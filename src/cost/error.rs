//! What can go wrong between a model and a tensor.

use super::tensor::TensorError;
use crate::domain::InputError;
use crate::network::NetworkError;
use crate::runtime::Cancelled;
use crate::travel_time::TravelTimeError;

/// Errors of building, writing and reading cost tensors.
#[derive(Debug, thiserror::Error)]
pub enum CostError {
    /// A file or places that cannot be used.
    #[error("{0}")]
    Input(#[from] InputError),
    /// The model cannot answer.
    #[error("{0}")]
    TravelTime(#[from] TravelTimeError),
    /// What was built is no tensor.
    #[error("{0}")]
    Tensor(#[from] TensorError),
    /// The work was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The places cannot be clustered.
    #[error("the places cannot be clustered: {0}")]
    Clustering(String),
    /// Writing failed.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl From<NetworkError> for CostError {
    fn from(error: NetworkError) -> Self {
        match error {
            NetworkError::Input(error) => Self::Input(error),
            NetworkError::Cancelled(cancelled) => Self::Cancelled(cancelled),
        }
    }
}
