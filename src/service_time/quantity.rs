//! Which quantity makes service longer, and how many units of it take as long as the set-up does.
//!
//! A visit takes `set-up + per unit × amount`, the field's usual form. Its logarithm is
//! `ln set-up + ln(1 + amount / unit)` with `unit = set-up / per unit`, so one number is left to
//! find, by trying; the weight of the term is fitted with the other effects. It grows with the
//! amount or it is not there.

use crate::features::visits::Visits;
use std::collections::HashMap;

/// Units that are tried, as multiples of the median amount.
const MULTIPLES: [f64; 8] = [0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0];
/// Visits beyond the first of their customer, below which customers are compared with each other.
const FEWEST_REPEATS: usize = 30;

/// The dimension and the unit that explain most, or neither if longer service never goes with more.
pub(super) fn choose(
    visits: &Visits,
    rows: &[usize],
    log_y: &[f64],
    wanted: Option<&str>,
) -> (Option<String>, f64) {
    let groups = groups_of(visits, rows);
    let y = centred(rows.iter().map(|&i| log_y[i]).collect(), &groups);
    let mut best: Option<(f64, &str, f64)> = None;
    let allowed = |name: &str| wanted.is_none_or(|wanted| wanted == name);
    for (name, amounts) in visits.quantities.iter().filter(|(name, _)| allowed(name)) {
        let mut positive: Vec<f64> = rows.iter().map(|&i| amounts[i]).collect();
        positive.retain(|amount| *amount > 0.0);
        positive.sort_by(f64::total_cmp);
        let Some(&median) = positive.get(positive.len() / 2) else {
            continue;
        };
        for unit in MULTIPLES.map(|multiple| multiple * median) {
            let x = rows.iter().map(|&i| (amounts[i] / unit).ln_1p());
            let x = centred(x.collect(), &groups);
            let explained = explained(&x, &y);
            if explained > 0.0 && best.is_none_or(|(most, ..)| explained > most) {
                best = Some((explained, name, unit));
            }
        }
    }
    match best {
        Some((_, name, unit)) => (Some(name.to_owned()), unit),
        None => (None, 1.0),
    }
}

/// The customer of each row as a number; the same for all where hardly any is visited twice.
fn groups_of(visits: &Visits, rows: &[usize]) -> Vec<usize> {
    let mut known: HashMap<&str, usize> = HashMap::new();
    let groups: Vec<usize> = rows
        .iter()
        .map(|&i| {
            let next = known.len();
            *known.entry(&visits.site_id[i]).or_insert(next)
        })
        .collect();
    match rows.len() - known.len() < FEWEST_REPEATS {
        true => vec![0; rows.len()],
        false => groups,
    }
}

/// Values less the mean of their group.
fn centred(mut values: Vec<f64>, groups: &[usize]) -> Vec<f64> {
    let count = groups.iter().max().map_or(0, |most| most + 1);
    let mut sums = vec![(0.0, 0.0); count];
    for (value, group) in values.iter().zip(groups) {
        sums[*group].0 += value;
        sums[*group].1 += 1.0;
    }
    for (value, group) in values.iter_mut().zip(groups) {
        *value -= sums[*group].0 / sums[*group].1;
    }
    values
}

/// Squares of `y` that a line through 0 with a rising slope explains.
fn explained(x: &[f64], y: &[f64]) -> f64 {
    let products: f64 = x.iter().zip(y).map(|(x, y)| x * y).sum();
    let squares: f64 = x.iter().map(|x| x * x).sum();
    match products > 0.0 && squares > 1e-12 {
        true => products * products / squares,
        false => 0.0,
    }
}
