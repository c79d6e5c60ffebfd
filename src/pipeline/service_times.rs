//! Service times of a day to plan: what stops state, what was learned from past visits, and how
//! uncertain both are.

use super::PipelineError;
use crate::domain::InputError;
use crate::domain::fleet::Fleet;
use crate::domain::stop::{ServiceTimes, Stop, StopOrigin};
use crate::features::visits::VisitQuery;
use crate::service_time::{MODEL_NAME, ServiceTimeModel};
use std::collections::BTreeSet;

/// Standard normal quantile of 90 %.
const Z90: f64 = 1.281_551_565_544_6;

/// Gives stops and vehicles what the model knows: every stop the standard deviation of its service
/// time; stops that state none (`without`, by id) and stops that only the forecast expects, the
/// expected time too. With [`ServiceTimes::Learned`] all stops get the learned time, and vehicles
/// that state no factor the one of their driver, who bears the vehicle's id in the visits.
///
/// Times are those of any hour and of an average driver; a driver that was never seen is one.
pub fn apply(
    model: &ServiceTimeModel,
    from: ServiceTimes,
    without: &BTreeSet<String>,
    stops: &mut [Stop],
    fleet: &mut Fleet,
) -> Result<(), PipelineError> {
    let queries: Vec<VisitQuery> = stops.iter().map(query).collect();
    for (stop, learned) in stops.iter_mut().zip(model.predict(&queries)?) {
        let relative_sd = ((learned.p90 - learned.mean) / Z90 / learned.mean).max(0.0);
        let states_none = stop.origin == StopOrigin::Forecast || without.contains(&stop.id);
        if from == ServiceTimes::Learned || states_none {
            stop.service_s = learned.mean.round().clamp(0.0, 86_400.0) as u32;
        }
        stop.service_sd_s = Some(to_tenth(relative_sd * f64::from(stop.service_s)));
    }
    if from == ServiceTimes::Learned {
        for vehicle in &mut fleet.vehicles {
            let learned = || model.driver_factor(&vehicle.id).map(to_hundredth);
            vehicle.service_factor = vehicle.service_factor.or_else(learned);
        }
    }
    Ok(())
}

/// A service-time model as plans name it.
pub fn name_of(model: &ServiceTimeModel) -> String {
    format!("{MODEL_NAME}/{}", model.version())
}

/// Refuses a day whose stops need a model that is not there.
pub fn require_none(
    source: &str,
    from: ServiceTimes,
    without: &BTreeSet<String>,
) -> Result<(), InputError> {
    let problem = match (from, without.first()) {
        (ServiceTimes::Stated, None) => return Ok(()),
        (ServiceTimes::Stated, Some(stop)) => format!(
            "no service time for {} stops, the first of them `{stop}`, and no model of them",
            without.len()
        ),
        (ServiceTimes::Learned, _) => "no model of service times".to_owned(),
    };
    let remedy = "fill it in, or learn it from past visits: routeforce train service-time";
    Err(InputError::new(source, problem, remedy).field("service_s"))
}

fn query(stop: &Stop) -> VisitQuery {
    VisitQuery {
        site_id: stop.site_id.clone(),
        driver: None,
        quantities: stop.quantities.clone(),
        start: None,
    }
}

/// So that files stay readable.
fn to_tenth(seconds: f64) -> f64 {
    (seconds * 10.0).round() / 10.0
}

/// So that drivers who are hardly apart are one type of vehicle for the search.
fn to_hundredth(factor: f64) -> f64 {
    (factor * 100.0).round() / 100.0
}
