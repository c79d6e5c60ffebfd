//! Solutions as GeoJSON: a line for each route and a point for each thing done, straight between
//! places. Points of a plane are written as they are, with `"plane": true`.

use super::instance::{Coordinates, Instance};
use super::itinerary::{Entry, Itinerary, itineraries};
use crate::domain::InputError;
use crate::solver::solution::Solution;
use serde_json::{Value, json};

/// The text of a solution.
pub(super) fn write(instance: &Instance, solution: &Solution) -> Result<String, InputError> {
    let Some(coordinates) = &instance.coordinates else {
        return Err(no_coordinates(instance));
    };
    let mut features = Vec::new();
    for (route, itinerary) in itineraries(instance, solution).iter().enumerate() {
        features.push(line(instance, coordinates, route + 1, itinerary));
        let points = itinerary.entries.iter();
        let points = points.filter_map(|entry| {
            let at = position(coordinates, entry.place?)?;
            Some(point(instance, route + 1, itinerary, entry, at))
        });
        features.extend(points);
    }
    for &stop in &solution.unplanned {
        let place = instance.problem.stops().get(stop).map(|stop| stop.place);
        if let Some(at) = place.and_then(|place| position(coordinates, place)) {
            features.push(json!({
                "type": "Feature",
                "geometry": { "type": "Point", "coordinates": at },
                "properties": { "what": "left out", "id": instance.stop_ids.get(stop) },
            }));
        }
    }
    let mut collection = json!({ "type": "FeatureCollection", "features": features });
    if let Coordinates::Plane(_) = coordinates {
        collection["plane"] = json!(true);
    }
    Ok(format!("{collection:#}\n"))
}

/// Why an instance cannot be put on a map.
pub(super) fn no_coordinates(instance: &Instance) -> InputError {
    let remedy = "give coordinates in the instance, or write CSV";
    InputError::new(
        &instance.name,
        "the instance has no coordinates for all places",
        remedy,
    )
}

fn position(coordinates: &Coordinates, place: usize) -> Option<[f64; 2]> {
    match coordinates {
        Coordinates::Plane(points) => points.get(place).map(|(x, y)| [*x, *y]),
        Coordinates::Geographic(points) => points.get(place).map(|p| [p.lon, p.lat]),
    }
}

fn line(
    instance: &Instance,
    coordinates: &Coordinates,
    route: usize,
    itinerary: &Itinerary,
) -> Value {
    let places = itinerary.entries.iter().filter_map(|entry| entry.place);
    let mut points: Vec<[f64; 2]> = places
        .filter_map(|place| position(coordinates, place))
        .collect();
    if let (1, Some(only)) = (points.len(), points.first().copied()) {
        points.push(only); // a line has two ends
    }
    json!({
        "type": "Feature",
        "geometry": { "type": "LineString", "coordinates": points },
        "properties": {
            "what": "route",
            "route": route,
            "vehicle": itinerary.vehicle,
            "distance": instance.show_amount(itinerary.distance),
            "duration": instance.show_amount(itinerary.duration_s),
            "cost": instance.show_cost(itinerary.cost as i64),
        },
    })
}

fn point(
    instance: &Instance,
    route: usize,
    itinerary: &Itinerary,
    entry: &Entry,
    at: [f64; 2],
) -> Value {
    let load: Vec<i64> = entry.load.iter().map(|&amount| amount as i64).collect();
    json!({
        "type": "Feature",
        "geometry": { "type": "Point", "coordinates": at },
        "properties": {
            "what": entry.what,
            "route": route,
            "vehicle": itinerary.vehicle,
            "id": entry.id,
            "arrival": instance.show_time(entry.arrival_s),
            "start": instance.show_time(entry.start_s),
            "end": instance.show_time(entry.end_s),
            "load": load,
        },
    })
}
