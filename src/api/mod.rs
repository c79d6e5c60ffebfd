//! The doors: HTTP, WebSocket, the page, and their description as OpenAPI.
//!
//! In: requests. Out: calls of [`App`](crate::app::App) and their results as JSON; errors as
//! problem+json (RFC 9457). Never does: query the database, decide anything about plans.

mod error;
mod extract;
mod live;
mod metrics;
mod observe;
mod openapi;
mod operations;
mod page;
mod problem;
mod problem_responses;
mod router;
mod server;
mod table_body;
mod v1;
mod web;

pub use openapi::document as openapi_document;
pub use router::ApiState;
pub use server::serve;
