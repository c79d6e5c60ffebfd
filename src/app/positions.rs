//! Positions of vehicles: taken in, shown, passed on.

use super::live::LiveEvent;
use super::{App, AppError};
use crate::domain::day_record::Position;
use crate::domain::{InputError, LatLon};
use crate::store::{After, Page, TenantScope};
use chrono::{DateTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::Serialize;

/// Most fixes in one batch.
pub const MOST_POSITIONS: usize = 10_000;
/// No road vehicle is faster.
const FASTEST_KMH: f32 = 250.0;
/// How far a tracker's clock may be ahead.
const CLOCK_SLACK: TimeDelta = TimeDelta::hours(24);
const LONGEST_ID: usize = 200;

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Receipt {
    /// Fixes in the batch.
    pub received: usize,
    /// Fixes that were new.
    pub stored: usize,
    /// Fixes that were known already.
    pub duplicates: usize,
}

impl App {
    /// Takes in a batch of fixes, all or nothing, and tells listeners of the new ones. The same
    /// batch again changes nothing.
    pub async fn record_positions(
        &self,
        scope: TenantScope,
        positions: &[Position],
    ) -> Result<Receipt, AppError> {
        let now = self.clock().now();
        check(positions, now)?;
        let new = self.store().insert_positions(scope, positions, now).await?;
        metrics::counter!("routeforce_positions_total").increment(new.len() as u64);
        for position in new.iter().filter_map(|&i| positions.get(i)) {
            let position = position.clone();
            self.live()
                .publish(scope, &LiveEvent::Position { position });
        }
        Ok(Receipt {
            received: positions.len(),
            stored: new.len(),
            duplicates: positions.len() - new.len(),
        })
    }

    /// The last fix of each vehicle, by vehicle.
    pub async fn vehicles(
        &self,
        scope: TenantScope,
        after: Option<After>,
        limit: u32,
    ) -> Result<Page<Position>, AppError> {
        Ok(self.store().last_positions(scope, after, limit).await?)
    }

    /// Fixes of one vehicle from `from` (included) to `to` (excluded), oldest first.
    pub async fn track(
        &self,
        scope: TenantScope,
        vehicle_id: &str,
        from: Option<DateTime<Utc>>,
        to: Option<DateTime<Utc>>,
        after: Option<After>,
        limit: u32,
    ) -> Result<Page<Position>, AppError> {
        let from = from.unwrap_or(DateTime::UNIX_EPOCH);
        let to = to.unwrap_or_else(|| self.clock().now() + TimeDelta::days(2));
        Ok(self
            .store()
            .positions_of(scope, vehicle_id, from, to, after, limit)
            .await?)
    }
}

/// Checks a batch; names the first fault.
fn check(positions: &[Position], now: DateTime<Utc>) -> Result<(), InputError> {
    let fault = |field: String, problem: &str, remedy: String| {
        InputError::new("request body", problem, remedy).field(field)
    };
    if !(1..=MOST_POSITIONS).contains(&positions.len()) {
        let remedy = format!("give 1 to {MOST_POSITIONS}");
        return Err(
            fault("positions".into(), "wrong number of positions", remedy).value(positions.len()),
        );
    }
    for (i, position) in positions.iter().enumerate() {
        let field = |name: &str| format!("positions[{i}].{name}");
        LatLon::new(position.place.lat, position.place.lon).map_err(|e| {
            let name = field(e.field.as_deref().unwrap_or("lat"));
            InputError {
                source: "request body".into(),
                ..e
            }
            .field(name)
        })?;
        let id = &position.vehicle_id;
        if id.is_empty() || id.len() > LONGEST_ID || id.chars().any(char::is_control) {
            let remedy = format!("give 1 to {LONGEST_ID} printable characters");
            return Err(fault(field("vehicle_id"), "not a vehicle id", remedy).value(id));
        }
        let speed = position.speed_kmh;
        if !(0.0..=FASTEST_KMH).contains(&speed) {
            let remedy = format!("give km/h, 0 to {FASTEST_KMH}");
            return Err(fault(field("speed_kmh"), "implausible speed", remedy).value(speed));
        }
        let heading = position.heading_deg;
        if !(0.0..=360.0).contains(&heading) {
            let remedy = "give degrees, 0 to 360".into();
            return Err(fault(field("heading_deg"), "not a heading", remedy).value(heading));
        }
        if position.ts < DateTime::UNIX_EPOCH || position.ts > now + CLOCK_SLACK {
            let remedy = "give an instant since 1970, at most a day ahead of the server".into();
            return Err(fault(field("ts"), "implausible time", remedy).value(position.ts));
        }
    }
    Ok(())
}
