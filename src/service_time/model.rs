//! A trained model, ready to answer.

use super::columns::{self, COLUMNS, VERSION};
use super::error::ServiceTimeError;
use super::parameters::Parameters;
use crate::domain::InputError;
use crate::domain::forecast::Quantiles;
use crate::features::visits::VisitQuery;
use crate::onnx::{Manifest, Model, Session, registry, stages};
use std::path::Path;

/// Name of the model in the registry.
pub const MODEL_NAME: &str = "service-time";

/// A service-time model from the registry.
#[derive(Debug)]
pub struct ServiceTimeModel {
    session: Session,
    parameters: Parameters,
    /// Whether the exported model looks at drivers.
    knows_drivers: bool,
    version: String,
}

impl ServiceTimeModel {
    /// Loads the version that serves.
    pub fn load(models_dir: &Path) -> Result<Self, ServiceTimeError> {
        Self::of(stages::load_serving(models_dir, MODEL_NAME)?)
    }

    /// Loads the version that serves; `None` if none was ever trained.
    pub fn load_if_any(models_dir: &Path) -> Result<Option<Self>, ServiceTimeError> {
        match registry::versions(models_dir, MODEL_NAME)?.is_empty() {
            true => Ok(None),
            false => Self::load(models_dir).map(Some),
        }
    }

    fn of(model: Model) -> Result<Self, ServiceTimeError> {
        let Model { manifest, session } = model;
        check_features(&manifest)?;
        let parameters = Parameters::from_map(&manifest.parameters)?;
        let knows_drivers = matches!(manifest.kind.as_str(), "effects" | "boosted");
        Ok(Self {
            session,
            parameters,
            knows_drivers,
            version: manifest.version,
        })
    }

    /// A model from its parts; `version` is what predictions are attributed to.
    pub fn from_parts(
        session: Session,
        parameters: Parameters,
        knows_drivers: bool,
        version: String,
    ) -> Self {
        Self {
            session,
            parameters,
            knows_drivers,
            version,
        }
    }

    /// Its version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What it learned beside the graph.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Service times in seconds, one per question, in order. A customer or driver that was never seen
    /// is one of the population, with all its uncertainty.
    pub fn predict(&self, queries: &[VisitQuery]) -> Result<Vec<Quantiles>, ServiceTimeError> {
        let matrix = columns::matrix_of(queries, &self.parameters);
        Ok(self.session.predict(&matrix)?)
    }

    /// Factor on the service times of an average driver; `None` for a driver that was never seen, or
    /// if the model does not look at drivers.
    pub fn driver_factor(&self, driver: &str) -> Option<f64> {
        let known = self.parameters.drivers.get(driver);
        known
            .filter(|_| self.knows_drivers)
            .map(|known| known.effect.exp())
    }
}

/// Refuses a model whose columns this code does not build.
fn check_features(manifest: &Manifest) -> Result<(), InputError> {
    let features = &manifest.features;
    if features.version == VERSION && features.columns == COLUMNS {
        return Ok(());
    }
    Err(InputError::new(
        format!("manifest of {MODEL_NAME} {}", manifest.version),
        format!(
            "trained on columns of version {}, this program builds version {VERSION}",
            features.version
        ),
        "train the model again: routeforce train service-time",
    )
    .field("features"))
}
