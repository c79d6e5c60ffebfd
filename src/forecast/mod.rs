//! Demand forecasts: p10, p50, p90 and mean per series and step.
//!
//! In: a [`Panel`](crate::features::demand::Panel) of demand series. Out: a trained model with its
//! manifest ([`train`]), forecasts from a saved one ([`predict`]), forecasts of the past for
//! scoring ([`backtest`], [`fold_scores`]). Candidates: seasonal naive, elastic net, boosted quantiles; the one
//! that did best on held-back steps is exported, all are reported. Never does: knowing of travel
//! times; predicting by anything but the exported graph.

pub mod backtest;
pub mod blend;
pub mod calibration;
pub mod candidate;
pub mod drift;
pub mod error;
pub mod error_scales;
pub mod explain;
pub mod fold_scores;
pub mod metrics;
pub mod options;
pub mod predict;
pub mod reconcile;
pub mod train;

pub use error::ForecastError;
pub use explain::explain;
pub use options::{Choice, TrainOptions, default_horizon};
pub use predict::predict;
pub use reconcile::reconcile;
pub use train::{Trained, train, train_file};

/// Name of the model in the registry.
pub const MODEL_NAME: &str = "demand";
