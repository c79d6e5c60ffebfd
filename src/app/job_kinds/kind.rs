//! The kinds there are.

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
    pub fn name(self) -> &'static str {
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

    /// Path of what such a job made.
    pub fn result_path(self, result: Uuid) -> String {
        match self {
            Self::Plan => format!("/api/v1/plans/{result}"),
            Self::Backtest => format!("/api/v1/backtests/{result}"),
            Self::Forecast => format!("/api/v1/forecast-jobs/{result}"),
        }
    }
}
