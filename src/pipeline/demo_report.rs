//! Puts the demo's results together for the report: figures, alerts, and a few series to draw.

use super::PipelineError;
use super::value::PlayedPlan;
use crate::anomaly::Leg;
use crate::domain::alert::Alert;
use crate::domain::customers::CustomerReport;
use crate::domain::forecast::DemandForecast;
use crate::domain::kpi::KpiReport;
use crate::domain::value_of_forecast::ValueOfForecast;
use crate::domain::{Document, LatLon};
use crate::features::travel::TripQuery;
use crate::ingest::QualityReport;
use crate::onnx::Manifest;
use crate::report::{
    self, DemandSeries, ModelMetric, Observation, ProfilePoint, QualitySummary, RealisedTrip,
    ReportData, ReportFiles, TravelTimeProfile,
};
use crate::runtime::{Progress, atomic_file};
use crate::simulation::{TravelTruth, World};
use crate::travel_time::TravelTimeModel;
use crate::{anomaly, kpi};
use chrono::{Days, NaiveTime, TimeDelta, TimeZone};
use std::collections::BTreeMap;
use std::path::Path;

/// Sites whose forecast is drawn, pairs whose travel time is drawn.
const SERIES_DRAWN: usize = 4;
const PAIRS_DRAWN: usize = 2;
/// Days of history drawn before a forecast.
const HISTORY_DAYS: u64 = 56;

/// What the demo has to tell.
pub(super) struct Material<'a> {
    pub dir: &'a Path,
    pub world: &'a World,
    pub first: &'a PlayedPlan,
    pub value: &'a ValueOfForecast,
    pub forecasts: &'a [DemandForecast],
    pub quality: &'a [QualityReport],
    pub customers: &'a CustomerReport,
    pub manifests: [&'a Manifest; 3],
    pub travel: &'a TravelTimeModel,
}

/// What was written.
pub(super) struct WrittenReport {
    pub files: ReportFiles,
    pub alerts: usize,
}

/// Computes the figures and alerts of the first day and writes its report.
pub(super) fn write(
    material: &Material,
    progress: &Progress,
) -> Result<WrittenReport, PipelineError> {
    progress.report("write the report", 0, 1);
    let (kpis, alerts) = figures(material)?;
    let reports = material.dir.join("reports");
    let data = ReportData {
        operator: "Simulated operator".into(),
        currency: "EUR".into(),
        plan: material.first.made.plan.clone(),
        day: Some(material.first.played.record.clone()),
        demand: demand_series(material),
        travel_times: travel_profiles(material)?,
        value: Some(material.value.clone()),
        roads: Some(material.world.roads_geojson()),
        quality: material.quality.iter().map(quality_summary).collect(),
        models: material
            .manifests
            .iter()
            .flat_map(|m| model_metrics(m))
            .collect(),
        customers: Some(material.customers.clone()),
        kpis,
        alerts,
    };
    let files = report::write(
        &data,
        &reports.join(material.first.made.plan.date.to_string()),
    )?;
    let alerts_path = material.dir.join("day").join("alerts.json");
    let alerts_json = serde_json::to_vec_pretty(&data.alerts).map_err(std::io::Error::other);
    alerts_json
        .and_then(|json| atomic_file::write(&alerts_path, &json))
        .map_err(PipelineError::io(&alerts_path))?;
    let kpis_path = material.dir.join("day").join("kpis.json");
    data.kpis
        .write(&kpis_path)
        .map_err(PipelineError::io(&kpis_path))?;
    progress.report("write the report", 1, 1);
    Ok(WrittenReport {
        files,
        alerts: data.alerts.len(),
    })
}

/// Key figures and alerts of the first day.
fn figures(material: &Material) -> Result<(KpiReport, Vec<Alert>), PipelineError> {
    let PlayedPlan { made, played } = material.first;
    let orders = material.world.day_truth(made.plan.date);
    let realised: BTreeMap<String, f64> = orders
        .orders
        .iter()
        .filter_map(|o| Some((o.site_id.clone(), *o.quantities.get(DEMAND_DIMENSION)?)))
        .collect();
    let of_the_day: Vec<DemandForecast> = material
        .forecasts
        .iter()
        .filter(|f| f.ts.date() == made.plan.date)
        .cloned()
        .collect();
    let kpis = kpi::report(&made.plan, &played.record, &of_the_day, &realised);
    let legs = predicted_legs(material)?;
    let (plan, record) = (&made.plan, &played.record);
    let alerts = anomaly::of_day_with_legs(plan, record, &of_the_day, &realised, &legs);
    Ok((kpis, alerts))
}

/// The day's legs with what the model predicted of them before the day.
fn predicted_legs(material: &Material) -> Result<Vec<Leg>, PipelineError> {
    let PlayedPlan { made, played } = material.first;
    let mut queries = Vec::new();
    anomaly::observed_legs(&made.plan, &played.record, |leg| {
        queries.push(TripQuery {
            origin: leg.from,
            destination: leg.to,
            depart: leg.depart.with_timezone(&material.world.time_zone()),
            profile: Some(leg.profile.clone()),
        });
        None
    });
    let mut predicted = material.travel.predict(&queries)?.into_iter();
    let legs = anomaly::observed_legs(&made.plan, &played.record, |_| predicted.next());
    Ok(legs)
}

/// The dimension that the demo's demand series count.
const DEMAND_DIMENSION: &str = "kg";

/// The sites with the largest forecasts, with their recent history and what really came.
fn demand_series(material: &Material) -> Vec<DemandSeries> {
    let mut mean_by_site: BTreeMap<&str, f64> = BTreeMap::new();
    for forecast in material.forecasts {
        *mean_by_site.entry(&forecast.series_id).or_default() += forecast.quantiles.mean;
    }
    let mut sites: Vec<(&str, f64)> = mean_by_site.into_iter().collect();
    sites.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let drawn = sites.into_iter().take(SERIES_DRAWN);
    drawn
        .map(|(site, _)| demand_of_site(material, site))
        .collect()
}

fn demand_of_site(material: &Material, site: &str) -> DemandSeries {
    let forecasts: Vec<DemandForecast> = material
        .forecasts
        .iter()
        .filter(|f| f.series_id == site)
        .cloned()
        .collect();
    let first = material.world.planning_date();
    let observed = |date: chrono::NaiveDate| Observation {
        ts: date.and_time(NaiveTime::MIN),
        y: material
            .world
            .day_truth(date)
            .orders
            .iter()
            .filter(|o| o.site_id == site)
            .filter_map(|o| o.quantities.get(DEMAND_DIMENSION))
            .sum(),
    };
    let start = first
        .checked_sub_days(Days::new(HISTORY_DAYS))
        .unwrap_or(first);
    DemandSeries {
        series_id: site.to_owned(),
        unit: DEMAND_DIMENSION.into(),
        step: "day".into(),
        history: start
            .iter_days()
            .take_while(|day| *day < first)
            .map(observed)
            .collect(),
        realised: forecasts.iter().map(|f| observed(f.ts.date())).collect(),
        forecasts,
    }
}

/// Travel time over the day from the first depot to the farthest and the median stop.
fn travel_profiles(material: &Material) -> Result<Vec<TravelTimeProfile>, PipelineError> {
    let plan = &material.first.made.plan;
    let Some(depot) = plan.fleet.depots.first() else {
        return Ok(Vec::new());
    };
    let mut stops: Vec<_> = plan.stops.iter().collect();
    let far = |place: LatLon| place.great_circle_m(depot.place);
    stops.sort_by(|a, b| far(b.place).total_cmp(&far(a.place)));
    let chosen = [stops.first(), stops.get(stops.len() / 2)];
    chosen
        .into_iter()
        .flatten()
        .take(PAIRS_DRAWN)
        .map(|stop| {
            let name = format!("{} to {}", depot.id, stop.site_id);
            travel_profile(material, name, depot.place, stop.place)
        })
        .collect()
}

/// Predicted quantiles every quarter of an hour from 5:00 to 20:00, and true trips of that day.
fn travel_profile(
    material: &Material,
    name: String,
    origin: LatLon,
    destination: LatLon,
) -> Result<TravelTimeProfile, PipelineError> {
    let zone = material.world.time_zone();
    let date = material.first.made.plan.date;
    let five = NaiveTime::from_hms_opt(5, 0, 0).unwrap_or_default();
    let start = zone.from_local_datetime(&date.and_time(five)).earliest();
    let start = start.unwrap_or_else(|| zone.from_utc_datetime(&date.and_time(five)));
    let departs: Vec<_> = (0..=60)
        .map(|k| start + TimeDelta::minutes(15 * k))
        .collect();
    let queries: Vec<TripQuery> = departs
        .iter()
        .map(|depart| TripQuery {
            origin,
            destination,
            depart: *depart,
            profile: Some("van".into()),
        })
        .collect();
    let predicted = material.travel.predict(&queries)?;
    let at = |depart: &chrono::DateTime<chrono_tz::Tz>| depart.with_timezone(&chrono::Utc);
    let points = departs.iter().zip(predicted);
    let realised = departs.iter().step_by(2).map(|depart| RealisedTrip {
        depart: at(depart),
        duration_s: material
            .world
            .duration_s(origin, destination, at(depart), "van"),
    });
    Ok(TravelTimeProfile {
        name,
        points: points
            .map(|(d, seconds)| ProfilePoint {
                depart: at(d),
                seconds,
            })
            .collect(),
        realised: realised.collect(),
    })
}

fn quality_summary(report: &QualityReport) -> QualitySummary {
    QualitySummary {
        table: report.kind.clone(),
        read: report.rows_read,
        kept: report.rows_kept,
        rejected: report
            .rejected
            .iter()
            .map(|r| (format!("{}: {}", r.field, r.reason.code()), r.rows))
            .collect(),
    }
}

/// The exported model's backtest figures beside the baseline's.
fn model_metrics(manifest: &Manifest) -> Vec<ModelMetric> {
    let exported = manifest.backtest.iter().find(|score| score.exported);
    let baseline = manifest.backtest.iter().find(|score| !score.exported);
    let (Some(exported), Some(baseline)) = (exported, baseline) else {
        return Vec::new();
    };
    let metric = |(name, value): (&String, &f64)| {
        Some(ModelMetric {
            model: format!("{} ({})", manifest.name, exported.model),
            metric: name.clone(),
            unit: String::new(),
            value: *value,
            baseline: baseline.model.clone(),
            baseline_value: *baseline.metrics.get(name)?,
        })
    };
    exported.metrics.iter().filter_map(metric).collect()
}
