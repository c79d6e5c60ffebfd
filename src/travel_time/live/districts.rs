//! Districts with about as many trips each: a k-d partition (Bentley 1975) of where trips started.

use crate::domain::LatLon;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Levels of splits where trips are many; 32 districts.
const MOST_LEVELS: u32 = 5;
/// Fewest places of a district.
const FEWEST_PLACES: usize = 100;

/// A partition of the map into 2^n districts by medians of longitude and latitude in turn.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Districts {
    /// Splits in degrees, in heap order: the children of `i` are `2i + 1` (below) and `2i + 2`.
    splits: Vec<f64>,
}

impl Districts {
    /// Cuts the map so that every district has about as many of the places.
    pub fn around(places: &[LatLon]) -> Self {
        let mut levels = 0;
        while levels < MOST_LEVELS && places.len() >> (levels + 1) >= FEWEST_PLACES {
            levels += 1;
        }
        let mut splits = vec![0.0; (1 << levels) - 1];
        let mut places = places.to_vec();
        cut(&mut splits, 0, &mut places, 0);
        Self { splits }
    }

    /// Number of districts.
    pub fn count(&self) -> usize {
        self.splits.len() + 1
    }

    /// The district of a place, below [`count`](Self::count).
    pub fn of(&self, place: LatLon) -> usize {
        let (mut at, mut level) = (0, 0);
        while let Some(split) = self.splits.get(at) {
            at = 2 * at + if along(place, level) < *split { 1 } else { 2 };
            level += 1;
        }
        // A partition that was not cut here may be no full tree: stay among its districts.
        (at - self.splits.len().min(at)).min(self.splits.len())
    }
}

fn along(place: LatLon, level: u32) -> f64 {
    if level.is_multiple_of(2) {
        place.lon
    } else {
        place.lat
    }
}

fn cut(splits: &mut [f64], at: usize, places: &mut [LatLon], level: u32) {
    if at >= splits.len() || places.is_empty() {
        return;
    }
    places.sort_by(|a, b| along(*a, level).total_cmp(&along(*b, level)));
    let half = places.len() / 2;
    let split = along(places[half], level);
    splits[at] = split;
    // Places on the split belong above it, as `of` decides.
    let below = places.partition_point(|place| along(*place, level) < split);
    let (low, high) = places.split_at_mut(below);
    cut(splits, 2 * at + 1, low, level + 1);
    cut(splits, 2 * at + 2, high, level + 1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::random;
    use rand::Rng;

    #[test]
    fn districts_have_about_as_many_places_each() {
        let mut generator = random::generator(3, "districts");
        let places: Vec<LatLon> = (0..6_400)
            .map(|_| LatLon {
                lat: 48.0 + generator.random::<f64>().powi(2),
                lon: 11.0 + generator.random::<f64>(),
            })
            .collect();
        let districts = Districts::around(&places);
        assert_eq!(districts.count(), 32);
        let mut counts = vec![0; districts.count()];
        for place in &places {
            counts[districts.of(*place)] += 1;
        }
        assert!(counts.iter().all(|c| (190..=210).contains(c)), "{counts:?}");
    }

    #[test]
    fn few_places_are_one_district() {
        let here = LatLon { lat: 1.0, lon: 2.0 };
        assert_eq!(Districts::around(&[here; 60]).count(), 1);
        assert_eq!(Districts::default().of(here), 0);
    }
}
