//! The value of the forecast on trips of a synthetic city, and arrival quantiles on chains of them.

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
use routeforce::domain::LatLon;
use routeforce::domain::plan::PlanBasis;
use routeforce::features::travel::Trips;
use routeforce::pipeline::PipelineError;
use routeforce::pipeline::trip_value::{self, READINGS, Reading, TripValue, TripValueOptions};
use routeforce::pipeline::value::BASES;
use routeforce::planning::{ArrivalMoments, Caution, SearchSettings};
use routeforce::runtime::{Cancel, Progress, random};
use routeforce::travel_time::{Kind, TrainOptions};
use std::time::Duration;

const ZONE: Tz = chrono_tz::America::New_York;
const PLACES: usize = 40;
/// Days of trips; the clocks go forward on 2023-03-12, the 41st of them.
const DAYS: i64 = 44;
const TRIPS_A_DAY: usize = 700;

/// Log errors: of all trips of an hour, and of each trip.
const SHARED: f64 = 0.12;
const OWN: f64 = 0.2;

/// Seconds without noise: twice as long in the rush hours.
fn typical_s(from: LatLon, to: LatLon, depart: DateTime<Tz>) -> f64 {
    let slow = match depart.hour() {
        7..10 | 16..19 => 2.0,
        _ => 1.0,
    };
    120.0 + from.great_circle_m(to) / 8.0 * slow
}

/// Trips between a few places from 2023-01-31 on, in order of departure.
fn trips() -> Trips {
    let mut random = random::generator(3, "test city");
    let places: Vec<LatLon> = (0..PLACES)
        .map(|_| LatLon {
            lat: 40.70 + 0.1 * random.random::<f64>(),
            lon: -74.0 + 0.1 * random.random::<f64>(),
        })
        .collect();
    let start = ZONE.with_ymd_and_hms(2023, 1, 31, 0, 0, 0).unwrap();
    let mut made = Trips {
        source: "synthetic trips".into(),
        time_zone: ZONE,
        trip_id: Vec::new(),
        origin: Vec::new(),
        destination: Vec::new(),
        depart: Vec::new(),
        duration_s: Vec::new(),
        distance_m: Vec::new(),
        profile: None,
        split: None,
    };
    let count = DAYS as usize * TRIPS_A_DAY;
    let (mut hour, mut shared) = (i64::MIN, 0.0);
    for trip in 0..count {
        let elapsed = DAYS * 86_400 * trip as i64 / count as i64;
        let depart = start.with_timezone(&Utc) + TimeDelta::seconds(elapsed);
        if hour != depart.timestamp() / 3_600 {
            hour = depart.timestamp() / 3_600;
            shared = SHARED * normal(&mut random);
        }
        let mut place = || places[random.random_range(0..PLACES)];
        let (from, to) = (place(), place());
        let typical = typical_s(from, to, depart.with_timezone(&ZONE));
        made.trip_id.push(format!("t{trip}"));
        made.origin.push(from);
        made.destination.push(to);
        made.depart.push(depart);
        let log_error = shared + OWN * normal(&mut random);
        made.duration_s.push(typical * f64::exp(log_error));
        made.distance_m.push(1.3 * from.great_circle_m(to));
    }
    made
}

fn normal(random: &mut impl Rng) -> f64 {
    StandardNormal.sample(random)
}

fn options() -> TripValueOptions {
    TripValueOptions {
        trips: "synthetic trips".into(),
        from: NaiveDate::from_ymd_opt(2023, 3, 9).unwrap(),
        until: None,
        days: 4,
        stops: 24,
        vehicles: 8,
        train: TrainOptions {
            kind: Kind::Boosted,
            max_rounds: 60,
            max_spread_rounds: 15,
            ..TrainOptions::quick()
        },
        search: SearchSettings {
            time_limit: Duration::from_secs(60),
            seed: 1,
            threads: 1,
            max_iterations: Some(400),
        },
        caution: Caution::default(),
        late_cost_per_min: 1.0,
        draws: 8,
        live: true,
    }
}

fn measured() -> TripValue {
    let (cancel, progress) = (Cancel::new(), Progress::silent());
    trip_value::measure(&trips(), &options(), &cancel, &progress).unwrap()
}

#[test]
fn forecasts_save_lateness_on_days_they_have_not_seen() {
    let measured = measured();
    for reading in READINGS {
        let of_reading = measured.of(reading).unwrap();
        assert_eq!(of_reading.summary.days, 4);
        for day in &of_reading.value.days {
            for basis in BASES {
                let result = day.of(basis).unwrap();
                assert_eq!(result.unserved_stops, 0, "{} {basis:?}", day.date);
            }
            // Nobody who knows all durations is late.
            if reading != Reading::NoiseUnforeseen {
                let perfect = day.of(PlanBasis::Perfect).unwrap();
                assert_eq!(perfect.late_stops, 0, "{reading:?} {}", day.date);
            }
        }
        let of = |basis| *of_reading.summary.of_basis(basis).unwrap();
        let (fixed, perfect) = (of(PlanBasis::Static), of(PlanBasis::Perfect));
        let (predicted, cautious) = (of(PlanBasis::Predicted), of(PlanBasis::Cautious));
        assert!(perfect.cost.value < fixed.cost.value);
        // Foresight of the day is not beaten but by chance, which differs little between plans.
        assert!(
            perfect.cost.value < 1.02 * cautious.cost.value,
            "{reading:?}"
        );
        assert!(
            perfect.cost.value < 1.02 * predicted.cost.value,
            "{reading:?}"
        );
        assert!(fixed.late_stops.value > 0.0);
        assert!(predicted.late_min.value < fixed.late_min.value);
        // What is priced is minutes; a stop that is late by seconds comes or goes by chance.
        let minutes = [predicted.late_min.value, cautious.late_min.value];
        assert!(minutes[1] <= minutes[0], "{reading:?}: {minutes:?}");
        assert_eq!((perfect.regret.value, perfect.gap_closed.value), (0.0, 1.0));
        assert_eq!((fixed.gap_closed.value, fixed.late_ratio.value), (0.0, 1.0));
        for basis in &of_reading.summary.bases {
            for interval in [basis.cost, basis.late_stops, basis.distance_km] {
                assert!(interval.low <= interval.value && interval.value <= interval.high);
            }
        }
    }
    // 700 trips a day on 1,600 pairs, near for an hour and a half of 24: 2.7 %.
    let share = measured.coverage.driven as f64 / measured.coverage.blocks as f64;
    assert!((0.015..0.05).contains(&share), "{share}");
    // Arrivals of chains after their p90, with the correlation that earlier chains ask for.
    let chains = measured.chains;
    assert!(chains.chains > 300, "{}", chains.chains);
    for shares in [chains.model, chains.evening, chains.departure] {
        assert!((0.08..=0.12).contains(&shares.late), "{chains:?}");
        assert!(shares.late_independent > shares.late, "{chains:?}");
    }
}

/// Readings that share a truth share its draws, of which foreseen noise has the first only: with a single
/// one, what is planned alike goes alike.
#[test]
fn every_plan_meets_the_same_noise() {
    let options = TripValueOptions {
        days: 2,
        draws: 1,
        ..options()
    };
    let (cancel, progress) = (Cancel::new(), Progress::silent());
    let measured = trip_value::measure(&trips(), &options, &cancel, &progress).unwrap();
    let (unforeseen, foreseen) = (Reading::NoiseUnforeseen, Reading::NoiseForeseen);
    let [unforeseen, foreseen] = [unforeseen, foreseen].map(|r| measured.of(r).unwrap());
    for (a, b) in unforeseen.value.days.iter().zip(&foreseen.value.days) {
        for basis in BASES.into_iter().filter(|b| *b != PlanBasis::Perfect) {
            assert_eq!(a.of(basis), b.of(basis));
        }
    }
}

/// Trips that had not ended when a day was planned change what happens on it, and no plan made before.
#[test]
fn planners_know_only_trips_that_have_ended() {
    let options = TripValueOptions {
        days: 2,
        ..options()
    };
    let (first, known) = (options.from, trips());
    let second = first.succ_opt().unwrap();
    let mut other = known.clone();
    for trip in 0..other.len() {
        let depart = other.local_depart(trip);
        let date = depart.date_naive();
        // Nights of the first day, and all after the second: no end of a trip that is a stop.
        let of_night = !(5..20).contains(&depart.hour());
        if (date == first && of_night) || date > second {
            other.duration_s[trip] *= 1.5;
        }
    }
    let (cancel, progress) = (Cancel::new(), Progress::silent());
    let planned = |trips: &Trips| {
        let measured = trip_value::measure(trips, &options, &cancel, &progress).unwrap();
        let days = &measured.of(Reading::NoiseUnforeseen).unwrap().value.days;
        let of = |day: usize| BASES.map(|basis| days[day].of(basis).unwrap().planned_cost);
        [of(0), of(1)]
    };
    let ([today, tomorrow], [same, corrected]) = (planned(&known), planned(&other));
    assert_eq!(today[..3], same[..3]);
    assert_ne!(today[3], same[3], "the judge sees all days held back");
    assert_eq!(tomorrow[0], corrected[0], "averages are the model's alone");
    assert_ne!(tomorrow[1], corrected[1], "the night before has ended");
}

#[test]
fn a_first_day_outside_the_table_is_refused() {
    for from in ["2022-01-01", "2024-01-01"] {
        let options = TripValueOptions {
            from: from.parse().unwrap(),
            ..options()
        };
        let (cancel, progress) = (Cancel::new(), Progress::silent());
        match trip_value::measure(&trips(), &options, &cancel, &progress) {
            Err(PipelineError::Input(fault)) => assert_eq!(fault.field.as_deref(), Some("from")),
            other => panic!("{from}: {:?}", other.map(|m| m.trips)),
        }
    }
}

#[test]
fn files_hold_a_row_per_day_and_basis() {
    let folder = tempfile::tempdir().unwrap();
    let (measured, options) = (measured(), options());
    let report = folder.path().join("report");
    let files = trip_value::write(&measured, &options, folder.path(), Some(&report)).unwrap();
    let rows = std::fs::read_to_string(&files.csv).unwrap();
    assert_eq!(rows.lines().count(), 1 + 3 * 4 * 4);
    let text = std::fs::read_to_string(&files.markdown).unwrap();
    assert!(text.contains("| cautious |") && text.contains("4 days from 2023-03-09"));
    assert!(files.report.unwrap().html.is_file());
}

/// Routes of random legs in the same and in different hours: one in ten arrives after its p90.
#[test]
fn simulated_arrivals_are_after_their_p90_one_time_in_ten() {
    const CORRELATION: f64 = 0.35;
    const ROUTES: usize = 40_000;
    let z90 = 1.281_551_565_544_6;
    let mut random = random::generator(5, "test arrivals");
    for legs in [2_usize, 5, 9] {
        let mut late = 0;
        for _ in 0..ROUTES {
            let mut moments = ArrivalMoments::certain(0);
            let (mut arrival, mut shared, mut hour) = (0.0, 0.0, -1);
            for leg in 0..legs {
                let (mean, sd) = (
                    random.random_range(300.0..1_800.0),
                    random.random_range(50.0..300.0),
                );
                if hour != leg as i64 / 3 {
                    hour = leg as i64 / 3;
                    shared = normal(&mut random);
                }
                moments.drive(mean, mean + z90 * sd, hour, CORRELATION);
                let own = normal(&mut random);
                arrival +=
                    mean + sd * (CORRELATION.sqrt() * shared + (1.0 - CORRELATION).sqrt() * own);
            }
            late += usize::from(arrival > moments.p90_s());
        }
        let share = late as f64 / ROUTES as f64;
        assert!((share - 0.1).abs() < 0.006, "{legs} legs: {share}");
    }
}
