//! Forecast demand for planning: from a model and the history to forecasts by site.

use super::PipelineError;
use crate::domain::forecast::{DemandForecast, Quantiles};
use crate::features::demand as features;
use crate::features::sites::SiteHabits;
use crate::forecast::{self, MODEL_NAME};
use crate::onnx::stages;
use crate::runtime::Cancel;
use chrono::NaiveDate;
use std::collections::HashMap;
use std::path::Path;

/// Days that demand is forecast ahead.
pub const HORIZON_DAYS: u32 = 14;

/// Which amount of a forecast is planned for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// As often exceeded as not.
    P50,
    /// Exceeded one time in ten.
    P90,
    /// Expected amount.
    Mean,
}

impl Level {
    /// The amount.
    pub fn of(self, quantiles: &Quantiles) -> f64 {
        match self {
            Self::P50 => quantiles.p50,
            Self::P90 => quantiles.p90,
            Self::Mean => quantiles.mean,
        }
    }
}

/// Expected demand of a day and the model they come from.
#[derive(Debug, Clone)]
pub struct Expected {
    /// Forecast by site, in the unit of the demand series.
    pub by_site: HashMap<String, Quantiles>,
    /// The model as `name/version`.
    pub model: String,
}

/// Forecasts every series of a demand table `horizon` steps ahead with the model that serves.
pub fn forecast(
    models: &Path,
    history: &Path,
    horizon: u32,
    cancel: &Cancel,
) -> Result<Vec<DemandForecast>, PipelineError> {
    Ok(forecast_and_model(models, history, horizon, cancel)?.0)
}

/// Likewise; also gives the model as `name/version`.
fn forecast_and_model(
    models: &Path,
    history: &Path,
    horizon: u32,
    cancel: &Cancel,
) -> Result<(Vec<DemandForecast>, String), PipelineError> {
    cancel.check()?;
    let model = stages::load_serving(models, MODEL_NAME).map_err(forecast::ForecastError::from)?;
    let panel = features::table::read(history)?;
    let name = format!("{}/{}", model.manifest.name, model.manifest.version);
    Ok((forecast::predict(&model, &panel, horizon, &[])?, name))
}

/// Expected demand of one day, which must follow the history within the horizon.
pub fn expected(
    models: &Path,
    history: &Path,
    date: NaiveDate,
    cancel: &Cancel,
) -> Result<Expected, PipelineError> {
    let (forecasts, model) = forecast_and_model(models, history, HORIZON_DAYS, cancel)?;
    let by_site = on_day(&forecasts, date);
    if by_site.is_empty() {
        let last = forecasts.iter().map(|f| f.ts.date()).max();
        let reach = last.map_or_else(|| "no day".to_owned(), |day| day.to_string());
        let remedy =
            format!("plan a day after the history's end, up to {reach}, or extend the history");
        let fault = crate::domain::InputError::new(
            history.display().to_string(),
            "does not reach the day to plan",
            remedy,
        );
        return Err(fault.field("--date").value(date).into());
    }
    Ok(Expected { by_site, model })
}

/// Forecasts by site on one day.
pub fn on_day(forecasts: &[DemandForecast], date: NaiveDate) -> HashMap<String, Quantiles> {
    let of_day = forecasts.iter().filter(|f| f.ts.date() == date);
    of_day.map(|f| (f.series_id.clone(), f.quantiles)).collect()
}

/// The dimension that demand series count: as in ingestion, the first that orders name.
pub fn dimension(habits: &[SiteHabits]) -> String {
    let first = habits.iter().find_map(|site| site.quantities.keys().next());
    first.cloned().unwrap_or_default()
}
