//! Live correction: what the trips that have just ended say about those that start now.
//!
//! In: finished trips, each with the forecast it had ([`LiveTraffic::push`]). Out: quantiles and mean
//! of a trip that departs now, corrected ([`LiveTraffic::correct`]). Never does: looks at a trip that
//! has not ended, fits trees, knows routes.
//!
//! Two parts. *Signals* are shrunken, decaying means of log errors of the whole area and of the
//! districts at both ends; their weights are learned on trips held back at training
//! ([`LiveParameters`]). A *guard* then holds level, interval and mean to what they promise, however
//! old the model is ([`guard`]).

mod districts;
pub mod guard;
mod learn;
mod replay;
mod signals;
mod stream;
mod traffic;

pub use districts::Districts;
pub use learn::LiveParameters;
pub(super) use learn::{HeldBack, learn};
pub use replay::replay;
pub use signals::SIGNALS;
pub use stream::{TrafficStream, in_order_of_departure};
pub use traffic::{Corrected, FinishedTrip, LiveTraffic};
