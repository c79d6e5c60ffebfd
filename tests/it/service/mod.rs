//! Tests of the service: store and use cases on both engines, the interface against a real
//! server, and the program itself.

mod database;
mod demand_jobs;
mod demand_maker;
mod demand_program;
mod group_forecasts;
mod interface;
mod jobs;
mod live;
mod malformed;
mod plan_program;
mod program;
mod road_network;
mod samples;
mod server;
mod store;
mod tenancy;
