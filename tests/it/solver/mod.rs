//! Tests of the solver: every result is judged by the independent checker, small ones against all
//! solutions there are.

mod brute_force;
mod check;
mod departures;
mod draft;
mod explain;
mod features;
mod format;
mod limits;
mod random_day;
mod random_problem;
mod replan;
mod search;
