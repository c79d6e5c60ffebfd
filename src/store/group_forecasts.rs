//! Forecasts of groups: areas, depots and what else the hierarchy names.

use super::dialect::{Transaction, in_transaction, on_pool};
use super::page::{After, Page, one_more, page};
use super::{Store, StoreError, TenantScope, time};
use crate::domain::forecast::{GroupForecast, Quantiles};
use chrono::{Days, NaiveDate};
use sqlx::{FromRow, QueryBuilder};
use std::collections::BTreeMap;

/// Rows per statement: up to eight values each.
const ROWS_PER_STATEMENT: usize = 500;
/// Separates the parts of a page's key; no name holds it, they are printable.
const KEY_SEPARATOR: char = '\u{1f}';

#[derive(FromRow)]
struct Row {
    level: String,
    group_id: String,
    ts: String,
    p10: f64,
    p50: f64,
    p90: f64,
    mean: f64,
}

impl TryFrom<Row> for GroupForecast {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            level: row.level,
            group: row.group_id,
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

/// Which forecasts of groups are asked for; `None` is any.
#[derive(Debug, Clone, Copy, Default)]
pub struct GroupFilter<'a> {
    /// Level of the hierarchy.
    pub level: Option<&'a str>,
    /// Group within its level.
    pub group: Option<&'a str>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day, included.
    pub to: Option<NaiveDate>,
}

impl Store {
    /// Forecasts of groups by level, group and time.
    pub async fn group_forecasts(
        &self,
        scope: TenantScope,
        filter: GroupFilter<'_>,
        after: Option<After>,
        limit: u32,
    ) -> Result<Page<GroupForecast>, StoreError> {
        const SQL: &str = "SELECT level, group_id, ts, p10, p50, p90, mean FROM group_forecasts \
            WHERE tenant_id = $1 AND ($2 IS NULL OR level = $2) AND ($3 IS NULL OR group_id = $3) \
            AND ($4 IS NULL OR ts >= $4) AND ($5 IS NULL OR ts < $5) \
            AND (level, group_id, ts) > ($6, $7, $8) ORDER BY level, group_id, ts LIMIT $9";
        let after = after.unwrap_or_else(After::lowest).text;
        let mut parts = after.splitn(3, KEY_SEPARATOR);
        let mut part = || parts.next().unwrap_or_default();
        let end = filter.to.and_then(|day| day.checked_add_days(Days::new(1)));
        let rows: Vec<Row> = on_pool!(self.pool, pool => sqlx::query_as(SQL)
            .bind(scope.key())
            .bind(filter.level)
            .bind(filter.group)
            .bind(filter.from.map(time::day_key))
            .bind(end.map(time::day_key))
            .bind(part())
            .bind(part())
            .bind(part())
            .bind(one_more(limit))
            .fetch_all(pool).await)?;
        let items = rows
            .into_iter()
            .map(GroupForecast::try_from)
            .collect::<Result<_, _>>()?;
        Ok(page(items, limit, |f: &GroupForecast| After {
            number: 0,
            text: [f.level.as_str(), &f.group, &time::local_key(f.ts)]
                .join(&KEY_SEPARATOR.to_string()),
        }))
    }
}

/// Stores forecasts of groups in place of those of the same group and step.
pub(super) async fn put_in(
    transaction: &mut Transaction,
    scope: TenantScope,
    forecasts: &[GroupForecast],
) -> Result<(), StoreError> {
    const HEAD: &str =
        "INSERT INTO group_forecasts (tenant_id, level, group_id, ts, p10, p50, p90, mean) ";
    const TAIL: &str = " ON CONFLICT (tenant_id, level, group_id, ts) DO UPDATE SET \
        p10 = excluded.p10, p50 = excluded.p50, p90 = excluded.p90, mean = excluded.mean";
    // One statement may not change a row twice.
    let rows: BTreeMap<_, _> = forecasts
        .iter()
        .map(|f| ((&f.level, &f.group, time::local_key(f.ts)), f.quantiles))
        .collect();
    let rows: Vec<_> = rows.into_iter().collect();
    let tenant = scope.key();
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        in_transaction!(*transaction, connection => {
            let mut builder = QueryBuilder::new(HEAD);
            builder.push_values(chunk, |mut row, ((level, group, ts), q)| {
                row.push_bind(tenant.clone())
                    .push_bind((*level).clone())
                    .push_bind((*group).clone())
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
    Ok(())
}

/// Forgets the forecasts of groups at steps at which one of their series has another forecast
/// now: their means would be sums no longer. `steps` are series and time as stored.
pub(super) async fn forget_in(
    transaction: &mut Transaction,
    scope: TenantScope,
    steps: &[(&str, String)],
) -> Result<(), StoreError> {
    let tenant = scope.key();
    for chunk in steps.chunks(ROWS_PER_STATEMENT) {
        in_transaction!(*transaction, connection => {
            let mut builder = QueryBuilder::new("DELETE FROM group_forecasts WHERE tenant_id = ");
            builder.push_bind(tenant.clone());
            builder.push(
                " AND (level, group_id, ts) IN (SELECT h.level, h.group_id, f.ts \
                 FROM hierarchy h JOIN demand_forecasts f \
                 ON f.tenant_id = h.tenant_id AND f.series_id = h.series_id \
                 WHERE h.tenant_id = ",
            );
            builder.push_bind(tenant.clone());
            builder.push(" AND (f.series_id, f.ts) IN (");
            builder.push_values(chunk, |mut row, (series_id, ts)| {
                row.push_bind((*series_id).to_owned()).push_bind(ts.clone());
            });
            builder.push("))");
            builder.build().execute(connection).await.map(|_| ())
        })?;
    }
    Ok(())
}
