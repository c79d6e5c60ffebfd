//! Demand: features that do not leak, models that predict what was fitted, forecasts that hold.

mod backtest;
mod degenerate;
mod drift;
mod explain;
mod features;
mod parity;
mod synthetic;
mod tables;
mod training;
