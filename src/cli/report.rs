//! Write the report of a day.

use super::Context;
use crate::customers::Settings;
use crate::domain::alert::Alert;
use crate::domain::day_record::DayRecord;
use crate::domain::kpi::KpiReport;
use crate::domain::plan::Plan;
use crate::domain::value_of_forecast::ValueOfForecast;
use crate::domain::{Document, InputError};
use crate::pipeline;
use crate::report::{self, ReportData};
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The plan.
    #[arg(long)]
    plan: PathBuf,
    /// The day as it was driven.
    #[arg(long)]
    day: Option<PathBuf>,
    /// Key figures of the day; without them they are computed from plan and day.
    #[arg(long)]
    kpis: Option<PathBuf>,
    /// Alerts of the day, a JSON array.
    #[arg(long)]
    alerts: Option<PathBuf>,
    /// What the forecast was worth.
    #[arg(long)]
    value: Option<PathBuf>,
    /// Roads for the map's background, GeoJSON.
    #[arg(long)]
    roads: Option<PathBuf>,
    /// Clean orders (orders.parquet): adds how customers behave, as known before the plan's day.
    #[arg(long)]
    orders: Option<PathBuf>,
    /// Whose day it is; the title of the page.
    #[arg(long, default_value = "RouteForce")]
    operator: String,
    /// Currency code of all costs.
    #[arg(long, default_value = "EUR")]
    currency: String,
    /// Folder to write; replaced if it holds an older report.
    #[arg(long)]
    out: PathBuf,
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    let plan = Plan::read(&args.plan)?;
    let day = args.day.as_deref().map(DayRecord::read).transpose()?;
    if let Some(day) = day.as_ref().filter(|day| day.plan_id != plan.id) {
        let remedy = format!("give the day on which plan {} was driven", plan.id);
        return Err(
            InputError::new("day record", "belongs to another plan", remedy)
                .field("plan_id")
                .value(day.plan_id)
                .into(),
        );
    }
    let kpis = match (&args.kpis, &day) {
        (Some(path), _) => KpiReport::read(path)?,
        (None, Some(day)) => crate::kpi::report(&plan, day, &[], &Default::default()),
        (None, None) => KpiReport {
            date: plan.date,
            kpis: Vec::new(),
        },
    };
    let customers = args
        .orders
        .as_deref()
        .map(|orders| {
            let settings = Settings::default();
            pipeline::customers::of_orders(orders, Some(plan.date), &settings, &context.cancel)
        })
        .transpose()?;
    let data = ReportData {
        operator: args.operator,
        currency: args.currency,
        kpis,
        alerts: args
            .alerts
            .as_deref()
            .map(json::<Vec<Alert>>)
            .transpose()?
            .unwrap_or_default(),
        demand: Vec::new(),
        travel_times: Vec::new(),
        value: args
            .value
            .as_deref()
            .map(ValueOfForecast::read)
            .transpose()?,
        roads: args.roads.as_deref().map(json).transpose()?,
        quality: Vec::new(),
        models: Vec::new(),
        customers,
        plan,
        day,
    };
    let files = report::write(&data, &args.out)?;
    println!("{}", files.html.display());
    Ok(())
}

/// Plain JSON without a schema of ours.
fn json<T: DeserializeOwned>(path: &Path) -> Result<T, InputError> {
    let source = path.display().to_string();
    let text = std::fs::read(path)
        .map_err(|e| InputError::new(&source, e.to_string(), "give a readable file"))?;
    serde_json::from_slice(&text).map_err(|e| {
        InputError::new(&source, e.to_string(), "give a JSON file of this kind")
            .row(e.line() as u64)
    })
}
