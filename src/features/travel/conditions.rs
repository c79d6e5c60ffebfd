//! What is known of days and hours beside the clock.

use super::{Holidays, Weather};

/// Holidays and weather; of trips that were driven as they were, of those to come as they are expected.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Conditions {
    /// Public holidays.
    pub holidays: Holidays,
    /// Weather.
    pub weather: Weather,
}

impl From<Holidays> for Conditions {
    fn from(holidays: Holidays) -> Self {
        Self {
            holidays,
            weather: Weather::default(),
        }
    }
}
