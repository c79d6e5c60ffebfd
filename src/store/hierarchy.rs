//! What a tenant's series add up to.

use super::dialect::{Transaction, in_transaction, on_pool};
use super::{Store, StoreError, TenantScope};
use crate::domain::hierarchy::{Hierarchy, Level};
use sqlx::{FromRow, QueryBuilder};

/// Rows per INSERT: five values each.
const ROWS_PER_INSERT: usize = 500;
const SELECT: &str = "SELECT series_id, level, group_id FROM hierarchy WHERE tenant_id = $1 \
                      ORDER BY level_position, level, series_id";

#[derive(FromRow)]
struct Row {
    series_id: String,
    level: String,
    group_id: String,
}

impl Store {
    /// The hierarchy; without levels if there is none.
    pub async fn hierarchy(&self, scope: TenantScope) -> Result<Hierarchy, StoreError> {
        let rows: Vec<Row> = on_pool!(self.pool, pool => sqlx::query_as(SELECT)
            .bind(scope.key())
            .fetch_all(pool).await)?;
        Ok(of_rows(rows))
    }

    /// Stores a hierarchy, the series of its groups sorted, in place of the one before. Forecasts of groups, which were sums by the
    /// one before, go with it; the same hierarchy again changes nothing.
    pub async fn put_hierarchy(
        &self,
        scope: TenantScope,
        hierarchy: &Hierarchy,
    ) -> Result<(), StoreError> {
        const CLEAR: [&str; 2] = [
            "DELETE FROM group_forecasts WHERE tenant_id = $1",
            "DELETE FROM hierarchy WHERE tenant_id = $1",
        ];
        let mut transaction = self.pool.begin().await?;
        if read_in(&mut transaction, scope).await? == *hierarchy {
            return Ok(());
        }
        for statement in CLEAR {
            in_transaction!(transaction, connection => sqlx::query(statement)
                .bind(scope.key())
                .execute(connection).await.map(|_| ()))?;
        }
        let mut rows = Vec::new();
        for (position, level) in (0_i64..).zip(&hierarchy.levels) {
            for (group, series) in &level.groups {
                rows.extend(series.iter().map(|id| (id, &level.name, position, group)));
            }
        }
        let tenant = scope.key();
        for chunk in rows.chunks(ROWS_PER_INSERT) {
            in_transaction!(transaction, connection => {
                let mut builder = QueryBuilder::new(
                    "INSERT INTO hierarchy (tenant_id, series_id, level, level_position, group_id) ",
                );
                builder.push_values(chunk, |mut row, (series, level, position, group)| {
                    row.push_bind(tenant.clone())
                        .push_bind((*series).clone())
                        .push_bind((*level).clone())
                        .push_bind(*position)
                        .push_bind((*group).clone());
                });
                builder.build().execute(connection).await.map(|_| ())
            })?;
        }
        transaction.commit().await
    }
}

/// The hierarchy as part of a larger transaction.
pub(super) async fn read_in(
    transaction: &mut Transaction,
    scope: TenantScope,
) -> Result<Hierarchy, StoreError> {
    let rows: Vec<Row> = in_transaction!(*transaction, connection => sqlx::query_as(SELECT)
        .bind(scope.key())
        .fetch_all(connection).await)?;
    Ok(of_rows(rows))
}

fn of_rows(rows: Vec<Row>) -> Hierarchy {
    let mut levels: Vec<Level> = Vec::new();
    for row in rows {
        if levels.last().is_none_or(|level| level.name != row.level) {
            levels.push(Level {
                name: row.level,
                groups: Default::default(),
            });
        }
        if let Some(level) = levels.last_mut() {
            level
                .groups
                .entry(row.group_id)
                .or_default()
                .push(row.series_id);
        }
    }
    Hierarchy { levels }
}
