//! Fixes of vehicles: all of them, and the last of each.

use super::dialect::{Transaction, in_transaction, on_pool};
use super::page::{After, Page, one_more, page};
use super::{Store, StoreError, TenantScope, time};
use crate::domain::LatLon;
use crate::domain::day_record::Position;
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};
use std::collections::{BTreeMap, HashSet};

/// Rows per INSERT: eight values each, far below either engine's limit of parameters.
const ROWS_PER_INSERT: usize = 500;

#[derive(FromRow)]
struct Row {
    vehicle_id: String,
    ts_us: i64,
    lat: f64,
    lon: f64,
    speed_kmh: f64,
    heading_deg: f64,
}

impl TryFrom<Row> for Position {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            vehicle_id: row.vehicle_id,
            ts: time::from_us(row.ts_us)?,
            place: LatLon {
                lat: row.lat,
                lon: row.lon,
            },
            // Stored from an f32, so nothing is lost.
            speed_kmh: row.speed_kmh as f32,
            heading_deg: row.heading_deg as f32,
        })
    }
}

impl Store {
    /// Stores fixes and raises each vehicle's last one, all or nothing. A fix of the same vehicle
    /// and instant as a stored one is ignored. Returns the indices of those that were new.
    pub async fn insert_positions(
        &self,
        scope: TenantScope,
        positions: &[Position],
        now: DateTime<Utc>,
    ) -> Result<Vec<usize>, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let mut new = HashSet::new();
        for chunk in positions.chunks(ROWS_PER_INSERT) {
            new.extend(insert_chunk(&mut transaction, scope, chunk, now).await?);
        }
        let mut last = BTreeMap::<&str, &Position>::new();
        for position in positions {
            let entry = last.entry(&position.vehicle_id).or_insert(position);
            if position.ts > entry.ts {
                *entry = position;
            }
        }
        // In order of vehicle, so that two writers never wait for each other in a circle.
        for position in last.into_values() {
            raise_last(&mut transaction, scope, position).await?;
        }
        transaction.commit().await?;
        // `remove`: of two equal fixes in one batch, one was stored.
        Ok((0..positions.len())
            .filter(|&i| new.remove(&key(&positions[i])))
            .collect())
    }

    /// Takes away the last fix of vehicles, so that a replay can start over with older times.
    pub async fn forget_last_positions(
        &self,
        scope: TenantScope,
        vehicles: &[String],
    ) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM vehicles WHERE tenant_id = $1 AND vehicle_id = $2";
        let mut transaction = self.pool.begin().await?;
        for vehicle in vehicles {
            in_transaction!(transaction, connection => sqlx::query(SQL)
                .bind(scope.key())
                .bind(vehicle)
                .execute(connection).await.map(|_| ()))?;
        }
        transaction.commit().await
    }

    /// The last fix of each vehicle, by vehicle.
    pub async fn last_positions(
        &self,
        scope: TenantScope,
        after: Option<After>,
        limit: u32,
    ) -> Result<Page<Position>, StoreError> {
        const SQL: &str = "SELECT vehicle_id, ts_us, lat, lon, speed_kmh, heading_deg \
                           FROM vehicles WHERE tenant_id = $1 AND vehicle_id > $2 \
                           ORDER BY vehicle_id LIMIT $3";
        let after = after.unwrap_or_else(After::lowest);
        let rows: Vec<Row> = on_pool!(self.pool, pool => sqlx::query_as(SQL)
            .bind(scope.key())
            .bind(&after.text)
            .bind(one_more(limit))
            .fetch_all(pool).await)?;
        let items = rows
            .into_iter()
            .map(Position::try_from)
            .collect::<Result<_, _>>()?;
        Ok(page(items, limit, |p: &Position| After {
            number: 0,
            text: p.vehicle_id.clone(),
        }))
    }

    /// Fixes of one vehicle from `from` (included) to `to` (excluded), oldest first.
    pub async fn positions_of(
        &self,
        scope: TenantScope,
        vehicle_id: &str,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        after: Option<After>,
        limit: u32,
    ) -> Result<Page<Position>, StoreError> {
        const SQL: &str = "SELECT vehicle_id, ts_us, lat, lon, speed_kmh, heading_deg \
                           FROM positions WHERE tenant_id = $1 AND vehicle_id = $2 \
                           AND ts_us >= $3 AND ts_us < $4 AND ts_us > $5 ORDER BY ts_us LIMIT $6";
        let after = after.unwrap_or_else(After::lowest);
        let rows: Vec<Row> = on_pool!(self.pool, pool => sqlx::query_as(SQL)
            .bind(scope.key())
            .bind(vehicle_id)
            .bind(time::to_us(from))
            .bind(time::to_us(to))
            .bind(after.number)
            .bind(one_more(limit))
            .fetch_all(pool).await)?;
        let items = rows
            .into_iter()
            .map(Position::try_from)
            .collect::<Result<_, _>>()?;
        Ok(page(items, limit, |p: &Position| After {
            number: time::to_us(p.ts),
            text: String::new(),
        }))
    }
}

/// What makes a fix the same as another.
fn key(position: &Position) -> (String, i64) {
    (position.vehicle_id.clone(), time::to_us(position.ts))
}

/// Inserts a chunk; returns the keys that were new.
async fn insert_chunk(
    transaction: &mut Transaction,
    scope: TenantScope,
    chunk: &[Position],
    now: DateTime<Utc>,
) -> Result<Vec<(String, i64)>, StoreError> {
    const HEAD: &str = "INSERT INTO positions (tenant_id, vehicle_id, ts_us, lat, lon, speed_kmh, \
                        heading_deg, received_us) ";
    const TAIL: &str = " ON CONFLICT DO NOTHING RETURNING vehicle_id, ts_us";
    let tenant = scope.key();
    let new: Vec<(String, i64)> = in_transaction!(*transaction, connection => {
        let mut builder = QueryBuilder::new(HEAD);
        builder.push_values(chunk, |mut row, p| {
            row.push_bind(tenant.clone())
                .push_bind(p.vehicle_id.clone())
                .push_bind(time::to_us(p.ts))
                .push_bind(p.place.lat)
                .push_bind(p.place.lon)
                .push_bind(f64::from(p.speed_kmh))
                .push_bind(f64::from(p.heading_deg))
                .push_bind(time::to_us(now));
        });
        builder.push(TAIL);
        builder.build_query_as().fetch_all(connection).await
    })?;
    Ok(new)
}

/// Makes a fix its vehicle's last one unless a later one is known.
async fn raise_last(
    transaction: &mut Transaction,
    scope: TenantScope,
    position: &Position,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO vehicles \
        (tenant_id, vehicle_id, ts_us, lat, lon, speed_kmh, heading_deg) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) \
        ON CONFLICT (tenant_id, vehicle_id) DO UPDATE SET ts_us = excluded.ts_us, \
        lat = excluded.lat, lon = excluded.lon, speed_kmh = excluded.speed_kmh, \
        heading_deg = excluded.heading_deg WHERE excluded.ts_us > vehicles.ts_us";
    in_transaction!(*transaction, connection => sqlx::query(SQL)
        .bind(scope.key())
        .bind(&position.vehicle_id)
        .bind(time::to_us(position.ts))
        .bind(position.place.lat)
        .bind(position.place.lon)
        .bind(f64::from(position.speed_kmh))
        .bind(f64::from(position.heading_deg))
        .execute(connection).await.map(|_| ()))?;
    Ok(())
}
