//! Trains the candidates, judges them on held-back steps, exports the best.

use super::blend::Blend;
use super::calibration::{Calibration, Traits};
use super::candidate::{self, Blended, Candidate, Kind};
use super::drift;
use super::error::ForecastError;
use super::error_scales;
use super::metrics::Judged;
use super::options::{Choice, TrainOptions, default_horizon};
use crate::domain::InputError;
use crate::domain::forecast::Quantiles;
use crate::features::demand::{DemandSpec, Panel, RowBuilder, TrainingRows, spec, table, training};
use crate::onnx::manifest::{BacktestScore, FeatureSchema, Manifest, TrainingWindow};
use crate::onnx::{Session, registry};
use crate::runtime::{Cancel, Progress};
use chrono::Utc;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Name of the model that weighs all candidates.
const BLEND: &str = "blend";

/// A single candidate is exported only if its loss is below this share of all candidates' together:
/// one that is best by a hair on few steps is more often surpassed on the next ones.
const FAVOUR: f64 = 0.97;

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
    let horizon = options
        .horizon
        .unwrap_or_else(|| default_horizon(panel.frequency));
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
    let judge = training::to_judge(
        panel,
        &spec,
        &plan.origins,
        options.most_judged,
        options.seed,
        cancel,
    )?;
    let before = all.until(plan.last_fitted);
    let run = Run {
        panel,
        spec: &spec,
        options,
        watch: (cancel, progress),
    };
    let judge = run.held_back(judge);
    let mut contest = Vec::new();
    if !judge.rows.is_empty() && !before.is_empty() {
        for kind in kinds(options.choice) {
            contest.push(run.judge(kind, &before, &judge)?);
        }
    }
    let blended = match options.choice {
        Choice::Auto => run.blend(&contest, &judge),
        _ => None,
    };
    let exported = run.choose(&contest, blended.as_ref());
    let onnx = match (exported, &blended) {
        (Exported::Blend, Some(blended)) => run.export_blend(&contest, blended, &all)?,
        _ => run.export_one(contest.get(exported.position()), &all)?,
    };
    let manifest = run.manifest(&contest, blended.as_ref(), exported, &all, data_sha256)?;
    Ok(Trained { onnx, manifest })
}

/// Which candidates compete; the baseline always does, to be compared with.
fn kinds(choice: Choice) -> Vec<Kind> {
    match choice {
        Choice::Auto => vec![
            Kind::SeasonalNaive,
            Kind::Local,
            Kind::Linear,
            Kind::Boosted,
        ],
        Choice::Baseline => vec![Kind::SeasonalNaive],
        Choice::Local => vec![Kind::SeasonalNaive, Kind::Local],
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
    /// Holds back two horizons and at least four weeks of days, or a week of hours with a horizon
    /// behind it: a weekend nobody was judged on would surprise. No more than a quarter.
    fn of(panel: &Panel, spec: &DemandSpec) -> Self {
        let end = panel.end().unwrap_or(0);
        let begin = panel.series.iter().map(|s| s.start).min().unwrap_or(end);
        let horizon = i64::from(spec.horizon);
        let season = spec.frequency.season();
        let longer = spec.frequency.long_season().filter(|s| *s < 10 * season);
        let whole = longer.map_or(0, |longer| longer + horizon);
        let wanted = (2 * horizon).max((4 * season).min(28)).max(whole);
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
    /// Calibrated forecasts of the rows held back, scaled.
    forecasts: Vec<Quantiles>,
    wql: f64,
    score: BacktestScore,
}

/// All candidates together.
struct BlendEntry {
    blend: Blend,
    calibration: Calibration,
    wql: f64,
    score: BacktestScore,
}

/// What is exported.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Exported {
    /// A candidate by position in the contest.
    One(usize),
    /// All of them, weighed.
    Blend,
}

impl Exported {
    fn position(self) -> usize {
        match self {
            Self::One(position) => position,
            Self::Blend => usize::MAX,
        }
    }
}

/// Rows held back, with what every judgement of them takes.
struct HeldBack {
    rows: TrainingRows,
    scaled: Vec<f64>,
    traits: Vec<Traits>,
    /// Scales of MASE and RMSSE of every row's series, from the steps before.
    naive_error: Vec<f64>,
    change: Vec<f64>,
}

struct Run<'a> {
    panel: &'a Panel,
    spec: &'a DemandSpec,
    options: &'a TrainOptions,
    watch: (&'a Cancel, &'a Progress),
}

impl Run<'_> {
    fn held_back(&self, rows: TrainingRows) -> HeldBack {
        let (naive_error, change) = self.error_scales(&rows);
        let pairs = rows.actual.iter().zip(&rows.scale);
        HeldBack {
            scaled: pairs.map(|(y, scale)| y / scale).collect(),
            traits: self.traits(&rows),
            naive_error,
            change,
            rows,
        }
    }

    /// Fits a candidate to the rows before, and judges it on those held back, through its exported
    /// graph.
    fn judge(
        &self,
        kind: Kind,
        before: &TrainingRows,
        judge: &HeldBack,
    ) -> Result<Entry, ForecastError> {
        let fitted = candidate::fit(
            kind,
            before,
            Some(&judge.rows),
            None,
            self.options,
            self.watch,
        )?;
        let raw = self.predict(&fitted, &judge.rows)?;
        let HeldBack {
            rows,
            scaled,
            traits,
            ..
        } = judge;
        let calibration = Calibration::learn(&raw, scaled, &rows.scale, traits);
        let forecasts = self.calibrated(&raw, &calibration, traits);
        let (wql, score) = self.score(kind.name(), &forecasts, judge);
        Ok(Entry {
            kind,
            calibration,
            rounds: fitted.rounds(),
            forecasts,
            wql,
            score,
        })
    }

    /// Weighs the candidates against each other; `None` without any.
    fn blend(&self, contest: &[Entry], judge: &HeldBack) -> Option<BlendEntry> {
        if contest.is_empty() {
            return None;
        }
        let HeldBack {
            rows,
            scaled,
            traits,
            ..
        } = judge;
        let forecasts: Vec<&[Quantiles]> = contest
            .iter()
            .map(|entry| entry.forecasts.as_slice())
            .collect();
        let losses: Vec<f64> = contest.iter().map(|entry| entry.wql).collect();
        let eligible = Blend::eligible(&losses);
        let some: Vec<&[Quantiles]> = eligible.iter().map(|&k| forecasts[k]).collect();
        let some_losses: Vec<f64> = eligible.iter().map(|&k| losses[k]).collect();
        let learned = Blend::learn(&some, scaled, &rows.scale);
        let blend = learned
            .tempered(&some_losses)
            .among(&eligible, contest.len());
        let of_row = |row: usize| forecasts.iter().map(|f| f[row]).collect::<Vec<_>>();
        let raw: Vec<Quantiles> = (0..rows.len())
            .map(|row| blend.apply(&of_row(row)))
            .collect();
        let calibration = Calibration::learn(&raw, scaled, &rows.scale, traits);
        let calibrated = self.calibrated(&raw, &calibration, traits);
        let (wql, score) = self.score(BLEND, &calibrated, judge);
        Some(BlendEntry {
            blend,
            calibration,
            wql,
            score,
        })
    }

    fn traits(&self, rows: &TrainingRows) -> Vec<Traits> {
        let builder = RowBuilder::new(self.spec);
        let columns = candidate::trait_columns(&builder);
        columns.map_or_else(
            |_| Vec::new(),
            |columns| {
                (0..rows.len())
                    .map(|row| columns.of(rows.matrix.row(row)))
                    .collect()
            },
        )
    }

    fn calibrated(
        &self,
        raw: &[Quantiles],
        calibration: &Calibration,
        traits: &[Traits],
    ) -> Vec<Quantiles> {
        let rows = raw.iter().zip(traits);
        rows.map(|(q, traits)| self.in_unit(&calibration.apply(q, traits), 1.0))
            .collect()
    }

    /// Weighted quantile loss and all figures of scaled forecasts.
    fn score(&self, model: &str, scaled: &[Quantiles], judge: &HeldBack) -> (f64, BacktestScore) {
        let in_unit = scaled.iter().zip(&judge.rows.scale);
        let forecasts: Vec<Quantiles> = in_unit.map(|(q, scale)| self.in_unit(q, *scale)).collect();
        let judged = Judged {
            forecasts: &forecasts,
            actual: &judge.rows.actual,
            naive_error: &judge.naive_error,
            change: &judge.change,
        };
        let score = BacktestScore {
            model: model.into(),
            exported: false,
            metrics: judged.figures(),
        };
        (judged.wql(), score)
    }

    /// Fits a candidate to everything and exports it; seasonal naive if there was no contest.
    fn export_one(
        &self,
        entry: Option<&Entry>,
        all: &TrainingRows,
    ) -> Result<Vec<u8>, ForecastError> {
        let (kind, rounds) = entry.map_or((Kind::SeasonalNaive, None), |e| (e.kind, e.rounds));
        let calibration = entry.map(|e| e.calibration.clone()).unwrap_or_default();
        let fitted = candidate::fit(kind, all, None, rounds, self.options, self.watch)?;
        fitted.export(self.spec, Some(&calibration))
    }

    /// Fits all candidates that count to everything and exports them as one model.
    fn export_blend(
        &self,
        contest: &[Entry],
        blended: &BlendEntry,
        all: &TrainingRows,
    ) -> Result<Vec<u8>, ForecastError> {
        let (mut parts, mut used) = (Vec::new(), Vec::new());
        for (number, entry) in contest.iter().enumerate() {
            if !blended.blend.uses(number) {
                continue;
            }
            let fitted = candidate::fit(
                entry.kind,
                all,
                None,
                entry.rounds,
                self.options,
                self.watch,
            )?;
            parts.push((fitted, &entry.calibration));
            used.push(number);
        }
        let model = Blended {
            parts,
            blend: &blended.blend.of(&used),
            calibration: &blended.calibration,
        };
        model.export(self.spec)
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
        let scales = error_scales::before(self.panel, self.spec, first);
        let of = |series: &usize| {
            let scale = scales.get(*series);
            scale.map_or((f64::NAN, f64::NAN), |s| (s.naive_error, s.change))
        };
        rows.series.iter().map(of).unzip()
    }

    /// What to export: what was asked for, or what did best.
    fn choose(&self, contest: &[Entry], blended: Option<&BlendEntry>) -> Exported {
        let wanted = match self.options.choice {
            Choice::Auto => None,
            Choice::Baseline => Some(Kind::SeasonalNaive),
            Choice::Local => Some(Kind::Local),
            Choice::Linear => Some(Kind::Linear),
            Choice::Boosted => Some(Kind::Boosted),
        };
        let candidates = contest.iter().enumerate();
        let eligible = candidates.filter(|(_, e)| wanted.is_none_or(|kind| kind == e.kind));
        let eligible = eligible.map(|(position, entry)| (Exported::One(position), entry.wql));
        let blended = blended.map(|blended| (Exported::Blend, FAVOUR * blended.wql));
        eligible
            .chain(blended)
            .min_by(|(_, a), (_, b)| a.total_cmp(b))
            .map_or(Exported::One(usize::MAX), |(exported, _)| exported)
    }

    fn manifest(
        &self,
        contest: &[Entry],
        blended: Option<&BlendEntry>,
        exported: Exported,
        rows: &TrainingRows,
        data_sha256: &str,
    ) -> Result<Manifest, ForecastError> {
        let created_at = Utc::now();
        let chosen = contest.get(exported.position());
        let chosen_blend = blended.filter(|_| exported == Exported::Blend);
        let (start, end) = self.panel.window().unwrap_or_default();
        let mut backtest: Vec<BacktestScore> = contest.iter().map(|e| e.score.clone()).collect();
        backtest.extend(blended.map(|entry| entry.score.clone()));
        let position = chosen_blend.map_or(exported.position(), |_| contest.len());
        if let Some(score) = backtest.get_mut(position) {
            score.exported = true;
        }
        let kind = chosen.map_or(Kind::SeasonalNaive, |e| e.kind).name();
        let calibration = chosen_blend.map(|e| &e.calibration);
        let calibration = calibration.or(chosen.map(|e| &e.calibration));
        let weights: Option<BTreeMap<&str, [f64; 4]>> = chosen_blend.map(|entry| {
            let names = contest.iter().map(|e| e.kind.name());
            names
                .enumerate()
                .map(|(k, name)| (name, entry.blend.of_candidate(k)))
                .collect()
        });
        let trees: BTreeMap<&str, [usize; 4]> = contest
            .iter()
            .enumerate()
            .filter(|(k, _)| match chosen_blend {
                Some(entry) => entry.blend.uses(*k),
                None => *k == exported.position(),
            })
            .filter_map(|(_, entry)| Some((entry.kind.name(), entry.rounds?)))
            .collect();
        Ok(Manifest {
            name: super::MODEL_NAME.into(),
            version: Manifest::version_of(created_at, data_sha256),
            created_at,
            code_version: env!("CARGO_PKG_VERSION").into(),
            kind: chosen_blend.map_or(kind, |_| BLEND).into(),
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
            training_profile: drift::profile(self.spec, rows),
            parameters: [
                ("spec".to_owned(), serde_json::to_value(self.spec)?),
                ("calibration".to_owned(), serde_json::to_value(calibration)?),
                ("trees".to_owned(), serde_json::to_value(trees)?),
                ("weights".to_owned(), serde_json::to_value(weights)?),
            ]
            .into(),
        })
    }
}
