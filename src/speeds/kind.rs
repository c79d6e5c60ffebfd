//! Kinds of roads: their class, and how fast one may drive on them.

use crate::network::RoadGraph;
use crate::network::osm::RoadClass;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Bounds between bands of free-flow speed, in km/h.
const BANDS_KMH: [f64; 4] = [25.0, 40.0, 60.0, 90.0];
const BANDS: usize = BANDS_KMH.len() + 1;
/// Number of kinds.
pub(super) const KINDS: usize = RoadClass::ALL.len() * BANDS;

/// Roads that are taken to be alike: of one class and one band of free-flow speed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub struct RoadKind {
    /// Class of the road.
    pub class: RoadClass,
    /// Band of its free-flow speed: 0 below 25 km/h, 1 below 40, 2 below 60, 3 below 90, 4 above.
    pub band: u8,
}

impl RoadKind {
    /// The kind of an edge.
    pub fn of(graph: &RoadGraph, edge: u32) -> Self {
        let (length_cm, duration_ms) = (
            graph.length_cm[edge as usize],
            graph.duration_ms[edge as usize],
        );
        let kmh = 36.0 * f64::from(length_cm) / f64::from(duration_ms.max(1));
        Self {
            class: graph.class_of(edge),
            band: BANDS_KMH.partition_point(|bound| *bound <= kmh) as u8,
        }
    }

    /// Its number, below [`KINDS`].
    pub(super) fn number(self) -> usize {
        let class = RoadClass::ALL.iter().position(|class| *class == self.class);
        class.unwrap_or_default() * BANDS + usize::from(self.band).min(BANDS - 1)
    }

    /// The kind of a number.
    pub(super) fn of_number(number: usize) -> Self {
        let class = RoadClass::ALL.get(number / BANDS).copied();
        Self {
            class: class.unwrap_or(RoadClass::Minor),
            band: (number % BANDS) as u8,
        }
    }

    /// In words, such as `primary, 40 to 60 km/h`.
    pub fn name(self) -> String {
        let class = format!("{:?}", self.class).to_lowercase();
        let band = usize::from(self.band).min(BANDS - 1);
        match (
            band.checked_sub(1).map(|b| BANDS_KMH[b]),
            BANDS_KMH.get(band),
        ) {
            (None, Some(below)) => format!("{class}, below {below} km/h"),
            (Some(from), Some(below)) => format!("{class}, {from} to {below} km/h"),
            (Some(from), None) => format!("{class}, from {from} km/h"),
            (None, None) => class,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_for_kinds() {
        for number in 0..KINDS {
            assert_eq!(RoadKind::of_number(number).number(), number);
        }
        let kind = RoadKind {
            class: RoadClass::Primary,
            band: 2,
        };
        assert_eq!(kind.name(), "primary, 40 to 60 km/h");
    }
}
