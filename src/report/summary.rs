//! What the report says, for programs: the document `report`.

use super::data::{DemandSeries, ModelMetric, QualitySummary, ReportData, TravelTimeProfile};
use crate::domain::Document;
use crate::domain::alert::Alert;
use crate::domain::kpi::Kpi;
use crate::domain::plan::{CostParts, PlanBasis, Unplanned};
use crate::domain::value_of_forecast::DayValue;
use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The report as data: everything it shows except the plan, the day and the roads, which are
/// documents of their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReportSummary {
    /// Whose day it is.
    pub operator: String,
    /// The day, in `time_zone`.
    pub date: NaiveDate,
    /// IANA name of the depot's time zone.
    pub time_zone: String,
    /// Code of the currency of all costs.
    pub currency: String,
    /// The plan that is reported on.
    pub plan_id: Uuid,
    /// When the plan was made.
    pub plan_created_at: DateTime<Utc>,
    /// Which knowledge it was made with.
    pub basis: PlanBasis,
    /// Routes of the plan.
    pub routes: u64,
    /// Stops of the plan, planned and unplanned.
    pub stops: u64,
    /// Stops that were left out, with their reasons.
    pub unplanned: Vec<Unplanned>,
    /// Cost that the plan expected.
    pub planned_cost: CostParts,
    /// Cost as driven, if the day was driven.
    pub realised_cost: Option<CostParts>,
    /// Key figures.
    pub kpis: Vec<Kpi>,
    /// Alerts.
    pub alerts: Vec<Alert>,
    /// Demand series that are drawn.
    pub demand: Vec<DemandSeries>,
    /// Travel-time profiles that are drawn.
    pub travel_times: Vec<TravelTimeProfile>,
    /// Value of the forecast, by day.
    pub value_of_forecast: Vec<DayValue>,
    /// What ingestion kept.
    pub quality: Vec<QualitySummary>,
    /// Backtest figures of the models.
    pub models: Vec<ModelMetric>,
    /// Files of the report, relative to its folder.
    pub files: Vec<String>,
}

impl Document for ReportSummary {
    const KIND: &'static str = "report";
    const VERSION: u32 = 1;
}

impl ReportSummary {
    /// Summary of a report that consists of `files`.
    pub(super) fn of(data: &ReportData, files: Vec<String>) -> Self {
        let plan = &data.plan;
        Self {
            operator: data.operator.clone(),
            date: plan.date,
            time_zone: plan.time_zone.clone(),
            currency: data.currency.clone(),
            plan_id: plan.id,
            plan_created_at: plan.created_at,
            basis: plan.basis,
            routes: plan.routes.len() as u64,
            stops: plan.stops.len() as u64,
            unplanned: plan.unplanned.clone(),
            planned_cost: plan.cost,
            realised_cost: data.day.as_ref().map(|day| day.cost),
            kpis: data.kpis.kpis.clone(),
            alerts: data.alerts.clone(),
            demand: data.demand.clone(),
            travel_times: data.travel_times.clone(),
            value_of_forecast: data
                .value
                .as_ref()
                .map_or_else(Vec::new, |v| v.days.clone()),
            quality: data.quality.clone(),
            models: data.models.clone(),
            files,
        }
    }
}
