//! The kinds there are.

use crate::store::Take;
use uuid::Uuid;

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobKind {
    /// Makes a plan.
    Plan,
    /// Judges demand models on the past.
    Backtest,
    /// Forecasts demand.
    Forecast,
}

impl JobKind {
    const ALL: [Self; 3] = [Self::Plan, Self::Backtest, Self::Forecast];

    /// Name in the database, in JSON and in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Backtest => "backtest",
            Self::Forecast => "forecast",
        }
    }

    /// The kind of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Which workers take it.
    pub fn lane(self) -> Lane {
        match self {
            Self::Plan => Lane::Plans,
            Self::Backtest | Self::Forecast => Lane::Demand,
        }
    }

    /// Path of what such a job made.
    pub fn result_path(self, result: Uuid) -> String {
        match self {
            Self::Plan => format!("/api/v1/plans/{result}"),
            Self::Backtest => format!("/api/v1/backtests/{result}"),
            Self::Forecast => format!("/api/v1/forecast-jobs/{result}"),
        }
    }
}

/// Jobs that wait for each other: a training of minutes holds up no plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Plans.
    Plans,
    /// Everything else.
    Demand,
}

impl Lane {
    /// The jobs of the lane.
    pub fn take(self) -> Take<'static> {
        match self {
            Self::Plans => Take::Kind(JobKind::Plan.name()),
            Self::Demand => Take::AllBut(JobKind::Plan.name()),
        }
    }
}
