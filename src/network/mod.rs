//! The road network: what can be driven, how long it takes, and the ways between places.
//!
//! In: OpenStreetMap extracts, weights of roads. Out: routes, matrices, places on roads.
//! Never does: learns; knows of stops, vehicles' plans or time zones.

pub mod hierarchy;
