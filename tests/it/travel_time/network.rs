//! Free-flow durations of a road network as a feature.

use super::synthetic::{ZONE, options, place, trips};
use chrono::TimeZone;
use routeforce::domain::LatLon;
use routeforce::features::travel::{NetworkLeg, NetworkTimes, TripQuery, Trips};
use routeforce::onnx::Session;
use routeforce::runtime::{Cancel, Progress, random};
use routeforce::travel_time::{Fitted, Kind, TrainOptions, TravelTimeModel, fit};
use std::sync::Arc;

/// A town with a river: who crosses the meridian drives to the bridge first. No trees of
/// coordinates alone find that as well as the network knows it.
#[derive(Debug)]
struct River;

const BRIDGE: LatLon = LatLon {
    lat: 48.10,
    lon: 11.55,
};

impl NetworkTimes for River {
    fn identity(&self) -> &str {
        "river"
    }

    fn leg(&self, from: LatLon, to: LatLon) -> Option<NetworkLeg> {
        let crosses = (from.lon < BRIDGE.lon) != (to.lon < BRIDGE.lon);
        let metres = match crosses {
            true => from.great_circle_m(BRIDGE) + BRIDGE.great_circle_m(to),
            false => from.great_circle_m(to),
        };
        // The map ends in the far north.
        (from.lat < 48.21).then_some(NetworkLeg {
            duration_s: 60.0 + metres / 8.0,
            length_m: metres,
        })
    }
}

fn seconds(from: LatLon, to: LatLon) -> Option<f64> {
    River.leg(from, to).map(|leg| leg.duration_s)
}

/// The same river on another map.
#[derive(Debug)]
struct Elsewhere;

impl NetworkTimes for Elsewhere {
    fn identity(&self) -> &str {
        "elsewhere"
    }

    fn leg(&self, from: LatLon, to: LatLon) -> Option<NetworkLeg> {
        River.leg(from, to)
    }
}

fn river_trips(count: usize) -> Trips {
    let mut made = trips(count, 31);
    made.profile = None;
    let mut generator = random::generator(31, "river");
    for i in 0..count {
        let noise = 0.9 + 0.2 * rand::Rng::random::<f64>(&mut generator);
        let driven_s = seconds(made.origin[i], made.destination[i]);
        made.duration_s[i] = noise * driven_s.unwrap_or(900.0);
    }
    made
}

fn fitted(network: Option<Arc<dyn NetworkTimes>>) -> Fitted {
    let options = TrainOptions {
        kind: Kind::Boosted,
        network,
        ..options()
    };
    fit(
        &river_trips(2_500),
        &options,
        &Cancel::new(),
        &Progress::silent(),
    )
    .unwrap()
}

fn pinball(fitted: &Fitted) -> f64 {
    let score = fitted.scores.iter().find(|s| s.exported);
    score.map(|s| s.metrics["pinball_s"]).unwrap()
}

#[test]
fn what_the_network_knows_is_used_and_needed_from_then_on() {
    let (without, with) = (fitted(None), fitted(Some(Arc::new(River))));
    assert!(!without.parameters.network && with.parameters.network);
    assert!(
        pinball(&with) < 0.8 * pinball(&without),
        "{} with, {} without",
        pinball(&with),
        pinball(&without)
    );
    let serve = |fitted: &Fitted| {
        let session = Session::from_bytes("test", &fitted.model.to_onnx().unwrap()).unwrap();
        TravelTimeModel::from_parts(session, fitted.parameters.clone(), "test".into())
    };
    let mut generator = random::generator(32, "places");
    let query = TripQuery {
        origin: place(&mut generator),
        destination: place(&mut generator),
        depart: ZONE.with_ymd_and_hms(2025, 10, 6, 12, 0, 0).unwrap(),
        profile: None,
    };
    // A model that needs the network does not guess without it; one that does not, does not ask.
    assert!(serve(&with).predict(std::slice::from_ref(&query)).is_err());
    let other = serve(&with).with_network(Arc::new(Elsewhere));
    let refused = other.predict(std::slice::from_ref(&query)).unwrap_err();
    let refused = refused.to_string();
    for part in ["network river", "elsewhere", "--network"] {
        assert!(refused.contains(part), "{refused}");
    }
    let answer = serve(&with).with_network(Arc::new(River));
    let found = answer.predict(std::slice::from_ref(&query)).unwrap()[0].p50;
    let truth = seconds(query.origin, query.destination).unwrap_or(900.0);
    assert!((found / truth - 1.0).abs() < 0.1, "{found} of {truth}");
    let plain = serve(&without)
        .predict(std::slice::from_ref(&query))
        .unwrap();
    let offered = serve(&without).with_network(Arc::new(River));
    assert_eq!(
        plain,
        offered.predict(std::slice::from_ref(&query)).unwrap()
    );
}
