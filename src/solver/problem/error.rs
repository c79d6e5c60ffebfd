//! What can be wrong with a problem.

/// What is wrong with a problem.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    /// No vehicle types at all.
    #[error("a problem needs at least one vehicle type")]
    NoVehicles,
    /// A vehicle type has an unusable field.
    #[error("vehicle type {index}: {field} is {value}; {remedy}")]
    Vehicle {
        /// Index of the vehicle type.
        index: usize,
        /// Field at fault.
        field: &'static str,
        /// Its value.
        value: String,
        /// What would be right.
        remedy: &'static str,
    },
    /// A stop has an unusable field.
    #[error("stop {index}: {field} is {value}; {remedy}")]
    Stop {
        /// Index of the stop.
        index: usize,
        /// Field at fault.
        field: &'static str,
        /// Its value.
        value: String,
        /// What would be right.
        remedy: &'static str,
    },
    /// A rule names something unusable.
    #[error("{rule} {index}: {field} is {value}; {remedy}")]
    Rule {
        /// `shipment`, `group`, `relation` or `objective`.
        rule: &'static str,
        /// Index among the rules of this kind.
        index: usize,
        /// Field at fault.
        field: &'static str,
        /// Its value.
        value: String,
        /// What would be right.
        remedy: &'static str,
    },
    /// Sums of costs would not fit.
    #[error("costs are too large: a plan could cost more than 2^61 units; use a coarser unit")]
    CostOverflow,
}
