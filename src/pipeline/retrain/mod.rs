//! Models kept up to date: trained again when there is new data, chosen, and cleaned up after.
//!
//! In: a folder of clean tables and a folder of models. Out: new versions, the better of which serve,
//! and a log of what was done ([`log`]). All that one round needs to know of those before it is in
//! these two folders, so that a program that was stopped goes on where it was.
//! Never does: overwriting a version, removing one that serves or served last.

pub mod log;
mod old_versions;

pub use log::{Action, Entry};

use super::PipelineError;
use crate::domain::InputError;
use crate::features::demand::table;
use crate::features::{travel, visits};
use crate::forecast::drift::{self, Verdict};
use crate::forecast::{self, ForecastError};
use crate::onnx::stages::{self, Stage, Stages};
use crate::onnx::{Manifest, contest, registry};
use crate::runtime::{Cancel, Progress};
use crate::service_time;
use crate::travel_time;
use chrono::{DateTime, Utc};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How often somebody may ask to stop while it waits.
const PATIENCE: Duration = Duration::from_millis(200);

/// What is kept up to date, and how.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Folder with `demand.parquet`, `trips.parquet`, `visits.parquet`, or some of them.
    pub data: PathBuf,
    /// Folder of models.
    pub models: PathBuf,
    /// Train the demand model only if the data have drifted from what it was trained on.
    pub if_drift: bool,
    /// Versions of each model that are kept, besides those that serve or served last.
    pub keep: usize,
    /// Seed of everything drawn at random.
    pub seed: u64,
    /// Road network whose ways are features of the travel-time model.
    pub network: Option<Arc<dyn travel::NetworkTimes>>,
}

/// How a round ended.
pub type Round<'a> = Result<&'a [Entry], &'a PipelineError>;

/// A model that can be kept up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Demand,
    TravelTime,
    ServiceTime,
}

impl Family {
    const ALL: [Self; 3] = [Self::Demand, Self::TravelTime, Self::ServiceTime];

    fn name(self) -> &'static str {
        match self {
            Self::Demand => forecast::MODEL_NAME,
            Self::TravelTime => travel_time::MODEL_NAME,
            Self::ServiceTime => service_time::MODEL_NAME,
        }
    }

    fn data(self, folder: &Path) -> PathBuf {
        match self {
            Self::Demand => table::file_of(folder),
            Self::TravelTime => travel::file_of(folder),
            Self::ServiceTime => visits::file_of(folder),
        }
    }
}

/// One round over all models whose data are there; what was done is in the log, too.
///
/// # Errors
/// There are no data, they cannot be used, or cancelled; what was done up to then is in the log.
pub fn once(
    settings: &Settings,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<Entry>, PipelineError> {
    let there = |family: &Family| family.data(&settings.data).is_file();
    let families: Vec<Family> = Family::ALL.into_iter().filter(there).collect();
    if families.is_empty() {
        let source = settings.data.display().to_string();
        let remedy = "give a folder with demand.parquet, trips.parquet or visits.parquet, as ingest writes it";
        return Err(InputError::new(source, "no table to train on", remedy).into());
    }
    let mut done = Vec::new();
    for family in families {
        let entry = match one(family, settings, cancel, progress) {
            Err(PipelineError::Cancelled(cancelled)) => return Err(cancelled.into()),
            Err(error) => {
                let entry = Entry::new(family.name(), Action::Failed, error.to_string());
                log::append(&settings.models, &entry)?;
                return Err(error);
            }
            Ok(entry) => entry,
        };
        log::append(&settings.models, &entry)?;
        done.push(entry);
    }
    Ok(done)
}

/// A round every so often until cancelled, the next one so long after the last in the log. A round
/// that fails is in the log and told by `tell`, and the next one is as due as ever.
///
/// # Errors
/// Cancelled, in the end; or the log cannot be read or written.
pub fn every(
    settings: &Settings,
    interval: Duration,
    tell: &dyn Fn(Round<'_>),
    cancel: &Cancel,
    progress: &Progress,
) -> Result<(), PipelineError> {
    let mut last = log::last(&settings.models)?.map(|entry| entry.at);
    loop {
        while !is_due(last, interval, Utc::now()) {
            cancel.check()?;
            std::thread::sleep(PATIENCE);
        }
        match once(settings, cancel, progress) {
            Err(PipelineError::Cancelled(cancelled)) => return Err(cancelled.into()),
            Err(error) => tell(Err(&error)),
            Ok(done) => tell(Ok(&done)),
        }
        last = Some(Utc::now());
    }
}

/// Whether a round is due. One that seems to be of the future is no reason to wait: clocks are set.
fn is_due(last: Option<DateTime<Utc>>, interval: Duration, now: DateTime<Utc>) -> bool {
    let since = last.and_then(|last| (now - last).to_std().ok());
    since.is_none_or(|since| since >= interval)
}

fn one(
    family: Family,
    settings: &Settings,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Entry, PipelineError> {
    cancel.check()?;
    let (models, name) = (settings.models.as_path(), family.name());
    let data = family.data(&settings.data);
    let data_sha256 = registry::sha256_of_file(&data).map_err(ForecastError::from)?;
    let mut entry = match newest(models, name)? {
        Some(newest) if newest.data_sha256 == data_sha256 => unchanged(models, &newest)?,
        newest => {
            let known = newest.is_some() && settings.if_drift && family == Family::Demand;
            let suits = match known {
                true => still_suits(models, &data, cancel)?,
                false => None,
            };
            match suits {
                Some(why) => Entry::new(name, Action::AsTrained, why),
                None => {
                    let last = newest.as_ref();
                    let trained = train(family, &data, last, settings, cancel, progress)?;
                    decided(models, &trained.name, &trained.version)?
                }
            }
        }
    };
    entry.data_sha256 = data_sha256;
    entry.serves = stages::serving(models, name).map_err(ForecastError::from)?;
    entry.removed = old_versions::remove(models, name, settings.keep)?;
    Ok(entry)
}

/// The version that was trained last.
fn newest(models: &Path, name: &str) -> Result<Option<Manifest>, ForecastError> {
    let newest = registry::versions(models, name)?.pop();
    let read = |version: String| registry::manifest(models, name, &version);
    Ok(newest.map(read).transpose()?)
}

/// Nothing to train. A version that was trained by a program that was stopped before it could choose
/// is chosen or not now; one that has served and was rolled back is left alone.
fn unchanged(models: &Path, newest: &Manifest) -> Result<Entry, PipelineError> {
    let (name, version) = (&newest.name, &newest.version);
    let stages = Stages::read(models, name).map_err(ForecastError::from)?;
    let undecided = stages.of(version) == Stage::Candidate;
    if undecided && !log::mentions(models, name, version)? {
        return Ok(decided(models, name, version)?);
    }
    let why = format!("{name}/{version} was trained on the same data");
    Ok(Entry::new(name, Action::Unchanged, why))
}

fn decided(models: &Path, name: &str, version: &str) -> Result<Entry, ForecastError> {
    let decision = contest::decide(models, name, version, Utc::now())?;
    let action = match decision.promoted {
        true => Action::Promoted,
        false => Action::Kept,
    };
    let mut entry = Entry::new(name, action, decision.reason);
    entry.version = Some(version.to_owned());
    Ok(entry)
}

/// Why the demand model that serves still suits the data; `None` if it does not.
fn still_suits(
    models: &Path,
    data: &Path,
    cancel: &Cancel,
) -> Result<Option<String>, PipelineError> {
    // A version that cannot be loaded, or does not suit the table, is one more reason to train.
    let Ok(model) = stages::load_serving(models, forecast::MODEL_NAME) else {
        return Ok(None);
    };
    let panel = table::read(data)?;
    let newest = panel.window().map(|(_, last)| last);
    let trained_until = model.manifest.training_window.end;
    if newest.is_none_or(|newest| newest <= trained_until) {
        return Ok(Some(format!("no step behind {trained_until}")));
    }
    match drift::watch(&model, &panel, cancel) {
        Ok(report) if report.verdict < Verdict::Retrain => {
            let (model, verdict) = (report.model, report.verdict);
            Ok(Some(format!("drift of {model}: {verdict}")))
        }
        Ok(_) | Err(ForecastError::Input(_)) => Ok(None),
        Err(ForecastError::Cancelled(cancelled)) => Err(cancelled.into()),
        Err(error) => Err(error.into()),
    }
}

/// Trains for the horizon, and with the holidays, of the version that was trained last: these are
/// somebody's choice, not learned.
fn train(
    family: Family,
    data: &Path,
    last: Option<&Manifest>,
    settings: &Settings,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Manifest, PipelineError> {
    let cancelled = |error: ForecastError| match error {
        ForecastError::Cancelled(cancelled) => PipelineError::Cancelled(cancelled),
        error => error.into(),
    };
    match family {
        Family::Demand => {
            let options = forecast::TrainOptions {
                seed: settings.seed,
                horizon: last.and_then(forecast::predict::horizon_of),
                ..forecast::TrainOptions::default()
            };
            let trained = forecast::train_file(data, &options, cancel, progress);
            let trained = trained.map_err(cancelled)?;
            Ok(trained.save(&settings.models)?.1)
        }
        Family::TravelTime => {
            let options = travel_time::TrainOptions {
                seed: settings.seed,
                holidays: last.map(holidays_of).unwrap_or_default(),
                network: settings.network.clone(),
                ..travel_time::TrainOptions::default()
            };
            let models = &settings.models;
            let trained = travel_time::train(data, models, &options, cancel, progress)?;
            Ok(trained.manifest)
        }
        Family::ServiceTime => {
            let options = service_time::TrainOptions {
                seed: settings.seed,
                dimension: last.and_then(chosen_dimension),
                ..service_time::TrainOptions::default()
            };
            let models = &settings.models;
            let trained = service_time::train(data, models, &options, cancel, progress)?;
            Ok(trained.manifest)
        }
    }
}

/// The quantity of the last model, if it was fitted with any.
fn chosen_dimension(manifest: &Manifest) -> Option<String> {
    service_time::Parameters::from_map(&manifest.parameters)
        .ok()?
        .dimension
}

fn holidays_of(manifest: &Manifest) -> travel::Holidays {
    let parameters = travel_time::Parameters::from_map(&manifest.parameters);
    let known = parameters.map(|p| p.holidays).unwrap_or_default();
    known.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn a_round_is_due_after_the_interval_and_at_first() {
        let (now, day) = (Utc::now(), Duration::from_secs(86_400));
        assert!(is_due(None, day, now));
        assert!(!is_due(Some(now - TimeDelta::hours(23)), day, now));
        assert!(is_due(Some(now - TimeDelta::hours(25)), day, now));
        assert!(is_due(Some(now + TimeDelta::hours(1)), day, now));
    }
}
