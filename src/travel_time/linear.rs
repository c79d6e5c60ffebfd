//! The linear model: an elastic net on the baseline's errors (linfa; Zou & Hastie 2005).

use super::baseline;
use super::error::TravelTimeError;
use super::log_model::{LogModel, linear};
use super::pool::{Pool, thin};
use crate::features::travel::Column;
use crate::onnx::graph::Linear;
use linfa::Dataset;
use linfa::traits::Fit;
use linfa_elasticnet::ElasticNet;
use ndarray::{Array1, Array2};

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
const DISTANCES: [Column; 2] = [Column::LogDistance, Column::LogGrid];
/// Penalties to choose from.
const PENALTIES: [f64; 3] = [1e-4, 1e-3, 1e-2];
/// Most rows of a fit: far more than so few weights need.
const MOST_ROWS: usize = 60_000;

/// Fits on the head, with the penalty that does best on the tail.
pub(super) fn fit(pool: &Pool, rows: &[usize]) -> Result<LogModel, TravelTimeError> {
    let mut model = baseline::fit(pool, rows);
    let rest = |i: usize| {
        let row = pool.matrix.row(i);
        let paces = f64::from(model.location.ensemble.evaluate(row));
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
    model.spread = baseline::constant_spread(pool, rows, &model);
    Ok(model)
}

/// The part of the logarithm that distances explain: what trees start from, so that they need not
/// rebuild it in steps and a distance beyond all trips is still extrapolated.
pub(super) fn distances(pool: &Pool, rows: &[usize]) -> Result<Linear, TravelTimeError> {
    elastic_net(pool, rows, &DISTANCES, 1e-5, |i| pool.log_y[i])
}

fn elastic_net(
    pool: &Pool,
    rows: &[usize],
    columns: &[Column],
    penalty: f64,
    target: impl Fn(usize) -> f64,
) -> Result<Linear, TravelTimeError> {
    let rows = thin(rows, MOST_ROWS);
    let value = |i: usize, c: Column| f64::from(pool.matrix.row(i)[c as usize]);
    let count = rows.len().max(1) as f64;
    let scales: Vec<(f64, f64)> = columns
        .iter()
        .map(|&c| {
            let mean = rows.iter().map(|&i| value(i, c)).sum::<f64>() / count;
            let squares = rows.iter().map(|&i| (value(i, c) - mean).powi(2));
            (mean, (squares.sum::<f64>() / count).sqrt())
        })
        .collect();
    let x = Array2::from_shape_fn((rows.len(), columns.len()), |(r, c)| {
        let (mean, deviation) = scales[c];
        // A constant column says nothing; scaling noise of rounding up would.
        if deviation < 1e-9 {
            0.0
        } else {
            (value(rows[r], columns[c]) - mean) / deviation
        }
    });
    let y = Array1::from_iter(rows.iter().map(|&i| target(i)));
    let fitted = ElasticNet::params()
        .penalty(penalty)
        .l1_ratio(0.5)
        .max_iterations(1000)
        .tolerance(1e-5)
        .fit(&Dataset::new(x, y))
        .map_err(|e: linfa_elasticnet::ElasticNetError| TravelTimeError::Fit {
            model: "linear",
            reason: e.to_string(),
        })?;
    let mut part = Linear {
        intercept: 0.0,
        weights: vec![0.0; pool.matrix.columns()],
        fill: vec![0.0; pool.matrix.columns()],
    };
    let mut intercept = fitted.intercept();
    for ((&column, weight), (mean, deviation)) in
        columns.iter().zip(fitted.hyperplane()).zip(&scales)
    {
        let at = column as usize;
        part.fill[at] = *mean as f32;
        if *deviation >= 1e-9 {
            part.weights[at] = (weight / deviation) as f32;
            intercept -= f64::from(part.weights[at]) * mean;
        }
    }
    part.intercept = intercept as f32;
    Ok(part)
}
