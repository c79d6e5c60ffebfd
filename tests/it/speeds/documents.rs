//! Speeds as files.

use super::world::{ZONE, options, town, trips};
use crate::network::answers::town as other_town;
use chrono::{TimeZone, Utc};
use routeforce::domain::Document;
use routeforce::runtime::{Cancel, Progress};
use routeforce::speeds::{RoadSpeeds, SpeedsOn, TripWays, from_trips};
use serde_json::{Value, json};

fn learned() -> RoadSpeeds {
    let network = town();
    let made = trips(&network, 400, 0.1, 1);
    let (cancel, silent) = (Cancel::new(), Progress::silent());
    from_trips(
        &network,
        &made,
        TripWays::default(),
        &options(),
        &cancel,
        &silent,
    )
    .unwrap()
}

#[test]
fn what_is_written_is_read_and_belongs_to_its_network() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.rfspeeds");
    let speeds = learned();
    speeds.write(&path).unwrap();
    assert_eq!(RoadSpeeds::load(&path).unwrap(), speeds);
    assert_eq!(learned(), speeds);
    let network = town();
    let noon = ZONE.with_ymd_and_hms(2026, 5, 5, 12, 0, 0).unwrap();
    let durations = SpeedsOn::new(&speeds, &network)
        .unwrap()
        .durations_ms(noon.with_timezone(&Utc));
    let free = &network.graph().duration_ms;
    assert!(durations.iter().zip(free).all(|(slow, free)| slow > free));
    let other = other_town(6, 3).car();
    let refused = SpeedsOn::new(&speeds, &other).unwrap_err().to_string();
    for part in [speeds.network.as_str(), &other.identity(), "network learn"] {
        assert!(refused.contains(part), "{refused}");
    }
}

#[test]
fn damaged_files_are_refused_by_field() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.rfspeeds");
    let sound = learned().to_json().unwrap();
    let refused = |change: &dyn Fn(&mut Value), parts: &[&str]| {
        let mut document = sound.clone();
        change(&mut document);
        std::fs::write(&path, document.to_string()).unwrap();
        let error = RoadSpeeds::load(&path).unwrap_err().to_string();
        for part in parts.iter().chain(&["town.rfspeeds"]) {
            assert!(error.contains(part), "no `{part}` in {error}");
        }
    };
    refused(
        &|d| d["schema"] = json!("routeforce.road-speeds/9"),
        &["road-speeds/9"],
    );
    refused(&|d| d["factor"] = json!(-1.0), &["factor", "-1"]);
    refused(&|d| d["slots"] = json!([1.0, 2.0]), &["slots", "2 of 48"]);
    refused(
        &|d| d["kinds"][0]["slots"] = json!([1.0]),
        &["kinds.slots", "1 of 48"],
    );
    refused(
        &|d| d["kinds"][0]["slots"][5] = json!(1e9),
        &["factor", "1000"],
    );
    refused(
        &|d| d["time_zone"] = json!("Mars/Base"),
        &["time_zone", "Mars/Base"],
    );
    refused(&|d| d["leg_correlation"] = json!(2), &["leg_correlation"]);
    let lost = json!([{"edge": 4_000_000, "factor": 1.0, "observations": 1}]);
    refused(&|d| d["edges"] = lost.clone(), &["edges", "4000000"]);
    refused(
        &|d| d["drive"] = json!("quick"),
        &["quick", "routeforce schema road-speeds"],
    );
    let text = sound.to_string();
    for cut in (0..text.len()).step_by(997) {
        std::fs::write(&path, &text.as_bytes()[..cut]).unwrap();
        assert!(RoadSpeeds::load(&path).is_err());
    }
}
