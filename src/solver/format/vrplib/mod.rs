//! VRPLIB: `KEY : value` lines, then sections; with the extended sections of PyVRP.
//!
//! | asked by | is |
//! |---|---|
//! | `TYPE` | CVRP, VRPTW, HFVRP, MDVRP, MDVRPTW, SDVRPTW, MTVRPTWR, PCVRP, PCVRPTW, VRPB, VRPSPD, GTSP; decides the rounding, and VRPB asks for [`Backhauls::LastAfterDeliveries`](crate::solver::Backhauls) |
//! | `EDGE_WEIGHT_TYPE` | EUC_2D, EXPLICIT (FULL_MATRIX, LOWER_ROW); others are refused |
//! | `DEPOT_SECTION` | the first nodes; without it, node 1 |
//! | `DEMAND` or `LINEHAUL`, `BACKHAUL` | delivered and picked up, one column per dimension |
//! | `TIME_WINDOW`, `SERVICE_TIME`, `RELEASE_TIME` | a depot's window is the shift of its vehicles and of reloads there |
//! | `PRIZE` | the penalty of leaving a customer out; 0 makes it mandatory |
//! | `MUTUALLY_EXCLUSIVE_GROUP` | exactly one of the customers is served |
//! | `CAPACITY`, `VEHICLES_*` | by vehicle, or one key for all; vehicles that are alike make a type |
//! | `PICKUP_AND_DELIVERY` and whatever else | refused by name |
//!
//! Rounding: CVRP, VRPB, VRPSPD, GTSP to the nearest; VRPTW, PCVRPTW, PCVRP, MTVRPTWR to tenths;
//! HFVRP, MDVRP, MDVRPTW, SDVRPTW to thousandths; explicit matrices as they are. Fixed costs and
//! prizes are scaled like distances, costs per distance are not. Costs of CVRP and VRPTW are shown
//! in units of the file, of the other types in scaled units, as their published solutions are.

mod fleet;
mod parse;
mod parts;
mod stops;
mod vehicle_table;

pub(super) use parse::parse;
