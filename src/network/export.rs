//! Routes for other programs.

use super::CREDIT;
use super::directions::steps;
use super::routable::Network;
use super::route::Route;
use serde_json::{Value, json};
use std::fmt::Write;

/// A route as a GeoJSON feature (RFC 7946): longitude before latitude.
pub fn to_geojson(network: &Network, route: &Route) -> Value {
    let line = network.line(route).into_iter();
    let coordinates: Vec<_> = line.map(|place| json!([place.lon, place.lat])).collect();
    json!({
        "type": "Feature",
        "properties": {
            "duration_s": route.duration_s,
            "length_m": route.length_m,
            "steps": steps(network, route),
            "attribution": CREDIT,
        },
        "geometry": { "type": "LineString", "coordinates": coordinates },
    })
}

/// A route as a GPX 1.1 track with its steps as way points.
pub fn to_gpx(network: &Network, route: &Route) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <gpx version=\"1.1\" creator=\"RouteForce\" xmlns=\"http://www.topografix.com/GPX/1/1\">\n",
    );
    let _ = writeln!(
        text,
        "<metadata><copyright author=\"OpenStreetMap contributors\">\
         <license>https://opendatacommons.org/licenses/odbl/1-0/</license></copyright></metadata>"
    );
    for step in steps(network, route) {
        let _ = writeln!(
            text,
            "<wpt lat=\"{:.7}\" lon=\"{:.7}\"><name>{}</name></wpt>",
            step.at.lat,
            step.at.lon,
            escaped(&step.what)
        );
    }
    text.push_str("<trk><trkseg>\n");
    for place in network.line(route) {
        let _ = writeln!(
            text,
            "<trkpt lat=\"{:.7}\" lon=\"{:.7}\"/>",
            place.lat, place.lon
        );
    }
    text.push_str("</trkseg></trk>\n</gpx>\n");
    text
}

fn escaped(text: &str) -> String {
    let mut into = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            c if c.is_control() => {}
            c => into.push(c),
        }
    }
    into
}
