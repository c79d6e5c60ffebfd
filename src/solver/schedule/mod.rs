//! All timing of the search: when a route leaves, arrives, waits, pauses and ends, and what the
//! time of it costs.
//!
//! In: a vehicle type and a sequence of tasks (stops and reloads by code). Out: the best departure
//! found with end, driving, waiting and lateness, or that the sequence cannot be driven.
//!
//! With FIFO travel, arriving earlier never hurts what follows, so the earliest schedule decides
//! feasibility, and the latest arrival that still works is well-defined backwards ([`clock`]). Both
//! hold for static and time-dependent travel and for several windows per stop. Breaks and rests are
//! placed by [`pauses`], the departure is chosen by [`departure`] and
//! of finished plans by [`exact`], vehicles under way start as
//! [`driven`] says, [`uncertain`] prices lateness when every leg is slow or random.

mod clock;
mod departure;
mod driven;
mod exact;
mod moment;
mod pauses;
mod segment;
mod table;
mod uncertain;
mod windows;

pub(in crate::solver) use clock::RouteClock;
pub(in crate::solver) use departure::Plan;
pub(in crate::solver) use exact::cheapest_departure_s;
pub use exact::departure_with_slack_s;
pub(in crate::solver) use pauses::Walks;
pub(in crate::solver) use segment::Segment;
pub(in crate::solver) use table::{DepartureRule, Timetable};
