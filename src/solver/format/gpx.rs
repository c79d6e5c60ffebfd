//! Solutions as GPX 1.1: a route for each vehicle, for navigation devices.

use super::geojson::no_coordinates;
use super::instance::{Coordinates, Instance};
use super::itinerary::{Entry, itineraries};
use crate::domain::{InputError, LatLon};
use crate::solver::solution::Solution;
use std::fmt::Write;

/// The text of a solution.
pub(super) fn write(instance: &Instance, solution: &Solution) -> Result<String, InputError> {
    let points = match &instance.coordinates {
        Some(Coordinates::Geographic(points)) => points,
        Some(Coordinates::Plane(_)) => {
            let remedy = "write GeoJSON or CSV: GPX needs degrees";
            let problem = "the coordinates are of a plane";
            return Err(InputError::new(&instance.name, problem, remedy));
        }
        None => return Err(no_coordinates(instance)),
    };
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gpx version=\"1.1\" creator=\"RouteForce\" \
         xmlns=\"http://www.topografix.com/GPX/1/1\">\n",
    );
    let name = escaped(&instance.name);
    let _ = writeln!(text, "  <metadata><name>{name}</name></metadata>");
    for itinerary in itineraries(instance, solution) {
        let vehicle = escaped(&itinerary.vehicle);
        let _ = writeln!(text, "  <rte>\n    <name>{vehicle}</name>");
        for entry in &itinerary.entries {
            if let Some(point) = entry.place.and_then(|place| points.get(place)) {
                route_point(&mut text, instance, entry, *point);
            }
        }
        text.push_str("  </rte>\n");
    }
    text.push_str("</gpx>\n");
    Ok(text)
}

fn route_point(text: &mut String, instance: &Instance, entry: &Entry, point: LatLon) {
    let LatLon { lat, lon } = point;
    let name = match entry.id.as_str() {
        "" => entry.what.to_owned(),
        id => escaped(id),
    };
    let arrival = instance.show_time(entry.arrival_s);
    let _ = write!(text, "    <rtept lat=\"{lat}\" lon=\"{lon}\">");
    // The schema knows instants only.
    if instance.has_calendar() {
        let _ = write!(text, "<time>{arrival}</time>");
    }
    let _ = writeln!(
        text,
        "<name>{name}</name><desc>{}, arrival {arrival}</desc></rtept>",
        entry.what
    );
}

/// Text without what XML reserves or forbids.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            _ if character.is_control() => safe.push(' '),
            _ => safe.push(character),
        }
    }
    safe
}
