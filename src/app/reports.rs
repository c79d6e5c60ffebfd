//! Report files.

use super::{App, AppError};
use crate::store::{After, Page, ReportFile, ReportMeta, TenantScope};
use chrono::NaiveDate;

impl App {
    /// Report files without their content, newest day first.
    pub async fn reports(
        &self,
        scope: TenantScope,
        after: Option<After>,
        limit: u32,
    ) -> Result<Page<ReportMeta>, AppError> {
        Ok(self.store().reports(scope, after, limit).await?)
    }

    /// A report file with its content.
    pub async fn report(
        &self,
        scope: TenantScope,
        date: NaiveDate,
        name: &str,
    ) -> Result<ReportFile, AppError> {
        let file = self.store().report(scope, date, name).await?;
        file.ok_or_else(AppError::not_found("report", format!("{date}/{name}")))
    }
}
