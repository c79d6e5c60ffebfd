//! The models that compete: fitted to scaled demand, exported through one graph builder.

use super::blend::Blend;
use super::calibration::{Calibration, TraitColumns};
use super::error::ForecastError;
use super::options::TrainOptions;
use crate::features::FeatureMatrix;
use crate::features::demand::rows::{
    LOCAL, LOCAL_ERROR, NAIVE, NAIVE_ERROR, STEP, ZERO_SHARE, covariate_column,
};
use crate::features::demand::{DemandSpec, RowBuilder, TrainingRows};
use crate::onnx::graph::{Linear, Value};
use crate::onnx::{QuantileGraph, TreeEnsemble};
use crate::regression::boosted::{self, Data, Validation};
use crate::regression::{BoostOptions, Loss, TrainingSet, linear};
use crate::runtime::{Cancel, Progress};
use std::collections::BTreeMap;

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
    /// Models of the series alone.
    Local,
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
            Self::Local => "local",
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
        /// What its outputs must not leave, unless it is one that cannot.
        frame: Option<Box<Frame>>,
    },
    /// One ensemble per output.
    Boosted {
        /// What its outputs must not leave.
        frame: Box<Frame>,
        /// The ensembles.
        boosted: Box<BoostedCandidate>,
    },
}

/// A centre with a width, both columns of the features.
#[derive(Debug, Clone)]
pub struct Frame {
    centre: Linear,
    width: Linear,
}

/// Least width of a frame, of a series scaled to 1.
const LEAST_FRAME: f32 = 0.02;
/// Widths from the centre that outputs may be: far rows must not lead a model astray.
const WIDTHS: f32 = 6.0;
/// What is added to the widths that outputs may be from the centre, of a series scaled to 1.
const SLACK: f32 = 0.5;

impl Frame {
    fn of(rows: &TrainingRows) -> Self {
        Self {
            centre: pick(&rows.matrix, LOCAL),
            width: pick(&rows.matrix, LOCAL_ERROR),
        }
    }

    /// Holds outputs within some widths of the centre.
    fn hold(
        &self,
        graph: &mut QuantileGraph,
        outputs: [Value; 4],
    ) -> Result<[Value; 4], ForecastError> {
        let centre = graph.linear(&self.centre)?;
        let width = graph.linear(&self.width)?;
        let reach = graph.at_least(&width, LEAST_FRAME);
        let reach = graph.affine(&reach, WIDTHS, SLACK);
        let (low, high) = (graph.subtract(&centre, &reach), graph.add(&centre, &reach));
        Ok(outputs.map(|output| {
            let output = graph.max(&output, &low);
            graph.min(&output, &high)
        }))
    }
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
        Kind::SeasonalNaive => Ok(framed(kind, &rows.matrix, [NAIVE, NAIVE_ERROR])),
        Kind::Local => Ok(framed(kind, &rows.matrix, [LOCAL, LOCAL_ERROR])),
        Kind::Linear => fit_linear(rows, options),
        Kind::Boosted => {
            let boosted = fit_boosted(rows, judge, rounds, options, (cancel, progress))?;
            Ok(Candidate::Boosted {
                boosted: Box::new(boosted),
                frame: Box::new(Frame::of(rows)),
            })
        }
    }
}

/// Two columns as centre and width.
fn framed(kind: Kind, matrix: &FeatureMatrix, [centre, width]: [&str; 2]) -> Candidate {
    Candidate::Linear {
        kind,
        centre: pick(matrix, centre),
        width: pick(matrix, width),
        frame: None,
    }
}

/// A column as it is, missing values filled with the mean of the others.
fn pick(matrix: &FeatureMatrix, name: &str) -> Linear {
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
        if let (Some(w), Some(f)) = (picked.weights.get_mut(column), picked.fill.get_mut(column)) {
            (*w, *f) = (1.0, fill as f32);
        }
    }
    picked
}

/// Share of targets on either side that are not usual, and how many times farther from the median
/// than these begin a target may be.
const UNUSUAL: f64 = 0.005;
const TIMES_USUAL: f32 = 3.0;

/// Where usual targets lie. A level that has just risen from next to nothing gives targets that
/// would drown all others.
struct Usual {
    low: f32,
    high: f32,
}

impl Usual {
    fn of(target: &[f32]) -> Self {
        let mut sorted: Vec<f32> = target.iter().copied().filter(|y| y.is_finite()).collect();
        sorted.sort_unstable_by(f32::total_cmp);
        let last = sorted.len().saturating_sub(1) as f64;
        let at = |share: f64| sorted.get((last * share).round() as usize).copied();
        let quantiles = at(UNUSUAL).zip(at(0.5)).zip(at(1.0 - UNUSUAL));
        let ((low, middle), high) = quantiles.unwrap_or_default();
        Self {
            low: middle + TIMES_USUAL * (low - middle),
            high: middle + TIMES_USUAL * (high - middle),
        }
    }

    fn hold(&self, target: &mut [f32]) {
        if self.low < self.high {
            for y in target {
                *y = y.clamp(self.low, self.high);
            }
        }
    }
}

/// Least weight of a row.
const LEAST_WEIGHT: f32 = 0.02;

/// Weights of rows: those seen from an origin at which a series had hardly begun, or had almost
/// ceased, say little in multiples of that.
fn weights(rows: &TrainingRows) -> Vec<f32> {
    let mut sums: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for (series, scale) in rows.series.iter().zip(&rows.scale) {
        let (sum, count) = sums.entry(*series).or_default();
        *sum += scale;
        *count += 1.0;
    }
    let rows = rows.series.iter().zip(&rows.scale);
    rows.map(|(series, scale)| {
        let (sum, count) = sums.get(series).copied().unwrap_or((1.0, 1.0));
        ((scale * count / sum) as f32).clamp(LEAST_WEIGHT, 1.0)
    })
    .collect()
}

fn fit_linear(rows: &TrainingRows, options: &TrainOptions) -> Result<Candidate, ForecastError> {
    let every = rows.len().div_ceil(MOST_LINEAR_ROWS).max(1);
    let picked: Vec<usize> = (0..rows.len()).step_by(every).collect();
    let matrix = rows.matrix.select(&picked);
    let scaled = rows.scaled();
    let mut target: Vec<f32> = picked
        .iter()
        .filter_map(|i| scaled.get(*i).copied())
        .collect();
    Usual::of(&target).hold(&mut target);
    let weights = weights(rows);
    let weights: Vec<f32> = picked
        .iter()
        .filter_map(|i| weights.get(*i).copied())
        .collect();
    let centre = linear::fit(&matrix, &target, Some(&weights), &options.net)?;
    let errors: Vec<f32> = target
        .iter()
        .enumerate()
        .map(|(row, y)| (y - centre.evaluate(matrix.row(row))).abs())
        .collect();
    let width = linear::fit(&matrix, &errors, Some(&weights), &options.net)?;
    Ok(Candidate::Linear {
        kind: Kind::Linear,
        centre,
        width,
        frame: Some(Box::new(Frame::of(rows))),
    })
}

fn fit_boosted(
    rows: &TrainingRows,
    judge: Option<&TrainingRows>,
    rounds: Option<[usize; 4]>,
    options: &TrainOptions,
    (cancel, progress): (&Cancel, &Progress),
) -> Result<BoostedCandidate, ForecastError> {
    let columns = rows.matrix.columns();
    let set = TrainingSet::new(rows.matrix.clone())?;
    let mut target = rows.scaled();
    let usual = Usual::of(&target);
    usual.hold(&mut target);
    let weights = weights(rows);
    let judged = match judge {
        Some(judge) if !judge.is_empty() => {
            let mut target = judge.scaled();
            usual.hold(&mut target);
            let set = TrainingSet::new(judge.matrix.clone())?;
            Some((set, target, self::weights(judge)))
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
            weights: Some(&weights),
            validation: judged.as_ref().map(|(set, target, weights)| Validation {
                set,
                target,
                weights: Some(weights),
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
        (Ok(ensembles), Ok(rounds)) => Ok(BoostedCandidate {
            ensembles,
            log_mean: tweedie,
            rounds,
        }),
        _ => Err(crate::regression::RegressionError::Empty.into()),
    }
}

/// The outputs of several candidates, each calibrated, weighed against each other and calibrated
/// again.
#[derive(Debug, Clone)]
pub struct Blended<'a> {
    /// Candidates with their calibrations, in the order of the weights.
    pub parts: Vec<(Candidate, &'a Calibration)>,
    /// Their weights.
    pub blend: &'a Blend,
    /// Calibration of the blend.
    pub calibration: &'a Calibration,
}

impl Blended<'_> {
    /// The model file, like [`Candidate::export`].
    pub fn export(&self, spec: &DemandSpec) -> Result<Vec<u8>, ForecastError> {
        let builder = RowBuilder::new(spec);
        let mut graph = QuantileGraph::new(builder.names().len());
        let columns = trait_columns(&builder)?;
        let mut sums: [Option<Value>; 4] = [const { None }; 4];
        for (number, (part, calibration)) in self.parts.iter().enumerate() {
            let raw = part.outputs(&mut graph)?;
            let mut outputs = calibration.export(&mut graph, &raw, columns)?;
            if spec.non_negative {
                outputs = outputs.map(|output| graph.at_least(&output, 0.0));
            }
            for ((sum, output), weights) in sums.iter_mut().zip(&outputs).zip(&self.blend.weights) {
                let weight = weights.get(number).copied().unwrap_or(0.0);
                if weight > 0.0 {
                    let weighed = graph.affine(output, weight as f32, 0.0);
                    *sum = Some(match sum.take() {
                        Some(before) => graph.add(&before, &weighed),
                        None => weighed,
                    });
                }
            }
        }
        let [Some(p10), Some(p50), Some(p90), Some(mean)] = sums else {
            return Err(crate::regression::RegressionError::Empty.into());
        };
        let raw = [p10, p50, p90, mean];
        let outputs = self.calibration.export(&mut graph, &raw, columns)?;
        finish(graph, spec, &builder, outputs)
    }
}

/// Where the columns stand that calibration depends on.
pub fn trait_columns(builder: &RowBuilder<'_>) -> Result<TraitColumns, ForecastError> {
    let columns = builder.column(STEP).zip(builder.column(ZERO_SHARE));
    let (step, zero_share) = columns.ok_or(crate::regression::RegressionError::Empty)?;
    Ok(TraitColumns { step, zero_share })
}

/// Ends a graph: no output below zero, zero on closed steps.
fn finish(
    mut graph: QuantileGraph,
    spec: &DemandSpec,
    builder: &RowBuilder<'_>,
    mut outputs: [Value; 4],
) -> Result<Vec<u8>, ForecastError> {
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

impl Candidate {
    /// Kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Linear { kind, .. } => *kind,
            Self::Boosted { .. } => Kind::Boosted,
        }
    }

    /// Trees of every output, if it has any.
    pub fn rounds(&self) -> Option<[usize; 4]> {
        match self {
            Self::Linear { .. } => None,
            Self::Boosted { boosted, .. } => Some(boosted.rounds),
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
        let outputs = match calibration {
            Some(calibration) => calibration.export(&mut graph, &raw, trait_columns(&builder)?)?,
            None => raw,
        };
        finish(graph, spec, &builder, outputs)
    }

    fn outputs(&self, graph: &mut QuantileGraph) -> Result<[Value; 4], ForecastError> {
        match self {
            Self::Linear {
                centre,
                width,
                frame,
                ..
            } => {
                let centre = graph.linear(centre)?;
                let width = graph.linear(width)?;
                let width = graph.at_least(&width, 0.01);
                let below = graph.affine(&width, -NORMAL_90, 0.0);
                let above = graph.affine(&width, NORMAL_90, 0.0);
                let p10 = graph.add(&centre, &below);
                let p90 = graph.add(&centre, &above);
                let outputs = [p10, centre.clone(), p90, centre];
                match frame {
                    Some(frame) => frame.hold(graph, outputs),
                    None => Ok(outputs),
                }
            }
            Self::Boosted { frame, boosted } => {
                let outputs = boosted.outputs(graph)?;
                frame.hold(graph, outputs)
            }
        }
    }
}

impl BoostedCandidate {
    fn outputs(&self, graph: &mut QuantileGraph) -> Result<[Value; 4], ForecastError> {
        let [p10, p50, p90, mean] = &self.ensembles;
        let p10 = graph.ensemble(p10)?;
        let p50 = graph.ensemble(p50)?;
        let p90 = graph.ensemble(p90)?;
        let mean = graph.ensemble(mean)?;
        let mean = match self.log_mean {
            true => graph.exp(&mean),
            false => mean,
        };
        Ok([p10, p50, p90, mean])
    }
}
