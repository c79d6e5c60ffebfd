//! The travel table: from routing matrices, by time of departure if they have timestamps, or without
//! any from great circles and the speed of the profile.

use super::clock::{Clock, instant};
use super::document::{Document, Matrix};
use super::locations::Locations;
use super::time_slices::tensor;
use crate::domain::InputError;
use crate::solver::format::{json, text};
use crate::solver::travel::{StaticProfile, StaticTravel, Travel};
use chrono::{DateTime, Utc};
use std::path::PathBuf;
use std::sync::Arc;

/// Radius of the Earth that vrp-cli takes, relative to the mean radius.
const RADIUS: f64 = 6_378_137.0 / 6_371_008.8;

/// Metres per second if a profile does not say.
const SPEED: f64 = 10.0;

/// A matrix file.
pub(super) struct MatrixFile {
    pub source: String,
    pub matrix: Matrix,
    pub timestamp: Option<DateTime<Utc>>,
}

/// Matrices of one profile: one, or some by ascending timestamp.
pub(super) struct Group<'f> {
    pub files: Vec<&'f MatrixFile>,
}

/// A profile as vehicles drive it: its name and the factor on its durations.
pub(super) type Driven = (String, f64);

/// Reads the matrix files.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<MatrixFile>, InputError> {
    let read = |path: &PathBuf| {
        let source = path.display().to_string();
        parse(&source, &text::read(path)?)
    };
    paths.iter().map(read).collect()
}

/// Parses a matrix.
pub(super) fn parse(source: &str, content: &str) -> Result<MatrixFile, InputError> {
    let matrix: Matrix = json::parse(source, content)?;
    let timestamp = matrix.timestamp.as_ref();
    let timestamp = timestamp.map(|text| instant(source, "timestamp", text));
    Ok(MatrixFile {
        source: source.to_owned(),
        timestamp: timestamp.transpose()?,
        matrix,
    })
}

/// The first timestamp of all.
pub(super) fn first_timestamp(files: &[MatrixFile]) -> Option<DateTime<Utc>> {
    files.iter().filter_map(|file| file.timestamp).min()
}

/// The profiles of the travel table, in order.
pub(super) fn driven(source: &str, document: &Document) -> Result<Vec<Driven>, InputError> {
    let mut driven: Vec<Driven> = Vec::new();
    for (index, vehicle) in document.fleet.vehicles.iter().enumerate() {
        let scale = vehicle.profile.scale.unwrap_or(1.0);
        let path = format!("fleet.vehicles[{index}].profile");
        if !(0.001..=1_000.0).contains(&scale) {
            let error = InputError::new(source, "not usable", "give 0.001 to 1000");
            return Err(error.field(format!("{path}.scale")).value(scale));
        }
        let name = &vehicle.profile.matrix;
        if !document.fleet.profiles.iter().any(|p| p.name == *name) {
            let remedy = "name a profile of fleet.profiles";
            let error = InputError::new(source, "no such profile", remedy);
            return Err(error.field(format!("{path}.matrix")).value(name));
        }
        if !driven.iter().any(|(n, s)| n == name && *s == scale) {
            driven.push((name.clone(), scale));
        }
    }
    Ok(driven)
}

/// Builds the travel table. `unreachable_s` is a duration that no shift can hold, if all shifts end.
pub(super) fn build(
    source: &str,
    document: &Document,
    locations: &Locations,
    files: &[MatrixFile],
    driven: &[Driven],
    clock: Clock,
    unreachable_s: Option<u32>,
) -> Result<Travel, InputError> {
    if files.is_empty() {
        return approximate(source, document, locations, driven);
    }
    let places = size(files, locations)?;
    for file in files {
        check(file, places, unreachable_s)?;
    }
    let groups = driven
        .iter()
        .map(|(name, _)| group(source, document, files, name))
        .collect::<Result<Vec<_>, _>>()?;
    if groups.iter().any(|group| group.files.len() > 1) {
        return tensor(places, &groups, driven, clock, unreachable_s);
    }
    let mut profiles = Vec::new();
    for (group, (_, scale)) in groups.iter().zip(driven) {
        let Some(file) = group.files.first() else {
            continue;
        };
        profiles.push(StaticProfile {
            durations: durations(file, *scale, unreachable_s)?.into(),
            distances: file.matrix.distances.clone().into(),
        });
    }
    fixed(source, places, profiles)
}

fn fixed(source: &str, places: usize, profiles: Vec<StaticProfile>) -> Result<Travel, InputError> {
    StaticTravel::new(places, profiles)
        .map(|travel| Travel::Static(Arc::new(travel)))
        .map_err(|error| InputError::new(source, error.to_string(), "give vehicles"))
}

/// Great circles at the speed of the profile, to the nearest metre and second as vrp-cli has them.
fn approximate(
    source: &str,
    document: &Document,
    locations: &Locations,
    driven: &[Driven],
) -> Result<Travel, InputError> {
    let Some(points) = locations.points() else {
        let remedy = "give routing matrices, or locations in degrees";
        return Err(
            InputError::new(source, "no matrix for indexed locations", remedy)
                .field("fleet.profiles"),
        );
    };
    let metres: Vec<f64> = points
        .iter()
        .flat_map(|from| points.iter().map(|to| from.great_circle_m(*to) * RADIUS))
        .collect();
    let distances: Arc<[u32]> = metres.iter().map(|m| m.round() as u32).collect();
    let mut profiles = Vec::new();
    for (name, scale) in driven {
        let own = document.fleet.profiles.iter().position(|p| p.name == *name);
        let index = own.unwrap_or(0);
        let speed = document.fleet.profiles.get(index).and_then(|p| p.speed);
        let speed = speed.unwrap_or(SPEED);
        if !(0.001..=1_000.0).contains(&speed) {
            let error = InputError::new(source, "not usable", "give metres per second");
            return Err(error
                .field(format!("fleet.profiles[{index}].speed"))
                .value(speed));
        }
        let durations = metres.iter().map(|m| (m / speed * scale).round() as u32);
        profiles.push(StaticProfile {
            durations: durations.collect(),
            distances: distances.clone(),
        });
    }
    fixed(source, points.len(), profiles)
}

/// Rows of every matrix.
fn size(files: &[MatrixFile], locations: &Locations) -> Result<usize, InputError> {
    let cells = files
        .first()
        .map_or(0, |file| file.matrix.travel_times.len());
    let places = cells.isqrt();
    let least = locations.count();
    let enough = match locations.points() {
        Some(_) => places == least,
        None => places >= least,
    };
    if places * places == cells && enough {
        return Ok(places);
    }
    let source = files.first().map_or("", |file| file.source.as_str());
    let remedy = format!("give {least} times {least}, for the locations of the problem");
    Err(InputError::new(source, "not that many locations", remedy)
        .field("travelTimes")
        .value(format!("{cells} durations")))
}

/// Shapes, and pairs without a route.
fn check(file: &MatrixFile, places: usize, unreachable_s: Option<u32>) -> Result<(), InputError> {
    let matrix = &file.matrix;
    let codes = matrix.error_codes.as_ref();
    for (field, found) in [
        ("travelTimes", matrix.travel_times.len()),
        ("distances", matrix.distances.len()),
        ("errorCodes", codes.map_or(places * places, Vec::len)),
    ] {
        if found != places * places {
            let remedy = format!("give {}", places * places);
            return Err(
                InputError::new(&file.source, "not as many as in all", remedy)
                    .field(field)
                    .value(found),
            );
        }
    }
    let broken = codes.into_iter().flatten().position(|code| *code != 0);
    match (broken, unreachable_s) {
        (Some(cell), None) => {
            let remedy = "give every shift an end, or every pair a route";
            let error = InputError::new(&file.source, "no route, and no end of shift", remedy);
            Err(error.field(format!("errorCodes[{cell}]")))
        }
        _ => Ok(()),
    }
}

/// Durations of a matrix for vehicles of a scale, rounded up.
pub(super) fn durations(
    file: &MatrixFile,
    scale: f64,
    unreachable_s: Option<u32>,
) -> Result<Vec<u32>, InputError> {
    let codes = file.matrix.error_codes.as_deref().unwrap_or_default();
    let cells = file.matrix.travel_times.iter().enumerate();
    cells
        .map(|(cell, &duration)| {
            if let (Some(&code), Some(long)) = (codes.get(cell), unreachable_s)
                && code != 0
            {
                return Ok(long);
            }
            let scaled = (f64::from(duration) * scale).ceil();
            match scaled <= f64::from(u32::MAX / 2) {
                true => Ok(scaled as u32),
                false => Err(InputError::new(&file.source, "too long", "give seconds")
                    .field(format!("travelTimes[{cell}]"))
                    .value(duration)),
            }
        })
        .collect()
}

/// The matrices of a profile: by name, or by the position of the profile if they have no names.
fn group<'f>(
    source: &str,
    document: &Document,
    files: &'f [MatrixFile],
    name: &str,
) -> Result<Group<'f>, InputError> {
    let position = document.fleet.profiles.iter().position(|p| p.name == name);
    let named = files.iter().any(|file| file.matrix.profile.is_some());
    let mut own: Vec<&MatrixFile> = match named {
        true => files
            .iter()
            .filter(|file| file.matrix.profile.as_deref() == Some(name))
            .collect(),
        false => files.iter().skip(position.unwrap_or(0)).take(1).collect(),
    };
    let missing = |remedy: &str| {
        let error = InputError::new(source, "has no routing matrix", remedy);
        Err(error.field("fleet.profiles").value(name))
    };
    if own.is_empty() {
        return missing("give a matrix of this profile");
    }
    own.sort_by_key(|file| file.timestamp);
    let timed = own.iter().all(|file| file.timestamp.is_some());
    if own.len() > 1 && !timed {
        return missing("give one matrix, or timestamps in all");
    }
    if let Some(pair) = own.windows(2).find(|p| p[0].timestamp == p[1].timestamp) {
        let error = InputError::new(&pair[1].source, "given twice", "give each timestamp once");
        return Err(error.field("timestamp"));
    }
    let first = own.first().map(|file| &file.matrix.distances);
    match own
        .iter()
        .find(|file| Some(&file.matrix.distances) != first)
    {
        None => Ok(Group { files: own }),
        Some(file) => {
            let remedy = "give the same distances at all times";
            let error = InputError::new(&file.source, "distances that change in time", remedy);
            Err(error.field("distances"))
        }
    }
}
