//! A linear mixed model of the logarithm of service times.
//!
//! ```text
//! ln seconds = b · (1, log quantity, hours) + u[customer] + d[driver] + e
//! u ~ N(0, customer variance)    d ~ N(0, driver variance)    e ~ N(0, noise of the customer)
//! ```
//! Effects of customers and drivers are best linear unbiased predictions (Robinson 1991, "That BLUP is
//! a good thing"): the mean of a customer's errors times `n / (n + noise / customer variance)`, so that
//! few visits say little. The variances come from the same visits (empirical Bayes) by expectation
//! maximisation (Dempster, Laird & Rubin 1977; Laird & Ware 1982 for mixed models), with the
//! posteriors of customers and drivers taken as independent of each other, which is exact where each
//! driver serves many customers and close to it elsewhere.

use super::columns::{self, COLUMNS, Column, HOURS};
use super::parameters::{CustomerEffect, DriverEffect, Parameters};
use super::variance::{self, Sample};
use crate::features::visits::Visits;
use crate::onnx::graph::Linear;
use crate::runtime::{Cancel, Cancelled};
use std::collections::BTreeMap;

/// Terms of the fixed part: intercept, quantity, hours.
const TERMS: usize = 2 + HOURS.len();
/// Fewest customers, or drivers, whose variance can be told from the intercept.
const FEWEST_LEVELS: usize = 3;
/// Rounds, and the relative change of all variances below which they end.
const ROUNDS: usize = 300;
const SETTLED: f64 = 1e-5;
/// Least variances: those of equal visits.
const LEAST_NOISE: f64 = 1e-8;
const LEAST_VARIANCE: f64 = 1e-12;
/// Ridge on all terms but the intercept, per visit: hours that never vary get no weight.
const RIDGE: f64 = 1e-6;

/// A fitted mixed model.
#[derive(Debug, Clone)]
pub struct Effects {
    /// The location as a linear part over the columns.
    pub base: Linear,
    /// What was learned of customers and drivers.
    pub parameters: Parameters,
}

/// Fits on `rows` of the visits; `log_y` are logarithms of all visits' seconds.
pub fn fit(
    visits: &Visits,
    rows: &[usize],
    log_y: &[f64],
    (dimension, quantity_unit): (Option<String>, f64),
    cancel: &Cancel,
) -> Result<Effects, Cancelled> {
    let mut parameters = Parameters {
        dimension,
        quantity_unit,
        ..Parameters::default()
    };
    let used = visits.select(rows);
    let matrix = columns::matrix(&used, &parameters);
    let y: Vec<f64> = rows.iter().map(|&i| log_y[i]).collect();
    let terms: Vec<[f64; TERMS]> = (0..matrix.rows).map(|i| terms(matrix.row(i))).collect();
    let mut customers = Levels::of(&used.site_id);
    let mut drivers = Levels::of(&used.driver);
    let state = settle(&y, &terms, &mut customers, &mut drivers, cancel)?;
    if state.beta[1] < 0.0 && parameters.dimension.is_some() {
        // Beside the other effects more does not take longer after all.
        return fit(visits, rows, log_y, (None, 1.0), cancel);
    }
    let average = drivers.centre();
    parameters.noise_variance = state.noise;
    parameters.customer_variance = customers.variance;
    parameters.driver_variance = drivers.variance;
    parameters.median_log_s = median(y.clone());
    parameters.customers = of_customers(&customers, &y, &state);
    parameters.drivers = of_drivers(&drivers);
    let mut base = Linear {
        intercept: (state.beta[0] + average) as f32,
        weights: vec![0.0; COLUMNS.len()],
        fill: vec![0.0; COLUMNS.len()],
    };
    for (column, weight) in fixed_columns().into_iter().zip(&state.beta[1..]) {
        base.weights[column as usize] = *weight as f32;
        let values = (0..matrix.rows).map(|i| f64::from(matrix.row(i)[column as usize]));
        base.fill[column as usize] = (values.sum::<f64>() / matrix.rows.max(1) as f64) as f32;
    }
    for column in [Column::CustomerEffect, Column::DriverEffect] {
        base.weights[column as usize] = 1.0;
    }
    Ok(Effects { base, parameters })
}

fn fixed_columns() -> [Column; TERMS - 1] {
    let [a, b, c, d] = HOURS;
    [Column::LogQuantity, a, b, c, d]
}

fn terms(row: &[f32]) -> [f64; TERMS] {
    let mut terms = [1.0; TERMS];
    for (term, column) in terms[1..].iter_mut().zip(fixed_columns()) {
        *term = f64::from(row[column as usize]);
    }
    terms
}

/// Customers, or drivers: which visits are whose, and what is known of each.
struct Levels {
    names: Vec<String>,
    /// Level of each visit; `None` if it is not known.
    of: Vec<Option<usize>>,
    count: Vec<f64>,
    effect: Vec<f64>,
    /// Posterior variance of each effect.
    left: Vec<f64>,
    /// Variance between levels; 0 if there are too few of them to tell.
    variance: f64,
}

impl Levels {
    fn of(names: &[String]) -> Self {
        let mut index: BTreeMap<&str, usize> = BTreeMap::new();
        for name in names.iter().filter(|n| !n.is_empty()) {
            index.insert(name, 0);
        }
        for (at, number) in index.values_mut().enumerate() {
            *number = at;
        }
        let of: Vec<Option<usize>> = names
            .iter()
            .map(|n| index.get(n.as_str()).copied())
            .collect();
        let mut count = vec![0.0; index.len()];
        for level in of.iter().flatten() {
            count[*level] += 1.0;
        }
        Self {
            names: index.into_keys().map(str::to_owned).collect(),
            effect: vec![0.0; count.len()],
            left: vec![0.0; count.len()],
            variance: 0.0,
            count,
            of,
        }
    }

    fn tell_apart(&self) -> bool {
        self.count.len() >= FEWEST_LEVELS
    }

    fn effect(&self, visit: usize) -> f64 {
        self.of[visit].map_or(0.0, |level| self.effect[level])
    }

    /// Expectation: effects and what is left of their variance. Maximisation: the variance.
    fn update(&mut self, errors: impl Fn(usize) -> f64, noise: f64) {
        if !self.tell_apart() {
            return;
        }
        let mut sums = vec![0.0; self.count.len()];
        for (visit, level) in self.of.iter().enumerate() {
            if let Some(level) = level {
                sums[*level] += errors(visit);
            }
        }
        for (level, sum) in sums.into_iter().enumerate() {
            let known = self.count[level] * self.variance + noise;
            self.effect[level] = sum * self.variance / known;
            self.left[level] = noise * self.variance / known;
        }
        let squares = self.effect.iter().zip(&self.left).map(|(e, v)| e * e + v);
        self.variance = (squares.sum::<f64>() / self.count.len() as f64).max(LEAST_VARIANCE);
    }

    /// Makes the average visit's effect 0 and gives what it was.
    fn centre(&mut self) -> f64 {
        let visits: f64 = self.count.iter().sum();
        let sum: f64 = self
            .effect
            .iter()
            .zip(&self.count)
            .map(|(e, n)| e * n)
            .sum();
        let average = if visits > 0.0 { sum / visits } else { 0.0 };
        self.effect.iter_mut().for_each(|effect| *effect -= average);
        average
    }

    /// Share of the visits' variance that is left around a level, in visits.
    fn left_over(&self) -> f64 {
        self.count.iter().zip(&self.left).map(|(n, v)| n * v).sum()
    }
}

/// Where the rounds end.
struct State {
    beta: [f64; TERMS],
    noise: f64,
    /// Errors of all visits.
    errors: Vec<f64>,
}

fn settle(
    y: &[f64],
    terms: &[[f64; TERMS]],
    customers: &mut Levels,
    drivers: &mut Levels,
    cancel: &Cancel,
) -> Result<State, Cancelled> {
    let squares = Normal::of(terms);
    let mut beta = squares.solve(terms, y.iter().copied());
    let fixed = |beta: &[f64; TERMS], i: usize| dot(beta, &terms[i]);
    let spread = (0..y.len()).map(|i| (y[i] - fixed(&beta, i)).powi(2));
    let start = (spread.sum::<f64>() / y.len().max(1) as f64).max(LEAST_NOISE);
    let mut noise = start / 2.0;
    for levels in [&mut *customers, &mut *drivers] {
        levels.variance = if levels.tell_apart() {
            start / 4.0
        } else {
            0.0
        };
    }
    for _ in 0..ROUNDS {
        cancel.check()?;
        let before = [noise, customers.variance, drivers.variance];
        customers.update(|i| y[i] - fixed(&beta, i) - drivers.effect(i), noise);
        drivers.update(|i| y[i] - fixed(&beta, i) - customers.effect(i), noise);
        let rest = (0..y.len()).map(|i| y[i] - customers.effect(i) - drivers.effect(i));
        beta = squares.solve(terms, rest);
        let errors =
            (0..y.len()).map(|i| y[i] - fixed(&beta, i) - customers.effect(i) - drivers.effect(i));
        let squares: f64 = errors.map(|e| e * e).sum();
        let left = customers.left_over() + drivers.left_over();
        noise = ((squares + left) / y.len().max(1) as f64).max(LEAST_NOISE);
        let now = [noise, customers.variance, drivers.variance];
        let moved = |(a, b): (&f64, &f64)| (a - b).abs() > SETTLED * (a + LEAST_NOISE);
        if !before.iter().zip(&now).any(moved) {
            break;
        }
    }
    let errors =
        (0..y.len()).map(|i| y[i] - fixed(&beta, i) - customers.effect(i) - drivers.effect(i));
    Ok(State {
        errors: errors.collect(),
        beta,
        noise,
    })
}

fn of_customers(levels: &Levels, y: &[f64], state: &State) -> BTreeMap<String, CustomerEffect> {
    let mut visits: Vec<Vec<usize>> = vec![Vec::new(); levels.count.len()];
    for (visit, level) in levels.of.iter().enumerate() {
        if let Some(level) = level {
            visits[*level].push(visit);
        }
    }
    let sample = |own: &Vec<usize>| {
        let mean = own.iter().map(|&i| state.errors[i]).sum::<f64>() / own.len().max(1) as f64;
        Sample {
            squares: own.iter().map(|&i| (state.errors[i] - mean).powi(2)).sum(),
            freedom: own.len().saturating_sub(1) as f64,
        }
    };
    let samples: Vec<Sample> = visits.iter().map(sample).collect();
    let noise = variance::shrink(&samples, state.noise);
    let effects = levels.names.iter().zip(visits).enumerate();
    effects
        .map(|(level, (name, own))| {
            let effect = CustomerEffect {
                visits: own.len() as u32,
                effect: levels.effect[level],
                effect_variance: levels.left[level],
                noise_variance: noise[level],
                median_log_s: median(own.iter().map(|&i| y[i]).collect()),
            };
            (name.clone(), effect)
        })
        .collect()
}

fn of_drivers(levels: &Levels) -> BTreeMap<String, DriverEffect> {
    let effects = levels.names.iter().enumerate();
    effects
        .map(|(level, name)| {
            let effect = DriverEffect {
                visits: levels.count[level] as u32,
                effect: levels.effect[level],
                effect_variance: levels.left[level],
            };
            (name.clone(), effect)
        })
        .collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    super::calibration::quantile(&values, 0.5)
}

fn dot(a: &[f64; TERMS], b: &[f64; TERMS]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The normal equations of least squares as a Cholesky factor, which all rounds share.
struct Normal([[f64; TERMS]; TERMS]);

impl Normal {
    fn of(terms: &[[f64; TERMS]]) -> Self {
        let mut a = [[0.0; TERMS]; TERMS];
        for row in terms {
            for i in 0..TERMS {
                for j in 0..=i {
                    a[i][j] += row[i] * row[j];
                }
            }
        }
        for (i, row) in a.iter_mut().enumerate().skip(1) {
            row[i] += RIDGE * terms.len() as f64 + 1e-9;
        }
        let mut l = [[0.0; TERMS]; TERMS];
        for i in 0..TERMS {
            for j in 0..=i {
                let sum: f64 = (0..j).map(|k| l[i][k] * l[j][k]).sum();
                let rest = a[i][j] - sum;
                l[i][j] = if i == j {
                    rest.max(1e-12).sqrt()
                } else {
                    rest / l[j][j]
                };
            }
        }
        Self(l)
    }

    fn solve(&self, terms: &[[f64; TERMS]], y: impl Iterator<Item = f64>) -> [f64; TERMS] {
        let l = &self.0;
        let mut x = [0.0; TERMS];
        for (row, y) in terms.iter().zip(y) {
            for (sum, term) in x.iter_mut().zip(row) {
                *sum += term * y;
            }
        }
        for i in 0..TERMS {
            let sum: f64 = (0..i).map(|k| l[i][k] * x[k]).sum();
            x[i] = (x[i] - sum) / l[i][i];
        }
        for i in (0..TERMS).rev() {
            let sum: f64 = (i + 1..TERMS).map(|k| l[k][i] * x[k]).sum();
            x[i] = (x[i] - sum) / l[i][i];
        }
        x
    }
}
