//! A driven day as a stream of events in the order they happened, for replay.

use crate::domain::day_record::{DayRecord, DrivenRoute, Position, StopEvent};
use chrono::{DateTime, Utc};

/// Something that happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DayEvent<'a> {
    /// A vehicle left its start depot.
    Departed(&'a DrivenRoute),
    /// A vehicle was somewhere.
    Position(&'a Position),
    /// A vehicle arrived at a stop.
    Arrived(&'a DrivenRoute, &'a StopEvent),
    /// Service started.
    ServiceStarted(&'a DrivenRoute, &'a StopEvent),
    /// The vehicle left the stop.
    Left(&'a DrivenRoute, &'a StopEvent),
    /// The vehicle was done.
    Finished(&'a DrivenRoute),
}

impl DayEvent<'_> {
    /// When it happened.
    pub fn at(&self) -> DateTime<Utc> {
        match self {
            Self::Departed(route) => route.departure,
            Self::Position(fix) => fix.ts,
            Self::Arrived(_, event) => event.arrived_at,
            Self::ServiceStarted(_, event) => event.service_started_at,
            Self::Left(_, event) => event.departed_at,
            Self::Finished(route) => route.end,
        }
    }
}

/// All events of a day, oldest first; what happens to a vehicle at the same second stays in its
/// natural order. Routes that were not driven have none.
pub fn in_time_order(record: &DayRecord) -> impl Iterator<Item = DayEvent<'_>> {
    let mut events = Vec::with_capacity(record.positions.len() + 64);
    for route in record.routes.iter().filter(|r| !r.events.is_empty()) {
        events.push(DayEvent::Departed(route));
        for event in &route.events {
            events.push(DayEvent::Arrived(route, event));
            events.push(DayEvent::ServiceStarted(route, event));
            events.push(DayEvent::Left(route, event));
        }
        events.push(DayEvent::Finished(route));
    }
    events.extend(record.positions.iter().map(DayEvent::Position));
    events.sort_by_key(DayEvent::at);
    events.into_iter()
}
