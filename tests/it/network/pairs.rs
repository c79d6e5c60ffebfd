//! Ways of single pairs, and checksums.

use super::answers::town;
use super::map::at;
use rand::Rng;
use routeforce::network::{SnapOptions, Snapped, load, save};
use routeforce::runtime::{Cancel, random};

#[test]
fn pairs_have_the_durations_and_lengths_of_the_matrix() {
    let network = town(9, 5).car();
    let mut draw = random::generator(5, "places");
    let mut places: Vec<Option<Snapped>> = (0..60)
        .map(|_| {
            let place = at(
                draw.random_range(-50.0..1_000.0),
                draw.random_range(-50.0..1_000.0),
            );
            network.snap(place, &SnapOptions::default())
        })
        .collect();
    places[7] = None;
    let matrix = network.matrix(&places, &places, &Cancel::new()).unwrap();
    let all: Vec<(usize, usize)> = (0..3_600).map(|k| (k % 60, k / 60)).collect();
    // Few pairs are answered one by one, many by a matrix; orders and repeats do not matter.
    let few: Vec<(usize, usize)> = (0..60)
        .map(|k| (k, (k * 7 + 3) % 60))
        .chain([(4, 4)])
        .collect();
    for pairs in [all, few] {
        let legs = network.legs(&places, &pairs, &Cancel::new()).unwrap();
        assert_eq!(legs.len(), pairs.len());
        for (leg, &(from, to)) in legs.iter().zip(&pairs) {
            assert_eq!(
                leg.map(|l| l.duration_s),
                matrix.seconds(from, to),
                "{from} {to}"
            );
            assert_eq!(
                leg.map(|l| l.length_m),
                matrix.metres(from, to),
                "{from} {to}"
            );
        }
    }
    let cancelled = Cancel::new();
    cancelled.cancel();
    assert!(network.legs(&places, &[(0, 1)], &cancelled).is_err());
}

#[test]
fn the_checksum_is_that_of_the_content() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.rfroads");
    let (built, again, other) = (town(6, 1).car(), town(6, 1).car(), town(6, 2).car());
    save(&built, &path).unwrap();
    let loaded = load(&path).unwrap();
    assert_eq!(built.sha256(), loaded.sha256());
    assert_eq!(built.sha256(), again.sha256());
    assert_ne!(built.sha256(), other.sha256());
    assert!(loaded.identity().starts_with("car of map.osm.pbf, "));
}
