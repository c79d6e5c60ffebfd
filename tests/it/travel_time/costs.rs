//! Cost tensors from the model, from averages and from a function.

use super::synthetic::{ZONE, place, served, typical_s};
use chrono::{NaiveDate, Timelike};
use routeforce::cost::build::{Clustering, average, from_function, predicted, predicted_with};
use routeforce::cost::factors::{BaseFn, BaseLeg, by_factors};
use routeforce::cost::{Built, CostTensor, ProfileSpec, SliceAxis, learned_factors};
use routeforce::domain::LatLon;
use routeforce::features::travel::TripQuery;
use routeforce::runtime::{Cancel, Progress, random};

const SLICE_S: u32 = 900;

fn places(count: usize) -> Vec<LatLon> {
    let mut generator = random::generator(9, "test places");
    let mut places: Vec<LatLon> = (0..count).map(|_| place(&mut generator)).collect();
    // Two orders of one site.
    places[count - 1] = places[0];
    places
}

fn axis() -> SliceAxis {
    let date = NaiveDate::from_ymd_opt(2025, 10, 14).unwrap();
    SliceAxis::for_day(date, ZONE, SLICE_S).unwrap()
}

fn vans() -> Vec<ProfileSpec> {
    let spec = |name: &str, duration_factor| ProfileSpec {
        name: name.into(),
        duration_factor,
    };
    vec![spec("van", 1.0), spec("truck", 1.25)]
}

fn build(places: &[LatLon], axis: SliceAxis) -> Built {
    let (cancel, progress) = (Cancel::new(), Progress::silent());
    predicted(places, axis, &vans(), &served(), &cancel, &progress).unwrap()
}

fn assert_fifo(tensor: &CostTensor) {
    for profile in tensor.profiles() {
        for cells in [&profile.mean_s, &profile.p90_s] {
            let cells = cells.all().to_vec();
            for pair in cells.chunks_exact(tensor.axis().slices) {
                for (now, next) in pair.iter().zip(&pair[1..]) {
                    assert!(next + tensor.axis().slice_s >= *now);
                }
            }
        }
    }
}

#[test]
fn a_built_tensor_is_fifo_and_sound() {
    let places = places(40);
    let built = build(&places, axis());
    let tensor = &built.tensor;
    assert_fifo(tensor);
    for profile in tensor.profiles() {
        assert!(
            profile
                .mean_s
                .iter()
                .zip(profile.p90_s.iter())
                .all(|(m, p)| p >= m)
        );
    }
    let last = places.len() - 1;
    for departure in [0, 30_000, 90_000] {
        assert_eq!(tensor.duration_s(0, 3, 3, departure), 0);
        assert_eq!(tensor.duration_s(0, 0, last, departure), 0);
        let van = tensor.duration_s(0, 1, 2, departure) as f64;
        let truck = tensor.duration_s(1, 1, 2, departure) as f64;
        assert!((truck / van - 1.25).abs() < 0.01);
    }
    let straight = places[1].great_circle_m(places[2]);
    assert!((f64::from(tensor.distance_m(0, 1, 2)) - 1.4 * straight).abs() < 1.0);
    assert_eq!(
        tensor.leg_correlation(),
        served().parameters().leg_correlation
    );
    assert!(built.far_outside.is_empty());
}

#[test]
fn the_model_is_asked_far_less_than_once_per_cell() {
    let places = places(120);
    let built = build(&places, axis());
    let (n, k, s) = (places.len(), built.clusters, axis().slices);
    assert!(k <= 16);
    let bound = 4 * n * n + 3 * k * k * s;
    assert!(built.rows_asked <= bound, "{} > {bound}", built.rows_asked);
    assert!(built.rows_asked * 10 < n * n * s);
}

#[test]
fn clusters_cost_little_against_asking_for_every_cell() {
    let places = places(60);
    let built = build(&places, axis());
    let model = served();
    let mut generator = random::generator(10, "test cells");
    let cells: Vec<(usize, usize, usize)> = (0..4_000)
        .map(|_| {
            use rand::Rng;
            let mut below = |n: usize| generator.random_range(0..n);
            (below(59), below(59), below(axis().slices))
        })
        .filter(|(from, to, _)| from != to)
        .collect();
    let queries: Vec<TripQuery> = cells
        .iter()
        .map(|&(from, to, slice)| TripQuery {
            origin: places[from],
            destination: places[to],
            depart: axis().local_start(slice),
            profile: None,
        })
        .collect();
    let asked = model.predict(&queries).unwrap();
    let errors: Vec<f64> = cells
        .iter()
        .zip(&asked)
        .map(|(&(from, to, slice), q)| {
            let cell = built.tensor.mean_by_slice(0, from, to).at(slice);
            (f64::from(cell) / q.mean - 1.0).abs()
        })
        .collect();
    let mean = errors.iter().sum::<f64>() / errors.len() as f64;
    eprintln!("mean relative error of clusters: {mean:.4}");
    assert!(mean < 0.02, "{mean}");
}

#[test]
fn the_rush_hour_is_in_the_tensor_and_not_in_the_average() {
    let places = places(20);
    let built = build(&places, axis());
    let flat = average(&built.tensor).unwrap();
    let at = |hour: i64| hour * 3600;
    let (noon, rush) = (
        built.tensor.duration_s(0, 1, 2, at(12)),
        built.tensor.duration_s(0, 1, 2, at(17)),
    );
    assert!(rush as f64 > 1.3 * noon as f64, "{noon} {rush}");
    assert_eq!(
        flat.duration_s(0, 1, 2, at(12)),
        flat.duration_s(0, 1, 2, at(17))
    );
    let working = (0..axis().slices).filter(|&s| (7..19).contains(&axis().local_start(s).hour()));
    let cells = working.map(|s| f64::from(built.tensor.mean_by_slice(0, 1, 2).at(s)));
    let (count, sum) = cells.fold((0.0, 0.0), |(n, t), v| (n + 1.0, t + v));
    assert!((flat.duration_s(0, 1, 2, 0) as f64 - sum / count).abs() <= 0.5);
    assert_eq!(flat.distance_m(0, 1, 2), built.tensor.distance_m(0, 1, 2));
}

#[test]
fn a_day_on_which_the_clocks_change_has_its_rush_hour_at_local_time() {
    let places = places(12);
    for (month, day, elapsed_h) in [(10, 24, 17), (10, 26, 18)] {
        let date = NaiveDate::from_ymd_opt(2025, month, day).unwrap();
        let axis = SliceAxis::for_day(date, ZONE, SLICE_S).unwrap();
        let tensor = build(&places, axis).tensor;
        assert_fifo(&tensor);
        let cells = tensor.mean_by_slice(0, 1, 2);
        let afternoon = 13 * 4..23 * 4;
        let worst = afternoon.max_by_key(|&s| cells.at(s)).unwrap();
        let hour = axis.local_start(worst).hour();
        assert!((16..=18).contains(&hour), "local hour {hour}");
        assert!((worst as i64 / 4 - elapsed_h).abs() <= 1);
    }
}

#[test]
fn the_truth_comes_from_a_function() {
    let places = places(6);
    let truth = |_: usize, from: usize, to: usize, depart: chrono::DateTime<chrono::Utc>| {
        typical_s(places[from], places[to], depart.with_timezone(&ZONE))
    };
    let distance = |from: usize, to: usize| 2.0 * places[from].great_circle_m(places[to]);
    let (cancel, progress) = (Cancel::new(), Progress::silent());
    let tensor = from_function(6, axis(), &vans(), truth, distance, &cancel, &progress).unwrap();
    assert_fifo(&tensor);
    let at_eight = typical_s(places[1], places[2], axis().local_start(32));
    assert!((f64::from(tensor.mean_by_slice(0, 1, 2).at(32)) - at_eight).abs() <= 0.5);
    assert_eq!(tensor.duration_s(0, 4, 4, 1_000), 0);
    cancel.cancel();
    assert!(from_function(6, axis(), &vans(), truth, distance, &cancel, &progress).is_err());
}

#[test]
fn more_clusters_are_nearer_to_asking_every_cell() {
    let places = places(24);
    let exact = Clustering {
        clusters: 24,
        pairs: 1,
    };
    let (cancel, progress) = (Cancel::new(), Progress::silent());
    let built = predicted_with(
        exact,
        &places,
        axis(),
        &vans(),
        &served(),
        &cancel,
        &progress,
    )
    .unwrap();
    let query = TripQuery {
        origin: places[1],
        destination: places[2],
        depart: axis().local_start(40),
        profile: None,
    };
    let asked = served().predict(&[query]).unwrap()[0];
    let cell = f64::from(built.tensor.mean_by_slice(0, 1, 2).at(40));
    assert!((cell - asked.mean).abs() <= 1.0, "{cell} {}", asked.mean);
}

#[test]
fn factors_on_a_base_and_the_model_itself_give_nearly_the_same() {
    let places = places(40);
    let (cancel, silent) = (Cancel::new(), Progress::silent());
    // Empty roads, as the town is made: one speed, one detour.
    let leg = |from: usize, to: usize| {
        let metres = 1.3 * places[from].great_circle_m(places[to]);
        BaseLeg {
            duration_s: (60.0 + metres / 8.0) as f32,
            distance_m: metres.round() as u32,
        }
    };
    let base = BaseFn { places: 40, leg };
    let (model, clustering, axis) = (served(), Clustering::default(), axis());
    let table = learned_factors(clustering, &places, &base, axis, &model, &cancel, &silent);
    let table = table.unwrap();
    let tensor = by_factors(&base, &table, axis, &vans(), 0.2, &cancel, &silent).unwrap();
    assert_fifo(&tensor);
    let by_model = build(&places, axis).tensor;
    let (mut off, mut upper_off, mut count) = (0.0, 0.0, 0.0);
    for (from, to) in (0..1_600).map(|k| (k / 40, k % 40)) {
        // Where a place is twice, a base says nothing.
        if places[from].great_circle_m(places[to]) < 300.0 {
            continue;
        }
        for hour in [3, 8, 12, 17] {
            let ratio = |a: i64, b: i64| (a as f64 / b as f64).ln().abs();
            let at = hour * 3_600;
            let both = [&tensor, &by_model];
            let [a, b] = both.map(|t| t.duration_s(0, from, to, at));
            let [upper_a, upper_b] = both.map(|t| t.p90_s(0, from, to, at));
            off += ratio(a, b);
            upper_off += ratio(upper_a, upper_b);
            count += 1.0;
        }
    }
    assert!(off / count < 0.10, "{}", off / count);
    assert!(upper_off / count < 0.12, "{}", upper_off / count);
    // Rush hours are those of the model.
    let ratio =
        |t: &CostTensor| t.duration_s(0, 0, 9, 8 * 3_600) as f64 / t.duration_s(0, 0, 9, 0) as f64;
    assert!((ratio(&tensor) / ratio(&by_model) - 1.0).abs() < 0.15);
}
