//! Alerts and who has seen them.

use super::dialect::{in_transaction, on_pool};
use super::page::{After, Page, one_more, page};
use super::{Store, StoreError, TenantScope, time};
use crate::domain::alert::Alert;
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

/// An alert and its acknowledgement.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredAlert {
    /// The alert.
    pub alert: Alert,
    /// When somebody took it on.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// Who did.
    pub acknowledged_by: Option<String>,
}

#[derive(FromRow)]
struct Row {
    alert_id: String,
    document: String,
    acknowledged_us: Option<i64>,
    acknowledged_by: Option<String>,
}

impl TryFrom<Row> for StoredAlert {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            alert: serde_json::from_str(&row.document)
                .map_err(StoreError::damaged("alert", row.alert_id))?,
            acknowledged_at: row.acknowledged_us.map(time::from_us).transpose()?,
            acknowledged_by: row.acknowledged_by,
        })
    }
}

impl Store {
    /// Stores alerts; one that is there already stays, with its acknowledgement. Returns the ids
    /// of those that are new.
    pub async fn insert_alerts(
        &self,
        scope: TenantScope,
        alerts: &[Alert],
    ) -> Result<Vec<Uuid>, StoreError> {
        const SQL: &str = "INSERT INTO alerts (tenant_id, alert_id, detected_us, document) \
                           VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
        let mut new = Vec::new();
        let mut transaction = self.pool.begin().await?;
        for alert in alerts {
            let document =
                serde_json::to_string(alert).map_err(|source| StoreError::Serialize {
                    what: "alert",
                    source,
                })?;
            let inserted = in_transaction!(transaction, connection => sqlx::query(SQL)
                .bind(scope.key())
                .bind(alert.id.to_string())
                .bind(time::to_us(alert.detected_at))
                .bind(document)
                .execute(connection).await.map(|done| done.rows_affected()))?;
            if inserted == 1 {
                new.push(alert.id);
            }
        }
        transaction.commit().await?;
        Ok(new)
    }

    /// An alert by its id.
    pub async fn alert(
        &self,
        scope: TenantScope,
        id: Uuid,
    ) -> Result<Option<StoredAlert>, StoreError> {
        const SQL: &str = "SELECT alert_id, document, acknowledged_us, acknowledged_by \
                           FROM alerts WHERE tenant_id = $1 AND alert_id = $2";
        let row: Option<Row> = on_pool!(self.pool, pool => sqlx::query_as(SQL)
            .bind(scope.key())
            .bind(id.to_string())
            .fetch_optional(pool).await)?;
        row.map(StoredAlert::try_from).transpose()
    }

    /// Alerts, newest first; only those acknowledged or not, if asked.
    pub async fn alerts(
        &self,
        scope: TenantScope,
        acknowledged: Option<bool>,
        after: Option<After>,
        limit: u32,
    ) -> Result<Page<StoredAlert>, StoreError> {
        const SQL: &str = "SELECT alert_id, document, acknowledged_us, acknowledged_by \
            FROM alerts WHERE tenant_id = $1 \
            AND ($2 IS NULL OR (acknowledged_us IS NOT NULL) = $2) \
            AND (detected_us, alert_id) < ($3, $4) \
            ORDER BY detected_us DESC, alert_id DESC LIMIT $5";
        let after = after.unwrap_or_else(After::highest);
        let rows: Vec<Row> = on_pool!(self.pool, pool => sqlx::query_as(SQL)
            .bind(scope.key())
            .bind(acknowledged)
            .bind(after.number)
            .bind(&after.text)
            .bind(one_more(limit))
            .fetch_all(pool).await)?;
        let items = rows
            .into_iter()
            .map(StoredAlert::try_from)
            .collect::<Result<_, _>>()?;
        Ok(page(items, limit, |a: &StoredAlert| After {
            number: time::to_us(a.alert.detected_at),
            text: a.alert.id.to_string(),
        }))
    }

    /// Notes that somebody took an alert on; who did so first stays. `None`: no such alert.
    pub async fn acknowledge_alert(
        &self,
        scope: TenantScope,
        id: Uuid,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<StoredAlert>, StoreError> {
        const SQL: &str = "UPDATE alerts SET acknowledged_us = $3, acknowledged_by = $4 \
            WHERE tenant_id = $1 AND alert_id = $2 AND acknowledged_us IS NULL";
        on_pool!(self.pool, pool => sqlx::query(SQL)
            .bind(scope.key())
            .bind(id.to_string())
            .bind(time::to_us(now))
            .bind(by)
            .execute(pool).await.map(|_| ()))?;
        self.alert(scope, id).await
    }
}
