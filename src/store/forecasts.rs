//! Demand forecasts.

use super::dialect::{in_transaction, on_pool};
use super::page::{After, Page, one_more, page};
use super::{Store, StoreError, TenantScope, time};
use crate::domain::forecast::{DemandForecast, Quantiles};
use chrono::{Days, NaiveDate};
use sqlx::{FromRow, QueryBuilder};
use std::collections::BTreeMap;

/// Rows per INSERT: seven values each.
const ROWS_PER_INSERT: usize = 500;
/// Separates series and time in a page's key; no series id holds it, they are printable.
const KEY_SEPARATOR: char = '\u{1f}';

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
    /// Stores forecasts in place of those of the same series and step, all or nothing. Returns
    /// how many rows that makes: of several for one step, the last counts.
    pub async fn put_forecasts(
        &self,
        scope: TenantScope,
        forecasts: &[DemandForecast],
    ) -> Result<usize, StoreError> {
        const HEAD: &str =
            "INSERT INTO demand_forecasts (tenant_id, series_id, ts, p10, p50, p90, mean) ";
        const TAIL: &str = " ON CONFLICT (tenant_id, series_id, ts) DO UPDATE SET \
            p10 = excluded.p10, p50 = excluded.p50, p90 = excluded.p90, mean = excluded.mean";
        // One statement may not change a row twice.
        let rows: BTreeMap<_, _> = forecasts
            .iter()
            .map(|f| ((f.series_id.as_str(), time::local_key(f.ts)), f.quantiles))
            .collect();
        let rows: Vec<_> = rows.into_iter().collect();
        let tenant = scope.key();
        let mut transaction = self.pool.begin().await?;
        for chunk in rows.chunks(ROWS_PER_INSERT) {
            in_transaction!(transaction, connection => {
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
        transaction.commit().await?;
        Ok(rows.len())
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
