//! Plans: the document, and columns to list by.

use super::dialect::{Transaction, in_transaction, on_pool};
use super::page::{After, Page, one_more, page};
use super::{Store, StoreError, TenantScope, time};
use crate::domain::Document;
use crate::domain::plan::{Plan, PlanBasis};
use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::FromRow;
use uuid::Uuid;

/// What a list shows of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PlanSummary {
    /// The plan.
    pub id: Uuid,
    /// Day that is planned.
    pub date: NaiveDate,
    /// IANA name of the depot's time zone.
    pub time_zone: String,
    /// Knowledge that it was made with.
    pub basis: PlanBasis,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Number of routes.
    pub routes: u32,
    /// Number of stops on routes.
    pub stops: u32,
    /// Number of stops left out.
    pub unplanned: u32,
    /// Sum of all costs, in currency units.
    pub cost_total: f64,
}

impl PlanSummary {
    /// The summary of a plan.
    pub fn of(plan: &Plan) -> Self {
        Self {
            id: plan.id,
            date: plan.date,
            time_zone: plan.time_zone.clone(),
            basis: plan.basis,
            created_at: plan.created_at,
            routes: plan.routes.len() as u32,
            stops: plan.routes.iter().map(|r| r.visits.len() as u32).sum(),
            unplanned: plan.unplanned.len() as u32,
            cost_total: plan.cost.total(),
        }
    }
}

/// What became of a plan that was to be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutPlan {
    /// It is new.
    Created,
    /// The same plan was there already.
    Unchanged,
}

#[derive(FromRow)]
struct Row {
    plan_id: String,
    plan_date: String,
    time_zone: String,
    basis: String,
    created_us: i64,
    routes: i64,
    stops: i64,
    unplanned: i64,
    cost_total: f64,
}

impl TryFrom<Row> for PlanSummary {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let basis = serde_json::Value::String(row.basis);
        Ok(Self {
            id: row
                .plan_id
                .parse()
                .map_err(StoreError::damaged("plan", &row.plan_id))?,
            date: time::day_from(&row.plan_date)?,
            time_zone: row.time_zone,
            basis: serde_json::from_value(basis)
                .map_err(StoreError::damaged("plan", row.plan_id))?,
            created_at: time::from_us(row.created_us)?,
            routes: row.routes as u32,
            stops: row.stops as u32,
            unplanned: row.unplanned as u32,
            cost_total: row.cost_total,
        })
    }
}

impl Store {
    /// Stores a plan. The same plan again changes nothing; another one with its id is a conflict.
    pub async fn put_plan(&self, scope: TenantScope, plan: &Plan) -> Result<PutPlan, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let put = put_in(&mut transaction, scope, plan).await?;
        transaction.commit().await?;
        Ok(put)
    }

    /// A plan by its id.
    pub async fn plan(&self, scope: TenantScope, id: Uuid) -> Result<Option<Plan>, StoreError> {
        const SQL: &str = "SELECT document FROM plans WHERE tenant_id = $1 AND plan_id = $2";
        let text: Option<String> = on_pool!(self.pool, pool => sqlx::query_scalar(SQL)
            .bind(scope.key())
            .bind(id.to_string())
            .fetch_optional(pool).await)?;
        text.map(|text| read(&text)).transpose()
    }

    /// The plan that was made last, of a day or of all.
    pub async fn latest_plan(
        &self,
        scope: TenantScope,
        date: Option<NaiveDate>,
    ) -> Result<Option<Plan>, StoreError> {
        const SQL: &str = "SELECT document FROM plans WHERE tenant_id = $1 \
                           AND ($2 IS NULL OR plan_date = $2) \
                           ORDER BY created_us DESC, plan_id DESC LIMIT 1";
        let text: Option<String> = on_pool!(self.pool, pool => sqlx::query_scalar(SQL)
            .bind(scope.key())
            .bind(date.map(time::day_key))
            .fetch_optional(pool).await)?;
        text.map(|text| read(&text)).transpose()
    }

    /// Plans of a day or of all, newest first.
    pub async fn plans(
        &self,
        scope: TenantScope,
        date: Option<NaiveDate>,
        after: Option<After>,
        limit: u32,
    ) -> Result<Page<PlanSummary>, StoreError> {
        const SQL: &str = "SELECT plan_id, plan_date, time_zone, basis, created_us, routes, stops, \
                           unplanned, cost_total FROM plans \
                           WHERE tenant_id = $1 AND ($2 IS NULL OR plan_date = $2) \
                           AND (created_us, plan_id) < ($3, $4) \
                           ORDER BY created_us DESC, plan_id DESC LIMIT $5";
        let after = after.unwrap_or_else(After::highest);
        let rows: Vec<Row> = on_pool!(self.pool, pool => sqlx::query_as(SQL)
            .bind(scope.key())
            .bind(date.map(time::day_key))
            .bind(after.number)
            .bind(&after.text)
            .bind(one_more(limit))
            .fetch_all(pool).await)?;
        let items = rows
            .into_iter()
            .map(PlanSummary::try_from)
            .collect::<Result<_, _>>()?;
        Ok(page(items, limit, |p: &PlanSummary| After {
            number: time::to_us(p.created_at),
            text: p.id.to_string(),
        }))
    }
}

/// Stores a plan as part of a larger transaction.
pub(super) async fn put_in(
    transaction: &mut Transaction,
    scope: TenantScope,
    plan: &Plan,
) -> Result<PutPlan, StoreError> {
    const INSERT: &str = "INSERT INTO plans (tenant_id, plan_id, plan_date, time_zone, basis, \
        created_us, routes, stops, unplanned, cost_total, document, document_sha256) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING";
    const HASH: &str = "SELECT document_sha256 FROM plans WHERE tenant_id = $1 AND plan_id = $2";
    let document = write(plan)?;
    let sha256 = format!("{:x}", Sha256::digest(document.as_bytes()));
    let summary = PlanSummary::of(plan);
    let basis = basis_name(plan.basis);
    let inserted = in_transaction!(*transaction, connection => sqlx::query(INSERT)
        .bind(scope.key())
        .bind(plan.id.to_string())
        .bind(time::day_key(plan.date))
        .bind(&plan.time_zone)
        .bind(basis)
        .bind(time::to_us(plan.created_at))
        .bind(i64::from(summary.routes))
        .bind(i64::from(summary.stops))
        .bind(i64::from(summary.unplanned))
        .bind(summary.cost_total)
        .bind(document)
        .bind(&sha256)
        .execute(connection).await.map(|done| done.rows_affected()))?;
    if inserted == 1 {
        return Ok(PutPlan::Created);
    }
    let stored: Option<String> = in_transaction!(*transaction, connection => sqlx::query_scalar(HASH)
        .bind(scope.key())
        .bind(plan.id.to_string())
        .fetch_optional(connection).await)?;
    if stored.as_deref() == Some(sha256.as_str()) {
        Ok(PutPlan::Unchanged)
    } else {
        Err(StoreError::Conflict {
            what: "plan",
            key: plan.id.to_string(),
        })
    }
}

fn basis_name(basis: PlanBasis) -> &'static str {
    match basis {
        PlanBasis::Static => "static",
        PlanBasis::Predicted => "predicted",
        PlanBasis::Cautious => "cautious",
        PlanBasis::Perfect => "perfect",
    }
}

fn write(plan: &Plan) -> Result<String, StoreError> {
    plan.to_json()
        .and_then(|json| serde_json::to_string(&json))
        .map_err(|source| StoreError::Serialize {
            what: "plan",
            source,
        })
}

fn read(text: &str) -> Result<Plan, StoreError> {
    let json = serde_json::from_str(text).map_err(StoreError::damaged("plan", ""))?;
    Plan::from_json("stored plan", json).map_err(StoreError::damaged("plan", ""))
}
