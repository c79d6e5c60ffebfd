use super::*;
use crate::runtime::{Cancel, Progress, random};
use rand::Rng;

const HOUR_S: i64 = 3_600;

/// Orders per step with a weekly and, below a day, a daily course, and noise.
fn demand(seed: u64, rows: usize, step_s: i64) -> (Vec<i64>, Vec<f64>) {
    let mut draw = random::generator(seed, "signal");
    let times: Vec<i64> = (0..rows as i64).map(|row| row * step_s).collect();
    let values = times.iter().map(|at| {
        let day = at.div_euclid(DAY_S).rem_euclid(7);
        let hour = at.rem_euclid(DAY_S) / HOUR_S;
        let course = if day == 6 { 0.3 } else { 1.0 };
        let course = course
            * if (7..20).contains(&hour) || step_s >= DAY_S {
                1.0
            } else {
                0.2
            };
        // The mean of a few uniform draws is nearly normal.
        let noise: f64 = (0..6).map(|_| draw.random_range(-1.0..1.0)).sum::<f64>() / 6.0;
        (100.0 * course * (1.0 + 0.4 * noise)).round()
    });
    let values = values.collect();
    (times, values)
}

fn scores(signals: &[(Vec<i64>, Vec<f64>)]) -> Vec<Vec<Seen>> {
    let rows: Vec<(&[i64], &[f64])> = signals.iter().map(|(t, y)| (&t[..], &y[..])).collect();
    watch(
        &rows,
        &Settings::default(),
        &Cancel::default(),
        &Progress::default(),
    )
    .unwrap()
}

fn alerts(seen: &[Seen]) -> Vec<usize> {
    let alerts = seen.iter().enumerate().filter(|(_, s)| s.alert.is_some());
    alerts.map(|(row, _)| row).collect()
}

#[test]
fn streaming_equals_batch_and_no_row_is_judged_by_a_later_one() {
    let (times, mut values) = demand(1, 900, HOUR_S);
    values[600] = 900.0;
    let whole = scores(&[(times.clone(), values.clone())]).remove(0);
    let mut detector = Detector::new(&Settings::default(), HOUR_S);
    let streamed: Vec<Seen> = times
        .iter()
        .zip(&values)
        .map(|(at, value)| detector.observe(*at, *value))
        .collect();
    assert_eq!(streamed, whole);
    let mut other = values.clone();
    other[700..]
        .iter_mut()
        .for_each(|value| *value = -3.0 * *value - 7.0);
    let changed = scores(&[(times, other)]).remove(0);
    assert_eq!(changed[..700], whole[..700]);
    assert_ne!(changed[700..], whole[700..]);
}

#[test]
fn what_is_unusual_is_found_whichever_way_it_goes() {
    type Change = fn(&mut [f64]);
    let kinds: [(&str, i64, Change, bool); 6] = [
        ("spike", DAY_S, |rows| rows[0] *= 4.0, true),
        ("dip", DAY_S, |rows| rows[0] *= 0.1, false),
        (
            "level up",
            DAY_S,
            |rows| rows.iter_mut().take(14).for_each(|y| *y *= 1.8),
            true,
        ),
        (
            "level down",
            DAY_S,
            |rows| rows.iter_mut().take(14).for_each(|y| *y *= 0.5),
            false,
        ),
        (
            "outage",
            HOUR_S,
            |rows| rows.iter_mut().take(20).for_each(|y| *y = 0.0),
            false,
        ),
        (
            "rush",
            HOUR_S,
            |rows| rows.iter_mut().take(20).for_each(|y| *y *= 2.0),
            true,
        ),
    ];
    for (name, step_s, change, above) in kinds {
        let found = (0..10).filter(|&seed| {
            let (times, mut values) = demand(seed, 800, step_s);
            // A Monday morning.
            let at = 700 - 700 % 168 + 8;
            change(&mut values[at..]);
            let seen = scores(&[(times, values)]).remove(0);
            let during = alerts(&seen)
                .into_iter()
                .filter(|row| (at..at + 20).contains(row));
            during
                .into_iter()
                .any(|row| seen[row].alert.unwrap().above == above)
        });
        let found = found.count();
        assert!(found >= 8, "{name}: {found} of 10");
    }
}

#[test]
fn false_alarms_keep_to_their_budget() {
    for (step_s, days) in [(DAY_S, 800), (HOUR_S, 80)] {
        let rows = (days * DAY_S / step_s) as usize;
        let count: usize = (100..140)
            .map(|seed| alerts(&scores(&[demand(seed, rows, step_s)])[0]).len())
            .sum();
        let budget = Settings::default().false_alarms_per_day * (40 * days) as f64;
        assert!((count as f64) < budget, "{count} of {budget} at {step_s} s");
    }
}

#[test]
fn what_all_signals_do_is_no_anomaly_of_one() {
    let mut signals: Vec<_> = (0..12).map(|seed| demand(seed, 400, DAY_S)).collect();
    // Closed on the same days, which the detector learns; then once more, and one alone.
    for day in [100, 150, 200, 250, 300, 330] {
        signals.iter_mut().for_each(|(_, values)| values[day] = 0.0);
    }
    signals[3].1[360] = 0.0;
    let seen = scores(&signals);
    let on = |day: usize| seen.iter().filter(|rows| rows[day].alert.is_some()).count();
    assert!(on(330) <= 2, "{} alerts of one cause", on(330));
    assert!(seen[3][360].alert.is_some());
    assert_eq!(on(360), 1);
}

#[test]
fn degenerate_signals_are_taken_as_they_are() {
    let times: Vec<i64> = (0..300).map(|row| row * HOUR_S).collect();
    let constant = vec![5.0; 300];
    let mut broken = constant.clone();
    broken[10] = f64::NAN;
    broken[20] = f64::INFINITY;
    broken[30] = 1e300;
    let mut moved = constant.clone();
    moved[250..].iter_mut().for_each(|value| *value = 9.0);
    let same_time = vec![0; 300];
    let all = scores(&[
        (times.clone(), constant.clone()),
        (times.clone(), broken),
        (times.clone(), moved),
        (times.clone(), vec![f64::NAN; 300]),
        (same_time, constant),
        (vec![], vec![]),
        (vec![7], vec![1.0]),
    ]);
    for seen in &all {
        assert!(seen.iter().all(|s| s.score.is_finite() && s.score >= -1e-6));
    }
    assert!(alerts(&all[0]).is_empty());
    assert_eq!(alerts(&all[2]), [250]);
}
