//! The level of traffic at the end of the training: what forecasts start from.
//!
//! Traffic drifts, and trees know no date. The mean errors of the days are a local level model
//! (Durbin & Koopman 2012, chapter 2): a level that walks at random, seen through the noise of single
//! trips and an effect of each day of its own. Its last filtered state is the best guess for the days
//! to come; with little drift it is the mean, with much it follows the last days.

use std::collections::BTreeMap;

/// Standard deviations of the level's step per day that are tried, in log seconds.
const STEPS: [f64; 7] = [0.0, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032];
/// Standard deviations of a day's own effect that are tried, in log seconds.
const DAY_EFFECTS: [f64; 6] = [0.0, 0.01, 0.02, 0.04, 0.08, 0.16];
/// Fewest days a drift is told from noise by; with fewer the level is the mean.
const FEWEST_DAYS: usize = 14;

/// The errors of one day.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Day {
    day: f64,
    mean: f64,
    trips: f64,
}

/// Level of errors after the last day. `errors` in log seconds, `days` counted from a common day; both
/// of one trip each, in any order. 0 without any.
pub(super) fn at_the_end(errors: &[f64], days: &[i64]) -> f64 {
    let (days, within) = by_day(errors, days);
    if days.len() < FEWEST_DAYS {
        return errors.iter().sum::<f64>() / errors.len().max(1) as f64;
    }
    let days = &days;
    let fits = STEPS.iter().flat_map(|step| {
        let of = move |effect: &f64| filter(days, within, step * step, effect * effect);
        DAY_EFFECTS.iter().map(of)
    });
    // Likelihood first; the least drift among equals.
    let best = fits.reduce(|best, fit| if fit.0 > best.0 { fit } else { best });
    best.map_or(0.0, |(_, level)| level)
}

/// Means of the days in their order, and the variance of trips within days.
fn by_day(errors: &[f64], days: &[i64]) -> (Vec<Day>, f64) {
    let mut sums: BTreeMap<i64, (f64, f64, f64)> = BTreeMap::new();
    for (error, day) in errors.iter().zip(days) {
        let (count, sum, squares) = sums.entry(*day).or_default();
        *count += 1.0;
        *sum += error;
        *squares += error * error;
    }
    let (mut rest, mut degrees) = (0.0, 0.0);
    for (count, sum, squares) in sums.values() {
        rest += squares - sum * sum / count;
        degrees += count - 1.0;
    }
    let means = sums.iter().map(|(&day, &(trips, sum, _))| Day {
        day: day as f64,
        mean: sum / trips,
        trips,
    });
    let within = if degrees > 0.0 { rest / degrees } else { 0.0 };
    (means.collect(), within.max(1e-6))
}

/// The Kalman filter of a level without a prior: log-likelihood without constants, and the last level.
fn filter(days: &[Day], within: f64, step: f64, effect: f64) -> (f64, f64) {
    let noise = |day: &Day| within / day.trips + effect;
    let Some((first, others)) = days.split_first() else {
        return (0.0, 0.0);
    };
    let (mut level, mut variance, mut at) = (first.mean, noise(first), first.day);
    let mut log_likelihood = 0.0;
    for day in others {
        variance += step * (day.day - at);
        at = day.day;
        let total = variance + noise(day);
        let surprise = day.mean - level;
        log_likelihood -= 0.5 * (total.ln() + surprise * surprise / total);
        let gain = variance / total;
        level += gain * surprise;
        variance *= 1.0 - gain;
    }
    (log_likelihood, level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::random;
    use rand_distr::{Distribution, Normal};

    /// Errors of `trips` trips on each of the days whose levels are given.
    fn draw(levels: &[f64], trips: usize) -> (Vec<f64>, Vec<i64>) {
        let mut generator = random::generator(5, "level");
        let noise = Normal::new(0.0, 0.4).unwrap();
        let (mut errors, mut days) = (Vec::new(), Vec::new());
        for (day, level) in levels.iter().enumerate() {
            for _ in 0..trips {
                errors.push(level + noise.sample(&mut generator));
                days.push(day as i64);
            }
        }
        (errors, days)
    }

    #[test]
    fn without_drift_the_level_is_the_mean() {
        let (errors, days) = draw(&[0.03; 60], 200);
        let mean = errors.iter().sum::<f64>() / errors.len() as f64;
        assert!((at_the_end(&errors, &days) - mean).abs() < 0.004);
    }

    #[test]
    fn a_new_level_is_followed() {
        let mut levels = vec![0.0; 60];
        levels.extend([0.1; 20]);
        let (errors, days) = draw(&levels, 200);
        let level = at_the_end(&errors, &days);
        assert!((level - 0.1).abs() < 0.02, "{level}");
    }

    #[test]
    fn the_effect_of_one_day_is_not_a_level() {
        let mut levels = vec![0.0; 60];
        levels.push(0.5);
        let (errors, days) = draw(&levels, 200);
        let level = at_the_end(&errors, &days);
        assert!(level.abs() < 0.2, "{level}");
    }

    #[test]
    fn few_days_have_a_mean_and_none_nothing() {
        assert_eq!(at_the_end(&[0.1, 0.3], &[1, 2]), 0.2);
        assert_eq!(at_the_end(&[], &[]), 0.0);
    }

    #[test]
    fn errors_that_are_all_equal_are_their_level() {
        let days: Vec<i64> = (0..30).collect();
        assert!((at_the_end(&[0.2; 30], &days) - 0.2).abs() < 1e-9);
    }
}
