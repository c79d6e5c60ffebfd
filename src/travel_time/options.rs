//! What a training may choose.

use crate::features::travel::{Conditions, Holidays, NetworkTimes, Weather};
use std::sync::Arc;

/// Which model to export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Whichever has the least pinball loss on the trips held back.
    #[default]
    Auto,
    /// Great circle × speed by hour of the week.
    Baseline,
    /// Elastic net on top of the baseline.
    Linear,
    /// Gradient-boosted trees.
    Boosted,
}

impl Kind {
    /// Name in manifests and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Baseline => "baseline",
            Self::Linear => "linear",
            Self::Boosted => "boosted",
        }
    }
}

/// Choices of a training.
#[derive(Debug, Clone)]
pub struct TrainOptions {
    /// Seed of everything drawn at random.
    pub seed: u64,
    /// Which model to export.
    pub kind: Kind,
    /// Most trips the boosted location is fitted on; more are thinned evenly in time.
    pub max_rows: usize,
    /// Most trips the boosted spread is fitted on.
    pub max_spread_rows: usize,
    /// Most trees of the boosted location.
    pub max_rounds: usize,
    /// Most questions that the exported model learns the boosted one's answers to.
    pub max_questions: usize,
    /// Most trees of each boosted quantile.
    pub max_spread_rounds: usize,
    /// Public holidays, past and to come.
    pub holidays: Holidays,
    /// Weather of the trips' area while they were driven; a feature if it is not empty.
    pub weather: Weather,
    /// Road network whose free-flow durations are a feature, then needed for prediction too.
    pub network: Option<Arc<dyn NetworkTimes>>,
}

impl Default for TrainOptions {
    fn default() -> Self {
        Self {
            seed: 1,
            kind: Kind::Auto,
            max_rows: 400_000,
            max_spread_rows: 150_000,
            max_rounds: 120,
            max_questions: 300_000,
            max_spread_rounds: 100,
            holidays: Holidays::default(),
            weather: Weather::default(),
            network: None,
        }
    }
}

impl TrainOptions {
    /// What is known of days and hours.
    pub fn conditions(&self) -> Conditions {
        Conditions {
            holidays: self.holidays.clone(),
            weather: self.weather.clone(),
        }
    }

    /// About a fifth of the default's time at slightly worse forecasts, for a demonstration.
    pub fn quick() -> Self {
        Self {
            max_rows: 80_000,
            max_spread_rows: 40_000,
            max_rounds: 60,
            max_questions: 80_000,
            max_spread_rounds: 40,
            ..Self::default()
        }
    }
}
