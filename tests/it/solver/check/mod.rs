//! The checker finds each fault planted in a good solution, and nothing else.

mod pauses;
mod routes;
mod rules;
mod schedule;
