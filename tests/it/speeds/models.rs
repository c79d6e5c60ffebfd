//! A road network under the travel-time model, and all ways to a tensor on one town.

use super::world::{ZONE, options, town, trips};
use crate::network::map::at;
use chrono::NaiveDate;
use rand::Rng;
use routeforce::cost::SliceAxis;
use routeforce::domain::LatLon;
use routeforce::features::travel::NetworkTimes;
use routeforce::onnx::Session;
use routeforce::pipeline::costs::{Known, MadeCosts, Method, Wanted};
use routeforce::pipeline::road_times::RoadTimes;
use routeforce::runtime::{Cancel, Progress, random};
use routeforce::speeds::{TripWays, from_trips};
use routeforce::travel_time::{Kind, TrainOptions, TravelTimeModel, fit};
use std::sync::Arc;

pub fn places(count: usize) -> Vec<LatLon> {
    let mut draw = random::generator(8, "places");
    let mut coordinate = || draw.random_range(0.0..1_900.0);
    (0..count).map(|_| at(coordinate(), coordinate())).collect()
}

#[test]
fn legs_are_those_of_the_network_and_off_the_map_there_are_none() {
    let network = Arc::new(town());
    let roads = RoadTimes::new(network.clone());
    let mut places = places(10);
    places[3] = at(-300.0, 0.0);
    let snapped = roads.snapped(&places);
    assert!(snapped[3].is_none() && snapped[4].is_some());
    let matrix = network.matrix(&snapped, &snapped, &Cancel::new()).unwrap();
    let pairs: Vec<(usize, usize)> = (0..100).map(|k| (k / 10, k % 10)).collect();
    let asked: Vec<(LatLon, LatLon)> = pairs.iter().map(|&(a, b)| (places[a], places[b])).collect();
    for ((leg, &(from, to)), &(a, b)) in roads.legs(&asked).iter().zip(&pairs).zip(&asked) {
        assert_eq!(leg.map(|leg| leg.duration_s), matrix.seconds(from, to));
        assert_eq!(leg.map(|leg| leg.length_m), matrix.metres(from, to));
        assert_eq!(*leg, roads.leg(a, b));
    }
    assert_eq!(roads.identity(), network.identity());
}

/// A model of the town's trips, with or without its roads.
pub fn model(roads: Option<&Arc<RoadTimes>>) -> TravelTimeModel {
    let network = roads.map(|roads| roads.clone() as Arc<dyn NetworkTimes>);
    let given = TrainOptions {
        kind: Kind::Boosted,
        network: network.clone(),
        ..TrainOptions::quick()
    };
    let town = town();
    let (cancel, silent) = (Cancel::new(), Progress::silent());
    let fitted = fit(&trips(&town, 2_500, 0.1, 4), &given, &cancel, &silent).unwrap();
    let session = Session::from_bytes("test", &fitted.model.to_onnx().unwrap()).unwrap();
    let model = TravelTimeModel::from_parts(session, fitted.parameters, "test".into());
    match network {
        Some(network) => model.with_network(network),
        None => model,
    }
}

#[test]
fn a_tensor_by_model_by_factors_and_by_roads_tells_the_same_day() {
    let network = Arc::new(town());
    let roads = Arc::new(RoadTimes::new(network.clone()));
    let (with, without) = (model(Some(&roads)), model(None));
    assert_eq!(with.road_network(), Some(network.identity().as_str()));
    assert_eq!(without.road_network(), None);
    let (cancel, silent) = (Cancel::new(), Progress::silent());
    let made = trips(&network, 1_500, 0.1, 5);
    let ways = TripWays::default();
    let speeds = from_trips(&network, &made, ways, &options(), &cancel, &silent).unwrap();
    let known = |model, speeds| Known {
        model,
        roads: Some(roads.as_ref()),
        speeds,
        router: None,
    };
    let all = [
        (known(Some((&with).into()), None), Method::Model),
        (known(Some((&without).into()), None), Method::Factors),
        (known(None, Some(&speeds)), Method::Roads),
    ];
    let (places, date) = (places(12), NaiveDate::from_ymd_opt(2026, 6, 30).unwrap());
    let wanted = Wanted {
        places: &places,
        names: &|place| place.to_string(),
        axis: SliceAxis::for_day(date, ZONE, 900).unwrap(),
        profiles: &["van"],
    };
    let tensors: Vec<MadeCosts> = all
        .iter()
        .map(|(known, method)| {
            assert_eq!(known.best().unwrap(), *method);
            known.costs(*method, wanted, &cancel, &silent).unwrap()
        })
        .collect();
    for (made, (_, method)) in tensors.iter().zip(&all) {
        let (tensor, by_roads) = (&made.tensor, &tensors[2].tensor);
        let (mut off, mut count) = (0.0, 0.0);
        for (from, to) in (0..144).map(|k| (k / 12, k % 12)).filter(|(a, b)| a != b) {
            assert_eq!(
                tensor.distance_m(0, from, to),
                by_roads.distance_m(0, from, to)
            );
            for hour in [8, 12, 20] {
                let [a, b] =
                    [tensor, by_roads].map(|t| t.duration_s(0, from, to, hour * 3_600) as f64);
                off += (a / b).ln().abs();
                count += 1.0;
            }
        }
        assert!(off / count < 0.15, "{method:?}: {}", off / count);
    }
}
