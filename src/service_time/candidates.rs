//! Fits the candidates, scores them on visits held back, and keeps one.

use super::boosted::{self, Sample, Trees};
use super::columns;
use super::effects::{self, Effects};
use super::error::ServiceTimeError;
use super::log_model::{Calibration, LogModel, LogRow};
use super::options::{Kind, TrainOptions};
use super::parameters::Parameters;
use super::pool::Pool;
use super::{calibration, quantity, simple};
use crate::domain::forecast::Quantiles;
use crate::features::FeatureMatrix;
use crate::onnx::manifest::BacktestScore;
use crate::regression::durations;
use crate::runtime::{Cancel, Progress};

/// The candidates, simple ones first.
const KINDS: [Kind; 4] = [Kind::Baseline, Kind::Median, Kind::Effects, Kind::Boosted];
/// Most trees.
const MOST_ROUNDS: usize = 150;
/// A candidate must be better by this share to be preferred to a simpler one.
const LEAST_GAIN: f64 = 5e-3;

/// The model that was kept.
#[derive(Debug)]
pub(super) struct Choice {
    pub kind: Kind,
    /// Fitted on head and tail, calibrated on the tail.
    pub model: LogModel,
    pub parameters: Parameters,
    /// All candidates on the later half of the tail, calibrated on its earlier half.
    pub scores: Vec<BacktestScore>,
}

struct Candidate {
    kind: Kind,
    calibration: Calibration,
    rounds: usize,
    score: BacktestScore,
}

/// What all candidates of the same rows share.
struct Basis<'a> {
    pool: &'a Pool,
    rows: &'a [usize],
    effects: Effects,
    matrix: FeatureMatrix,
    seed: u64,
    cancel: &'a Cancel,
    progress: &'a Progress,
}

/// Fits, scores, chooses, and fits the chosen one again on all visits of the pool.
pub(super) fn choose(
    pool: &Pool,
    options: &TrainOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Choice, ServiceTimeError> {
    let wanted = options.dimension.as_deref();
    let quantity = quantity::choose(&pool.visits, &pool.head, &pool.log_y, wanted);
    let basis_of = |rows| -> Result<Basis<'_>, ServiceTimeError> {
        let effects = effects::fit(&pool.visits, rows, &pool.log_y, quantity.clone(), cancel)?;
        Ok(Basis {
            pool,
            rows,
            matrix: columns::matrix(&pool.visits, &effects.parameters),
            effects,
            seed: options.seed,
            cancel,
            progress,
        })
    };
    let head = basis_of(&pool.head)?;
    let mut candidates = Vec::new();
    for kind in KINDS {
        // The baseline is always scored: a figure means little alone.
        if options.kind == Kind::Auto || kind == options.kind || kind == Kind::Baseline {
            cancel.check()?;
            candidates.push(head.candidate(kind)?);
        }
    }
    let Some(best) = best_of(&candidates, options.kind) else {
        return Err(ServiceTimeError::Fit(options.kind.name()));
    };
    candidates[best].score.exported = true;
    let chosen = &candidates[best];
    let all = pool.all();
    let whole = basis_of(&all)?;
    let (mut model, _) = whole.model(chosen.kind, Some(chosen.rounds))?;
    model.calibration = calibration::after_refit(chosen.calibration, pool.tail_share());
    let mut parameters = whole.effects.parameters;
    parameters.trees = model.trees.ensemble.trees.len();
    Ok(Choice {
        kind: chosen.kind,
        model,
        parameters,
        scores: candidates.iter().map(|c| c.score.clone()).collect(),
    })
}

impl Basis<'_> {
    /// Fits on the rows; trees by early stopping on the earlier half of the tail, or as many as said.
    fn model(
        &self,
        kind: Kind,
        rounds: Option<usize>,
    ) -> Result<(LogModel, usize), ServiceTimeError> {
        let (rows, log_y) = (self.rows, &self.pool.log_y);
        let learned = &self.effects.parameters;
        match kind {
            Kind::Baseline => Ok((simple::baseline(&self.matrix, rows, log_y), 0)),
            Kind::Median => Ok((simple::median(&self.matrix, rows, log_y, learned), 0)),
            Kind::Effects | Kind::Auto => Ok((self.effects_alone(), 0)),
            Kind::Boosted => self.boosted(rounds),
        }
    }

    fn effects_alone(&self) -> LogModel {
        LogModel {
            base: self.effects.base.clone(),
            trees: Trees::none(),
            spread: (0.0, 1.0),
            calibration: Calibration::NONE,
        }
    }

    fn boosted(&self, rounds: Option<usize>) -> Result<(LogModel, usize), ServiceTimeError> {
        let mut model = self.effects_alone();
        let (early, _) = self.pool.tail.split_at(self.pool.tail.len() / 2);
        let errors = |rows: &[usize]| -> Vec<f64> {
            let predicted = model.rows(&self.matrix.select(rows));
            let pairs = rows.iter().zip(predicted);
            pairs
                .map(|(&i, row)| self.pool.log_y[i] - row.location)
                .collect()
        };
        let (of_rows, of_early) = (errors(self.rows), errors(early));
        let train = Sample {
            rows: self.rows,
            errors: &of_rows,
        };
        let watched = Sample {
            rows: early,
            errors: &of_early,
        };
        let (trees, rounds) = boosted::boost(
            &self.matrix,
            train,
            rounds.is_none().then_some(watched),
            rounds.unwrap_or(MOST_ROUNDS).max(1),
            self.seed,
            (self.cancel, self.progress),
        )?;
        model.trees = trees;
        Ok((model, rounds))
    }

    /// Scores a model on the later half of the tail, then calibrates it on all of the tail.
    fn candidate(&self, kind: Kind) -> Result<Candidate, ServiceTimeError> {
        let (model, rounds) = self.model(kind, None)?;
        let tail = model.rows(&self.matrix.select(&self.pool.tail));
        let log_y: Vec<f64> = self.pool.tail.iter().map(|&i| self.pool.log_y[i]).collect();
        let half = tail.len() / 2;
        let early = calibration::learn(&tail[..half], &log_y[..half]);
        let quantiles = |row: &LogRow| row.quantiles(&early);
        let later: Vec<Quantiles> = tail[half..].iter().map(quantiles).collect();
        let seconds: Vec<f64> = log_y[half..].iter().map(|y| y.exp()).collect();
        Ok(Candidate {
            kind,
            calibration: calibration::learn(&tail, &log_y),
            rounds,
            score: BacktestScore {
                model: kind.name().to_owned(),
                exported: false,
                metrics: durations::metrics("visits", &later, &seconds),
            },
        })
    }
}

/// The candidate with the least loss; of those that are hardly apart, the simplest.
fn best_of(candidates: &[Candidate], wanted: Kind) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (at, candidate) in candidates.iter().enumerate() {
        if wanted != Kind::Auto && candidate.kind != wanted {
            continue;
        }
        let loss = candidate.score.metrics.get("pinball_s").copied()?;
        if best.is_none_or(|(_, least)| loss < least * (1.0 - LEAST_GAIN)) {
            best = Some((at, loss));
        }
    }
    best.map(|(at, _)| at)
}
