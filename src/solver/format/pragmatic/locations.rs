//! The locations of a document in the order in which routing matrices count them: each one once,
//! first those of jobs, then those of shifts; or the rows that the document names itself.

use super::document::{Document, Location};
use crate::domain::{InputError, LatLon};
use std::collections::HashMap;

/// Most rows of a matrix.
const MOST_ROWS: usize = 25_000;

/// The places of the travel table.
#[derive(Debug, Clone)]
pub(super) struct Locations {
    /// By place; empty if the document names rows.
    points: Vec<LatLon>,
    by_point: HashMap<(u64, u64), usize>,
    /// One more than the greatest row named.
    rows: usize,
}

impl Locations {
    pub fn read(source: &str, document: &Document) -> Result<Self, InputError> {
        let mut locations = Self {
            points: Vec::new(),
            by_point: HashMap::new(),
            rows: 0,
        };
        for (index, job) in document.plan.jobs.iter().enumerate() {
            for (list, number, task) in job.tasks() {
                for (at, place) in task.places.iter().enumerate() {
                    let path =
                        || format!("plan.jobs[{index}].{list}[{number}].places[{at}].location");
                    locations.add(source, &path, &place.location)?;
                }
            }
        }
        for (index, vehicle) in document.fleet.vehicles.iter().enumerate() {
            for (number, shift) in vehicle.shifts.iter().enumerate() {
                let path = |part: &str| {
                    format!("fleet.vehicles[{index}].shifts[{number}].{part}.location")
                };
                locations.add(source, &|| path("start"), &shift.start.location)?;
                if let Some(end) = &shift.end {
                    locations.add(source, &|| path("end"), &end.location)?;
                }
                for (at, reload) in shift.reloads.iter().enumerate() {
                    let path = || path(&format!("reloads[{at}]"));
                    locations.add(source, &path, &reload.location)?;
                }
            }
        }
        Ok(locations)
    }

    fn add(
        &mut self,
        source: &str,
        path: &dyn Fn() -> String,
        location: &Location,
    ) -> Result<(), InputError> {
        let wrong = |problem: &str, remedy: &str| {
            let shown = serde_json::to_string(location).unwrap_or_default();
            let error = InputError::new(source, problem, remedy);
            Err(error.field(path()).value(shown))
        };
        match (location.lat, location.lng, location.index) {
            (Some(lat), Some(lng), None) if self.rows == 0 => {
                let Ok(point) = LatLon::new(lat, lng) else {
                    return wrong("off the map", "give degrees");
                };
                let next = self.points.len();
                let known = self.by_point.entry((lat.to_bits(), lng.to_bits()));
                if *known.or_insert(next) == next {
                    self.points.push(point);
                }
                Ok(())
            }
            (None, None, Some(row)) if self.points.is_empty() => {
                if row >= MOST_ROWS {
                    return wrong("too great", "give a row of the matrices below 25000");
                }
                self.rows = self.rows.max(row + 1);
                Ok(())
            }
            (None, None, Some(_)) | (Some(_), Some(_), None) => {
                wrong("rows and degrees mixed", "give the same kind everywhere")
            }
            _ => wrong("not a location", "give lat and lng, or index"),
        }
    }

    /// The place of a location of the document.
    pub fn place(&self, location: &Location) -> Option<usize> {
        match (location.lat, location.lng, location.index) {
            (_, _, Some(row)) => Some(row),
            (Some(lat), Some(lng), None) => {
                self.by_point.get(&(lat.to_bits(), lng.to_bits())).copied()
            }
            _ => None,
        }
    }

    /// A place as a location.
    pub fn show(&self, place: usize) -> Location {
        match self.points.get(place) {
            Some(point) => Location {
                lat: Some(point.lat),
                lng: Some(point.lon),
                index: None,
            },
            None => Location {
                lat: None,
                lng: None,
                index: Some(place),
            },
        }
    }

    /// How many places matrices must have at least.
    pub fn count(&self) -> usize {
        self.rows.max(self.points.len())
    }

    /// Where the places are, if the document says.
    pub fn points(&self) -> Option<&[LatLon]> {
        (!self.points.is_empty()).then_some(self.points.as_slice())
    }
}
