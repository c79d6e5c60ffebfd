//! Training and prediction.

use super::synthetic::{TRUCK, ZONE, fit_quietly, fitted, served, trips};
use chrono::TimeZone;
use routeforce::domain::forecast::Quantiles;
use routeforce::domain::{InputError, LatLon};
use routeforce::features::FeatureMatrix;
use routeforce::features::travel::{self, Conditions, Holidays, TripQuery, Trips};
use routeforce::onnx::Session;
use routeforce::travel_time::{Kind, TravelTimeError};

fn queries(trips: &Trips) -> Vec<TripQuery> {
    (0..trips.len())
        .map(|i| TripQuery {
            origin: trips.origin[i],
            destination: trips.destination[i],
            depart: trips.local_depart(i),
            profile: trips.profile.as_ref().map(|p| p[i].clone()),
        })
        .collect()
}

#[test]
fn the_interval_covers_what_it_says_and_the_mean_adds_up() {
    let fresh = trips(6_000, 2);
    let predicted = served().predict(&queries(&fresh)).unwrap();
    let inside = predicted
        .iter()
        .zip(&fresh.duration_s)
        .filter(|(q, y)| (q.p10..=q.p90).contains(*y));
    let coverage = inside.count() as f64 / fresh.len() as f64;
    assert!((0.77..0.83).contains(&coverage), "coverage {coverage}");
    let sum = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>();
    let bias =
        sum(&mut predicted.iter().map(|q| q.mean)) / sum(&mut fresh.duration_s.iter().copied());
    assert!((bias - 1.0).abs() < 0.02, "bias {bias}");
    assert!(predicted.iter().all(|q| q.p10 <= q.p50 && q.p50 <= q.p90));
}

#[test]
fn boosted_wins_where_speeds_change_and_is_scored_beside_the_others() {
    let scores = &fitted().scores;
    let pinball = |name: &str| {
        let score = scores.iter().find(|s| s.model == name);
        score.map(|s| s.metrics["pinball_s"]).unwrap()
    };
    assert_eq!(fitted().kind, Kind::Boosted);
    assert!(pinball("boosted") < pinball("linear"));
    assert!(pinball("linear") < pinball("baseline"));
}

#[test]
fn trainer_and_file_agree() {
    let fresh = trips(8_000, 3);
    let matrix = travel::matrix(&fresh, &Conditions::default(), None);
    let bytes = fitted().model.to_onnx().unwrap();
    let session = Session::from_bytes("test model", &bytes).unwrap();
    let trainer = fitted().model.evaluate(&matrix);
    let file = session.predict(&matrix).unwrap();
    let outputs: [fn(&Quantiles) -> f64; 4] = [|q| q.p10, |q| q.p50, |q| q.p90, |q| q.mean];
    for read in outputs {
        let mut differences: Vec<f64> = trainer
            .iter()
            .zip(&file)
            .map(|(a, b)| (read(a) / read(b) - 1.0).abs())
            .collect();
        differences.sort_by(f64::total_cmp);
        let worst = differences[differences.len() * 999 / 1000];
        assert!(worst <= 1e-3, "{worst} at the 99.9th percentile");
    }
}

#[test]
fn training_and_serving_see_the_same_features() {
    let some = trips(500, 4);
    let holidays = Holidays::from_iter([some.local_depart(100).date_naive()]);
    let conditions = Conditions::from(holidays);
    let trained = travel::matrix(&some, &conditions, None);
    let served = travel::matrix_of(&queries(&some), &conditions, None);
    assert!(are_the_same(&trained, &served));
    // Neither the duration nor the driven distance is among them.
    let mut other = some.clone();
    other.duration_s.iter_mut().for_each(|v| *v *= 3.0);
    other.distance_m.iter_mut().for_each(|v| *v += 1e4);
    assert!(are_the_same(
        &trained,
        &travel::matrix(&other, &conditions, None)
    ));
    let later = trips(500, 5);
    assert!(!are_the_same(
        &trained,
        &travel::matrix(&later, &conditions, None)
    ));
}

/// Bit by bit: what is not known is no number in both.
fn are_the_same(a: &FeatureMatrix, b: &FeatureMatrix) -> bool {
    let bits =
        |matrix: &FeatureMatrix| -> Vec<u32> { matrix.data.iter().map(|x| x.to_bits()).collect() };
    a.names == b.names && bits(a) == bits(b)
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_test_rows_are_not_looked_at() {
    let mut some = trips(3_000, 5);
    let split = |i: usize| if i < 2_500 { "train" } else { "test" };
    some.split = Some((0..some.len()).map(|i| split(i).to_owned()).collect());
    let first = fit_quietly(&some);
    for i in 2_500..some.len() {
        some.duration_s[i] = 7.0;
        some.distance_m[i] = 1e6;
        some.origin[i] = LatLon { lat: 0.0, lon: 0.0 };
    }
    let second = fit_quietly(&some);
    assert_eq!(first.parameters, second.parameters);
    assert_eq!(first.rows, 2_500);
    let bytes = |f: &routeforce::travel_time::Fitted| f.model.to_onnx().unwrap();
    assert!(bytes(&first) == bytes(&second), "another model");
}

#[test]
fn profiles_have_their_factors_and_unknown_ones_are_refused() {
    let model = served();
    let query = |profile: Option<&str>| TripQuery {
        origin: LatLon {
            lat: 48.12,
            lon: 11.5,
        },
        destination: LatLon {
            lat: 48.18,
            lon: 11.6,
        },
        depart: ZONE.with_ymd_and_hms(2025, 10, 6, 12, 0, 0).unwrap(),
        profile: profile.map(str::to_owned),
    };
    let p50 = |profile| model.predict(&[query(profile)]).unwrap()[0].p50;
    let ratio = p50(Some("truck")) / p50(Some("van"));
    assert!((ratio / TRUCK - 1.0).abs() < 0.02, "{ratio}");
    assert!(p50(Some("van")) < p50(None) && p50(None) < p50(Some("truck")));
    match model.predict(&[query(Some("bicycle"))]) {
        Err(TravelTimeError::Input(InputError { field, value, .. })) => {
            assert_eq!(field.as_deref(), Some("profile"));
            assert_eq!(value.as_deref(), Some("bicycle"));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_else_is_learned_is_near_what_was_put_in() {
    let parameters = &fitted().parameters;
    assert!((parameters.detour_factor - 1.4).abs() < 1e-6);
    // The town's noise is independent from trip to trip.
    assert!(
        parameters.leg_correlation < 0.03,
        "{}",
        parameters.leg_correlation
    );
    let far = LatLon {
        lat: 52.5,
        lon: 13.4,
    };
    let near = LatLon {
        lat: 48.15,
        lon: 11.5,
    };
    assert_eq!(served().far_outside(&[near, far]), [1]);
}

#[test]
fn too_few_trips_are_refused() {
    let few = trips(50, 6);
    let cancel = routeforce::runtime::Cancel::new();
    let progress = routeforce::runtime::Progress::silent();
    let refused =
        routeforce::travel_time::fit(&few, &super::synthetic::options(), &cancel, &progress);
    assert!(matches!(refused, Err(TravelTimeError::Input(_))));
    cancel.cancel();
    let many = trips(1_000, 6);
    let stopped =
        routeforce::travel_time::fit(&many, &super::synthetic::options(), &cancel, &progress);
    assert!(matches!(stopped, Err(TravelTimeError::Cancelled(_))));
}
