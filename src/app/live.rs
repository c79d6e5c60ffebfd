//! What is told to everybody who watches: positions, stops, jobs, plans, alerts.

use super::alerts::AlertView;
use super::jobs::JobView;
use crate::domain::day_record::{Position, StopOutcome};
use crate::store::{PlanSummary, TenantScope};
use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;
use tokio::sync::broadcast;

/// Messages a listener may fall behind before it loses its place.
const BACKLOG: usize = 4096;

/// One message.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum LiveEvent {
    /// The first message to each listener.
    Hello {
        /// Version of the server.
        version: String,
        /// The time that positions are of: now, or that of the day that is replayed.
        now: DateTime<Utc>,
        /// The replay under way.
        replay: Option<ReplayState>,
    },
    /// The time of the day that is replayed.
    Clock {
        /// That time.
        now: DateTime<Utc>,
    },
    /// A vehicle's new fix.
    Position {
        /// The fix.
        position: Position,
    },
    /// Something happened at a stop.
    StopEvent {
        /// The vehicle.
        vehicle_id: String,
        /// The stop.
        stop_id: String,
        /// What happened.
        event: StopEventKind,
        /// When.
        at: DateTime<Utc>,
        /// Seconds that service started after the last window closed; 0 if on time.
        late_s: u32,
        /// How the visit ended; only with `departed`.
        outcome: Option<StopOutcome>,
    },
    /// A replay starts or starts over: earlier positions mean nothing any more.
    ReplayStarted {
        /// The day that is replayed.
        date: NaiveDate,
        /// Seconds of that day per second.
        speed: f64,
    },
    /// A job's state or progress changed.
    Job {
        /// The job as it stands.
        job: JobView,
    },
    /// There is a new plan.
    Plan {
        /// Its summary.
        plan: PlanSummary,
    },
    /// There is a new alert, or somebody took one on.
    Alert {
        /// The alert as it stands.
        alert: AlertView,
    },
}

/// What can happen at a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StopEventKind {
    /// The vehicle arrived.
    Arrived,
    /// Service started.
    ServiceStarted,
    /// The vehicle left.
    Departed,
}

/// A replay under way.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct ReplayState {
    /// The day that is replayed.
    pub date: NaiveDate,
    /// Seconds of that day per second.
    pub speed: f64,
}

/// A message and whose it is. Serialised once for all listeners.
#[derive(Debug, Clone)]
pub struct LiveMessage {
    /// Who may see it.
    pub scope: TenantScope,
    /// The [`LiveEvent`] as JSON.
    pub json: Arc<str>,
}

/// Sends messages to all listeners; never waits for one.
#[derive(Debug, Clone)]
pub struct LiveHub(broadcast::Sender<LiveMessage>);

impl Default for LiveHub {
    fn default() -> Self {
        Self(broadcast::channel(BACKLOG).0)
    }
}

impl LiveHub {
    /// Tells all listeners of a tenant.
    pub fn publish(&self, scope: TenantScope, event: &LiveEvent) {
        if self.0.receiver_count() == 0 {
            return;
        }
        match serde_json::to_string(event) {
            Ok(json) => {
                // An error means that the last listener just left.
                let _ = self.0.send(LiveMessage {
                    scope,
                    json: json.into(),
                });
            }
            Err(error) => tracing::error!(%error, "a live event does not become JSON"),
        }
    }

    /// Listens from now on, to messages of all tenants: whoever passes them on must look at
    /// [`LiveMessage::scope`].
    pub fn subscribe(&self) -> broadcast::Receiver<LiveMessage> {
        self.0.subscribe()
    }

    /// How many listen.
    pub fn listeners(&self) -> usize {
        self.0.receiver_count()
    }
}
