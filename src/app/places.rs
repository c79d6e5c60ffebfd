//! Checks of places that a caller sent.

use crate::domain::{InputError, LatLon};

/// Where callers' data comes from, in errors.
pub(super) const REQUEST: &str = "request body";

/// Checks that places are on the map; names the first that is not as `field[position]`.
pub(super) fn on_the_map(field: &str, places: &[LatLon]) -> Result<(), InputError> {
    for (i, place) in places.iter().enumerate() {
        LatLon::new(place.lat, place.lon).map_err(|e| {
            let coordinate = e.field.as_deref().unwrap_or("lat");
            let field = format!("{field}[{i}].{coordinate}");
            InputError {
                source: REQUEST.into(),
                ..e
            }
            .field(field)
        })?;
    }
    Ok(())
}

/// Checks how many places there are.
pub(super) fn so_many(
    field: &str,
    found: usize,
    range: std::ops::RangeInclusive<usize>,
) -> Result<(), InputError> {
    if range.contains(&found) {
        return Ok(());
    }
    let remedy = format!("give {} to {}", range.start(), range.end());
    let error = InputError::new(REQUEST, "wrong number of entries", remedy);
    Err(error.field(field).value(found))
}
