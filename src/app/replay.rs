//! Plays the positions and stop events of a recorded day again, live, over and over: so that a
//! newcomer sees moving vans without a fleet.

use super::live::{LiveEvent, ReplayState, StopEventKind};
use super::state::Replaying;
use super::{App, AppError};
use crate::domain::InputError;
use crate::domain::day_record::{DayRecord, DrivenRoute, Position, StopOutcome};
use crate::store::TenantScope;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::sync::watch;

/// How often positions are sent.
const TICK: Duration = Duration::from_millis(250);
/// Ticks between two messages of the clock.
const TICKS_PER_CLOCK: u32 = 4;
/// Rest between two runs.
const REST: Duration = Duration::from_secs(5);
const FASTEST: f64 = 3_600.0;

/// A day as a sequence of what happens.
struct Timeline {
    items: Vec<(DateTime<Utc>, Item)>,
    vehicles: Vec<String>,
}

enum Item {
    Fix(Position),
    Stop(LiveEvent),
}

impl App {
    /// Replays a day `speed` times as fast as it was, until `stop` turns true. Fixes are stored
    /// like any others; the vehicles' last fixes are forgotten at each start.
    pub async fn replay(
        &self,
        scope: TenantScope,
        day: DayRecord,
        speed: f64,
        mut stop: watch::Receiver<bool>,
    ) -> Result<(), AppError> {
        if !(speed > 0.0 && speed <= FASTEST) {
            let remedy = format!("give a number above 0 and at most {FASTEST}");
            let error = InputError::new("command line", "not a speed", remedy);
            return Err(error.field("--speed").value(speed).into());
        }
        let state = ReplayState {
            date: day.date,
            speed,
        };
        let timeline = Timeline::of(day);
        if timeline.items.is_empty() {
            return Ok(());
        }
        while !*stop.borrow() {
            tokio::select! {
                result = self.replay_once(scope, &timeline, state) => result?,
                _ = stop.changed() => break,
            }
            tokio::select! {
                () = tokio::time::sleep(REST) => {}
                _ = stop.changed() => break,
            }
        }
        self.replays().remove(&scope);
        Ok(())
    }

    /// The replay that a tenant's listeners are seeing, and the time in it.
    pub fn replay_of(&self, scope: TenantScope) -> Option<(ReplayState, DateTime<Utc>)> {
        self.replays().get(&scope).map(|r| (r.state, r.now))
    }

    async fn replay_once(
        &self,
        scope: TenantScope,
        timeline: &Timeline,
        state: ReplayState,
    ) -> Result<(), AppError> {
        let Some((start, _)) = timeline.items.first() else {
            return Ok(());
        };
        let store = self.store();
        store
            .forget_last_positions(scope, &timeline.vehicles)
            .await?;
        let (date, speed) = (state.date, state.speed);
        let event = LiveEvent::ReplayStarted { date, speed };
        self.live().publish(scope, &event);
        let begun = tokio::time::Instant::now();
        let mut ticks = tokio::time::interval(TICK);
        let mut rest = timeline.items.as_slice();
        let mut count = 0_u32;
        while !rest.is_empty() {
            ticks.tick().await;
            let elapsed_us = begun.elapsed().as_secs_f64() * speed * 1e6;
            let now = *start + TimeDelta::microseconds(elapsed_us as i64);
            self.replays().insert(scope, Replaying { state, now });
            if count.is_multiple_of(TICKS_PER_CLOCK) {
                self.live().publish(scope, &LiveEvent::Clock { now });
            }
            count = count.wrapping_add(1);
            let due = rest.partition_point(|(at, _)| *at <= now);
            let (passed, ahead) = rest.split_at(due);
            self.replay_items(scope, passed).await?;
            rest = ahead;
        }
        Ok(())
    }

    async fn replay_items(
        &self,
        scope: TenantScope,
        items: &[(DateTime<Utc>, Item)],
    ) -> Result<(), AppError> {
        let fixes: Vec<Position> = items
            .iter()
            .filter_map(|(_, item)| match item {
                Item::Fix(position) => Some(position.clone()),
                Item::Stop(_) => None,
            })
            .collect();
        if !fixes.is_empty() {
            let now = self.clock().now();
            let new = self.store().insert_positions(scope, &fixes, now).await?;
            metrics::counter!("routeforce_positions_total").increment(new.len() as u64);
        }
        for (_, item) in items {
            match item {
                // Also those that an earlier run stored.
                Item::Fix(position) => {
                    let position = position.clone();
                    self.live()
                        .publish(scope, &LiveEvent::Position { position });
                }
                Item::Stop(event) => self.live().publish(scope, event),
            }
        }
        Ok(())
    }
}

impl Timeline {
    fn of(day: DayRecord) -> Self {
        let vehicles: BTreeSet<_> = day.positions.iter().map(|p| p.vehicle_id.clone()).collect();
        let fixes = day.positions.into_iter().map(|p| (p.ts, Item::Fix(p)));
        let mut items: Vec<_> = fixes
            .chain(day.routes.iter().flat_map(stop_events))
            .collect();
        // Stable: what happens at one instant stays in its order.
        items.sort_by_key(|(at, _)| *at);
        Self {
            items,
            vehicles: vehicles.into_iter().collect(),
        }
    }
}

/// Arrival, start of service and departure of every stop of a route.
fn stop_events(route: &DrivenRoute) -> impl Iterator<Item = (DateTime<Utc>, Item)> {
    route.events.iter().flat_map(|stop| {
        let event = |event: StopEventKind, at: DateTime<Utc>, outcome: Option<StopOutcome>| {
            let event = LiveEvent::StopEvent {
                vehicle_id: route.vehicle_id.clone(),
                stop_id: stop.stop_id.clone(),
                event,
                at,
                late_s: stop.late_s,
                outcome,
            };
            (at, Item::Stop(event))
        };
        [
            event(StopEventKind::Arrived, stop.arrived_at, None),
            event(StopEventKind::ServiceStarted, stop.service_started_at, None),
            event(
                StopEventKind::Departed,
                stop.departed_at,
                Some(stop.outcome),
            ),
        ]
    })
}
