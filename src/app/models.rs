//! Models: which versions there are, and which one serves.

use super::cpu_pool::PoolError;
use super::{App, AppError};
use crate::domain::InputError;
use crate::onnx::stages::{self, Stage, Stages};
use crate::onnx::{OnnxError, registry};
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;
use std::path::Path;

const LONGEST_REASON: usize = 500;

/// A version of a model.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ModelView {
    /// Name of the model, such as `demand`.
    pub name: String,
    /// Version.
    pub version: String,
    /// Where it stands.
    pub stage: Stage,
    /// Whether it is the one that answers.
    pub serves: bool,
    /// What kind of model it is, such as `boosted`.
    pub kind: String,
    /// When it was trained.
    pub created_at: DateTime<Utc>,
    /// Its loss on steps held back, as a share of the simple baseline's; lower is better.
    pub loss_of_baseline: Option<f64>,
}

impl App {
    /// All versions of all models, by name and version.
    pub async fn models(&self) -> Result<Vec<ModelView>, AppError> {
        self.with_models(all).await
    }

    /// Makes a version the one that serves; unless `force`, only if it is better than that.
    pub async fn promote_model(
        &self,
        name: String,
        version: String,
        reason: String,
        force: bool,
    ) -> Result<ModelView, AppError> {
        check_reason(&reason)?;
        let now = self.clock().now();
        self.with_models(move |models| {
            stages::promote(models, &name, &version, &reason, !force, now)?;
            view(models, &name, &version)
        })
        .await
    }

    /// Goes back to the version that served before.
    pub async fn roll_back_model(
        &self,
        name: String,
        reason: String,
    ) -> Result<ModelView, AppError> {
        check_reason(&reason)?;
        let now = self.clock().now();
        self.with_models(move |models| {
            let stages = stages::roll_back(models, &name, &reason, now)?;
            view(models, &name, stages.champion().unwrap_or_default())
        })
        .await
    }

    async fn with_models<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Path) -> Result<T, OnnxError> + Send + 'static,
    ) -> Result<T, AppError> {
        let folder = self.parts().models.clone();
        let done = self.parts().computations.run(move || work(&folder)).await;
        let failed = |reason: String| AppError::Computation {
            what: "the work on the models",
            reason,
        };
        match done {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(OnnxError::Input(input))) => Err(AppError::Input(input)),
            Ok(Err(other)) => Err(failed(other.to_string())),
            Err(PoolError::Full) => Err(AppError::Overloaded),
            Err(other) => Err(failed(other.to_string())),
        }
    }
}

fn all(models: &Path) -> Result<Vec<ModelView>, OnnxError> {
    let mut found = Vec::new();
    for name in registry::names(models)? {
        for version in registry::versions(models, &name)? {
            found.push(view(models, &name, &version)?);
        }
    }
    Ok(found)
}

fn view(models: &Path, name: &str, version: &str) -> Result<ModelView, OnnxError> {
    let manifest = registry::manifest(models, name, version)?;
    let skill = stages::skill(&manifest);
    Ok(ModelView {
        stage: Stages::read(models, name)?.of(version),
        serves: stages::serving(models, name)?.as_deref() == Some(version),
        kind: manifest.kind,
        created_at: manifest.created_at,
        loss_of_baseline: skill.is_finite().then_some(skill),
        name: manifest.name,
        version: manifest.version,
    })
}

fn check_reason(reason: &str) -> Result<(), InputError> {
    if reason.chars().count() > LONGEST_REASON {
        let remedy = format!("give up to {LONGEST_REASON} characters");
        let error = InputError::new("request body", "too long", remedy);
        return Err(error.field("reason"));
    }
    Ok(())
}
