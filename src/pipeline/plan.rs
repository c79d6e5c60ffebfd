//! Planning a day from trained models: tensor first, then the plan.

use super::PipelineError;
use super::costs::{Known, Wanted};
use super::road_times::RoadTimes;
use crate::cost::build;
use crate::cost::tensor::{CostTensor, SliceAxis};
use crate::cost::{CostError, Forecaster};
use crate::domain::InputError;
use crate::domain::fleet::Fleet;
use crate::domain::plan::{Plan, PlanBasis};
use crate::domain::stop::Stop;
use crate::features::travel::{Conditions, Trips};
use crate::onnx::stages;
use crate::planning::{self, Caution, PlanRequest, SearchSettings};
use crate::routers::RouterService;
use crate::runtime::{Cancel, Progress};
use crate::speeds::RoadSpeeds;
use crate::travel_time::{TravelTimeError, TravelTimeModel};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Length of a time slice in seconds.
pub const SLICE_S: u32 = 900;

/// A day to plan, with the folder of the models that know its travel times.
#[derive(Debug, Clone)]
pub struct PlanOrder {
    /// Day to plan, in `time_zone`.
    pub date: NaiveDate,
    /// The depots' time zone.
    pub time_zone: Tz,
    /// Vehicles and depots.
    pub fleet: Fleet,
    /// Stops of the day, expected ones included.
    pub stops: Vec<Stop>,
    /// Static, predicted or cautious; perfect knowledge is no model's.
    pub basis: PlanBasis,
    /// Folder of trained models.
    pub models: PathBuf,
    /// Road network, where there is one.
    pub roads: Option<Arc<RoadTimes>>,
    /// Learned speeds of its roads.
    pub speeds: Option<Arc<RoadSpeeds>>,
    /// A router that runs as a service, whose matrix counts instead of the network's.
    pub router: Option<Arc<RouterService>>,
    /// Holidays and weather that are expected, beside what the model knows.
    pub conditions: Conditions,
    /// Trips that were driven lately, by which forecasts are corrected.
    pub recent: Option<Trips>,
    /// Models that `stops` come from, as `name/version`.
    pub other_models: Vec<String>,
    /// When the plan is made.
    pub created_at: DateTime<Utc>,
    /// How to search.
    pub search: SearchSettings,
    /// The price of lateness while searching on a cautious basis, or on a perfect one that is uncertain.
    pub caution: Caution,
}

/// A plan and the tensor it was made with.
#[derive(Debug, Clone)]
pub struct MadePlan {
    /// The plan.
    pub plan: Plan,
    /// Its costs, for checking, playing and reporting it.
    pub costs: Arc<CostTensor>,
}

/// Builds the tensor from the travel-time model and plans.
pub fn make_plan(
    mut order: PlanOrder,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<MadePlan, PipelineError> {
    let known = &order.conditions;
    let model = TravelTimeModel::load(&order.models)?.with_holidays(&known.holidays);
    let mut model = model.with_weather(known.weather.clone());
    if let Some(roads) = &order.roads {
        model = model.with_network(roads.clone());
    }
    let live = match &order.recent {
        Some(trips) => Some(model.recent_traffic(trips, order.created_at)?),
        None => None,
    };
    order.caution = order.caution.learned(model.parameters().spread_factor);
    let forecaster = Forecaster {
        model: &model,
        live: live.as_ref(),
    };
    let predicted = predicted_costs(&order, forecaster, cancel, progress)?;
    let costs = match order.basis {
        PlanBasis::Predicted | PlanBasis::Cautious => predicted,
        PlanBasis::Static => build::average(&predicted)?,
        PlanBasis::Perfect => {
            let remedy = "plan on `static` or `predicted` costs";
            let fault = InputError::new("plan order", "nobody knows the future", remedy);
            return Err(fault.field("basis").value("perfect").into());
        }
    };
    let mut models = vec![name_of(&model)];
    models.extend(order.other_models.iter().cloned());
    plan_on(order, costs, models, cancel, progress)
}

/// Plans on a finished tensor.
pub fn plan_on(
    order: PlanOrder,
    costs: CostTensor,
    models: Vec<String>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<MadePlan, PipelineError> {
    // Whoever knows how uncertain the day is, and foresees the rest, plans with caution.
    let priced = match order.basis {
        PlanBasis::Cautious => true,
        PlanBasis::Perfect => !costs.is_certain(),
        PlanBasis::Static | PlanBasis::Predicted => false,
    };
    let costs = Arc::new(costs);
    let request = PlanRequest {
        date: order.date,
        time_zone: order.time_zone,
        fleet: order.fleet,
        stops: order.stops,
        basis: order.basis,
        costs: Arc::clone(&costs),
        models,
        created_at: order.created_at,
        search: order.search,
        caution: priced.then_some(order.caution),
    };
    let plan = planning::plan_day(&request, cancel, progress)?;
    Ok(MadePlan { plan, costs })
}

/// The tensor of a day's places as model, recent trips, network, speeds and router say, whichever of them there are.
pub fn predicted_costs<'a>(
    order: &PlanOrder,
    forecaster: impl Into<Forecaster<'a>>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<CostTensor, PipelineError> {
    let axis = SliceAxis::for_day(order.date, order.time_zone, SLICE_S).map_err(CostError::from)?;
    let places = planning::places(&order.fleet, &order.stops);
    let profiles: Vec<&str> = profile_names(&order.fleet).into_iter().collect();
    let known = Known {
        model: Some(forecaster.into()),
        roads: order.roads.as_deref(),
        speeds: order.speeds.as_deref(),
        router: order.router.as_deref(),
    };
    let name = |place: usize| match place.checked_sub(order.fleet.depots.len()) {
        None => format!("depot {}", order.fleet.depots[place].id),
        Some(stop) => format!("stop {}", order.stops[stop].id),
    };
    let wanted = Wanted {
        places: &places,
        names: &name,
        axis,
        profiles: &profiles,
    };
    Ok(known.costs(known.best()?, wanted, cancel, progress)?.tensor)
}

/// A travel-time model as plans name it.
pub fn name_of(model: &TravelTimeModel) -> String {
    format!("{}/{}", crate::travel_time::MODEL_NAME, model.version())
}

/// Profiles of a fleet's vehicles, each once.
pub fn profile_names(fleet: &Fleet) -> BTreeSet<&str> {
    fleet.vehicles.iter().map(|v| v.profile.as_str()).collect()
}

/// Time zone of the travel-time model that serves in a folder.
pub fn model_time_zone(models: &Path) -> Result<Tz, PipelineError> {
    let manifest = stages::load_serving(models, crate::travel_time::MODEL_NAME)
        .map_err(TravelTimeError::from)?
        .manifest;
    let zone = manifest
        .time_zone
        .as_deref()
        .and_then(|name| name.parse().ok());
    zone.ok_or_else(|| {
        let remedy = "name the depots' zone with --time-zone";
        let fault = InputError::new("travel-time model", "has no time zone", remedy);
        fault.field("time_zone").into()
    })
}
