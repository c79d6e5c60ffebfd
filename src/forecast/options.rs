//! Settings of a training run.

use crate::features::demand::Frequency;
use crate::regression::BoostOptions;
use crate::regression::linear::NetOptions;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which candidate is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "DemandModelChoice")]
pub enum Choice {
    /// What did best on held-back steps: one of them, or all weighed.
    #[default]
    Auto,
    /// Seasonal naive.
    Baseline,
    /// Models of every series alone.
    Local,
    /// Elastic net.
    Linear,
    /// Boosted quantiles.
    Boosted,
}

impl Choice {
    /// Name, the same as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Baseline => "baseline",
            Self::Local => "local",
            Self::Linear => "linear",
            Self::Boosted => "boosted",
        }
    }
}

/// Steps ahead that are forecast unless somebody says otherwise: two days of hours, two weeks of days,
/// four weeks, six months.
pub fn default_horizon(frequency: Frequency) -> u32 {
    match frequency {
        Frequency::Hourly => 48,
        Frequency::Daily => 14,
        Frequency::Weekly => 4,
        Frequency::Monthly => 6,
    }
}

/// Settings of a training run.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainOptions {
    /// Steps ahead; `None`: [`default_horizon`].
    pub horizon: Option<u32>,
    /// Seed of everything drawn at random.
    pub seed: u64,
    /// Which candidate is exported.
    pub choice: Choice,
    /// Most rows to fit on; more are drawn from.
    pub most_rows: usize,
    /// Most rows to judge the candidates on; of more, series are drawn from.
    pub most_judged: usize,
    /// Settings of the boosted candidate.
    pub boosting: BoostOptions,
    /// Settings of the linear candidate.
    pub net: NetOptions,
}

impl Default for TrainOptions {
    fn default() -> Self {
        Self {
            horizon: None,
            seed: 0,
            choice: Choice::Auto,
            most_rows: 400_000,
            most_judged: 150_000,
            boosting: BoostOptions {
                rounds: 120,
                learning_rate: 0.15,
                leaves: 31,
                min_child_weight: 20.0,
                row_share: 0.5,
                column_share: 0.5,
                ridge: 1.0,
                patience: 20,
                seed: 0,
            },
            net: NetOptions::default(),
        }
    }
}
