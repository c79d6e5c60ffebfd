//! The city as GeoJSON (RFC 7946) for maps.

use super::city::City;
use crate::domain::LatLon;
use serde_json::{Value, json};

/// Decimals of degrees on the map: about a metre.
const DEGREES_DIGITS: f64 = 1e5;

/// All roads and the river as a `FeatureCollection` of `LineString`s with a property `class`
/// (`street`, `arterial`, `ring`, `bridge`, `river`). Each road appears once.
pub fn roads_geojson(city: &City) -> Value {
    let mut features: Vec<Value> = city
        .roads()
        .iter()
        .filter(|road| road.from < road.to)
        .map(|road| {
            let ends = [road.from, road.to].map(|n| city.nodes()[n as usize]);
            feature(road.class.name(), &ends)
        })
        .collect();
    features.insert(0, feature("river", &city.river()));
    json!({ "type": "FeatureCollection", "features": features })
}

fn feature(class: &str, line: &[LatLon]) -> Value {
    let round = |degrees: f64| (degrees * DEGREES_DIGITS).round() / DEGREES_DIGITS;
    let coordinates: Vec<[f64; 2]> = line
        .iter()
        .map(|place| [round(place.lon), round(place.lat)])
        .collect();
    json!({
        "type": "Feature",
        "properties": { "class": class },
        "geometry": { "type": "LineString", "coordinates": coordinates }
    })
}
