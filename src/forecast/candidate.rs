//! The models that compete: fitted to scaled demand, exported through one graph builder.

use super::calibration::Calibration;
use super::error::ForecastError;
use super::options::TrainOptions;
use crate::features::FeatureMatrix;
use crate::features::demand::rows::{NAIVE, NAIVE_ERROR, covariate_column};
use crate::features::demand::{DemandSpec, RowBuilder, TrainingRows};
use crate::onnx::graph::{Linear, Value};
use crate::onnx::{QuantileGraph, TreeEnsemble};
use crate::regression::boosted::{self, Data, Validation};
use crate::regression::{BoostOptions, Loss, TrainingSet, linear};
use crate::runtime::{Cancel, Progress};

/// Standard normal quantile of 90 %; only the start of a width that is calibrated.
const NORMAL_90: f32 = 1.2816;
/// Rows the linear candidate is fitted on at most.
const MOST_LINEAR_ROWS: usize = 60_000;
/// Share of zeros from which the mean is fitted by Tweedie deviance.
const MANY_ZEROS: f64 = 0.02;
/// Between Poisson (1) and gamma (2); 1.2 to 1.5 are usual for demand.
const TWEEDIE_POWER: f64 = 1.3;

/// Kinds of candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Repeats the last value of the same season phase.
    SeasonalNaive,
    /// Elastic net, with a second one for the width.
    Linear,
    /// Boosted trees per quantile and for the mean.
    Boosted,
}

impl Kind {
    /// Name in manifests.
    pub fn name(self) -> &'static str {
        match self {
            Self::SeasonalNaive => "seasonal-naive",
            Self::Linear => "linear",
            Self::Boosted => "boosted",
        }
    }
}

/// A fitted candidate, before calibration.
#[derive(Debug, Clone)]
pub enum Candidate {
    /// Centre and width, both linear in the features.
    Linear {
        /// Kind, since the seasonal naive forecast is a linear model too.
        kind: Kind,
        /// Median.
        centre: Linear,
        /// Typical absolute error.
        width: Linear,
    },
    /// One ensemble per output.
    Boosted(Box<BoostedCandidate>),
}

/// The ensembles of p10, p50, p90 and mean, with what their fits learned.
#[derive(Debug, Clone)]
pub struct BoostedCandidate {
    /// In the order of the outputs.
    pub ensembles: [TreeEnsemble; 4],
    /// Whether the mean's ensemble gives a logarithm.
    pub log_mean: bool,
    /// Trees of every output.
    pub rounds: [usize; 4],
}

/// Fits a candidate. With `judge` rows the boosted fits end early; without, they take `rounds`.
pub fn fit(
    kind: Kind,
    rows: &TrainingRows,
    judge: Option<&TrainingRows>,
    rounds: Option<[usize; 4]>,
    options: &TrainOptions,
    (cancel, progress): (&Cancel, &Progress),
) -> Result<Candidate, ForecastError> {
    cancel.check()?;
    match kind {
        Kind::SeasonalNaive => Ok(naive(&rows.matrix)),
        Kind::Linear => fit_linear(rows, options),
        Kind::Boosted => fit_boosted(rows, judge, rounds, options, (cancel, progress)),
    }
}

fn naive(matrix: &FeatureMatrix) -> Candidate {
    let pick = |name: &str| {
        let mut picked = Linear {
            intercept: 0.0,
            weights: vec![0.0; matrix.columns()],
            fill: vec![0.0; matrix.columns()],
        };
        if let Some(column) = matrix.names.iter().position(|n| n == name) {
            let values = (0..matrix.rows).filter_map(|r| matrix.row(r).get(column).copied());
            let (count, sum) = values
                .filter(|v| v.is_finite())
                .fold((0.0, 0.0), |(n, sum), v| (n + 1.0, sum + f64::from(v)));
            let fill = if count > 0.0 { sum / count } else { 1.0 };
            if let (Some(w), Some(f)) =
                (picked.weights.get_mut(column), picked.fill.get_mut(column))
            {
                (*w, *f) = (1.0, fill as f32);
            }
        }
        picked
    };
    Candidate::Linear {
        kind: Kind::SeasonalNaive,
        centre: pick(NAIVE),
        width: pick(NAIVE_ERROR),
    }
}

fn fit_linear(rows: &TrainingRows, options: &TrainOptions) -> Result<Candidate, ForecastError> {
    let every = rows.len().div_ceil(MOST_LINEAR_ROWS).max(1);
    let picked: Vec<usize> = (0..rows.len()).step_by(every).collect();
    let matrix = rows.matrix.select(&picked);
    let scaled = rows.scaled();
    let target: Vec<f32> = picked
        .iter()
        .filter_map(|i| scaled.get(*i).copied())
        .collect();
    let centre = linear::fit(&matrix, &target, None, &options.net)?;
    let errors: Vec<f32> = target
        .iter()
        .enumerate()
        .map(|(row, y)| (y - centre.evaluate(matrix.row(row))).abs())
        .collect();
    let width = linear::fit(&matrix, &errors, None, &options.net)?;
    Ok(Candidate::Linear {
        kind: Kind::Linear,
        centre,
        width,
    })
}

fn fit_boosted(
    rows: &TrainingRows,
    judge: Option<&TrainingRows>,
    rounds: Option<[usize; 4]>,
    options: &TrainOptions,
    (cancel, progress): (&Cancel, &Progress),
) -> Result<Candidate, ForecastError> {
    let columns = rows.matrix.columns();
    let set = TrainingSet::new(rows.matrix.clone())?;
    let target = rows.scaled();
    let judged = match judge {
        Some(judge) if !judge.is_empty() => {
            Some((TrainingSet::new(judge.matrix.clone())?, judge.scaled()))
        }
        _ => None,
    };
    let zeros = target.iter().filter(|y| **y == 0.0).count() as f64 / target.len().max(1) as f64;
    // The logarithm of nothing but zeros has no start.
    let tweedie = (MANY_ZEROS..1.0).contains(&zeros) && target.iter().all(|y| *y >= 0.0);
    let mean_loss = if tweedie {
        Loss::Tweedie(TWEEDIE_POWER)
    } else {
        Loss::Squared
    };
    let losses = [
        ("p10", Loss::Quantile(0.1)),
        ("p50", Loss::Quantile(0.5)),
        ("p90", Loss::Quantile(0.9)),
        ("mean", mean_loss),
    ];
    let mut fits = Vec::with_capacity(losses.len());
    for (position, (name, loss)) in losses.into_iter().enumerate() {
        let mut boosting = BoostOptions {
            seed: options.seed,
            ..options.boosting.clone()
        };
        if let Some(count) = rounds.and_then(|r| r.get(position).copied()) {
            boosting.rounds = count.max(1);
        }
        if let Loss::Quantile(_) = loss {
            // Its curvature is no count of rows; it vanishes far from the quantile.
            boosting.min_child_weight *= 0.05;
        }
        let data = Data {
            set: &set,
            target: &target,
            weights: None,
            validation: judged.as_ref().map(|(set, target)| Validation {
                set,
                target,
                weights: None,
            }),
        };
        let stage = format!("train demand: fit {name}");
        let fit = boosted::fit(loss, &data, &boosting, cancel, progress, &stage)?;
        fits.push((fit.ensemble(columns), fit.rounds()));
    }
    let rounds: Vec<usize> = fits.iter().map(|(_, rounds)| *rounds).collect();
    let ensembles: Vec<TreeEnsemble> = fits.into_iter().map(|(ensemble, _)| ensemble).collect();
    match (
        <[TreeEnsemble; 4]>::try_from(ensembles),
        <[usize; 4]>::try_from(rounds),
    ) {
        (Ok(ensembles), Ok(rounds)) => Ok(Candidate::Boosted(Box::new(BoostedCandidate {
            ensembles,
            log_mean: tweedie,
            rounds,
        }))),
        _ => Err(crate::regression::RegressionError::Empty.into()),
    }
}

impl Candidate {
    /// Kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Linear { kind, .. } => *kind,
            Self::Boosted(_) => Kind::Boosted,
        }
    }

    /// Trees of every output, if it has any.
    pub fn rounds(&self) -> Option<[usize; 4]> {
        match self {
            Self::Linear { .. } => None,
            Self::Boosted(boosted) => Some(boosted.rounds),
        }
    }

    /// The model file: outputs are scaled demand, calibrated, zero on closed steps, never crossing.
    pub fn export(
        &self,
        spec: &DemandSpec,
        calibration: Option<&Calibration>,
    ) -> Result<Vec<u8>, ForecastError> {
        let builder = RowBuilder::new(spec);
        let mut graph = QuantileGraph::new(builder.names().len());
        let raw = self.outputs(&mut graph)?;
        let mut outputs = match calibration {
            Some(calibration) => calibration.export(&mut graph, &raw),
            None => raw,
        };
        for output in &mut outputs {
            if spec.non_negative {
                *output = graph.at_least(output, 0.0);
            }
            for closure in &spec.closures {
                let name = spec
                    .covariates
                    .get(closure.covariate)
                    .map(|c| covariate_column(&c.name));
                if let Some(column) = name.and_then(|n| builder.column(&n)) {
                    *output = graph.replace_where(output, column, f32::from(closure.value), 0.0)?;
                }
            }
        }
        let [p10, p50, p90, mean] = &outputs;
        Ok(graph.finish(p10, p50, p90, mean)?)
    }

    fn outputs(&self, graph: &mut QuantileGraph) -> Result<[Value; 4], ForecastError> {
        match self {
            Self::Linear { centre, width, .. } => {
                let centre = graph.linear(centre)?;
                let width = graph.linear(width)?;
                let width = graph.at_least(&width, 0.01);
                let below = graph.affine(&width, -NORMAL_90, 0.0);
                let above = graph.affine(&width, NORMAL_90, 0.0);
                let p10 = graph.add(&centre, &below);
                let p90 = graph.add(&centre, &above);
                Ok([p10, centre.clone(), p90, centre])
            }
            Self::Boosted(boosted) => {
                let [p10, p50, p90, mean] = &boosted.ensembles;
                let p10 = graph.ensemble(p10)?;
                let p50 = graph.ensemble(p50)?;
                let p90 = graph.ensemble(p90)?;
                let mean = graph.ensemble(mean)?;
                let mean = if boosted.log_mean {
                    graph.exp(&mean)
                } else {
                    mean
                };
                Ok([p10, p50, p90, mean])
            }
        }
    }
}
