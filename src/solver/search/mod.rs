//! The engines that search for good plans.
//!
//! [`general`] honours every rule a problem can have.

mod general;
mod limits;

pub(super) use general::{Index, anneal};
pub(super) use limits::{Found, Limits};
