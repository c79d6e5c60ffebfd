//! What can be wrong with a solution.

use std::fmt;

/// One broken rule and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Index of the route in the solution, if the fault lies in one.
    pub route: Option<usize>,
    /// Index of the stop, if the fault lies at one.
    pub stop: Option<usize>,
    /// Which rule, by how much.
    pub kind: FaultKind,
}

/// Which rule is broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    /// The problem has no such stop.
    #[error("there is no such stop")]
    UnknownStop,
    /// The problem has no such vehicle type, or fewer vehicles of it.
    #[error("there is no vehicle {vehicle} of type {vehicle_type}")]
    UnknownVehicle {
        /// Type named by the route.
        vehicle_type: usize,
        /// Vehicle named by the route.
        vehicle: usize,
    },
    /// Two routes use one vehicle.
    #[error("vehicle {vehicle} of type {vehicle_type} already drives another route")]
    VehicleUsedTwice {
        /// Type named by both.
        vehicle_type: usize,
        /// Vehicle named by both.
        vehicle: usize,
    },
    /// A route has no stops.
    #[error("the route has no stops")]
    EmptyRoute,
    /// A stop is visited, or listed as unplanned, more than once.
    #[error("the stop appears more than once")]
    Duplicate,
    /// A stop is neither on a route nor listed as unplanned.
    #[error("the stop is neither on a route nor listed as unplanned")]
    Missing,
    /// The load exceeds the capacity.
    #[error("load {load} of dimension {dimension} exceeds the capacity of {capacity}")]
    Load {
        /// Dimension.
        dimension: usize,
        /// Sum of demands.
        load: i128,
        /// Capacity.
        capacity: i64,
    },
    /// Arrival after the last window.
    #[error("arrival at {arrival_s} s, after the last window closes")]
    Window {
        /// Second of arrival.
        arrival_s: i64,
    },
    /// Departure before the shift.
    #[error("departure at {departure_s} s, before the shift starts at {earliest_s} s")]
    ShiftStart {
        /// Second of departure.
        departure_s: i64,
        /// Start of the shift.
        earliest_s: i64,
    },
    /// End after the shift.
    #[error("end at {end_s} s, after the shift ends at {latest_s} s")]
    ShiftEnd {
        /// Second of the route's end.
        end_s: i64,
        /// End of the shift.
        latest_s: i64,
    },
    /// The vehicle lacks a skill.
    #[error("the vehicle lacks skills {missing:#b}")]
    Skills {
        /// Bits that are required and not there.
        missing: u64,
    },
    /// The route is too long.
    #[error("distance {distance} exceeds {most}")]
    Distance {
        /// Of the route.
        distance: i128,
        /// Allowed.
        most: i64,
    },
    /// The route takes too long.
    #[error("duration {duration_s} s exceeds {most_s} s")]
    Duration {
        /// Of the route.
        duration_s: i64,
        /// Allowed.
        most_s: i64,
    },
    /// The route has too many stops.
    #[error("{stops} stops exceed {most}")]
    Stops {
        /// On the route.
        stops: usize,
        /// Allowed.
        most: usize,
    },
    /// The stated cost is not the true one.
    #[error("stated cost {stated} is not the true cost {actual}")]
    Cost {
        /// By the solution.
        stated: i64,
        /// Recomputed.
        actual: i128,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(route) = self.route {
            write!(f, "route {route}, ")?;
        }
        if let Some(stop) = self.stop {
            write!(f, "stop {stop}, ")?;
        }
        write!(f, "{}", self.kind)
    }
}
