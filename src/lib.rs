//! RouteForce learns demand and travel times from a fleet's own history and plans tomorrow's
//! routes with them. Modules are listed in layer order: each imports only from those above it
//! (`tests/it/architecture.rs` holds the table and fails on an import against it).

#![deny(unsafe_code)]
#![warn(missing_docs, clippy::dbg_macro, clippy::todo, clippy::unwrap_used)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod runtime;

pub mod domain;

pub mod ingest;

pub mod network;

pub mod routers;

pub mod features;

pub mod onnx;

pub mod speeds;

pub mod regression;

pub mod forecast;

pub mod customers;

pub mod cost;
pub mod service_time;
pub mod travel_time;

pub mod solver;

pub mod planning;

pub mod simulation;

pub mod kpi;

pub mod anomaly;

pub mod report;

pub mod pipeline;

pub mod store;

pub mod app;

pub mod api;

pub mod cli;
