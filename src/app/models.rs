//! Models: which versions there are, and which one serves.

use super::{App, AppError};
use crate::domain::InputError;
use crate::onnx::stages::{self, Listed, Stage};
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
            champion(models, &name, &version)
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
            champion(models, &name, stages.champion().unwrap_or_default())
        })
        .await
    }

    pub(super) async fn with_models<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Path) -> Result<T, OnnxError> + Send + 'static,
    ) -> Result<T, AppError> {
        let folder = self.parts().models.clone();
        let what = "the work on the models";
        match self.compute(what, move || work(&folder)).await? {
            Ok(value) => Ok(value),
            Err(OnnxError::Input(input)) => Err(AppError::Input(input)),
            Err(other) => Err(AppError::Computation {
                what,
                reason: other.to_string(),
            }),
        }
    }
}

fn all(models: &Path) -> Result<Vec<ModelView>, OnnxError> {
    let versions = stages::list(models)?;
    Ok(versions.into_iter().map(ModelView::from).collect())
}

impl From<Listed> for ModelView {
    fn from(listed: Listed) -> Self {
        let skill = stages::skill(&listed.manifest);
        Self {
            stage: listed.stage,
            serves: listed.serves,
            loss_of_baseline: skill.is_finite().then_some(skill),
            kind: listed.manifest.kind,
            created_at: listed.manifest.created_at,
            name: listed.manifest.name,
            version: listed.manifest.version,
        }
    }
}

/// A version that has just become the champion.
fn champion(models: &Path, name: &str, version: &str) -> Result<ModelView, OnnxError> {
    let listed = Listed {
        manifest: registry::manifest(models, name, version)?,
        stage: Stage::Champion,
        serves: true,
    };
    Ok(listed.into())
}

fn check_reason(reason: &str) -> Result<(), InputError> {
    if reason.chars().count() > LONGEST_REASON {
        let remedy = format!("give up to {LONGEST_REASON} characters");
        let error = InputError::new("request body", "too long", remedy);
        return Err(error.field("reason"));
    }
    Ok(())
}
