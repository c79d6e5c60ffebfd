//! Ways to read what happened on a day from its trips, and what of it perfect knowledge foresees.

/// What legs took on a day held back, and what of that somebody could have known at best.
///
/// Trips cover few of the legs that plans could drive. A model of the days held back and the pace of the
/// day say what was to be expected of the others; single trips scatter about that by a third of
/// their duration. Whether a plan could have known that noise decides what forecasts are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// Every leg and hour has the noise of some real trip, and nobody knows it before it is
    /// driven. Perfect knowledge is that of the day's expected durations and of how uncertain they are.
    NoiseUnforeseen,
    /// The same durations; perfect knowledge foresees the noise of every leg at every hour, and drives
    /// where it is lucky. No forecast can.
    NoiseForeseen,
    /// Noise only where a trip was really driven between the places at about that time; all other
    /// legs take what was to be expected. Perfect knowledge foresees everything.
    DrivenOnly,
}

/// All readings, in the order of reports: the first is the headline.
pub const READINGS: [Reading; 3] = [
    Reading::NoiseUnforeseen,
    Reading::NoiseForeseen,
    Reading::DrivenOnly,
];

impl Reading {
    /// Name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoiseUnforeseen => "noise-unforeseen",
            Self::NoiseForeseen => "noise-foreseen",
            Self::DrivenOnly => "driven-only",
        }
    }

    /// What a reader must know of it.
    pub fn description(self) -> &'static str {
        match self {
            Self::NoiseUnforeseen => {
                "every leg and hour carries the noise of a real trip of that day; perfect knowledge is that of the day's expected \
                 durations and their uncertainty, not of single trips"
            }
            Self::NoiseForeseen => {
                "the same durations; perfect knowledge foresees the noise of every leg at every hour, which no forecast can"
            }
            Self::DrivenOnly => {
                "legs take a real trip's duration where one was driven at about that time, elsewhere what a model of the days held \
                 back and the day's pace say; perfect knowledge foresees all of it"
            }
        }
    }
}
