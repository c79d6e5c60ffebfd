//! When a customer orders: intervals, their regularity, weekdays, and whether it still does.

use crate::domain::customers::CustomerState;
use crate::features::customers::CustomerOrders;
use chrono::{Datelike, NaiveDate, Weekday};
use std::collections::BTreeSet;

/// Shortest window, in days, in which a customer's activity is judged.
const SHORTEST_WINDOW_DAYS: f64 = 28.0;
/// Intervals that the window covers at least.
const INTERVALS_IN_WINDOW: f64 = 4.0;
/// A customer fades if so few orders in the window would come by chance less often than this.
const FADING_P_VALUE: f64 = 0.01;
/// And if there are at most this share of the orders that it used to place.
const FADING_SHARE: f64 = 0.6;
/// A weekday is preferred if its share of dates with an order is at least this, or this many times
/// the mean of all weekdays.
const PREFERRED_SHARE: f64 = 0.5;
const PREFERRED_LIFT: f64 = 1.5;

/// One customer's rhythm; days are days with at least one order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rhythm {
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub days_since_last: u32,
    pub usual_interval_days: Option<f64>,
    pub regularity: Option<f64>,
    pub weekdays: Vec<Weekday>,
    pub state: CustomerState,
    /// Orders per day since the first one.
    pub rate: f64,
}

/// The rhythm as known before `date`; `None` without orders.
pub(super) fn rhythm(customer: &CustomerOrders, date: NaiveDate) -> Option<Rhythm> {
    let days: BTreeSet<NaiveDate> = customer.orders.iter().map(|o| o.due).collect();
    let (first, last) = (*days.first()?, *days.last()?);
    let gaps: Vec<f64> = days
        .iter()
        .zip(days.iter().skip(1))
        .map(|(a, b)| (*b - *a).num_days() as f64)
        .collect();
    let usual = median(&gaps);
    let known_days = (date - first).num_days().max(1) as f64;
    Some(Rhythm {
        first,
        last,
        days_since_last: u32::try_from((date - last).num_days()).unwrap_or(0),
        usual_interval_days: usual,
        regularity: regularity(&gaps),
        weekdays: preferred_weekdays(&days, date),
        state: state(&days, usual, date),
        rate: days.len() as f64 / known_days,
    })
}

/// 1 / (1 + CV²) of the intervals; the squared coefficient of variation is what Syntetos, Boylan &
/// Croston (2005) tell erratic demand by.
fn regularity(gaps: &[f64]) -> Option<f64> {
    if gaps.len() < 2 {
        return None;
    }
    let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
    let variance = gaps.iter().map(|g| (g - mean).powi(2)).sum::<f64>() / gaps.len() as f64;
    Some(1.0 / (1.0 + variance / (mean * mean)))
}

fn preferred_weekdays(days: &BTreeSet<NaiveDate>, date: NaiveDate) -> Vec<Weekday> {
    let (mut with, mut all) = ([0.0; 7], [0.0; 7]);
    let first = days.first().copied().unwrap_or(date);
    for day in first.iter_days().take_while(|day| *day < date) {
        let weekday = day.weekday().num_days_from_monday() as usize;
        all[weekday] += 1.0;
        with[weekday] += f64::from(u8::from(days.contains(&day)));
    }
    let share: [f64; 7] =
        std::array::from_fn(|i| if all[i] > 0.0 { with[i] / all[i] } else { 0.0 });
    let mean = share.iter().sum::<f64>() / 7.0;
    let preferred = |s: f64| s > 0.0 && (s >= PREFERRED_SHARE || s >= PREFERRED_LIFT * mean);
    (0..7_u8)
        .filter(|i| preferred(share[usize::from(*i)]))
        .filter_map(|i| Weekday::try_from(i).ok())
        .collect()
}

/// Compares the latest window with all before it. Orders in a window are taken as Poisson with the
/// earlier rate, which is cautious: those of regular customers vary less.
fn state(days: &BTreeSet<NaiveDate>, usual: Option<f64>, date: NaiveDate) -> CustomerState {
    let window = (INTERVALS_IN_WINDOW * usual.unwrap_or(0.0)).max(SHORTEST_WINDOW_DAYS);
    let age = |day: &NaiveDate| (date - *day).num_days() as f64;
    let known_before = days.first().map_or(0.0, age) - window;
    let recent = days.iter().filter(|day| age(day) <= window).count();
    if known_before <= 0.0 {
        return CustomerState::New;
    }
    if recent == 0 {
        return CustomerState::Lapsed;
    }
    let expected = (days.len() - recent) as f64 / known_before * window;
    let few = recent as f64 <= FADING_SHARE * expected;
    if few && poisson_at_most(recent, expected) < FADING_P_VALUE {
        CustomerState::Fading
    } else {
        CustomerState::Active
    }
}

/// Probability of at most `count` events where `mean` are expected.
fn poisson_at_most(count: usize, mean: f64) -> f64 {
    let mut term = (-mean).exp();
    let mut sum = term;
    for k in 1..=count {
        term *= mean / k as f64;
        sum += term;
    }
    sum
}

/// The median; `None` of nothing.
pub(super) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    sorted.get(middle - 1).map(|lower| (lower + upper) / 2.0)
}
