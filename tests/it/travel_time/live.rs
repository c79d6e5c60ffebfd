//! Live correction and the guard, on trips whose travel times are known.

use super::synthetic::{trips, typical_s};
use chrono::{DateTime, TimeDelta, Utc};
use routeforce::domain::forecast::Quantiles;
use routeforce::features::travel::Trips;
use routeforce::travel_time::live::{FinishedTrip, LiveParameters, LiveTraffic, replay};

/// What a model would say that knows the typical time, but not which vehicle drives.
fn forecasts(trips: &Trips, level: f64, width: f64) -> Vec<Quantiles> {
    let of = |i: usize| {
        let (from, to) = (trips.origin[i], trips.destination[i]);
        let p50 = level * typical_s(from, to, trips.local_depart(i));
        Quantiles {
            p10: p50 * (-width).exp(),
            p50,
            p90: p50 * width.exp(),
            mean: p50,
        }
    };
    (0..trips.len()).map(of).collect()
}

fn corrected(trips: &Trips, forecasts: &[Quantiles]) -> Vec<Quantiles> {
    replay(trips, forecasts, &LiveParameters::default()).unwrap()
}

fn coverage(forecasts: &[Quantiles], durations: &[f64]) -> f64 {
    let pairs = forecasts.iter().zip(durations);
    let inside = pairs.filter(|(q, y)| (q.p10..=q.p90).contains(*y)).count();
    inside as f64 / durations.len() as f64
}

fn finished(trips: &Trips, i: usize, forecast: Quantiles, log_shift: f64) -> FinishedTrip {
    FinishedTrip {
        origin: trips.origin[i],
        destination: trips.destination[i],
        depart: trips.depart[i],
        duration_s: trips.duration_s[i],
        forecast,
        log_shift,
    }
}

#[test]
fn an_aged_model_is_held_to_what_it_promises() {
    let trips = trips(12_000, 21);
    for (level, width) in [(0.8, 0.2), (1.25, 0.6)] {
        let stale = forecasts(&trips, level, width);
        let later = trips.len() / 3..;
        let seconds = &trips.duration_s[later.clone()];
        let before = coverage(&stale[later.clone()], seconds);
        assert!(!(0.77..0.83).contains(&before), "no test: {before}");
        let honest = corrected(&trips, &stale);
        let after = coverage(&honest[later.clone()], seconds);
        assert!(
            (0.77..0.83).contains(&after),
            "{after} with {level}, {width}"
        );
        let sum: f64 = honest[later].iter().map(|q| q.mean).sum();
        let bias = sum / seconds.iter().sum::<f64>() - 1.0;
        assert!(bias.abs() < 0.02, "{bias} with {level}, {width}");
    }
}

#[test]
fn nothing_that_ends_later_is_known() {
    let trips = trips(2_000, 22);
    let said = forecasts(&trips, 1.0, 0.3);
    let now = trips.depart[1_200];
    let mut other = trips.clone();
    let ends = |i: usize| trips.depart[i].timestamp_micros() as f64 + 1e6 * trips.duration_s[i];
    for i in 0..other.len() {
        if ends(i) >= now.timestamp_micros() as f64 {
            other.duration_s[i] += 3_000.0;
        }
    }
    let (first, second) = (corrected(&trips, &said), corrected(&other, &said));
    assert_eq!(first[..=1_200], second[..=1_200]);
    assert_ne!(first, second);
}

#[test]
fn a_stream_of_finished_trips_gives_what_the_replay_gives() {
    let trips = trips(800, 23);
    let said = forecasts(&trips, 1.1, 0.3);
    let parameters = LiveParameters::default();
    let mut traffic = LiveTraffic::new(&parameters);
    let mut waiting: Vec<(DateTime<Utc>, usize, FinishedTrip)> = Vec::new();
    let mut streamed = Vec::new();
    for (i, forecast) in said.iter().enumerate() {
        let depart = trips.depart[i];
        waiting.sort_by_key(|(end, i, _)| (*end, *i));
        let done = waiting.partition_point(|(end, ..)| *end < depart);
        for (_, _, trip) in waiting.drain(..done) {
            traffic.push(&trip).unwrap();
        }
        let (from, to) = (trips.origin[i], trips.destination[i]);
        let now = traffic.correct(from, to, depart, forecast);
        streamed.push(now.quantiles);
        let trip = finished(&trips, i, *forecast, now.log_shift);
        waiting.push((trip.end(), i, trip));
    }
    assert_eq!(streamed, corrected(&trips, &said));
}

#[test]
fn a_jam_is_noticed_and_forgotten() {
    let trips = trips(400, 24);
    let said = forecasts(&trips, 1.0, 0.3);
    let mut traffic = LiveTraffic::new(&LiveParameters::default());
    let (from, to, now) = (trips.origin[0], trips.destination[0], trips.depart[0]);
    let asked = |traffic: &LiveTraffic, at| traffic.correct(from, to, at, &said[0]).quantiles;
    // Nothing has ended yet: nothing is corrected.
    assert!((asked(&traffic, now).p50 / said[0].p50 - 1.0).abs() < 1e-12);
    for (i, forecast) in said.iter().enumerate().take(100) {
        let mut trip = finished(&trips, i, *forecast, 0.0);
        trip.depart = now;
        trip.duration_s = 1.5 * forecast.p50;
        traffic.push(&trip).unwrap();
    }
    let ratio = |at| asked(&traffic, at).p50 / said[0].p50;
    let soon = ratio(now + TimeDelta::hours(1));
    let tomorrow = ratio(now + TimeDelta::hours(24));
    assert!(soon > 1.15, "{soon}");
    assert!(tomorrow < soon - 0.05, "{tomorrow} after {soon}");
}

#[test]
fn what_cannot_be_is_refused_and_changes_nothing() {
    let trips = trips(300, 25);
    let said = forecasts(&trips, 1.0, 0.3);
    let mut traffic = LiveTraffic::new(&LiveParameters::default());
    let asked = |traffic: &LiveTraffic| {
        let (from, to, at) = (trips.origin[9], trips.destination[9], trips.depart[200]);
        traffic.correct(from, to, at, &said[9])
    };
    let before = asked(&traffic);
    for (wrong, field) in [(0.0, "duration_s"), (f64::NAN, "duration_s")] {
        let mut trip = finished(&trips, 1, said[1], 0.0);
        trip.duration_s = wrong;
        let error = traffic.push(&trip).unwrap_err();
        assert_eq!(error.field.as_deref(), Some(field));
    }
    let mut trip = finished(&trips, 1, said[1], f64::INFINITY);
    assert_eq!(
        traffic.push(&trip).unwrap_err().field.as_deref(),
        Some("log_shift")
    );
    trip.log_shift = 0.0;
    trip.forecast.p10 = -1.0;
    assert_eq!(
        traffic.push(&trip).unwrap_err().field.as_deref(),
        Some("p10")
    );
    assert_eq!(asked(&traffic), before);
}
