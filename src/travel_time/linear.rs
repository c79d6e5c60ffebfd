//! The linear model: an elastic net on the baseline's errors (Zou & Hastie 2005).

use super::baseline;
use super::boosting::columns_of;
use super::error::TravelTimeError;
use super::log_model::{LogModel, linear};
use super::pool::{Pool, thin};
use crate::features::travel::Column;
use crate::onnx::graph::Linear;
use crate::regression::{self, linear::NetOptions};

/// Columns it may use: bounded ones and logarithms, so that a long trip is not extrapolated
/// exponentially.
const COLUMNS: [Column; 15] = [
    Column::OriginLat,
    Column::OriginLon,
    Column::DestinationLat,
    Column::DestinationLon,
    Column::LogDistance,
    Column::LogGrid,
    Column::BearingSin,
    Column::BearingCos,
    Column::DaySin,
    Column::DayCos,
    Column::HalfDaySin,
    Column::HalfDayCos,
    Column::DayOff,
    Column::Holiday,
    Column::DayOfWeek,
];
/// Columns of the boosted model's linear part.
const DISTANCES: [Column; 3] = [Column::LogDistance, Column::LogGrid, Column::LogNetwork];
/// Penalties to choose from.
const PENALTIES: [f64; 3] = [1e-4, 1e-3, 1e-2];
/// Most rows of a fit: far more than so few weights need.
const MOST_ROWS: usize = 20_000;

/// Fits on the head, with the penalty that does best on the tail.
pub(super) fn fit(pool: &Pool, rows: &[usize]) -> Result<LogModel, TravelTimeError> {
    let mut model = baseline::fit(pool, rows);
    let rest = |i: usize| {
        let row = pool.matrix.row(i);
        let paces = f64::from(model.trees.evaluate(row)[0]);
        pool.log_y[i] - paces - linear(&model.base, row)
    };
    let mut best: Option<(f64, Linear)> = None;
    let tail = thin(&pool.tail, MOST_ROWS);
    for penalty in PENALTIES {
        let part = elastic_net(pool, rows, &COLUMNS, penalty, rest)?;
        let squares = tail
            .iter()
            .map(|&i| (rest(i) - linear(&part, pool.matrix.row(i))).powi(2));
        let loss: f64 = squares.sum();
        if best.as_ref().is_none_or(|(least, _)| loss < *least) {
            best = Some((loss, part));
        }
    }
    if let Some((_, part)) = best {
        model.base.intercept += part.intercept;
        for (weight, more) in model.base.weights.iter_mut().zip(&part.weights) {
            *weight += more;
        }
    }
    baseline::set_spread(pool, rows, &mut model);
    Ok(model)
}

/// The part of the logarithm that distances explain: what trees start from, so that they need not
/// rebuild it in steps and a distance beyond all trips is still extrapolated.
pub(super) fn distances(pool: &Pool, rows: &[usize]) -> Result<Linear, TravelTimeError> {
    let known = if pool.has_network() { 3 } else { 2 };
    elastic_net(pool, rows, &DISTANCES[..known], 1e-5, |i| pool.log_y[i])
}

fn elastic_net(
    pool: &Pool,
    rows: &[usize],
    columns: &[Column],
    penalty: f64,
    target: impl Fn(usize) -> f64,
) -> Result<Linear, TravelTimeError> {
    let rows = thin(rows, MOST_ROWS);
    let positions: Vec<usize> = columns.iter().map(|&c| c as usize).collect();
    let values = rows.iter().map(|&i| pool.matrix.row(i));
    let matrix = columns_of(&pool.matrix, &positions, values);
    let targets: Vec<f32> = rows.iter().map(|&i| target(i) as f32).collect();
    let options = NetOptions {
        penalty,
        sweeps: 400,
        ..NetOptions::default()
    };
    let fitted = regression::linear::fit(&matrix, &targets, None, &options)?;
    let mut part = Linear {
        intercept: fitted.intercept,
        weights: vec![0.0; pool.matrix.columns()],
        fill: vec![0.0; pool.matrix.columns()],
    };
    for (at, position) in positions.into_iter().enumerate() {
        part.weights[position] = fitted.weights[at];
        part.fill[position] = fitted.fill[at];
    }
    Ok(part)
}
