//! Trains the candidates, judges them on held-back steps, exports the best.

use super::calibration::Calibration;
use super::candidate::{self, Candidate, Kind};
use super::error::ForecastError;
use super::metrics::Judged;
use super::options::{Choice, TrainOptions};
use crate::domain::InputError;
use crate::domain::forecast::Quantiles;
use crate::features::demand::history::History;
use crate::features::demand::{
    DemandSpec, Frequency, Panel, RowBuilder, TrainingRows, spec, table, training,
};
use crate::onnx::manifest::{BacktestScore, FeatureSchema, Manifest, TrainingWindow};
use crate::onnx::{Session, registry};
use crate::runtime::{Cancel, Progress};
use chrono::Utc;
use std::path::{Path, PathBuf};

/// A trained model, not saved yet.
#[derive(Debug, Clone)]
pub struct Trained {
    /// The model file.
    pub onnx: Vec<u8>,
    /// Its manifest.
    pub manifest: Manifest,
}

impl Trained {
    /// Saves it as a new version; gives its folder.
    pub fn save(self, models_dir: &Path) -> Result<(PathBuf, Manifest), ForecastError> {
        Ok(registry::save(
            models_dir,
            super::MODEL_NAME,
            &self.onnx,
            self.manifest,
        )?)
    }
}

/// Trains on a demand table: a Parquet or CSV file, or a folder that holds `demand.parquet`.
pub fn train_file(
    data: &Path,
    options: &TrainOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Trained, ForecastError> {
    progress.report("train demand: read", 0, 1);
    let panel = table::read(data)?;
    let sha256 = registry::sha256_of_file(&table::file_of(data))?;
    progress.report("train demand: read", 1, 1);
    train(&panel, &sha256, options, cancel, progress)
}

/// Trains on a panel; `data_sha256` names its source in the manifest.
///
/// The steps at the end of the panel are held back once to choose between the candidates, to end
/// boosting and to calibrate; then the chosen one is fitted to everything.
///
/// # Errors
/// The panel has no two values to learn from; cancelled; a fit or the export failed.
pub fn train(
    panel: &Panel,
    data_sha256: &str,
    options: &TrainOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Trained, ForecastError> {
    let horizon = options.horizon.unwrap_or(match panel.frequency {
        Frequency::Hourly => 48,
        Frequency::Daily => 14,
        Frequency::Weekly => 4,
        Frequency::Monthly => 6,
    });
    let spec = DemandSpec::of(panel, horizon);
    let too_short = || {
        InputError::new(
            &panel.source,
            "too short to learn from",
            "give more history",
        )
    };
    let end = panel.end().ok_or_else(too_short)?;
    let all = training::to_fit(
        panel,
        &spec,
        end - 1,
        options.most_rows,
        options.seed,
        cancel,
    )?;
    if all.is_empty() {
        return Err(too_short().into());
    }
    let plan = Plan::of(panel, &spec);
    let judge = training::to_judge(panel, &spec, &plan.origins, cancel)?;
    let before = training::to_fit(
        panel,
        &spec,
        plan.last_fitted,
        options.most_rows,
        options.seed,
        cancel,
    )?;
    let run = Run {
        panel,
        spec: &spec,
        options,
        watch: (cancel, progress),
    };
    let mut contest = Vec::new();
    if !judge.is_empty() && !before.is_empty() {
        for kind in kinds(options.choice) {
            contest.push(run.judge(kind, &before, &judge)?);
        }
    }
    let exported = run.choose(&contest);
    let (kind, calibration, rounds) = match contest.get(exported) {
        Some(entry) => (entry.kind, entry.calibration, entry.rounds),
        None => (Kind::SeasonalNaive, Calibration::default(), None),
    };
    let fitted = candidate::fit(kind, &all, None, rounds, options, run.watch)?;
    let onnx = fitted.export(&spec, Some(&calibration))?;
    let manifest = run.manifest(&contest, exported, &all, data_sha256)?;
    Ok(Trained { onnx, manifest })
}

/// Which candidates compete; the baseline always does, to be compared with.
fn kinds(choice: Choice) -> Vec<Kind> {
    match choice {
        Choice::Auto => vec![Kind::SeasonalNaive, Kind::Linear, Kind::Boosted],
        Choice::Baseline => vec![Kind::SeasonalNaive],
        Choice::Linear => vec![Kind::SeasonalNaive, Kind::Linear],
        Choice::Boosted => vec![Kind::SeasonalNaive, Kind::Boosted],
    }
}

/// What is held back.
struct Plan {
    /// Last step of the rows to fit.
    last_fitted: i64,
    /// Rolling origins, all at or after it.
    origins: Vec<i64>,
}

impl Plan {
    /// Holds back two horizons and at least four weeks of days, but no more than a quarter.
    fn of(panel: &Panel, spec: &DemandSpec) -> Self {
        let end = panel.end().unwrap_or(0);
        let begin = panel.series.iter().map(|s| s.start).min().unwrap_or(end);
        let horizon = i64::from(spec.horizon);
        let wanted = (2 * horizon).max((4 * spec.frequency.season()).min(28));
        let held_back = wanted.min((end - begin) / 4).max(1);
        let last_fitted = end - 1 - held_back;
        let pace = usize::try_from((horizon / 2).max(1)).unwrap_or(1);
        let last_origin = (end - 1 - horizon).max(last_fitted);
        Self {
            last_fitted,
            origins: (last_fitted..=last_origin).step_by(pace).collect(),
        }
    }
}

/// How a candidate did.
struct Entry {
    kind: Kind,
    calibration: Calibration,
    rounds: Option<[usize; 4]>,
    wql: f64,
    score: BacktestScore,
}

struct Run<'a> {
    panel: &'a Panel,
    spec: &'a DemandSpec,
    options: &'a TrainOptions,
    watch: (&'a Cancel, &'a Progress),
}

impl Run<'_> {
    /// Fits a candidate to the rows before, and judges it on those held back, through its exported
    /// graph.
    fn judge(
        &self,
        kind: Kind,
        before: &TrainingRows,
        judge: &TrainingRows,
    ) -> Result<Entry, ForecastError> {
        let fitted = candidate::fit(kind, before, Some(judge), None, self.options, self.watch)?;
        let raw = self.predict(&fitted, judge)?;
        let scaled: Vec<f64> = judge
            .actual
            .iter()
            .zip(&judge.scale)
            .map(|(y, s)| y / s)
            .collect();
        let calibration = Calibration::learn(&raw, &scaled, &judge.scale);
        let forecasts: Vec<Quantiles> = raw
            .iter()
            .zip(&judge.scale)
            .map(|(q, scale)| self.in_unit(&calibration.apply(q), *scale))
            .collect();
        let (naive_error, change) = self.error_scales(judge);
        let judged = Judged {
            forecasts: &forecasts,
            actual: &judge.actual,
            naive_error: &naive_error,
            change: &change,
        };
        Ok(Entry {
            kind,
            calibration,
            rounds: fitted.rounds(),
            wql: judged.wql(),
            score: BacktestScore {
                model: kind.name().into(),
                exported: false,
                metrics: judged.figures(),
            },
        })
    }

    fn predict(
        &self,
        fitted: &Candidate,
        rows: &TrainingRows,
    ) -> Result<Vec<Quantiles>, ForecastError> {
        let bytes = fitted.export(self.spec, None)?;
        let session = Session::from_bytes("candidate", &bytes)?;
        Ok(session.predict(&rows.matrix)?)
    }

    fn in_unit(&self, q: &Quantiles, scale: f64) -> Quantiles {
        let floor = if self.spec.non_negative {
            0.0
        } else {
            f64::NEG_INFINITY
        };
        let unit = |value: f64| (value * scale).max(floor);
        Quantiles {
            p10: unit(q.p10),
            p50: unit(q.p50),
            p90: unit(q.p90),
            mean: unit(q.mean),
        }
    }

    /// Scales of MASE and RMSSE of every row's series, from the steps before those held back.
    fn error_scales(&self, rows: &TrainingRows) -> (Vec<f64>, Vec<f64>) {
        let first = rows.target.iter().min().copied().unwrap_or(0);
        let scales: Vec<(f64, f64)> = self
            .panel
            .series
            .iter()
            .map(|series| {
                let history = History::new(series, self.spec);
                let window = history.window(series.start, first - 1);
                let steps = (series.start + 1..first)
                    .map(|i| f64::from(series.value(i) - series.value(i - 1)))
                    .filter(|d| d.is_finite());
                let (count, squares) = steps.fold((0.0, 0.0), |(n, s), d| (n + 1.0, s + d * d));
                (
                    window.seasonal_error / window.seasonal_count,
                    (squares / count).sqrt(),
                )
            })
            .collect();
        let of = |row: &usize| scales.get(*row).copied().unwrap_or((f64::NAN, f64::NAN));
        rows.series.iter().map(of).unzip()
    }

    /// Position of the candidate to export.
    fn choose(&self, contest: &[Entry]) -> usize {
        let wanted = match self.options.choice {
            Choice::Auto => None,
            Choice::Baseline => Some(Kind::SeasonalNaive),
            Choice::Linear => Some(Kind::Linear),
            Choice::Boosted => Some(Kind::Boosted),
        };
        let eligible = contest
            .iter()
            .enumerate()
            .filter(|(_, entry)| wanted.is_none_or(|kind| kind == entry.kind));
        eligible
            .min_by(|(_, a), (_, b)| a.wql.total_cmp(&b.wql))
            .map_or(usize::MAX, |(position, _)| position)
    }

    fn manifest(
        &self,
        contest: &[Entry],
        exported: usize,
        rows: &TrainingRows,
        data_sha256: &str,
    ) -> Result<Manifest, ForecastError> {
        let created_at = Utc::now();
        let chosen = contest.get(exported);
        let (start, end) = self.panel.window().unwrap_or_default();
        let mut backtest: Vec<BacktestScore> = contest.iter().map(|e| e.score.clone()).collect();
        if let Some(score) = backtest.get_mut(exported) {
            score.exported = true;
        }
        let calibration = chosen.map(|e| e.calibration).unwrap_or_default();
        Ok(Manifest {
            name: super::MODEL_NAME.into(),
            version: Manifest::version_of(created_at, data_sha256),
            created_at,
            code_version: env!("CARGO_PKG_VERSION").into(),
            kind: chosen.map_or(Kind::SeasonalNaive, |e| e.kind).name().into(),
            features: FeatureSchema {
                version: spec::VERSION,
                columns: RowBuilder::new(self.spec).names().to_vec(),
            },
            training_window: TrainingWindow { start, end },
            training_rows: rows.len() as u64,
            data_sha256: data_sha256.into(),
            model_sha256: String::new(),
            seed: self.options.seed,
            time_zone: None,
            backtest,
            parameters: [
                ("spec".to_owned(), serde_json::to_value(self.spec)?),
                ("calibration".to_owned(), serde_json::to_value(calibration)?),
                (
                    "trees".to_owned(),
                    serde_json::to_value(chosen.and_then(|e| e.rounds))?,
                ),
            ]
            .into(),
        })
    }
}
