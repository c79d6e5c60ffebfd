//! Tensors routed slice by slice on learned speeds.

use super::world::{ZONE, options, town, trips};
use crate::network::answers::town as one_way_town;
use crate::network::map::at;
use chrono::{NaiveDate, Utc};
use rand::Rng;
use routeforce::cost::{CostTensor, OnRoads, ProfileSpec, SliceAxis, by_roads, road_distances};
use routeforce::domain::LatLon;
use routeforce::network::{Network, SnapOptions, Snapped};
use routeforce::pipeline::costs::{Known, Method, Wanted};
use routeforce::pipeline::road_times::RoadTimes;
use routeforce::runtime::{Cancel, Progress, random};
use routeforce::speeds::{RoadSpeeds, SpeedsOn, TripWays, from_trips};
use std::sync::Arc;

fn learned(network: &Network) -> RoadSpeeds {
    let made = trips(network, 800, 0.1, 1);
    let (cancel, silent) = (Cancel::new(), Progress::silent());
    from_trips(
        network,
        &made,
        TripWays::default(),
        &options(),
        &cancel,
        &silent,
    )
    .unwrap()
}

fn places(count: usize) -> Vec<LatLon> {
    let mut draw = random::generator(3, "places");
    let mut coordinate = || draw.random_range(0.0..1_900.0);
    (0..count).map(|_| at(coordinate(), coordinate())).collect()
}

fn day(month: u32, day: u32) -> SliceAxis {
    let date = NaiveDate::from_ymd_opt(2026, month, day).unwrap();
    SliceAxis::for_day(date, ZONE, 900).unwrap()
}

fn assert_fifo(tensor: &CostTensor) {
    for profile in tensor.profiles() {
        for cells in [&profile.mean_s, &profile.p90_s] {
            for pair in cells.all().to_vec().chunks_exact(tensor.axis().slices) {
                assert!(pair.windows(2).all(|w| w[1] + 900 >= w[0]));
            }
        }
    }
}

#[test]
fn cells_are_what_the_network_says_at_the_start_of_each_slice() {
    let network = Arc::new(town());
    let speeds = learned(&network);
    let on_network = SpeedsOn::new(&speeds, &network).unwrap();
    let (places, roads) = (places(12), RoadTimes::new(network.clone()));
    let snapped: Vec<Option<Snapped>> = places
        .iter()
        .map(|p| network.snap(*p, &SnapOptions::default()))
        .collect();
    let known = Known {
        model: None,
        roads: Some(&roads),
        speeds: Some(&speeds),
        router: None,
    };
    assert_eq!(known.best().unwrap(), Method::Roads);
    let (cancel, silent) = (Cancel::new(), Progress::silent());
    let free = network.matrix(&snapped, &snapped, &cancel).unwrap();
    // Days of 23, 25 and 24 hours, each with six hours more.
    for (axis, slices) in [(day(3, 29), 117), (day(10, 25), 125), (day(5, 5), 121)] {
        let wanted = Wanted {
            places: &places,
            names: &|place| place.to_string(),
            axis,
            profiles: &["van", "truck"],
        };
        let made = known
            .costs(Method::Roads, wanted, &cancel, &silent)
            .unwrap();
        let tensor = made.tensor;
        assert_eq!(tensor.axis().slices, slices);
        assert_fifo(&tensor);
        // Hours change by less than a slice here, so nothing had to be raised.
        assert_eq!(tensor.fifo_repairs(), 0);
        for slice in (0..slices).step_by(7) {
            let moment = axis.local_start(slice).with_timezone(&Utc);
            let timed = network.timed(on_network.durations_ms(moment)).unwrap();
            let direct = timed.matrix(&snapped, &snapped, &cancel).unwrap();
            for (from, to) in (0..144).map(|k| (k / 12, k % 12)).filter(|(a, b)| a != b) {
                let cell = tensor.duration_s(0, from, to, slice as i64 * 900) as f64;
                let expected = direct.seconds(from, to).unwrap();
                assert!((cell - expected).abs() <= 0.51, "{cell} {expected}");
                let slow = tensor.p90_s(0, from, to, slice as i64 * 900) as f64;
                assert!((slow - speeds.drive.p90 * expected).abs() <= 0.52);
                let metres = f64::from(tensor.distance_m(0, from, to));
                assert!((metres - free.metres(from, to).unwrap()).abs() <= 0.51);
            }
        }
        assert!(
            tensor.profiles()[0]
                .mean_s
                .is_shared_with(&tensor.profiles()[1].mean_s)
        );
        assert!((0..12).all(|p| tensor.duration_s(0, p, p, 0) == 0));
    }
}

#[test]
fn the_rush_is_at_its_local_hour_on_days_of_changed_clocks() {
    let network = Arc::new(town());
    let speeds = learned(&network);
    let on_network = SpeedsOn::new(&speeds, &network).unwrap();
    // Sundays: quiet by the day. The working days around them have their rush at eight.
    let total = |month, date, hour: usize| {
        let axis = day(month, date);
        let slice = (0..axis.slices).find(|&s| {
            let local = axis.local_start(s);
            local.format("%H:%M").to_string() == format!("{hour:02}:00")
        });
        let moment = axis.local_start(slice.unwrap()).with_timezone(&Utc);
        let sum: u64 = on_network
            .durations_ms(moment)
            .iter()
            .map(|&ms| u64::from(ms))
            .sum();
        sum as f64
    };
    for (month, friday, sunday, monday) in [(3, 27, 29, 30), (10, 23, 25, 26)] {
        let rush = total(month, friday, 8);
        assert_eq!(rush, total(month, monday, 8));
        assert!(total(month, sunday, 8) < 0.9 * rush);
        assert!(total(month, friday, 6) < 0.95 * rush);
    }
}

#[test]
fn ways_over_a_third_place_are_not_shorter() {
    let network = one_way_town(9, 5).car();
    let mut draw = random::generator(4, "places");
    let mut coordinate = || draw.random_range(0.0..960.0);
    // On one-way streets, where stopping does not let one turn round.
    let mut snapped: Vec<Option<Snapped>> = Vec::new();
    while snapped.len() < 14 {
        let found = network.snap(at(coordinate(), coordinate()), &SnapOptions::default());
        snapped.extend(found.filter(|place| place.edges.len() == 1).map(Some));
    }
    let axis = day(5, 5);
    let free = network.graph().duration_ms.clone();
    let slower = |depart: chrono::DateTime<Utc>| -> Vec<u32> {
        let share = axis.seconds(depart) as f64 / 86_400.0;
        let factor = 1.5 + 0.5 * (std::f64::consts::TAU * share).sin();
        free.iter()
            .map(|&ms| (f64::from(ms) * factor) as u32)
            .collect()
    };
    let (cancel, silent) = (Cancel::new(), Progress::silent());
    let distance_m = road_distances(&network, &snapped, |_, _| f64::NAN, &cancel).unwrap();
    let roads = OnRoads {
        network: &network,
        places: &snapped,
        durations_ms: &slower,
        p90_over_mean: 1.0,
        distance_m,
    };
    let vans = [ProfileSpec {
        name: "van".into(),
        duration_factor: 1.0,
    }];
    let tensor = by_roads(roads, axis, &vans, 0.2, &cancel, &silent).unwrap();
    assert_fifo(&tensor);
    assert_eq!(tensor.fifo_repairs(), 0);
    let profile = &tensor.profiles()[0];
    assert!(profile.p90_s.is_shared_with(&profile.mean_s));
    for slice in [0, 30, 60, 90] {
        let cell = |a, b| tensor.duration_s(0, a, b, slice * 900);
        for (a, b, c) in (0..14_usize.pow(3)).map(|k| (k / 196, k / 14 % 14, k % 14)) {
            assert!(cell(a, c) <= cell(a, b) + cell(b, c) + 2);
        }
    }
}

#[test]
fn places_that_cannot_be_reached_are_named() {
    let network = Arc::new(town());
    let speeds = learned(&network);
    let roads = RoadTimes::new(network.clone());
    let mut places = places(4);
    places[2] = at(90_000.0, 0.0);
    let wanted = Wanted {
        places: &places,
        names: &|place| format!("shop {place}"),
        axis: day(5, 5),
        profiles: &["van"],
    };
    let known = Known {
        model: None,
        roads: Some(&roads),
        speeds: Some(&speeds),
        router: None,
    };
    let (cancel, silent) = (Cancel::new(), Progress::silent());
    let refused = |known: Known<'_>, method, parts: &[&str]| {
        let error = known
            .costs(method, wanted, &cancel, &silent)
            .unwrap_err()
            .to_string();
        for part in parts {
            assert!(error.contains(part), "no `{part}` in {error}");
        }
    };
    refused(
        known,
        Method::Roads,
        &["shop 2", "no road within", "car of map.osm.pbf"],
    );
    refused(known, Method::Model, &["--models"]);
    let nothing = Known {
        speeds: None,
        ..known
    };
    refused(nothing, Method::Roads, &["--speeds"]);
    assert!(nothing.best().is_err());
    assert!(Known::default().best().is_err());
}
