//! What a profile may use of an extract.

use super::access::is_blocked;
use super::obstacle::delay_s;
use super::profile::{Profile, Vehicle};
use super::read::{Found, elements};
use super::report::OsmReport;
use super::restriction::{self, Restriction};
use super::way::{self, Way};
use crate::domain::{InputError, LatLon};
use crate::network::NetworkError;
use crate::runtime::{Cancel, Progress};
use std::collections::HashMap;
use std::path::Path;

/// A node of a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MapNode {
    /// Ten-millionths of a degree north and east.
    pub place: [i32; 2],
    /// Whether nothing gets past it.
    pub blocked: bool,
    /// Seconds that passing it takes, along and against the way it lies on.
    pub delay_s: [u8; 2],
}

/// Ways, their nodes, and restrictions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extract {
    /// In order of the file.
    pub ways: Vec<Way>,
    /// By number; nodes that are missing in the file are missing here.
    pub nodes: HashMap<i64, MapNode>,
    /// In order of the file.
    pub restrictions: Vec<Restriction>,
}

/// Reads an extract as a profile may use it. The file is read twice: for ways, and for the nodes
/// that they name.
///
/// # Errors
/// No such file, none of this format, or nothing in it that the profile may use; cancelled.
pub fn read(
    path: &Path,
    profile: Profile,
    vehicle: &Vehicle,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<(Extract, OsmReport), NetworkError> {
    let mut report = OsmReport::default();
    let mut extract = Extract::default();
    progress.report("network: read ways", 0, 2);
    elements(path, &mut report, cancel, |element, report| match element {
        Found::Way { id, nodes, tags } => {
            report.ways += 1;
            let way = way::of(id, nodes, &tags, (profile, vehicle), report);
            extract.ways.extend(way.filter(|way| way.nodes.len() > 1));
        }
        Found::Relation { id, members, tags } if tags.is("type", "restriction") => {
            let found = restriction::of(id, &tags, &members, profile, report);
            extract.restrictions.extend(found);
        }
        _ => {}
    })?;
    report.roads = extract.ways.len() as u64;
    report.restrictions = extract.restrictions.len() as u64;
    let mut wanted: HashMap<i64, Option<MapNode>> = HashMap::new();
    for node in extract.ways.iter().flat_map(|way| &way.nodes) {
        wanted.insert(*node, None);
    }
    progress.report("network: read nodes", 1, 2);
    // Faults of the file were noted before.
    let mut again = OsmReport::default();
    elements(path, &mut again, cancel, |element, again| {
        if let Found::Node { id, place, tags } = element
            && let Some(node) = wanted.get_mut(&id)
        {
            let [lat, lon] = place.map(|x| f64::from(x) / 1e7);
            if LatLon::new(lat, lon).is_err() {
                again.skip(
                    "place off the map",
                    format!("node {id}"),
                    format!("{lat}, {lon}"),
                );
                return;
            }
            *node = Some(MapNode {
                place,
                blocked: is_blocked(profile, vehicle, &tags),
                delay_s: delay_s(profile, &tags),
            });
        }
    })?;
    for (why, examples) in again.examples {
        if why == "place off the map" {
            report.skipped.insert(why.clone(), again.skipped[&why]);
            report.examples.insert(why, examples);
        }
    }
    extract.nodes = wanted
        .into_iter()
        .filter_map(|(id, node)| Some((id, node?)))
        .collect();
    if extract.ways.is_empty() {
        let problem = format!(
            "{} ways, none of which a {} may use",
            report.ways,
            profile.name()
        );
        let remedy = "give an extract with roads, or another profile";
        return Err(InputError::new(path.display().to_string(), problem, remedy).into());
    }
    Ok((extract, report))
}
