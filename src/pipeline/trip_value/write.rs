//! The measurement as files: a row per day and basis, the summary as Markdown, the report.

use super::super::PipelineError;
use super::reading::Reading;
use super::run::{ReadingValue, TripValue, TripValueOptions};
use super::summary::Interval;
use crate::domain::Document;
use crate::domain::plan::PlanBasis;
use crate::kpi;
use crate::planning::PricedLateness;
use crate::report::{self, ReportData, ReportFiles};
use crate::runtime::atomic_file;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Where the results are.
#[derive(Debug)]
pub struct ValueFiles {
    /// A row per day and basis.
    pub csv: PathBuf,
    /// Figures of the period.
    pub markdown: PathBuf,
    /// HTML, CSV and XLSX of the first day with the value of all days.
    pub report: Option<ReportFiles>,
}

/// Writes `travel_value.csv`, `travel_value.md` and `value.json` into `dir`, and the report of the
/// first cautious plan into `report`.
pub fn write(
    measured: &TripValue,
    options: &TripValueOptions,
    dir: &Path,
    report: Option<&Path>,
) -> Result<ValueFiles, PipelineError> {
    let put = |name: &str, content: &str| {
        let path = dir.join(name);
        atomic_file::write(&path, content.as_bytes()).map_err(PipelineError::io(&path))?;
        Ok::<_, PipelineError>(path)
    };
    if let Some(headline) = measured.readings.first() {
        let json = dir.join("travel_value.json");
        headline
            .value
            .write(&json)
            .map_err(PipelineError::io(&json))?;
    }
    Ok(ValueFiles {
        csv: put("travel_value.csv", &csv(measured))?,
        markdown: put("travel_value.md", &markdown(measured, options))?,
        report: report
            .map(|folder| page(measured, folder))
            .transpose()?
            .flatten(),
    })
}

/// How a basis is called in files.
pub(super) fn name(basis: PlanBasis) -> &'static str {
    match basis {
        PlanBasis::Static => "static",
        PlanBasis::Predicted => "predicted",
        PlanBasis::Cautious => "cautious",
        PlanBasis::Perfect => "perfect",
    }
}

fn csv(measured: &TripValue) -> String {
    let mut text = String::from(
        "reading,date,basis,cost,fixed,distance_cost,duration_cost,unplanned_cost,late_cost,late_stops,late_s,unserved_stops,overtime_s,distance_m,planned_cost\n",
    );
    for of in &measured.readings {
        for (day, draws) in of.value.days.iter().zip(&of.draws) {
            for r in &day.results {
                let c = r.realised;
                let late = draws.iter().filter_map(|day| day.of(r.basis));
                let late = late.map(|r| f64::from(r.late_stops)).sum::<f64>();
                // Writing to a string cannot fail.
                let _ = writeln!(
                    text,
                    "{},{},{},{:.2},{:.2},{:.2},{:.2},{:.2},{:.2},{:.2},{},{},{},{},{:.2}",
                    of.reading.name(),
                    day.date,
                    name(r.basis),
                    r.total(),
                    c.fixed,
                    c.distance,
                    c.duration,
                    c.unplanned,
                    r.late_cost,
                    late / draws.len().max(1) as f64,
                    r.late_s,
                    r.unserved_stops,
                    r.overtime_s,
                    r.distance_m,
                    r.planned_cost
                );
            }
        }
    }
    text
}

fn cell(interval: &Interval, decimals: usize, scale: f64) -> String {
    let (v, l, h) = (
        interval.value * scale,
        interval.low * scale,
        interval.high * scale,
    );
    format!("{v:.decimals$} ({l:.decimals$} to {h:.decimals$})")
}

fn markdown(measured: &TripValue, options: &TripValueOptions) -> String {
    let days = measured.readings.first().map_or(0, |r| r.summary.days);
    let mut text = format!(
        "# What the travel-time forecast is worth\n\n\
         {} days from {} of `{}`, {} stops a day with two-hour windows; planner trained on {} earlier trips{}, truth from {} trips held \
         back; every plan searched for {} s by the same solver; a minute of lateness costs {}; cautious plans price {}. Means per day with 95 % intervals (paired \
         bootstrap over days). {:.1} % of {} legs and hours were driven by a real trip of that day.\n",
        days,
        options.from,
        options
            .trips
            .file_name()
            .unwrap_or_default()
            .to_string_lossy(),
        options.stops,
        measured.trips.0,
        match options.live {
            true =>
                ", its forecasts corrected by the trips that had ended at six in the evening before",
            false => "",
        },
        measured.trips.1,
        options.search.time_limit.as_secs_f64(),
        options.late_cost_per_min,
        priced(measured, options),
        100.0 * measured.coverage.driven as f64 / measured.coverage.blocks.max(1) as f64,
        measured.coverage.blocks,
    );
    for reading in &measured.readings {
        table(&mut text, reading);
    }
    chains(&mut text, measured);
    text
}

/// Which lateness cautious plans pay for, in words.
fn priced(measured: &TripValue, options: &TripValueOptions) -> String {
    match (options.caution.of, measured.spread_factor) {
        (PricedLateness::SlowDay { spread_weight, .. }, _) => {
            format!(
                "that of a day on which every leg lies {spread_weight} of the way from its mean to its p90"
            )
        }
        (
            PricedLateness::Expected {
                spread_weight: Some(weight),
            },
            _,
        ) => {
            format!("expected lateness, the spread from mean to p90 times {weight}")
        }
        (
            PricedLateness::Expected {
                spread_weight: None,
            },
            Some(learned),
        ) => {
            format!(
                "expected lateness, the spread from mean to p90 times {learned:.2}, as the planner's model learned on the last of those trips"
            )
        }
        (
            PricedLateness::Expected {
                spread_weight: None,
            },
            None,
        ) => "expected lateness".to_owned(),
    }
}

fn table(text: &mut String, of: &ReadingValue) {
    let heading = match of.reading {
        Reading::NoiseUnforeseen => "Noise of single trips unforeseen by anybody",
        Reading::NoiseForeseen => "Perfect knowledge foresees the noise of single trips",
        Reading::DrivenOnly => "Noise only where a trip was driven",
    };
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "\n## {heading}\n\n`{}`: {}.\n\n\
         | plan knew | cost | without lateness | late stops | minutes late | km | overtime min | left out | regret % | gap closed % | late stops / static |\n\
         |---|---|---|---|---|---|---|---|---|---|---|\n",
        of.reading.name(),
        of.reading.description(),
    );
    for b in &of.summary.bases {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            name(b.basis),
            cell(&b.cost, 0, 1.0),
            cell(&b.driving_cost, 0, 1.0),
            cell(&b.late_stops, 2, 1.0),
            cell(&b.late_min, 1, 1.0),
            cell(&b.distance_km, 0, 1.0),
            cell(&b.overtime_min, 1, 1.0),
            cell(&b.unserved, 2, 1.0),
            cell(&b.regret, 1, 100.0),
            cell(&b.gap_closed, 0, 100.0),
            cell(&b.late_ratio, 2, 1.0),
        );
    }
}

fn chains(text: &mut String, measured: &TripValue) {
    let chains = measured.chains;
    let _ = write!(
        text,
        "\n## Arrival p90 on real trips\n\n\
         {} chains of {} real trips, each route at most an hour long; legs of an hour correlated by {:.2}.\n\n\
         | forecasts | chains after their p90 % | if legs were independent % | single legs % | driven / expected |\n\
         |---|---|---|---|---|\n",
        chains.chains, chains.legs, chains.correlation,
    );
    for (forecasts, shares) in [
        ("model alone", chains.model),
        ("corrected the evening before", chains.evening),
        ("corrected as the vehicle leaves", chains.departure),
    ] {
        let _ = writeln!(
            text,
            "| {forecasts} | {:.1} | {:.1} | {:.1} | {:.3} |",
            100.0 * shares.late,
            100.0 * shares.late_independent,
            100.0 * shares.leg_late,
            shares.mean_ratio,
        );
    }
}

/// The report of the first cautious plan, with the value of all days.
fn page(measured: &TripValue, folder: &Path) -> Result<Option<ReportFiles>, PipelineError> {
    let cautious = |p: &&super::super::value::PlayedPlan| p.made.plan.basis == PlanBasis::Cautious;
    let Some(first) = measured.first_day.iter().find(cautious) else {
        return Ok(None);
    };
    let (plan, day) = (first.made.plan.clone(), first.played.record.clone());
    let data = ReportData {
        operator: "Value of the travel-time forecast".into(),
        currency: "EUR".into(),
        kpis: kpi::report(&plan, &day, &[], &Default::default()),
        alerts: Vec::new(),
        demand: Vec::new(),
        travel_times: Vec::new(),
        value: measured.readings.first().map(|r| r.value.clone()),
        roads: None,
        quality: Vec::new(),
        models: Vec::new(),
        customers: None,
        plan,
        day: Some(day),
    };
    Ok(Some(report::write(&data, folder)?))
}
