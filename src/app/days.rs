//! What happened on each day, and its key figures.

use super::{App, AppError};
use crate::domain::day_record::DayRecord;
use crate::domain::kpi::KpiReport;
use crate::store::{After, DaySummary, Page, TenantScope};
use chrono::NaiveDate;

impl App {
    /// The record of a day.
    pub async fn day(&self, scope: TenantScope, date: NaiveDate) -> Result<DayRecord, AppError> {
        let day = self.store().day(scope, date).await?;
        day.ok_or_else(AppError::not_found("day record", date))
    }

    /// Days that have a record, newest first.
    pub async fn days(
        &self,
        scope: TenantScope,
        after: Option<After>,
        limit: u32,
    ) -> Result<Page<DaySummary>, AppError> {
        Ok(self.store().days(scope, after, limit).await?)
    }

    /// The key figures of a day.
    pub async fn kpis_of(
        &self,
        scope: TenantScope,
        date: NaiveDate,
    ) -> Result<KpiReport, AppError> {
        let kpis = self.store().kpis_of(scope, date).await?;
        kpis.ok_or_else(AppError::not_found("KPI report", date))
    }

    /// Key figures of all days, newest first.
    pub async fn kpis(
        &self,
        scope: TenantScope,
        after: Option<After>,
        limit: u32,
    ) -> Result<Page<KpiReport>, AppError> {
        Ok(self.store().kpis(scope, after, limit).await?)
    }
}
