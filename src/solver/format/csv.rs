//! Solutions as CSV: one row per stop, reload, break, start and end, with times, distance, loads and,
//! if the instance has them, coordinates. Stops left out follow, without times.

use super::instance::{Coordinates, Instance};
use super::itinerary::{Entry, itineraries};
use crate::solver::solution::Solution;
use std::fmt::Write;

/// The text of a solution.
pub(super) fn write(instance: &Instance, solution: &Solution) -> String {
    let dimensions = instance.problem.dimensions();
    let mut text =
        String::from("route,vehicle,sequence,what,id,arrival,start,end,waiting,distance");
    for dimension in 0..dimensions {
        let _ = write!(text, ",load_{}", dimension + 1);
    }
    text.push_str(match instance.coordinates {
        Some(Coordinates::Geographic(_)) => ",lat,lon\n",
        Some(Coordinates::Plane(_)) => ",x,y\n",
        None => "\n",
    });
    for (route, itinerary) in itineraries(instance, solution).iter().enumerate() {
        for (sequence, entry) in itinerary.entries.iter().enumerate() {
            let vehicle = quoted(&itinerary.vehicle);
            let _ = write!(text, "{},{vehicle},{sequence}", route + 1);
            row(&mut text, instance, entry);
        }
    }
    for &stop in &solution.unplanned {
        let id = instance.stop_ids.get(stop).map_or("", String::as_str);
        let _ = write!(text, ",,,left out,{},,,,,", quoted(id));
        text.push_str(&",".repeat(dimensions));
        let place = instance.problem.stops().get(stop).map(|stop| stop.place);
        coordinates(&mut text, instance, place);
    }
    text
}

fn row(text: &mut String, instance: &Instance, entry: &Entry) {
    let _ = write!(text, ",{},{}", entry.what, quoted(&entry.id));
    for second in [entry.arrival_s, entry.start_s, entry.end_s] {
        let _ = write!(text, ",{}", quoted(&instance.show_time(second)));
    }
    let waiting = instance.show_amount(entry.waiting_s);
    let _ = write!(text, ",{waiting},{}", instance.show_amount(entry.distance));
    for amount in &entry.load {
        let _ = write!(text, ",{amount}");
    }
    coordinates(text, instance, entry.place);
}

fn coordinates(text: &mut String, instance: &Instance, place: Option<usize>) {
    let point = match (&instance.coordinates, place) {
        (Some(Coordinates::Geographic(points)), Some(place)) => {
            points.get(place).map(|point| (point.lat, point.lon))
        }
        (Some(Coordinates::Plane(points)), Some(place)) => points.get(place).copied(),
        _ => None,
    };
    match (point, &instance.coordinates) {
        (Some((first, second)), _) => {
            let _ = writeln!(text, ",{first},{second}");
        }
        (None, Some(_)) => text.push_str(",,\n"),
        (None, None) => text.push('\n'),
    }
}

/// A field, quoted if a reader could mistake it (RFC 4180).
fn quoted(field: &str) -> String {
    match field.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => field.to_owned(),
    }
}
