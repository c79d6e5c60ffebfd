//! Fits the candidates, scores them on trips held back, and keeps one.

use super::boosted::Boosting;
use super::error::TravelTimeError;
use super::live::{self, HeldBack, LiveParameters};
use super::log_model::{LogModel, LogRow};
use super::options::{Kind, TrainOptions};
use super::pool::{Pool, pick, thin};
use super::teacher::Teacher;
use super::{baseline, calibration, correlation, level, linear, metrics};
use crate::domain::LatLon;
use crate::domain::forecast::Quantiles;
use crate::features::travel::Column;
use crate::onnx::manifest::BacktestScore;
use crate::runtime::{Cancel, Progress};

/// The model that was kept.
#[derive(Debug)]
pub(super) struct Choice {
    pub kind: Kind,
    /// Fitted on head and tail, calibrated on the tail.
    pub model: LogModel,
    /// All candidates on the later half of the tail, calibrated on its earlier half.
    pub scores: Vec<BacktestScore>,
    pub leg_correlation: f64,
    pub spread_factor: Option<f64>,
    pub live: LiveParameters,
}

struct Candidate {
    kind: Kind,
    model: LogModel,
    /// What the model was distilled from, if it was.
    teacher: Option<Teacher>,
    score: BacktestScore,
    tail: Vec<LogRow>,
}

/// Fits, scores, chooses, and fits the chosen one again on all trips of the pool.
pub(super) fn choose(
    pool: &Pool,
    options: &TrainOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Choice, TravelTimeError> {
    let boosting = Boosting::new(pool, options, (cancel, progress));
    let mut candidates = Vec::new();
    for kind in [Kind::Baseline, Kind::Linear, Kind::Boosted] {
        // The baseline is always scored: a figure means little alone.
        let wanted = matches!(options.kind, Kind::Auto) || kind == options.kind;
        if !wanted && kind != Kind::Baseline {
            continue;
        }
        let (model, teacher) = match kind {
            Kind::Baseline | Kind::Auto => (baseline::fit(pool, &pool.head), None),
            Kind::Linear => (linear::fit(pool, &pool.head)?, None),
            Kind::Boosted => {
                let teacher = boosting.fit()?;
                (boosting.distil(&teacher, false)?, Some(teacher))
            }
        };
        cancel.check()?;
        candidates.push(score(pool, kind, model, teacher));
    }
    let best = best_of(&candidates, options.kind);
    let Some(mut chosen) = best.map(|at| candidates.swap_remove(at)) else {
        return Err(TravelTimeError::Fit {
            model: options.kind.name(),
            reason: "no candidate".into(),
        });
    };
    chosen.score.exported = true;
    let leg_correlation = correlation_of(pool, &chosen);
    let spread_factor = spread_factor_of(pool, &chosen);
    let live = live::learn(&held_back(pool, &chosen));
    refit(pool, &boosting, &mut chosen)?;
    let mut scores: Vec<_> = candidates.into_iter().map(|c| c.score).collect();
    scores.push(chosen.score);
    scores.sort_by(|a, b| a.model.cmp(&b.model));
    Ok(Choice {
        kind: chosen.kind,
        model: chosen.model,
        scores,
        leg_correlation,
        spread_factor,
        live,
    })
}

/// Scores a model on the later half of the tail, then calibrates it on all of the tail.
fn score(pool: &Pool, kind: Kind, mut model: LogModel, teacher: Option<Teacher>) -> Candidate {
    let tail = model.rows(&pool.matrix.select(&pool.tail));
    let log_y = pick(&pool.log_y, &pool.tail);
    let half = tail.len() / 2;
    let early = calibration::learn(&tail[..half], &log_y[..half]);
    let later: Vec<Quantiles> = tail[half..].iter().map(|r| r.quantiles(&early)).collect();
    let seconds: Vec<f64> = log_y[half..].iter().map(|y| y.exp()).collect();
    model.calibration = calibration::learn(&tail, &log_y);
    Candidate {
        kind,
        model,
        teacher,
        score: BacktestScore {
            model: kind.name().to_owned(),
            exported: false,
            metrics: metrics::metrics(&later, &seconds),
        },
        tail,
    }
}

fn best_of(candidates: &[Candidate], wanted: Kind) -> Option<usize> {
    let loss = |c: &Candidate| c.score.metrics.get("pinball_s").copied();
    let allowed = candidates
        .iter()
        .enumerate()
        .filter(|(_, c)| wanted == Kind::Auto || c.kind == wanted);
    allowed
        .min_by(|(_, a), (_, b)| {
            let order = loss(a).partial_cmp(&loss(b));
            order.unwrap_or(std::cmp::Ordering::Equal)
        })
        .map(|(at, _)| at)
}

fn refit(
    pool: &Pool,
    boosting: &Boosting<'_>,
    chosen: &mut Candidate,
) -> Result<(), TravelTimeError> {
    let calibration = chosen.model.calibration;
    let tail_errors = errors(pool, &pool.tail, &chosen.tail);
    match chosen.kind {
        Kind::Baseline | Kind::Auto => chosen.model = baseline::fit(pool, &pool.all()),
        Kind::Linear => chosen.model = linear::fit(pool, &pool.all())?,
        Kind::Boosted => {
            if let Some(teacher) = chosen.teacher.take() {
                let teacher = boosting.refit(teacher)?;
                chosen.model = boosting.distil(&teacher, true)?;
            }
        }
    }
    // No candidate knows dates, so errors of the fit tell the level as those of other trips would.
    let all = pool.all();
    let rows = chosen.model.rows(&pool.matrix.select(&all));
    let days: Vec<i64> = all.iter().map(|&i| pool.day[i]).collect();
    let level = level::at_the_end(&errors(pool, &all, &rows), &days);
    let tail_error = tail_errors.iter().sum::<f64>() / tail_errors.len().max(1) as f64;
    chosen.model.calibration = calibration::after_refit(calibration, tail_error, level);
    Ok(())
}

/// Errors of medians before calibration, in log seconds.
fn errors(pool: &Pool, trips: &[usize], predicted: &[LogRow]) -> Vec<f64> {
    let pairs = trips.iter().zip(predicted);
    pairs
        .map(|(&trip, row)| pool.log_y[trip] - row.middle())
        .collect()
}

fn correlation_of(pool: &Pool, chosen: &Candidate) -> f64 {
    let errors = errors(pool, &pool.tail, &chosen.tail);
    let groups: Vec<_> = pool
        .tail
        .iter()
        .map(|&i| (pool.day[i], pool.hour[i]))
        .collect();
    correlation::leg_correlation(&errors, &groups)
}

fn spread_factor_of(pool: &Pool, chosen: &Candidate) -> Option<f64> {
    let said = chosen.tail.iter();
    let said: Vec<Quantiles> = said
        .map(|row| row.quantiles(&chosen.model.calibration))
        .collect();
    let driven: Vec<f64> = pool.tail.iter().map(|&i| pool.log_y[i].exp()).collect();
    calibration::spread_factor(&said, &driven)
}

/// The tail with the errors of the model that was fitted on the head.
fn held_back(pool: &Pool, chosen: &Candidate) -> Vec<HeldBack> {
    let place = |row: &[f32], lat: Column, lon: Column| LatLon {
        lat: f64::from(row[lat as usize]),
        lon: f64::from(row[lon as usize]),
    };
    let shift = chosen.model.calibration.shift;
    let trips = pool.tail.iter().zip(&chosen.tail).map(|(&i, predicted)| {
        let row = pool.matrix.row(i);
        HeldBack {
            origin: place(row, Column::OriginLat, Column::OriginLon),
            destination: place(row, Column::DestinationLat, Column::DestinationLon),
            depart_s: pool.depart_s[i],
            duration_s: pool.log_y[i].exp(),
            log_error: pool.log_y[i] - predicted.middle() - shift,
        }
    });
    trips.collect()
}

/// Decides by a small model whether the `history` trips help on the tail; if so, they join the
/// head.
pub(super) fn decide_on_history(
    pool: &mut Pool,
    options: &TrainOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<bool, TravelTimeError> {
    const TRIAL_ROWS: usize = 60_000;
    if pool.history.is_empty() || pool.tail.is_empty() {
        return Ok(false);
    }
    let with: Vec<usize> = pool.history.iter().chain(&pool.head).copied().collect();
    // The same share of both, so that more trips count as an advantage.
    let share = (TRIAL_ROWS as f64 / with.len() as f64).min(1.0);
    let trial = |rows: &[usize]| {
        let boosting = Boosting::new(pool, options, (cancel, progress));
        boosting.trial(&thin(rows, (rows.len() as f64 * share) as usize))
    };
    let helps = trial(&with)? < trial(&pool.head)?;
    if helps {
        pool.head = with;
    }
    Ok(helps)
}
