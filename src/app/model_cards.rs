//! Model cards as the service sees them.

use super::{App, AppError};
use crate::onnx::{OnnxError, registry};
use std::sync::Arc;

/// Writes model cards.
pub trait ModelCards: Send + Sync {
    /// What there is to know about a version, as Markdown.
    fn markdown(&self, name: &str, version: &str) -> Result<String, OnnxError>;
}

impl App {
    /// What there is to know about a version of a model, as Markdown.
    pub async fn model_card(&self, name: String, version: String) -> Result<String, AppError> {
        let cards = Arc::clone(&self.parts().model_cards);
        let key = format!("{name}/{version}");
        let card = self.with_models(move |models| {
            let versions = registry::versions(models, &name)?;
            let there = versions.contains(&version);
            there.then(|| cards.markdown(&name, &version)).transpose()
        });
        card.await?.ok_or_else(AppError::not_found("model", key))
    }
}
