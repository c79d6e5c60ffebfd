//! Plans: read, listed, taken in from elsewhere.

use super::live::LiveEvent;
use super::{App, AppError};
use crate::domain::plan::Plan;
use crate::store::{After, Page, PlanSummary, PutPlan, TenantScope};
use chrono::NaiveDate;
use uuid::Uuid;

impl App {
    /// A plan by its id.
    pub async fn plan(&self, scope: TenantScope, id: Uuid) -> Result<Plan, AppError> {
        let plan = self.store().plan(scope, id).await?;
        plan.ok_or_else(AppError::not_found("plan", id))
    }

    /// The plan that was made last, of a day or of all.
    pub async fn latest_plan(
        &self,
        scope: TenantScope,
        date: Option<NaiveDate>,
    ) -> Result<Plan, AppError> {
        let plan = self.store().latest_plan(scope, date).await?;
        let key = date.map_or_else(|| "latest".to_owned(), |d| d.to_string());
        plan.ok_or_else(AppError::not_found("plan", key))
    }

    /// Plans of a day or of all, newest first.
    pub async fn plans(
        &self,
        scope: TenantScope,
        date: Option<NaiveDate>,
        after: Option<After>,
        limit: u32,
    ) -> Result<Page<PlanSummary>, AppError> {
        Ok(self.store().plans(scope, date, after, limit).await?)
    }

    /// Takes in a finished plan. The same plan again changes nothing; another one with its id is
    /// a conflict.
    pub async fn import_plan(
        &self,
        scope: TenantScope,
        plan: &Plan,
    ) -> Result<(PutPlan, PlanSummary), AppError> {
        let put = self.store().put_plan(scope, plan).await?;
        let summary = PlanSummary::of(plan);
        if put == PutPlan::Created {
            let plan = summary.clone();
            self.live().publish(scope, &LiveEvent::Plan { plan });
        }
        Ok((put, summary))
    }
}
