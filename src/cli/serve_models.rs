//! The service's models: the planning chain and the travel-time model in one folder.

use super::serve_knowledge::Knowledge;
use crate::app::travel_times::Matrix;
use crate::app::{JobError, MatrixQuery, PlanJobRequest, PlanMaker, TravelTimes, TravelTimesError};
use crate::domain::fleet::Fleet;
use crate::domain::forecast::Quantiles;
use crate::domain::plan::Plan;
use crate::domain::stop::{ServiceTimes, Stop};
use crate::features::travel::TripQuery;
use crate::onnx::library::Places;
use crate::onnx::{registry, stages};
use crate::pipeline::PipelineError;
use crate::pipeline::plan::{PlanOrder, make_plan};
use crate::pipeline::road_times::RoadTimes;
use crate::pipeline::service_times;
use crate::planning::{Caution, PlanError, SearchSettings};
use crate::runtime::{Cancel, Progress};
use crate::service_time::ServiceTimeModel;
use crate::speeds::RoadSpeeds;
use crate::travel_time::{MODEL_NAME, TravelTimeError, TravelTimeModel};
use chrono::Utc;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The models in a folder; the travel-time model stays loaded until another version serves.
pub(super) struct Models {
    folder: PathBuf,
    roads: Option<Arc<RoadTimes>>,
    speeds: Option<Arc<RoadSpeeds>>,
    knowledge: Knowledge,
    loaded: Mutex<Option<Arc<TravelTimeModel>>>,
}

impl Models {
    pub(super) fn of(
        folder: PathBuf,
        roads: Option<Arc<RoadTimes>>,
        speeds: Option<Arc<RoadSpeeds>>,
        knowledge: Knowledge,
    ) -> Self {
        Self {
            folder,
            roads,
            speeds,
            knowledge,
            loaded: Mutex::new(None),
        }
    }

    /// The folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether models can be run, and those that are there be read.
    pub(super) fn check(&self) -> Result<String, String> {
        let library = Places::of_this_process()
            .find()
            .map_err(|e| e.to_string())?;
        let library = library.display();
        let versions = registry::versions(&self.folder, MODEL_NAME).map_err(|e| e.to_string())?;
        if versions.is_empty() {
            let folder = self.folder.display();
            return Ok(format!("{library}; no travel-time model in {folder}"));
        }
        let model = self.travel_time().map_err(|e| e.to_string())?;
        Ok(format!(
            "{library}; {}",
            crate::pipeline::plan::name_of(&model)
        ))
    }

    /// The travel-time model that serves.
    fn travel_time(&self) -> Result<Arc<TravelTimeModel>, TravelTimeError> {
        let serving = stages::serving(&self.folder, MODEL_NAME)?;
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(model), Some(serving)) = (&*loaded, &serving)
            && model.version() == serving
        {
            return Ok(Arc::clone(model));
        }
        let mut model = TravelTimeModel::load(&self.folder)?;
        if let Some(roads) = &self.roads {
            model = model.with_network(roads.clone());
        }
        model.check_network()?;
        let model = Arc::new(model);
        *loaded = Some(Arc::clone(&model));
        Ok(model)
    }
}

impl Models {
    /// Gives stops and vehicles what the service-time model knows, if there is one; gives its name.
    fn service_times(
        &self,
        from: ServiceTimes,
        stops: &mut [Stop],
        fleet: &mut Fleet,
    ) -> Result<Option<String>, JobError> {
        let failed = |e: &dyn std::fmt::Display| JobError::Failed(e.to_string());
        let model = ServiceTimeModel::load_if_any(&self.folder).map_err(|e| failed(&e))?;
        let without = BTreeSet::new();
        let Some(model) = model else {
            service_times::require_none("request body", from, &without).map_err(JobError::Input)?;
            return Ok(None);
        };
        service_times::apply(&model, from, &without, stops, fleet).map_err(|e| failed(&e))?;
        Ok(Some(service_times::name_of(&model)))
    }
}

impl PlanMaker for Models {
    fn make(
        &self,
        request: &PlanJobRequest,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Plan, JobError> {
        let time_zone = request.check()?;
        let (mut fleet, mut stops) = (request.fleet.clone(), request.stops.clone());
        let service_model = self.service_times(request.service_times, &mut stops, &mut fleet)?;
        let order = PlanOrder {
            date: request.date,
            time_zone,
            fleet,
            stops,
            basis: request.basis,
            models: self.folder.clone(),
            roads: self.roads.clone(),
            speeds: self.speeds.clone(),
            router: None,
            conditions: self.knowledge.conditions(),
            recent: self.knowledge.recent(),
            other_models: service_model.into_iter().collect(),
            created_at: Utc::now(),
            search: SearchSettings {
                time_limit: Duration::from_secs_f64(request.time_limit_s),
                seed: request.seed,
                threads: 1,
                max_iterations: None,
            },
            caution: Caution::default(),
        };
        match make_plan(order, cancel, progress) {
            Ok(made) => Ok(made.plan),
            Err(PipelineError::Input(e) | PipelineError::Plan(PlanError::Input(e))) => {
                Err(JobError::Input(e))
            }
            Err(PipelineError::Cancelled(e) | PipelineError::Plan(PlanError::Cancelled(e))) => {
                Err(JobError::Cancelled(e))
            }
            Err(other) => Err(JobError::Failed(other.to_string())),
        }
    }
}

impl TravelTimes for Models {
    fn predict(&self, query: &MatrixQuery) -> Result<Matrix, TravelTimesError> {
        let refused = |error: TravelTimeError| match error {
            TravelTimeError::Input(e) => TravelTimesError::Input(e),
            other => TravelTimesError::Unavailable(other.to_string()),
        };
        let model = self
            .travel_time()
            // Here a faulty input is a faulty model folder, which no caller can mend.
            .map_err(|e| TravelTimesError::Unavailable(e.to_string()))?;
        let places = query.places.len();
        let mut seconds = vec![Quantiles::default(); query.departures.len() * places * places];
        let mut cells = Vec::new();
        let mut questions = Vec::new();
        for (d, departure) in query.departures.iter().enumerate() {
            let depart = departure.with_timezone(&query.time_zone);
            for (i, from) in query.places.iter().enumerate() {
                for (j, to) in query.places.iter().enumerate().filter(|(j, _)| *j != i) {
                    cells.push((d * places + i) * places + j);
                    questions.push(TripQuery {
                        origin: *from,
                        destination: *to,
                        depart,
                        profile: Some(query.profile.clone()),
                    });
                }
            }
        }
        let predicted = model.predict(&questions).map_err(refused)?;
        for (cell, quantiles) in cells.into_iter().zip(predicted) {
            if let Some(slot) = seconds.get_mut(cell) {
                *slot = quantiles;
            }
        }
        Ok(Matrix {
            model: MODEL_NAME.to_owned(),
            version: model.version().to_owned(),
            seconds,
        })
    }
}
