//! The kinds of tables that can be ingested.

use crate::domain::InputError;
use std::fmt;
use std::str::FromStr;

/// A kind of table; what columns it has is in the table schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Orders, one row each.
    Orders,
    /// Trips with origin, destination, departure and duration.
    Trips,
    /// Visits of customers: start and end of service, what was delivered, who served.
    Visits,
    /// Fixes of vehicles.
    Positions,
    /// Vehicles with depots, shifts, capacities and costs.
    Fleet,
    /// Stops of a day to plan.
    Stops,
    /// Closures, holidays, promotions.
    Calendar,
    /// Demand series with covariates.
    Demand,
}

impl Kind {
    /// All kinds, in the order they are documented.
    pub const ALL: [Self; 8] = [
        Self::Orders,
        Self::Trips,
        Self::Visits,
        Self::Positions,
        Self::Fleet,
        Self::Stops,
        Self::Calendar,
        Self::Demand,
    ];

    /// Name on the command line and of the files written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Trips => "trips",
            Self::Visits => "visits",
            Self::Positions => "positions",
            Self::Fleet => "fleet",
            Self::Stops => "stops",
            Self::Calendar => "calendar",
            Self::Demand => "demand",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = InputError;

    fn from_str(text: &str) -> Result<Self, InputError> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == text)
            .ok_or_else(|| {
                let known = Self::ALL.map(Self::name).join(", ");
                InputError::new(
                    "command line",
                    "no such kind of table",
                    format!("give one of {known}"),
                )
                .field("KIND")
                .value(text)
            })
    }
}
