//! The planning chain as the service sees it: from a request to a plan.

use super::PlanJobRequest;
use crate::domain::InputError;
use crate::domain::plan::Plan;
use crate::runtime::{Cancel, Cancelled, Progress};

/// Makes plans. Called on a thread of its own; may take minutes.
pub trait PlanMaker: Send + Sync {
    /// Makes a plan, or says why there is none. Cancelling must end it soon.
    fn make(
        &self,
        request: &PlanJobRequest,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Plan, PlanMakerError>;
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanMakerError {
    /// The request makes no sense.
    #[error("{0}")]
    Input(#[from] InputError),
    /// Somebody asked to stop.
    #[error("{0}")]
    Cancelled(#[from] Cancelled),
    /// Anything else, such as a missing model.
    #[error("{0}")]
    Failed(String),
}
