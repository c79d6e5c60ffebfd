//! The planning chain as the service sees it: from a request to a plan.

use super::{JobError, PlanJobRequest};
use crate::domain::plan::Plan;
use crate::runtime::{Cancel, Progress};

/// Makes plans. Called on a thread of its own; may take minutes.
pub trait PlanMaker: Send + Sync {
    /// Makes a plan, or says why there is none. Cancelling must end it soon.
    fn make(
        &self,
        request: &PlanJobRequest,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Plan, JobError>;
}
