//! What happened on each day, and its key figures.

use super::dialect::on_pool;
use super::page::{After, Page, one_more, page};
use super::{Store, StoreError, TenantScope, time};
use crate::domain::Document;
use crate::domain::day_record::DayRecord;
use crate::domain::kpi::KpiReport;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

/// What a list shows of a day.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct DaySummary {
    /// The day, in the depot's time zone.
    pub date: NaiveDate,
    /// The plan that was driven.
    pub plan_id: Uuid,
    /// Number of routes driven.
    pub routes: u32,
    /// Number of stops visited.
    pub stops: u32,
    /// Realised cost, in currency units.
    pub cost_total: f64,
}

#[derive(FromRow)]
struct Row {
    day: String,
    plan_id: String,
    routes: i64,
    stops: i64,
    cost_total: f64,
}

impl TryFrom<Row> for DaySummary {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            date: time::day_from(&row.day)?,
            plan_id: row
                .plan_id
                .parse()
                .map_err(StoreError::damaged("day record", row.day))?,
            routes: row.routes as u32,
            stops: row.stops as u32,
            cost_total: row.cost_total,
        })
    }
}

impl Store {
    /// Stores a day's record in place of an earlier one of that day.
    pub async fn put_day(&self, scope: TenantScope, day: &DayRecord) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO day_records \
            (tenant_id, day, plan_id, routes, stops, cost_total, document) \
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id, day) DO UPDATE SET \
            plan_id = excluded.plan_id, routes = excluded.routes, stops = excluded.stops, \
            cost_total = excluded.cost_total, document = excluded.document";
        let stops: usize = day.routes.iter().map(|r| r.events.len()).sum();
        on_pool!(self.pool, pool => sqlx::query(SQL)
            .bind(scope.key())
            .bind(time::day_key(day.date))
            .bind(day.plan_id.to_string())
            .bind(day.routes.len() as i64)
            .bind(stops as i64)
            .bind(day.cost.total())
            .bind(write("day record", day)?)
            .execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// The record of a day.
    pub async fn day(
        &self,
        scope: TenantScope,
        date: NaiveDate,
    ) -> Result<Option<DayRecord>, StoreError> {
        const SQL: &str = "SELECT document FROM day_records WHERE tenant_id = $1 AND day = $2";
        let text: Option<String> = on_pool!(self.pool, pool => sqlx::query_scalar(SQL)
            .bind(scope.key())
            .bind(time::day_key(date))
            .fetch_optional(pool).await)?;
        text.map(|text| read("day record", &text)).transpose()
    }

    /// Days that have a record, newest first.
    pub async fn days(
        &self,
        scope: TenantScope,
        after: Option<After>,
        limit: u32,
    ) -> Result<Page<DaySummary>, StoreError> {
        const SQL: &str = "SELECT day, plan_id, routes, stops, cost_total FROM day_records \
                           WHERE tenant_id = $1 AND day < $2 ORDER BY day DESC LIMIT $3";
        let after = after.unwrap_or_else(After::highest);
        let rows: Vec<Row> = on_pool!(self.pool, pool => sqlx::query_as(SQL)
            .bind(scope.key())
            .bind(&after.text)
            .bind(one_more(limit))
            .fetch_all(pool).await)?;
        let items = rows
            .into_iter()
            .map(DaySummary::try_from)
            .collect::<Result<_, _>>()?;
        Ok(page(items, limit, |d: &DaySummary| after_day(d.date)))
    }

    /// Stores a day's key figures in place of earlier ones of that day.
    pub async fn put_kpis(&self, scope: TenantScope, kpis: &KpiReport) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO kpi_reports (tenant_id, day, document) \
            VALUES ($1, $2, $3) \
            ON CONFLICT (tenant_id, day) DO UPDATE SET document = excluded.document";
        on_pool!(self.pool, pool => sqlx::query(SQL)
            .bind(scope.key())
            .bind(time::day_key(kpis.date))
            .bind(write("KPI report", kpis)?)
            .execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// The key figures of a day.
    pub async fn kpis_of(
        &self,
        scope: TenantScope,
        date: NaiveDate,
    ) -> Result<Option<KpiReport>, StoreError> {
        const SQL: &str = "SELECT document FROM kpi_reports WHERE tenant_id = $1 AND day = $2";
        let text: Option<String> = on_pool!(self.pool, pool => sqlx::query_scalar(SQL)
            .bind(scope.key())
            .bind(time::day_key(date))
            .fetch_optional(pool).await)?;
        text.map(|text| read("KPI report", &text)).transpose()
    }

    /// Key figures of all days, newest first.
    pub async fn kpis(
        &self,
        scope: TenantScope,
        after: Option<After>,
        limit: u32,
    ) -> Result<Page<KpiReport>, StoreError> {
        const SQL: &str = "SELECT document FROM kpi_reports WHERE tenant_id = $1 AND day < $2 \
                           ORDER BY day DESC LIMIT $3";
        let after = after.unwrap_or_else(After::highest);
        let texts: Vec<String> = on_pool!(self.pool, pool => sqlx::query_scalar(SQL)
            .bind(scope.key())
            .bind(&after.text)
            .bind(one_more(limit))
            .fetch_all(pool).await)?;
        let items = texts
            .iter()
            .map(|text| read("KPI report", text))
            .collect::<Result<_, _>>()?;
        Ok(page(items, limit, |k: &KpiReport| after_day(k.date)))
    }
}

fn after_day(day: NaiveDate) -> After {
    After {
        number: 0,
        text: time::day_key(day),
    }
}

fn write<D: Document>(what: &'static str, document: &D) -> Result<String, StoreError> {
    document
        .to_json()
        .and_then(|json| serde_json::to_string(&json))
        .map_err(|source| StoreError::Serialize { what, source })
}

fn read<D: Document>(what: &'static str, text: &str) -> Result<D, StoreError> {
    let json = serde_json::from_str(text).map_err(StoreError::damaged(what, ""))?;
    D::from_json("stored document", json).map_err(StoreError::damaged(what, ""))
}
