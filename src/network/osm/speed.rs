//! Speeds from tags.
//!
//! Values as <https://wiki.openstreetmap.org/wiki/Key:maxspeed> describes them; typical speeds
//! by class of road as in OSRM's car profile.

use super::country::limit_kmh;
use super::profile::Profile;
use super::tags::Tags;

const KMH_PER_MPH: f64 = 1.609_344;
/// Share of a speed limit that is driven.
const DRIVEN: f64 = 0.8;
/// What nothing drives faster than, in km/h.
const FASTEST: f64 = 140.0;

/// A speed in km/h: `50`, `30 mph`, `walk`, `none`, `DE:urban`. `None`: it is not understood.
pub(super) fn parse(value: &str) -> Option<f64> {
    let value = value.trim();
    match value {
        "none" => return Some(FASTEST),
        "walk" => return Some(7.0),
        _ => {}
    }
    if let Some((country, kind)) = value.split_once(':') {
        return limit_kmh(country, kind).map_or_else(
            || {
                let number = kind.trim_start_matches("zone").trim_start_matches(':');
                number.parse().ok().and_then(sensible)
            },
            |limit| Some(limit.min(FASTEST)),
        );
    }
    let split = value.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (number, unit) = value.split_at(split.unwrap_or(value.len()));
    let number: f64 = number.parse().ok()?;
    match unit.trim() {
        "" | "km/h" | "kmh" | "kph" => sensible(number),
        "mph" => sensible(number * KMH_PER_MPH),
        "knots" => sensible(number * 1.852),
        _ => None,
    }
}

fn sensible(kmh: f64) -> Option<f64> {
    (1.0..=300.0).contains(&kmh).then(|| kmh.min(FASTEST))
}

/// A length or weight: `3.5`, `3.5 m`, `7,5 t`, `12'6"`.
pub(super) fn measure(value: &str) -> Option<f64> {
    let value = value.trim().replace(',', ".");
    if let Some((feet, inches)) = value.split_once('\'') {
        let feet: f64 = feet.trim().parse().ok()?;
        let inches = inches.trim().trim_end_matches('"');
        let inches: f64 = match inches {
            "" => 0.0,
            inches => inches.parse().ok()?,
        };
        return Some((feet + inches / 12.0) * 0.3048);
    }
    let split = value.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (number, unit) = value.split_at(split.unwrap_or(value.len()));
    let number: f64 = number.parse().ok()?;
    match unit.trim() {
        "" | "m" | "t" => Some(number),
        "cm" => Some(number / 100.0),
        "kg" => Some(number / 1000.0),
        "ft" => Some(number * 0.3048),
        "st" => Some(number * 0.907_184_74),
        _ => None,
    }
}

/// Typical speed of a class of road in km/h where no limit is known.
pub(super) fn typical(profile: Profile, highway: &str) -> Option<f64> {
    let of_car = match highway {
        "motorway" => 90.0,
        "motorway_link" => 45.0,
        "trunk" => 85.0,
        "trunk_link" => 40.0,
        "primary" => 65.0,
        "primary_link" => 30.0,
        "secondary" => 55.0,
        "secondary_link" => 25.0,
        "tertiary" => 40.0,
        "tertiary_link" => 20.0,
        "unclassified" | "residential" | "road" => 25.0,
        "living_street" => 10.0,
        "service" => 15.0,
        "track" => 10.0,
        _ => 0.0,
    };
    let speed = match profile {
        Profile::Car => of_car,
        Profile::Van => f64::min(of_car, 85.0),
        Profile::Truck => f64::min(of_car, 75.0),
        Profile::Bicycle => match highway {
            "motorway" | "motorway_link" | "trunk" | "trunk_link" => 0.0,
            "cycleway" => 17.0,
            "track" | "path" | "bridleway" => 12.0,
            "pedestrian" | "footway" | "living_street" => 6.0,
            "service" => 14.0,
            _ if of_car > 0.0 => 15.0,
            _ => 0.0,
        },
        Profile::Foot => match highway {
            "motorway" | "motorway_link" | "trunk" | "trunk_link" => 0.0,
            "steps" => 3.0,
            "footway" | "path" | "pedestrian" | "cycleway" | "bridleway" | "corridor"
            | "platform" => 5.0,
            _ if of_car > 0.0 => 5.0,
            _ => 0.0,
        },
    };
    (speed > 0.0).then_some(speed)
}

/// Most that a surface allows, in km/h.
fn of_surface(tags: &Tags) -> f64 {
    let of_surface = match tags.get("surface") {
        Some("sett" | "paving_stones" | "cobblestone" | "unhewn_cobblestone") => 40.0,
        Some("gravel" | "fine_gravel" | "compacted" | "unpaved" | "pebblestone") => 40.0,
        Some("ground" | "dirt" | "earth" | "grass" | "sand" | "mud") => 20.0,
        _ => FASTEST,
    };
    let of_track: f64 = match tags.get("tracktype") {
        Some("grade1") => 60.0,
        Some("grade2") => 40.0,
        Some("grade3") => 30.0,
        Some("grade4") => 25.0,
        Some("grade5") => 20.0,
        _ => FASTEST,
    };
    of_track.min(of_surface)
}

/// Speed along a road in km/h, in the direction of `backwards` or not. `Err` gives a limit that is not
/// understood; the typical speed takes its place.
pub(super) fn along(
    profile: Profile,
    tags: &Tags,
    typical: f64,
    backwards: bool,
) -> (f64, Option<String>) {
    if !profile.is_motor() {
        return (typical, None);
    }
    let side = match backwards {
        true => "maxspeed:backward",
        false => "maxspeed:forward",
    };
    let keys: &[&str] = match profile {
        Profile::Truck => &["maxspeed:hgv", side, "maxspeed"],
        _ => &[side, "maxspeed"],
    };
    let said = tags.first(keys);
    let limit = said.map(|value| (value, parse(value)));
    let (driven, unclear) = match limit {
        None => (typical, None),
        Some((value, None)) => (typical, Some(value.to_owned())),
        // A limit says more than the class, but narrow streets are not driven at it.
        Some((_, Some(limit))) => {
            let driven = limit * DRIVEN;
            let most = match profile {
                Profile::Truck => 80.0,
                Profile::Van => 110.0,
                _ => FASTEST,
            };
            (driven.min(most), None)
        }
    };
    let narrow = tags.is("service", "alley") || tags.is("service", "drive-through");
    let driven = if narrow { driven.min(5.0) } else { driven };
    let parking = matches!(tags.get("service"), Some("parking_aisle" | "driveway"));
    let driven = if parking { driven.min(10.0) } else { driven };
    (driven.min(of_surface(tags)).max(1.0), unclear)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_understood_in_all_their_forms() {
        for (value, expected) in [
            ("50", Some(50.0)),
            ("30 mph", Some(48.28)),
            ("30mph", Some(48.28)),
            ("60 km/h", Some(60.0)),
            ("walk", Some(7.0)),
            ("none", Some(140.0)),
            ("DE:urban", Some(50.0)),
            ("DE:rural", Some(100.0)),
            ("FR:rural", Some(80.0)),
            ("PT:rural", Some(90.0)),
            ("DE:motorway", Some(140.0)),
            ("GB:nsl_dual", Some(112.65)),
            ("DE:zone:30", Some(30.0)),
            ("RU:zone60", Some(60.0)),
            ("fast", None),
            ("", None),
            ("0", None),
            ("-5", None),
            ("50;70", None),
        ] {
            let close = match (parse(value), expected) {
                (Some(a), Some(b)) => (a - b).abs() < 0.01,
                (a, b) => a == b,
            };
            assert!(close, "{value}: {:?}", parse(value));
        }
    }

    #[test]
    fn lengths_and_weights_are_understood() {
        for (value, expected) in [
            ("3.5", 3.5),
            ("3,8 m", 3.8),
            ("12'6\"", 3.81),
            ("13'", 3.9624),
            ("7.5 t", 7.5),
            ("3500 kg", 3.5),
        ] {
            assert!((measure(value).unwrap() - expected).abs() < 1e-6, "{value}");
        }
        assert_eq!(measure("default"), None);
    }
}
