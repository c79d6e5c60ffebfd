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

/// The parts of a line inside a box, cut at its border (Liang & Barsky 1984).
pub(super) fn clipped(line: &[LatLon], low: LatLon, high: LatLon) -> Vec<Vec<LatLon>> {
    let mut parts: Vec<Vec<LatLon>> = Vec::new();
    let mut continues = false;
    for pair in line.windows(2) {
        let Some((from, to)) = visible_share(pair[0], pair[1], low, high) else {
            continues = false;
            continue;
        };
        let at = |share: f64| LatLon {
            lat: pair[0].lat + share * (pair[1].lat - pair[0].lat),
            lon: pair[0].lon + share * (pair[1].lon - pair[0].lon),
        };
        match parts.last_mut() {
            Some(part) if continues && from == 0.0 => part.push(at(to)),
            _ => parts.push(vec![at(from), at(to)]),
        }
        continues = to == 1.0;
    }
    parts
}

/// Where a segment enters and leaves a box, as shares of its length.
fn visible_share(a: LatLon, b: LatLon, low: LatLon, high: LatLon) -> Option<(f64, f64)> {
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    for (start, end, least, most) in [
        (a.lat, b.lat, low.lat, high.lat),
        (a.lon, b.lon, low.lon, high.lon),
    ] {
        let step = end - start;
        if step == 0.0 {
            if !(least..=most).contains(&start) {
                return None;
            }
            continue;
        }
        let (enter, leave) = ((least - start) / step, (most - start) / step);
        from = from.max(enter.min(leave));
        to = to.min(enter.max(leave));
    }
    (from < to).then_some((from, to))
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

    #[test]
    fn lines_are_cut_at_the_border() {
        let at = |lat, lon| LatLon { lat, lon };
        let line = [
            at(0.5, -1.0),
            at(0.5, 0.5),
            at(0.5, 2.0),
            at(0.9, 2.0),
            at(0.9, 0.5),
        ];
        let parts = clipped(&line, at(0.0, 0.0), at(1.0, 1.0));
        let first = vec![at(0.5, 0.0), at(0.5, 0.5), at(0.5, 1.0)];
        assert_eq!(parts, vec![first, vec![at(0.9, 1.0), at(0.9, 0.5)]]);
        assert!(clipped(&[at(2.0, 2.0), at(3.0, 3.0)], at(0.0, 0.0), at(1.0, 1.0)).is_empty());
    }
}
