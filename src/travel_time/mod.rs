//! Travel times: learns from trips how long a trip takes, and answers before it is driven.
//!
//! In: a `trips` table ([`train()`]), or questions ([`TravelTimeModel::predict`]). Out: a version in
//! the model registry; seconds as p10, p50, p90 and mean, always through ONNX Runtime.
//! [`live`] corrects the answers by the trips that have just ended.
//! Never does: routes on a road network, looks at a trip's driven distance, knows of demand.
//!
//! One shape for all three candidates, in log seconds: a linear part, trees for the location, a
//! spread around it, and a calibration on trips held back in time ([`log_model`]).

mod backtest;
mod baseline;
mod boosted;
mod boosting;
mod calibration;
mod candidates;
mod correlation;
mod distilled;
mod error;
mod level;
mod linear;
pub mod live;
pub mod log_model;
mod metrics;
mod model;
mod options;
mod parameters;
mod pool;
mod recent;
mod teacher;
mod train;

pub use backtest::{BacktestReport, backtest};
pub use error::TravelTimeError;
pub use model::{MODEL_NAME, TravelTimeModel};
pub use options::{Kind, TrainOptions};
pub use parameters::Parameters;
pub use train::{Fitted, fit, train};
