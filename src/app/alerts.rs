//! Alerts: raised once, seen, taken on by somebody.

use super::live::LiveEvent;
use super::{App, AppError};
use crate::domain::InputError;
use crate::domain::alert::Alert;
use crate::store::{After, Page, StoredAlert, TenantScope};
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

const LONGEST_NAME: usize = 200;

/// An alert and who took it on.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct AlertView {
    /// The alert.
    #[serde(flatten)]
    pub alert: Alert,
    /// When somebody took it on.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// Who did.
    pub acknowledged_by: Option<String>,
}

impl From<StoredAlert> for AlertView {
    fn from(stored: StoredAlert) -> Self {
        Self {
            alert: stored.alert,
            acknowledged_at: stored.acknowledged_at,
            acknowledged_by: stored.acknowledged_by,
        }
    }
}

impl App {
    /// Raises alerts; those that were raised before stay as they are. Returns how many are new.
    pub async fn raise_alerts(
        &self,
        scope: TenantScope,
        alerts: &[Alert],
    ) -> Result<usize, AppError> {
        let new = self.store().insert_alerts(scope, alerts).await?;
        for alert in alerts.iter().filter(|a| new.contains(&a.id)) {
            let alert = AlertView {
                alert: alert.clone(),
                acknowledged_at: None,
                acknowledged_by: None,
            };
            self.live().publish(scope, &LiveEvent::Alert { alert });
        }
        Ok(new.len())
    }

    /// Alerts, newest first; only those taken on or not, if asked.
    pub async fn alerts(
        &self,
        scope: TenantScope,
        acknowledged: Option<bool>,
        after: Option<After>,
        limit: u32,
    ) -> Result<Page<AlertView>, AppError> {
        let page = self
            .store()
            .alerts(scope, acknowledged, after, limit)
            .await?;
        Ok(Page {
            items: page.items.into_iter().map(AlertView::from).collect(),
            next: page.next,
        })
    }

    /// Notes that somebody took an alert on; who did so first stays.
    pub async fn acknowledge_alert(
        &self,
        scope: TenantScope,
        id: Uuid,
        by: &str,
    ) -> Result<AlertView, AppError> {
        let by = by.trim();
        if by.is_empty() || by.chars().count() > LONGEST_NAME {
            let remedy = format!("give 1 to {LONGEST_NAME} characters");
            let error = InputError::new("request body", "not a name", remedy);
            return Err(error.field("by").value(by).into());
        }
        let now = self.clock().now();
        let stored = self.store().acknowledge_alert(scope, id, by, now).await?;
        let alert = AlertView::from(stored.ok_or_else(AppError::not_found("alert", id))?);
        let event = LiveEvent::Alert {
            alert: alert.clone(),
        };
        self.live().publish(scope, &event);
        Ok(alert)
    }
}
