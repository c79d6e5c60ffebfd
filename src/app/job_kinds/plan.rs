//! Jobs that make plans.

use super::JobKind;
use crate::app::jobs::JobView;
use crate::app::{App, AppError, PlanJobRequest};
use crate::store::TenantScope;

impl App {
    /// Asks for a plan. The same key and request again give the same job.
    pub async fn request_plan(
        &self,
        scope: TenantScope,
        request: &PlanJobRequest,
        idempotency_key: Option<&str>,
    ) -> Result<JobView, AppError> {
        request.check()?;
        self.enqueue(scope, JobKind::Plan, request, idempotency_key)
            .await
    }
}
