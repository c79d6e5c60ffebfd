//! Which version of a model serves, and why: `<models>/<name>/stages.json`.
//!
//! A version begins as a candidate. One that is promoted becomes the champion, the one before it is
//! retired; rolling back brings that one back. Without a champion the latest version serves. Every
//! change stays in the file.

use super::contest;
use super::error::OnnxError;
use super::manifest::Manifest;
use super::registry::{self, Model};
use crate::domain::{Document, InputError};
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

const FILE: &str = "stages.json";
/// Losses that versions are compared by; the first that both have.
const LOSSES: [&str; 2] = ["wql", "pinball_s"];
/// Names of the simple models that losses are measured against.
const BASELINES: [&str; 2] = ["seasonal-naive", "baseline"];

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Trained, not chosen yet.
    Candidate,
    /// Serves.
    Champion,
    /// Has served.
    Retired,
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Candidate => "candidate",
            Self::Champion => "champion",
            Self::Retired => "retired",
        })
    }
}

/// A change of what serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StageChange {
    /// The version that serves from then on.
    pub version: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether this went back to what served before.
    pub rolled_back: bool,
    /// Why.
    pub reason: String,
}

/// The history of what served, the oldest change first; the last one counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stages {
    /// The changes.
    pub changes: Vec<StageChange>,
}

impl Document for Stages {
    const KIND: &'static str = "model-stages";
    const VERSION: u32 = 1;
}

impl Stages {
    /// Reads the history of a model; empty if nothing was ever promoted.
    pub fn read(models_dir: &Path, name: &str) -> Result<Self, OnnxError> {
        let path = path_of(models_dir, name)?;
        match path.exists() {
            true => Ok(<Self as Document>::read(&path)?),
            false => Ok(Self::default()),
        }
    }

    /// The version that serves.
    pub fn champion(&self) -> Option<&str> {
        self.changes.last().map(|change| change.version.as_str())
    }

    /// Where a version stands.
    pub fn of(&self, version: &str) -> Stage {
        if self.champion() == Some(version) {
            return Stage::Champion;
        }
        let served = self.changes.iter().any(|c| c.version == version);
        match served {
            true => Stage::Retired,
            false => Stage::Candidate,
        }
    }

    /// The version to go back to from the champion.
    pub fn before(&self) -> Option<&str> {
        let mut stack: Vec<&str> = Vec::new();
        for change in &self.changes {
            if change.rolled_back {
                stack.pop();
            } else if stack.last() != Some(&change.version.as_str()) {
                stack.push(&change.version);
            }
        }
        stack
            .len()
            .checked_sub(2)
            .and_then(|at| stack.get(at))
            .copied()
    }
}

/// The version that serves: the champion, without one the latest; `None` without any.
pub fn serving(models_dir: &Path, name: &str) -> Result<Option<String>, OnnxError> {
    let stages = Stages::read(models_dir, name)?;
    match stages.champion() {
        Some(champion) => Ok(Some(champion.to_owned())),
        None => Ok(registry::versions(models_dir, name)?.pop()),
    }
}

/// Where a version stands, in words: a version that serves although none was promoted says so.
pub fn standing(models_dir: &Path, name: &str, version: &str) -> Result<String, OnnxError> {
    let stage = Stages::read(models_dir, name)?.of(version);
    let serves = serving(models_dir, name)?.as_deref() == Some(version);
    Ok(match (stage, serves) {
        (Stage::Champion, true) => "champion: it serves".into(),
        (stage, true) => {
            format!("{stage}, but it serves: the latest version, and none was promoted")
        }
        (stage, false) => stage.to_string(),
    })
}

/// A version of a model and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Its manifest.
    pub manifest: Manifest,
    /// Where it stands.
    pub stage: Stage,
    /// Whether it is the one that answers.
    pub serves: bool,
}

/// All versions of all models, by name and version.
pub fn list(models_dir: &Path) -> Result<Vec<Listed>, OnnxError> {
    let mut found = Vec::new();
    for name in registry::names(models_dir)? {
        let stages = Stages::read(models_dir, &name)?;
        let versions = registry::versions(models_dir, &name)?;
        let serving = stages.champion().map(str::to_owned);
        let serving = serving.or_else(|| versions.last().cloned());
        for version in versions {
            found.push(Listed {
                manifest: registry::manifest(models_dir, &name, &version)?,
                stage: stages.of(&version),
                serves: serving.as_deref() == Some(version.as_str()),
            });
        }
    }
    Ok(found)
}

/// Loads the version that serves.
///
/// # Errors
/// There is none, or it cannot be loaded.
pub fn load_serving(models_dir: &Path, name: &str) -> Result<Model, OnnxError> {
    match Stages::read(models_dir, name)?.champion() {
        Some(champion) => registry::load(models_dir, name, champion),
        None => registry::load_latest(models_dir, name),
    }
}

/// Makes a version the champion.
///
/// # Errors
/// There is no such version, it cannot be loaded, or `must_win` and it is no better than the
/// champion by [`skill`].
pub fn promote(
    models_dir: &Path,
    name: &str,
    version: &str,
    reason: &str,
    must_win: bool,
    now: DateTime<Utc>,
) -> Result<Stages, OnnxError> {
    let candidate = registry::load(models_dir, name, version)?.manifest;
    let stages = Stages::read(models_dir, name)?;
    if let Some(champion) = stages.champion().filter(|_| must_win)
        && champion != version
    {
        let (new, old) = contest::losses(models_dir, name, &candidate, champion);
        let better = new < old;
        if !better {
            let problem = format!(
                "its loss is {new:.4} of the baseline's, that of the champion {champion} {old:.4}"
            );
            let remedy = "promote a better one, or --force it";
            return Err(InputError::new(format!("model {name}/{version}"), problem, remedy).into());
        }
    }
    let change = StageChange {
        version: version.to_owned(),
        at: now,
        rolled_back: false,
        reason: reason.to_owned(),
    };
    add(models_dir, name, stages, change)
}

/// Makes the version the champion again that was it before.
///
/// # Errors
/// No other version was ever champion, or it cannot be loaded any more.
pub fn roll_back(
    models_dir: &Path,
    name: &str,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Stages, OnnxError> {
    let stages = Stages::read(models_dir, name)?;
    let Some(before) = stages.before().map(str::to_owned) else {
        let remedy = "promote a version: routeforce models promote";
        let source = format!("model {name}");
        return Err(InputError::new(source, "no version served before", remedy).into());
    };
    registry::load(models_dir, name, &before)?;
    let change = StageChange {
        version: before,
        at: now,
        rolled_back: true,
        reason: reason.to_owned(),
    };
    add(models_dir, name, stages, change)
}

fn add(
    models_dir: &Path,
    name: &str,
    mut stages: Stages,
    change: StageChange,
) -> Result<Stages, OnnxError> {
    stages.changes.push(change);
    let path = path_of(models_dir, name)?;
    stages.write(&path).map_err(|e| OnnxError::io(&path, e))?;
    Ok(stages)
}

/// How well a version did on steps held back from its training: its loss as a share of the simple
/// baseline's on the same steps, so that versions of different days compare; infinite if unknown.
pub fn skill(manifest: &Manifest) -> f64 {
    let scores = &manifest.backtest;
    let baseline = scores
        .iter()
        .find(|s| BASELINES.contains(&s.model.as_str()));
    let pair = scores.iter().find(|s| s.exported).zip(baseline);
    pair.and_then(|(exported, baseline)| {
        LOSSES.iter().find_map(|loss| {
            let of =
                |metrics: &std::collections::BTreeMap<String, f64>| metrics.get(*loss).copied();
            of(&exported.metrics).zip(of(&baseline.metrics))
        })
    })
    .map(|(exported, baseline)| exported / baseline)
    .filter(|skill| skill.is_finite())
    .unwrap_or(f64::INFINITY)
}

fn path_of(models_dir: &Path, name: &str) -> Result<PathBuf, OnnxError> {
    registry::check_name(name)?;
    Ok(models_dir.join(name).join(FILE))
}
