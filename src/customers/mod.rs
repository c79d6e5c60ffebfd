//! How customers behave, told from their orders alone.
//!
//! In: [`OrderHistory`](crate::features::customers::OrderHistory), the orders due before a day. Out:
//! a [`CustomerReport`](crate::domain::customers::CustomerReport): each customer's rhythm, basket,
//! lateness and probability of an order on that day, and segments of customers with names.
//! Never does: reading tables, looking at the day itself or later, forecasting amounts.

mod basket;
pub mod behaviour;
mod error;
mod lateness;
mod order_probability;
mod order_state;
mod rhythm;
mod segment_names;
mod segments;

pub use behaviour::{Settings, behaviour};
pub use error::CustomerError;
