//! A new version against the one that serves.

use super::error::OnnxError;
use super::manifest::Manifest;
use super::registry;
use super::stages::{self, Stages, skill};
use chrono::{DateTime, Utc};
use std::path::Path;

/// What came of a new version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether the new version is the champion now.
    pub promoted: bool,
    /// The version that serves.
    pub serves: String,
    /// Why, with the figures it was decided by.
    pub reason: String,
}

/// Makes a new version the champion if it is better than the one that serves by [`skill`]: each
/// one's loss as a share of the simple baseline's on the same steps, held back from its training.
/// Of a version that is no better nothing changes: one that served without being the champion is
/// made it, since otherwise the latest would serve.
///
/// # Errors
/// There is no such version, or it cannot be loaded.
pub fn decide(
    models_dir: &Path,
    name: &str,
    version: &str,
    now: DateTime<Utc>,
) -> Result<Decision, OnnxError> {
    let manifest = registry::load(models_dir, name, version)?.manifest;
    let stages = Stages::read(models_dir, name)?;
    let decided = |promoted: bool, serves: &str, reason: String| Decision {
        promoted,
        serves: serves.to_owned(),
        reason,
    };
    let served_before = match stages.champion() {
        Some(champion) => Some(champion.to_owned()),
        None => registry::versions(models_dir, name)?
            .into_iter()
            .rfind(|other| other != version),
    };
    let Some(served_before) = served_before else {
        let reason = "it is the first version".to_owned();
        stages::promote(models_dir, name, version, &reason, false, now)?;
        return Ok(decided(true, version, reason));
    };
    if served_before == version {
        return Ok(decided(false, version, "it serves already".into()));
    }
    let (new, old) = losses(models_dir, name, &manifest, &served_before);
    let of_baseline = |loss: f64| match loss.is_finite() {
        true => format!("{loss:.4} of the baseline's"),
        false => "not known".to_owned(),
    };
    let reason = format!(
        "its loss on steps held back is {}, that of {served_before}, which served, {}",
        of_baseline(new),
        of_baseline(old)
    );
    if new < old {
        stages::promote(models_dir, name, version, &reason, false, now)?;
        return Ok(decided(true, version, reason));
    }
    if stages.champion().is_none() {
        let why = format!("served before {version}, which is no better");
        stages::promote(models_dir, name, &served_before, &why, false, now)?;
    }
    Ok(decided(false, &served_before, reason))
}

/// Losses as shares of the baseline's: of a candidate, and of the version it is to replace. One that
/// cannot be read any more is beaten by any that can.
pub(super) fn losses(
    models_dir: &Path,
    name: &str,
    candidate: &Manifest,
    incumbent: &str,
) -> (f64, f64) {
    let old = registry::load(models_dir, name, incumbent).map(|model| skill(&model.manifest));
    (skill(candidate), old.unwrap_or(f64::INFINITY))
}
