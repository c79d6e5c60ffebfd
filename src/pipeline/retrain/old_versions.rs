//! Old versions make room.

use crate::forecast::ForecastError;
use crate::onnx::registry;
use crate::onnx::stages::{self, Stages};
use std::path::Path;

/// Removes all but the newest versions of a model, never the one that serves, nor the one to go back
/// to from it; gives those removed.
pub(super) fn remove(models: &Path, name: &str, keep: usize) -> Result<Vec<String>, ForecastError> {
    let stages = Stages::read(models, name)?;
    let serving = stages::serving(models, name)?;
    let needed = |version: &str| {
        serving.as_deref() == Some(version)
            || stages.champion() == Some(version)
            || stages.before() == Some(version)
    };
    let mut versions = registry::versions(models, name)?;
    versions.truncate(versions.len().saturating_sub(keep));
    versions.retain(|version| !needed(version));
    for version in &versions {
        registry::remove(models, name, version)?;
    }
    Ok(versions)
}
