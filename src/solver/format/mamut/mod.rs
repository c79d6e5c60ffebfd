//! MAMUT time-dependent JSON: an instance `NAME.vrp.json` and, beside it, the arrival-time function
//! of every pair of nodes in `NAME.atf.json.gz`.
//!
//! The objective is `Duration`, the sum over routes of the shortest duration with the departure
//! free, plus `fleet_fixed_cost` per vehicle if the file gives one. Times are counted in thousandths
//! and never overstate what is feasible: arrivals, openings and service are rounded up, closings
//! down. A route must be back by the end of the horizon.
//!
//! | field | is |
//! |---|---|
//! | `num_vehicles`, `vehicle_capacity`, `demands`, `service_times`, `time_windows`, `depot`, `horizon`, `fleet_fixed_cost`, `coordinates` | honoured |
//! | `td.model` | `atf-ndcpwlf`; `igp-profile` and `road-graph` are refused |
//! | `td.atf_path`, `td.atf_sha256` | the file of functions, verified |
//! | `instance_origin`, `benchmark_name`, `metadata`, `reference_lla` | say where the data are from, and are not used |

mod functions;
mod node_data;
mod parse;
mod routes_json;

pub(super) use functions::unpack;
pub(super) use parse::{functions_file, parse};
pub(super) use routes_json::{parse_solution, write};

use parse::{SCALE, down, up};
