//! Routes for people and other programs.

use super::CREDIT;
use super::directions::{Step, steps};
use super::routable::Network;
use super::route::Route;
use crate::domain::LatLon;
use serde_json::{Value, json};
use std::fmt::Write;

/// A way as it is told, whoever found it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Itinerary {
    /// How long it takes, in seconds.
    pub duration_s: f64,
    /// How long it is, in metres.
    pub length_m: f64,
    /// Its line.
    pub line: Vec<LatLon>,
    /// The way in words.
    pub steps: Vec<Step>,
}

impl Network {
    /// A route as it is told.
    pub fn itinerary(&self, route: &Route) -> Itinerary {
        Itinerary {
            duration_s: route.duration_s,
            length_m: route.length_m,
            line: self.line(route),
            steps: steps(self, route),
        }
    }
}

impl Itinerary {
    /// Goes on with another way, which begins where this one ends.
    pub fn append(&mut self, next: Self) {
        self.duration_s += next.duration_s;
        self.length_m += next.length_m;
        self.line.extend(next.line);
        self.line.dedup();
        self.steps.extend(next.steps);
    }

    /// Whether durations and lengths are numbers from 0.
    pub fn is_sound(&self) -> bool {
        let parts = self
            .steps
            .iter()
            .flat_map(|step| [step.duration_s, step.length_m]);
        let mut all = parts.chain([self.duration_s, self.length_m]);
        all.all(|number| number.is_finite() && number >= 0.0)
    }

    /// As a GeoJSON feature (RFC 7946): longitude before latitude.
    pub fn to_geojson(&self) -> Value {
        let coordinates = self.line.iter().map(|place| json!([place.lon, place.lat]));
        json!({
            "type": "Feature",
            "properties": {
                "duration_s": self.duration_s,
                "length_m": self.length_m,
                "steps": self.steps,
                "attribution": CREDIT,
            },
            "geometry": { "type": "LineString", "coordinates": coordinates.collect::<Vec<_>>() },
        })
    }

    /// As a GPX 1.1 track with its steps as way points.
    pub fn to_gpx(&self) -> String {
        let mut text = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <gpx version=\"1.1\" creator=\"RouteForce\" xmlns=\"http://www.topografix.com/GPX/1/1\">\n",
        );
        let _ = writeln!(
            text,
            "<metadata><copyright author=\"OpenStreetMap contributors\">\
             <license>https://opendatacommons.org/licenses/odbl/1-0/</license></copyright></metadata>"
        );
        for step in &self.steps {
            let _ = writeln!(
                text,
                "<wpt lat=\"{:.7}\" lon=\"{:.7}\"><name>{}</name></wpt>",
                step.at.lat,
                step.at.lon,
                escaped(&step.what)
            );
        }
        text.push_str("<trk><trkseg>\n");
        for place in &self.line {
            let _ = writeln!(
                text,
                "<trkpt lat=\"{:.7}\" lon=\"{:.7}\"/>",
                place.lat, place.lon
            );
        }
        text.push_str("</trkseg></trk>\n</gpx>\n");
        text
    }
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
