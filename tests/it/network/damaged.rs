//! Extracts that are damaged.

use super::map::{Map, build_file};
use rand::Rng;
use routeforce::network::osm::{Profile, Vehicle};
use routeforce::runtime::random;

fn bench(name: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("ROUTEFORCE_BENCH").map(std::path::PathBuf::from);
    let path = folder
        .unwrap_or_else(|| "../shared/bench".into())
        .join("osm")
        .join(name);
    let file = std::fs::read(&path);
    if file.is_err() {
        eprintln!("skipped: {} is not there", path.display());
    }
    file.ok()
}

/// Builds networks of damaged files: refused with the file's name, or used for what is left.
fn damage(whole: &[u8], times: usize, seed: u64) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.osm.pbf");
    let mut draw = random::generator(seed, "damage");
    for _ in 0..times {
        let mut file = whole.to_vec();
        for _ in 0..draw.random_range(1..20) {
            let at = draw.random_range(0..file.len());
            file[at] = draw.random();
        }
        if draw.random_bool(0.3) {
            file.truncate(draw.random_range(0..whole.len()));
        }
        std::fs::write(&path, &file).unwrap();
        match build_file(&path, Profile::Car, &Vehicle::default()) {
            Ok(network) => assert!(network.graph().edges() > 0),
            Err(error) => assert!(error.to_string().contains("damaged.osm.pbf"), "{error}"),
        }
    }
}

#[test]
fn damaged_extracts_are_refused_or_used_for_what_is_left() {
    let mut map = Map::new();
    for id in 0..40 {
        map.node(
            id,
            (id % 7) as f64 * 100.0,
            (id / 7) as f64 * 100.0,
            &[("barrier", "gate")],
        );
        map.way(
            id,
            &[id, (id + 1) % 40, (id + 9) % 40],
            &[("highway", "service"), ("maxspeed", "30")],
        );
        map.restriction(id, "no_right_turn", id, id, (id + 1) % 40);
    }
    damage(&map.to_pbf(), 400, 1);
    if let Some(whole) = bench("helsinki.osm.pbf") {
        damage(&whole, 12, 2);
    }
}

#[test]
fn what_is_no_extract_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("empty", &b""[..]),
        ("text", b"<osm></osm> and so on and on"),
        ("zeros", &[0; 64]),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        let error = build_file(&path, Profile::Car, &Vehicle::default()).unwrap_err();
        let text = error.to_string();
        assert!(text.contains(name) && text.contains(".osm.pbf"), "{text}");
    }
    assert!(
        build_file(
            &folder.path().join("missing"),
            Profile::Car,
            &Vehicle::default()
        )
        .is_err()
    );
}
