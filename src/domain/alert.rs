//! Alerts: few, each with an owner, a cause, a consequence and a remedy.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Something that somebody should act on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Alert {
    /// Unique; the same finding always gets the same id, so that it is raised once.
    pub id: Uuid,
    /// What kind of finding.
    pub kind: AlertKind,
    /// How urgent.
    pub severity: Severity,
    /// Who should act: a role such as `dispatcher`, `planner` or `analyst`.
    pub owner: String,
    /// The vehicle, stop, series or pair of areas it is about.
    pub subject: String,
    /// When it was found.
    pub detected_at: DateTime<Utc>,
    /// Since when it holds.
    pub since: DateTime<Utc>,
    /// What is wrong, in one sentence with figures.
    pub what: String,
    /// Likely cause.
    pub cause: String,
    /// What it leads to if nobody acts.
    pub consequence: String,
    /// What can be done.
    pub remedy: String,
    /// How unusual: share of normal cases at least as extreme (0 = never seen, 1 = ordinary).
    pub p_value: f64,
}

/// Kinds of findings.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A stop is likely to be served late, or was.
    LateRisk,
    /// Demand far from its forecast.
    DemandOffPattern,
    /// Travel times outside their interval more often than they should be.
    TravelTimeOffInterval,
}

/// How urgent an alert is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// To be looked at some time.
    Info,
    /// To be looked at today.
    Warning,
    /// To be acted on now.
    Critical,
}
