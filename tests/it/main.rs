//! All integration tests, in one program so that the heavy dependencies are linked once.

#![allow(clippy::unwrap_used)]

mod architecture;
mod cli;
mod cost;
mod customers;
mod demand;
mod documents;
mod ingest;
mod network;
mod onnx;
mod pipeline;
mod report;
mod routers;
mod service;
mod service_time;
mod simulation;
mod solver;
mod speeds;
mod travel_time;
