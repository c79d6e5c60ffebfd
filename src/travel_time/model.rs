//! A trained model, ready to answer.

use super::error::TravelTimeError;
use super::parameters::Parameters;
use crate::domain::forecast::Quantiles;
use crate::domain::{InputError, LatLon};
use crate::features::FeatureMatrix;
use crate::features::travel::{self, Conditions, Holidays, NetworkTimes, TripQuery, Weather};
use crate::onnx::{Manifest, Model, Session, registry, stages};
use chrono::DateTime;
use chrono_tz::Tz;
use std::path::Path;
use std::sync::Arc;

/// Name of the model in the registry.
pub const MODEL_NAME: &str = "travel-time";
/// Part of the training trips' extent that a place may lie outside before it counts as far.
const MARGIN: f64 = 0.25;

/// A travel-time model from the registry.
#[derive(Debug)]
pub struct TravelTimeModel {
    session: Session,
    parameters: Parameters,
    conditions: Conditions,
    network: Option<Arc<dyn NetworkTimes>>,
    version: String,
}

impl TravelTimeModel {
    /// Loads the version that serves.
    pub fn load(models_dir: &Path) -> Result<Self, TravelTimeError> {
        Self::of(stages::load_serving(models_dir, MODEL_NAME)?)
    }

    /// Loads one version.
    pub fn load_version(models_dir: &Path, version: &str) -> Result<Self, TravelTimeError> {
        Self::of(registry::load(models_dir, MODEL_NAME, version)?)
    }

    fn of(model: Model) -> Result<Self, TravelTimeError> {
        let Model { manifest, session } = model;
        check_features(&manifest)?;
        let parameters = Parameters::from_map(&manifest.parameters)?;
        Ok(Self::from_parts(session, parameters, manifest.version))
    }

    /// A model from its parts; `version` is what predictions are attributed to.
    pub fn from_parts(session: Session, parameters: Parameters, version: String) -> Self {
        let holidays: Holidays = parameters.holidays.iter().copied().collect();
        Self {
            session,
            parameters,
            conditions: holidays.into(),
            network: None,
            version,
        }
    }

    /// Adds public holidays that became known after training.
    pub fn with_holidays(mut self, holidays: &Holidays) -> Self {
        self.conditions.holidays.extend(holidays);
        self
    }

    /// Gives it the weather that is expected; one trained without any does not look at it, and one
    /// trained with weather answers without it too.
    pub fn with_weather(mut self, weather: Weather) -> Self {
        if self.parameters.weather {
            self.conditions.weather = weather;
        }
        self
    }

    /// Gives it the road network it was trained with; one trained without any does not look at it.
    pub fn with_network(mut self, network: Arc<dyn NetworkTimes>) -> Self {
        self.network = Some(network).filter(|_| self.parameters.network);
        self
    }

    /// The columns of all pairs at all times, pair by pair, as the model was trained on them.
    ///
    /// # Errors
    /// The model was trained with a road network and has none, or another one.
    pub fn matrix_at(
        &self,
        pairs: &[(LatLon, LatLon)],
        times: &[DateTime<Tz>],
    ) -> Result<FeatureMatrix, InputError> {
        let network = self.network()?;
        Ok(travel::matrix_at(pairs, times, &self.conditions, network))
    }

    /// Refuses to serve without the road network it was trained with.
    ///
    /// # Errors
    /// None is given, or another one.
    pub fn check_network(&self) -> Result<(), InputError> {
        self.network().map(|_| ())
    }

    fn network(&self) -> Result<Option<&dyn NetworkTimes>, InputError> {
        if !self.parameters.network {
            return Ok(None);
        }
        let about = |problem: String, remedy: String| {
            let source = format!("travel-time model {}", self.version);
            InputError::new(source, problem, remedy).field("network")
        };
        let trained = self.parameters.road_network.as_deref();
        let Some(network) = self.network.as_deref() else {
            let which = trained.map_or_else(String::new, |name| format!(" ({name})"));
            return Err(about(
                format!("trained with durations of a road network{which}, and none is given"),
                "give the network with --network, or train without one".into(),
            ));
        };
        match trained.filter(|name| *name != network.identity()) {
            None => Ok(Some(network)),
            Some(name) => Err(about(
                format!("trained with the road network {name}, given another one"),
                format!("give {name} with --network, or train again with the new one"),
            )
            .value(network.identity())),
        }
    }

    /// Whether it was trained with a road network, and which one as far as it is known.
    pub fn road_network(&self) -> Option<&str> {
        let known = self.parameters.road_network.as_deref();
        let named = known.or(Some("a road network without a name"));
        named.filter(|_| self.parameters.network)
    }

    /// Its version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What it learned beside the graph.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Public holidays it knows.
    pub fn holidays(&self) -> &Holidays {
        &self.conditions.holidays
    }

    /// What it knows of days and hours.
    pub fn conditions(&self) -> &Conditions {
        &self.conditions
    }

    /// Durations in seconds, one per question, in order.
    ///
    /// # Errors
    /// A profile the training trips did not have, or not the road network that the model needs.
    pub fn predict(&self, queries: &[TripQuery]) -> Result<Vec<Quantiles>, TravelTimeError> {
        let factors: Vec<f64> = queries
            .iter()
            .map(|q| self.profile_factor(q.profile.as_deref()))
            .collect::<Result<_, _>>()?;
        let matrix = travel::matrix_of(queries, &self.conditions, self.network()?);
        let mut predicted = self.session.predict(&matrix)?;
        for (quantiles, factor) in predicted.iter_mut().zip(factors) {
            for value in [
                &mut quantiles.p10,
                &mut quantiles.p50,
                &mut quantiles.p90,
                &mut quantiles.mean,
            ] {
                *value *= factor;
            }
        }
        Ok(predicted)
    }

    /// Durations in seconds of an average vehicle for rows of [`matrix_at`](Self::matrix_at).
    pub fn predict_matrix(
        &self,
        matrix: &FeatureMatrix,
    ) -> Result<Vec<Quantiles>, TravelTimeError> {
        Ok(self.session.predict(matrix)?)
    }

    /// Factor on the durations of an average vehicle; 1 without a profile, and for every profile
    /// of a model whose trips had none.
    pub fn profile_factor(&self, profile: Option<&str>) -> Result<f64, InputError> {
        let factors = &self.parameters.profile_factors;
        let Some(profile) = profile.filter(|_| !factors.is_empty()) else {
            return Ok(1.0);
        };
        factors.get(profile).copied().ok_or_else(|| {
            let known: Vec<&str> = factors.keys().map(String::as_str).collect();
            InputError::new(
                format!("travel-time model {}", self.version),
                "no trips of such vehicles were learned from",
                format!("give one of {}", known.join(", ")),
            )
            .field("profile")
            .value(profile)
        })
    }

    /// Which of the places lie far outside the trips learned from, as indices: predictions there
    /// are guesses.
    pub fn far_outside(&self, places: &[LatLon]) -> Vec<usize> {
        let is_far = |place: &LatLon| !self.parameters.bounding_box.is_near(*place, MARGIN);
        (0..places.len()).filter(|&i| is_far(&places[i])).collect()
    }
}

/// Refuses a model whose features this code does not build.
fn check_features(manifest: &Manifest) -> Result<(), InputError> {
    let features = &manifest.features;
    if features.version == travel::VERSION && features.columns == travel::COLUMNS {
        return Ok(());
    }
    Err(InputError::new(
        format!("manifest of {MODEL_NAME} {}", manifest.version),
        format!(
            "trained on features of version {}, this program builds version {}",
            features.version,
            travel::VERSION
        ),
        "train the model again: routeforce train travel-time",
    )
    .field("features"))
}
