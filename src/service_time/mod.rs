//! Service times: learns from visits how long it takes to serve a customer, and answers before.
//!
//! In: a `visits` table ([`train()`]), or questions ([`ServiceTimeModel::predict`]). Out: a version
//! in the model registry; seconds as p10, p50, p90 and mean, always through ONNX Runtime.
//! Never does: knows of travel times or of plans.
//!
//! All candidates speak of the logarithm of seconds ([`log_model`]). The one that usually wins is a
//! linear mixed model ([`effects`]): set-up and amount, and how much each customer and each driver
//! differ, as far as their visits say so.

mod backtest;
mod boosted;
mod calibration;
mod candidates;
mod columns;
pub mod effects;
mod error;
pub mod log_model;
mod model;
mod options;
mod parameters;
mod pool;
mod quantity;
mod simple;
mod train;
mod variance;

pub use backtest::{BacktestReport, backtest};
pub use columns::{COLUMNS, VERSION, matrix_of};
pub use error::ServiceTimeError;
pub use model::{MODEL_NAME, ServiceTimeModel};
pub use options::{Kind, TrainOptions};
pub use parameters::{CustomerEffect, DriverEffect, Parameters};
pub use train::{Fitted, fit, train};
