//! Whether the service can do its work.

use super::App;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks whether something works: `Ok` and `Err` both say more.
pub type Check = Arc<dyn Fn() -> Result<String, String> + Send + Sync>;

/// One thing that was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CheckResult {
    /// What: `database` or `model-runtime`.
    pub name: String,
    /// Whether it works.
    pub ok: bool,
    /// More about it.
    pub detail: String,
}

impl App {
    /// Asks the database and the model runtime.
    pub async fn health(&self) -> Vec<CheckResult> {
        let database = match tokio::time::timeout(PATIENCE, self.store().ping()).await {
            Ok(Ok(())) => Ok(self.store().engine().to_owned()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs())),
        };
        let check = Arc::clone(&self.parts().model_runtime);
        // Loading the library may take a moment the first time.
        let runtime = self.parts().computations.run(move || check()).await;
        let runtime = runtime.unwrap_or_else(|error| Err(error.to_string()));
        [("database", database), ("model-runtime", runtime)]
            .into_iter()
            .map(|(name, result)| CheckResult {
                name: name.into(),
                ok: result.is_ok(),
                detail: result.unwrap_or_else(|problem| problem),
            })
            .collect()
    }

    /// Brings the figures up to date that are not counted as things happen.
    pub async fn measure(&self) {
        match self.store().queue_length().await {
            Ok((queued, running)) => {
                metrics::gauge!("routeforce_jobs", "state" => "queued").set(queued as f64);
                metrics::gauge!("routeforce_jobs", "state" => "running").set(running as f64);
            }
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "no queue length");
            }
        }
        metrics::gauge!("routeforce_live_listeners").set(self.live().listeners() as f64);
    }
}
