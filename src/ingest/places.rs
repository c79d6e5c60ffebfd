//! Coordinates: off the map, or latitude and longitude swapped.

use super::faults::Faults;
use super::reason::Reason;
use polars::prelude::*;

/// Least distance in degrees from the middle at which a place can count as swapped.
const MIN_REACH_DEG: f64 = 5.0;
/// Fewest places that say where the bulk is.
const MIN_PLACES: usize = 5;

/// Where most places of a table are: the middle, and how far from it places still belong to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bulk {
    lat: f64,
    lon: f64,
    lat_reach: f64,
    lon_reach: f64,
}

impl Bulk {
    /// The bulk of places in degrees; `None` if there are too few to tell.
    pub fn of(lats: &[f64], lons: &[f64]) -> Option<Self> {
        let on_map = |(lat, lon): &(&f64, &f64)| lat.abs() <= 90.0 && lon.abs() <= 180.0;
        let (lats, lons): (Vec<f64>, Vec<f64>) = lats.iter().zip(lons).filter(on_map).unzip();
        if lats.len() < MIN_PLACES {
            return None;
        }
        let (lat, lat_reach) = middle_and_reach(lats)?;
        let (lon, lon_reach) = middle_and_reach(lons)?;
        Some(Self {
            lat,
            lon,
            lat_reach,
            lon_reach,
        })
    }

    fn holds(&self, lat: f64, lon: f64) -> bool {
        (lat - self.lat).abs() <= self.lat_reach && (lon - self.lon).abs() <= self.lon_reach
    }
}

/// Median, and five times the distance between the quartiles (at least 5 degrees).
fn middle_and_reach(mut values: Vec<f64>) -> Option<(f64, f64)> {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| {
        values
            .get((share * (values.len() - 1) as f64).round() as usize)
            .copied()
    };
    let reach = 5.0 * (at(0.75)? - at(0.25)?);
    Some((at(0.5)?, reach.max(MIN_REACH_DEG)))
}

/// Notes places that are off the map or swapped. A place is swapped if its latitude is no
/// latitude but both would be right the other way round, or if it lies far outside the table's
/// bulk while the swapped one lies inside.
pub(crate) fn check(
    frame: &DataFrame,
    (lat_name, lon_name): (&str, &str),
    bulk: Option<Bulk>,
    faults: &mut Faults,
) -> PolarsResult<()> {
    let (Ok(lats), Ok(lons)) = (frame.column(lat_name), frame.column(lon_name)) else {
        return Ok(());
    };
    for (row, (lat, lon)) in lats.f64()?.iter().zip(lons.f64()?.iter()).enumerate() {
        let (Some(lat), Some(lon)) = (lat, lon) else {
            continue;
        };
        if let Some((field, reason)) = fault(lat, lon, bulk) {
            faults.mark(
                row,
                if field == Axis::Lat {
                    lat_name
                } else {
                    lon_name
                },
                reason,
            );
        }
    }
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Axis {
    Lat,
    Lon,
}

fn fault(lat: f64, lon: f64, bulk: Option<Bulk>) -> Option<(Axis, Reason)> {
    let outside = |bulk: Bulk| !bulk.holds(lat, lon) && bulk.holds(lon, lat);
    if lat.abs() > 90.0 {
        let swappable = lat.abs() <= 180.0 && lon.abs() <= 90.0;
        let reason = if swappable {
            Reason::Swapped
        } else {
            Reason::OffTheMap
        };
        return Some((Axis::Lat, reason));
    }
    if lon.abs() > 180.0 {
        return Some((Axis::Lon, Reason::OffTheMap));
    }
    if lat == 0.0 && lon == 0.0 {
        return Some((Axis::Lat, Reason::OffTheMap));
    }
    bulk.is_some_and(outside)
        .then_some((Axis::Lat, Reason::Swapped))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_swapped_from_far_away() {
        let lats: Vec<f64> = (0..100).map(|i| 52.4 + 0.002 * f64::from(i)).collect();
        let lons: Vec<f64> = (0..100).map(|i| 13.2 + 0.003 * f64::from(i)).collect();
        let bulk = Bulk::of(&lats, &lons);
        assert_eq!(fault(52.5, 13.4, bulk), None);
        assert_eq!(fault(13.4, 52.5, bulk), Some((Axis::Lat, Reason::Swapped)));
        assert_eq!(fault(40.7, -74.0, bulk), None, "far away, but not swapped");
        assert_eq!(fault(-93.0, 44.9, None), Some((Axis::Lat, Reason::Swapped)));
        assert_eq!(
            fault(95.0, 100.0, None),
            Some((Axis::Lat, Reason::OffTheMap))
        );
        assert_eq!(fault(0.0, 0.0, None), Some((Axis::Lat, Reason::OffTheMap)));
        assert_eq!(
            fault(1.0, 181.0, None),
            Some((Axis::Lon, Reason::OffTheMap))
        );
    }
}
