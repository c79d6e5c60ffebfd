//! Service times: what is learned of known customers and drivers, calibration, export, degenerate
//! tables, and what they do to arrivals.

mod arrivals;
mod degenerate;
mod model;
mod synthetic;
mod table;
