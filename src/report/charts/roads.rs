//! Lines out of GeoJSON, for the map's background.

use crate::domain::LatLon;
use serde_json::Value;

/// All line strings of a GeoJSON object (RFC 7946) as places; other geometries and malformed
/// coordinates are passed over, since the background is no data.
pub(super) fn lines(geojson: &Value) -> Vec<Vec<LatLon>> {
    let mut found = Vec::new();
    collect(geojson, &mut found, 0);
    found
}

fn collect(value: &Value, found: &mut Vec<Vec<LatLon>>, depth: usize) {
    if depth > 4 {
        return;
    }
    let below = |name: &str| {
        value
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    match value.get("type").and_then(Value::as_str) {
        Some("FeatureCollection") => {
            below("features").for_each(|feature| collect(feature, found, depth + 1));
        }
        Some("GeometryCollection") => {
            below("geometries").for_each(|geometry| collect(geometry, found, depth + 1));
        }
        Some("Feature") => {
            if let Some(geometry) = value.get("geometry") {
                collect(geometry, found, depth + 1);
            }
        }
        Some("LineString") => found.extend(value.get("coordinates").and_then(line)),
        Some("MultiLineString") => found.extend(below("coordinates").filter_map(line)),
        _ => {}
    }
}

fn line(coordinates: &Value) -> Option<Vec<LatLon>> {
    let places: Vec<_> = coordinates.as_array()?.iter().filter_map(place).collect();
    (places.len() >= 2).then_some(places)
}

fn place(position: &Value) -> Option<LatLon> {
    let lon = position.get(0)?.as_f64()?;
    let lat = position.get(1)?.as_f64()?;
    LatLon::new(lat, lon).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn finds_lines_and_passes_over_the_rest() {
        let geojson = json!({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {}, "geometry":
                {"type": "LineString", "coordinates": [[13.0, 52.0], [13.1, 52.0]]}},
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [13.0, 52.0]}},
            {"type": "Feature", "geometry": null},
            {"type": "Feature", "geometry": {"type": "MultiLineString", "coordinates":
                [[[13.0, 52.0], ["x", 1], [13.2, 52.1]], [[1]], 7]}},
        ]});
        let lines = lines(&geojson);
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[1].len(), 2);
    }
}
