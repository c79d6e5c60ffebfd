//! VROOM JSON (the format of VROOM 1.14 and 1.15).
//!
//! | field | is |
//! |---|---|
//! | `jobs`: `id`, `description`, `location`, `location_index`, `service`, `service_per_type`, `delivery`, `pickup`, `amount` (as `delivery`), `skills`, `priority`, `time_windows` | honoured |
//! | `shipments`: `pickup`, `delivery`, `amount`, `skills`, `priority` | honoured |
//! | `vehicles`: `id`, `description`, `profile`, `start`, `start_index`, `end`, `end_index`, `capacity`, `skills`, `type`, `time_window`, `breaks`, `speed_factor`, `max_tasks`, `max_travel_time`, `max_distance`, `costs` | honoured |
//! | `breaks`: `id`, `description`, `service`, `time_windows` | owed by every route |
//! | `costs`: `fixed`, `per_hour`, `per_task_hour`, `per_km` | honoured |
//! | `matrices`: `durations`, `distances`, `costs`; `matrix` | needed for every profile; there is no routing engine |
//! | `setup`, `setup_per_type` other than 0 | refused: depends on the stop before |
//! | `breaks`: `max_load`; `vehicles`: `steps` | refused |
//! | `costs` matrix with `per_km` or `max_distance` | refused: one matrix is priced |
//!
//! A vehicle breaks where it stands, never on the way. Scaled durations are rounded up to seconds.
//! Tasks that do not fit are left out by priority; as in VROOM a plan is priced by driving, tasks
//! and distance, not by waiting. Costs are counted in 1/18,000 so that prices per hour and per
//! kilometre stay whole.

mod answer;
mod document;
mod fleet;
mod matrices;
mod parse;
mod read_answer;
mod tasks;

pub(super) use answer::write;
pub(in crate::solver) use parse::Origin;
pub(super) use parse::parse;
pub(super) use read_answer::parse_solution;

use parse::COST_SCALE;
