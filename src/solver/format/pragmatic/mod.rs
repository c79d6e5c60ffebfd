//! pragmatic JSON (the format of vrp-cli 1.25), with routing matrices in files of their own.
//!
//! | field | is |
//! |---|---|
//! | `plan.jobs`: `id`, `skills` (`allOf`, `oneOf`, `noneOf`), `value`, `group`, `compatibility` | honoured; a job has one task, or one pickup and one delivery |
//! | `pickups`, `deliveries`, `replacements`, `services`: `places`, `demand` | honoured; several `places` are alternatives, but not in a pickup with delivery |
//! | `places`: `location`, `duration`, `times`, `tag` | honoured |
//! | `plan.relations` | `any`; `sequence` and `strict` are refused |
//! | `fleet.vehicles`: `typeId`, `vehicleIds`, `profile` with `scale`, `costs`, `capacity`, `skills`, `limits` | honoured |
//! | `shifts`: `start`, `end`, `reloads` | honoured; as many reloads in a tour as are listed, each place as often as needed; `resourceId`, `recharges`, `end.earliest` are refused |
//! | `breaks` | owed by tours that end after the last second at which the break may start; taken where the vehicle stands; with a `location` or several places refused; offsets only where `start.latest` is `start.earliest` |
//! | `fleet.profiles` | `name`, `speed` (for great circles when no matrix is given) |
//! | `objectives` | `maximize-value` (as priorities) or `minimize-unassigned`, then `minimize-tours`, then `minimize-cost`, `minimize-distance` or `minimize-duration`; others are refused |
//! | `clustering`, `areas`, `resources`, `order` and whatever else | refused |
//! | matrices: `profile`, `timestamp`, `travelTimes`, `distances`, `errorCodes` | honoured; durations between timestamps are linear |
//!
//! Seconds that are not whole are rounded so that feasibility is never overstated.

mod answer;
mod clock;
mod document;
mod fleet;
mod goals;
mod jobs;
mod locations;
mod matrices;
mod parse;
mod read_answer;
mod shifts;
mod statistic;
mod stop_list;
mod ties;
mod time_slices;

pub(super) use answer::write;
pub(in crate::solver) use parse::Origin;
pub(super) use parse::{parse, parse_with_matrices};
pub(super) use read_answer::parse_solution;

use jobs::Activity;
