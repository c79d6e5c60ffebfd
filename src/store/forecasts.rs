//! Demand forecasts.

use super::dialect::{Transaction, in_transaction, on_pool};
use super::page::{After, Page, one_more, page};
use super::{Store, StoreError, TenantScope, group_forecasts, hierarchy, time};
use crate::domain::forecast::{DemandForecast, GroupForecast, Quantiles};
use crate::domain::hierarchy::Hierarchy;
use chrono::{Days, NaiveDate};
use sqlx::{FromRow, QueryBuilder};
use std::collections::BTreeMap;

/// Rows per INSERT: seven values each.
const ROWS_PER_INSERT: usize = 500;
/// Separates series and time in a page's key; no series id holds it, they are printable.
const KEY_SEPARATOR: char = '\u{1f}';

/// Forecasts to be stored together.
#[derive(Debug, Clone, Copy)]
pub struct ForecastRows<'a> {
    /// Forecasts of series.
    pub series: &'a [DemandForecast],
    /// Forecasts of groups, their means the sums of those of their series.
    pub groups: &'a [GroupForecast],
    /// What the groups are sums by: stored only if this is still the tenant's hierarchy.
    pub hierarchy: Option<&'a Hierarchy>,
}

#[derive(FromRow)]
struct Row {
    series_id: String,
    ts: String,
    p10: f64,
    p50: f64,
    p90: f64,
    mean: f64,
}

impl TryFrom<Row> for DemandForecast {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            series_id: row.series_id,
            ts: time::local_from(&row.ts)?,
            quantiles: Quantiles {
                p10: row.p10,
                p50: row.p50,
                p90: row.p90,
                mean: row.mean,
            },
        })
    }
}

impl Store {
    /// Stores forecasts of series and groups in place of those of the same step, all or nothing.
    /// Forecasts of groups that are sums no longer are forgotten. Returns how many rows of series
    /// that makes: of several for one step, the last counts.
    pub async fn put_forecasts(
        &self,
        scope: TenantScope,
        rows: ForecastRows<'_>,
    ) -> Result<usize, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let stored = put_in(&mut transaction, scope, rows).await?;
        transaction.commit().await?;
        Ok(stored)
    }

    /// Forecasts of one series or of all, for the days `from` to `to`, both included; by series
    /// and time.
    pub async fn forecasts(
        &self,
        scope: TenantScope,
        series_id: Option<&str>,
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
        after: Option<After>,
        limit: u32,
    ) -> Result<Page<DemandForecast>, StoreError> {
        const SQL: &str = "SELECT series_id, ts, p10, p50, p90, mean FROM demand_forecasts \
            WHERE tenant_id = $1 AND ($2 IS NULL OR series_id = $2) \
            AND ($3 IS NULL OR ts >= $3) AND ($4 IS NULL OR ts < $4) \
            AND (series_id, ts) > ($5, $6) ORDER BY series_id, ts LIMIT $7";
        let after = after.unwrap_or_else(After::lowest).text;
        let (after_series, after_ts) = after.split_once(KEY_SEPARATOR).unwrap_or_default();
        let end = to.and_then(|day| day.checked_add_days(Days::new(1)));
        let rows: Vec<Row> = on_pool!(self.pool, pool => sqlx::query_as(SQL)
            .bind(scope.key())
            .bind(series_id)
            .bind(from.map(time::day_key))
            .bind(end.map(time::day_key))
            .bind(after_series)
            .bind(after_ts)
            .bind(one_more(limit))
            .fetch_all(pool).await)?;
        let items = rows
            .into_iter()
            .map(DemandForecast::try_from)
            .collect::<Result<_, _>>()?;
        Ok(page(items, limit, |f: &DemandForecast| After {
            number: 0,
            text: format!("{}{KEY_SEPARATOR}{}", f.series_id, time::local_key(f.ts)),
        }))
    }
}

/// Stores forecasts as part of a larger transaction.
pub(super) async fn put_in(
    transaction: &mut Transaction,
    scope: TenantScope,
    forecasts: ForecastRows<'_>,
) -> Result<usize, StoreError> {
    const HEAD: &str =
        "INSERT INTO demand_forecasts (tenant_id, series_id, ts, p10, p50, p90, mean) ";
    const TAIL: &str = " ON CONFLICT (tenant_id, series_id, ts) DO UPDATE SET \
        p10 = excluded.p10, p50 = excluded.p50, p90 = excluded.p90, mean = excluded.mean";
    if let Some(used) = forecasts.hierarchy
        && hierarchy::read_in(transaction, scope).await? != *used
    {
        return Err(StoreError::Superseded { what: "hierarchy" });
    }
    // One statement may not change a row twice.
    let rows: BTreeMap<_, _> = forecasts
        .series
        .iter()
        .map(|f| ((f.series_id.as_str(), time::local_key(f.ts)), f.quantiles))
        .collect();
    let tenant = scope.key();
    let steps: Vec<_> = rows.keys().cloned().collect();
    let rows: Vec<_> = rows.into_iter().collect();
    for chunk in rows.chunks(ROWS_PER_INSERT) {
        in_transaction!(*transaction, connection => {
            let mut builder = QueryBuilder::new(HEAD);
            builder.push_values(chunk, |mut row, ((series_id, ts), q)| {
                row.push_bind(tenant.clone())
                    .push_bind((*series_id).to_owned())
                    .push_bind(ts.clone())
                    .push_bind(q.p10)
                    .push_bind(q.p50)
                    .push_bind(q.p90)
                    .push_bind(q.mean);
            });
            builder.push(TAIL);
            builder.build().execute(connection).await.map(|_| ())
        })?;
    }
    group_forecasts::forget_in(transaction, scope, &steps).await?;
    group_forecasts::put_in(transaction, scope, forecasts.groups).await?;
    Ok(rows.len())
}
