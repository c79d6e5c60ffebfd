//! A way as a profile may use it.

use super::access::{Access, is_too_large, said_along};
use super::profile::{Profile, Vehicle};
use super::report::OsmReport;
use super::speed;
use super::tags::Tags;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Speed on roads that are not for through traffic, in km/h at most: they are used where one
/// starts or ends, and seldom to save time.
const RESTRICTED_KMH: f64 = 10.0;
/// Speed of a ferry that does not say how long it takes, in km/h.
const FERRY_KMH: f64 = 10.0;

/// Class of a road, from the largest.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum RoadClass {
    /// Motorway and its links.
    Motorway,
    /// Trunk road and its links.
    Trunk,
    /// Primary road and its links.
    Primary,
    /// Secondary road and its links.
    Secondary,
    /// Tertiary road and its links.
    Tertiary,
    /// Any other street.
    Street,
    /// Service road, track, way for cyclists or pedestrians.
    Minor,
    /// Ferry.
    Ferry,
}

impl RoadClass {
    /// Every class, in order.
    pub const ALL: [Self; 8] = [
        Self::Motorway,
        Self::Trunk,
        Self::Primary,
        Self::Secondary,
        Self::Tertiary,
        Self::Street,
        Self::Minor,
        Self::Ferry,
    ];

    fn of(highway: &str) -> Self {
        match highway.trim_end_matches("_link") {
            "motorway" => Self::Motorway,
            "trunk" => Self::Trunk,
            "primary" => Self::Primary,
            "secondary" => Self::Secondary,
            "tertiary" => Self::Tertiary,
            "unclassified" | "residential" | "living_street" | "road" => Self::Street,
            _ => Self::Minor,
        }
    }
}

/// A way that may be driven on, in at least one direction.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// Number of the way.
    pub id: i64,
    /// Numbers of its nodes, in order.
    pub nodes: Vec<i64>,
    /// Name, or its number, or nothing.
    pub name: String,
    /// Its class.
    pub class: RoadClass,
    /// Speed along and against its nodes, in km/h; `None`: not allowed.
    pub kmh: [Option<f64>; 2],
    /// How long the whole of it takes in seconds, if it says so, as ferries do.
    pub duration_s: Option<f64>,
    /// Whether it is part of a roundabout.
    pub roundabout: bool,
}

/// Applies the rules of a profile; `None`: it may not use the way.
pub(super) fn of(
    id: i64,
    nodes: Vec<i64>,
    tags: &Tags,
    (profile, vehicle): (Profile, &Vehicle),
    report: &mut OsmReport,
) -> Option<Way> {
    let ferry = tags.is("route", "ferry") || tags.is("route", "shuttle_train");
    let highway = tags.get("highway").unwrap_or_default();
    let said = [false, true].map(|backwards| said_along(profile, tags, backwards));
    let typical = match (ferry, speed::typical(profile, highway)) {
        (true, _) => FERRY_KMH,
        (false, Some(typical)) => typical,
        // A path that is expressly open to somebody.
        (false, None) if said.contains(&Some(Access::Yes)) && is_path(highway) => 10.0,
        _ => return None,
    };
    let default = match (profile, highway) {
        (_, _) if ferry && profile.is_motor() => Access::No,
        (profile, "track") if profile.is_motor() => Access::No,
        (Profile::Bicycle, "footway" | "pedestrian" | "steps") => Access::No,
        _ => Access::Yes,
    };
    let access = said.map(|said| said.unwrap_or(default));
    let closed = tags.is("area", "yes") || tags.is("impassable", "yes") || is_dead(tags);
    if access == [Access::No; 2] || closed || is_too_large(vehicle, tags) {
        return None;
    }
    let mut kmh = [false, true].map(|backwards| {
        let (kmh, unclear) = speed::along(profile, tags, typical, backwards);
        if let Some(value) = unclear.filter(|_| !backwards) {
            report.skip("speed not understood", format!("way {id}"), value);
        }
        let kmh = if ferry { typical } else { kmh };
        match access[usize::from(backwards)] {
            Access::Yes => Some(kmh),
            Access::Restricted => Some(kmh.min(RESTRICTED_KMH)),
            Access::No => None,
        }
    });
    let roundabout = matches!(tags.get("junction"), Some("roundabout" | "circular"));
    match direction(profile, tags, highway, roundabout) {
        Direction::Both => {}
        Direction::Along => kmh[1] = None,
        Direction::Against => kmh[0] = None,
    }
    if kmh == [None; 2] {
        return None;
    }
    let name = tags
        .first(&["name", "ref", "destination"])
        .unwrap_or_default();
    Some(Way {
        id,
        nodes,
        name: name.to_owned(),
        class: if ferry {
            RoadClass::Ferry
        } else {
            RoadClass::of(highway)
        },
        kmh,
        duration_s: tags.get("duration").and_then(duration_s).filter(|_| ferry),
        roundabout,
    })
}

fn is_path(highway: &str) -> bool {
    matches!(
        highway,
        "pedestrian" | "cycleway" | "footway" | "path" | "bridleway" | "busway"
    )
}

fn is_dead(tags: &Tags) -> bool {
    let there = |key: &str| tags.get(key).is_some_and(|value| value != "no");
    there("abandoned:highway") || there("proposed") && tags.is("highway", "proposed")
}

enum Direction {
    Both,
    Along,
    Against,
}

fn direction(profile: Profile, tags: &Tags, highway: &str, roundabout: bool) -> Direction {
    if profile == Profile::Foot {
        return Direction::Both;
    }
    if profile == Profile::Bicycle {
        let contrary = tags.is("oneway:bicycle", "no")
            || tags
                .get("cycleway")
                .is_some_and(|v| v.starts_with("opposite"));
        if contrary {
            return Direction::Both;
        }
    }
    let keys: &[&str] = match profile {
        Profile::Bicycle => &["oneway:bicycle", "oneway"],
        _ => &["oneway:motor_vehicle", "oneway:vehicle", "oneway"],
    };
    match tags.first(keys) {
        Some("yes" | "true" | "1") => Direction::Along,
        Some("-1" | "reverse") => Direction::Against,
        Some("no" | "false" | "0") => Direction::Both,
        _ if roundabout || matches!(highway, "motorway" | "motorway_link") => Direction::Along,
        _ => Direction::Both,
    }
}

/// `00:25`, `1:30:00`, `25` minutes, `PT25M`.
fn duration_s(value: &str) -> Option<f64> {
    let parts: Vec<f64> = match value.strip_prefix("PT") {
        Some(iso) => return iso_duration_s(iso),
        None => value
            .split(':')
            .map(str::parse)
            .collect::<Result<_, _>>()
            .ok()?,
    };
    let seconds = match parts[..] {
        [minutes] => minutes * 60.0,
        [hours, minutes] => hours * 3600.0 + minutes * 60.0,
        [hours, minutes, seconds] => hours * 3600.0 + minutes * 60.0 + seconds,
        _ => return None,
    };
    (1.0..=7.0 * 86_400.0).contains(&seconds).then_some(seconds)
}

fn iso_duration_s(text: &str) -> Option<f64> {
    let mut seconds = 0.0;
    let mut number = String::new();
    for c in text.chars() {
        let unit = match c {
            'H' => 3600.0,
            'M' => 60.0,
            'S' => 1.0,
            c => {
                number.push(c);
                continue;
            }
        };
        seconds += number.parse::<f64>().ok()? * unit;
        number.clear();
    }
    (seconds >= 1.0 && number.is_empty()).then_some(seconds)
}
