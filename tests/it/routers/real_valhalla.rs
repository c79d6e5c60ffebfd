//! Valhalla itself, where one with the tiles of the benchmark's Monaco runs: `VALHALLA_URL`.

use super::{bench, options, points};
use routeforce::routers::{Router, Valhalla};
use routeforce::runtime::{Cancel, Progress};

#[test]
fn a_real_valhalla_gives_matrices_and_ways_that_agree() {
    let Ok(address) = std::env::var("VALHALLA_URL") else {
        eprintln!("skipped: VALHALLA_URL names no server with the roads of Monaco");
        return;
    };
    let Some(table) = bench("points/monaco_points.csv") else {
        return;
    };
    let places = points(&table, 12);
    let cancel = Cancel::new();
    let valhalla = Valhalla::new(&address, options("auto", Valhalla::BLOCK)).unwrap();
    let matrix = valhalla
        .matrix(&places, &places, (&cancel, &Progress::silent()))
        .unwrap();
    let mut compared = 0;
    for to in 1..places.len() {
        let way = valhalla.route(&[places[0], places[to]], &cancel).unwrap();
        let Some(way) = way.filter(|way| way.length_m > 500.0) else {
            continue;
        };
        let (seconds, metres) = (
            matrix.seconds(0, to).unwrap(),
            matrix.metres(0, to).unwrap(),
        );
        assert!(
            (seconds / way.duration_s - 1.0).abs() < 0.15,
            "{seconds} {}",
            way.duration_s
        );
        assert!(
            (metres / way.length_m - 1.0).abs() < 0.15,
            "{metres} {}",
            way.length_m
        );
        let drawn: f64 = way.line.windows(2).map(|p| p[0].great_circle_m(p[1])).sum();
        assert!(
            (drawn / way.length_m - 1.0).abs() < 0.02,
            "{drawn} {}",
            way.length_m
        );
        compared += 1;
    }
    assert!(compared > 5, "{compared}");
    let nowhere = Valhalla::new(&address, options("horse", 50)).unwrap();
    let error = nowhere
        .route(&places[..2], &cancel)
        .unwrap_err()
        .to_string();
    assert!(error.contains("horse"), "{error}");
}
