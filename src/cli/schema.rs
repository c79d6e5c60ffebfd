//! Print the JSON Schema of a document.

use super::Context;
use crate::domain::customers::CustomerReport;
use crate::domain::day_record::DayRecord;
use crate::domain::kpi::KpiReport;
use crate::domain::plan::Plan;
use crate::domain::value_of_forecast::ValueOfForecast;
use crate::domain::{Document, InputError};
use crate::forecast::drift::DriftReport;
use crate::ingest::QualityReport;
use crate::onnx::{Manifest, Stages};
use crate::report::ReportSummary;
use crate::speeds::RoadSpeeds;
use serde_json::Value;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Kind of document, such as `plan`; without it, the kinds are listed.
    kind: Option<String>,
}

pub(crate) fn run(args: Args, _context: &Context) -> anyhow::Result<()> {
    let Some(kind) = args.kind else {
        for (kind, _) in schemas() {
            println!("{kind}");
        }
        return Ok(());
    };
    match schemas().into_iter().find(|(name, _)| *name == kind) {
        Some((_, schema)) => println!("{}", serde_json::to_string_pretty(&schema())?),
        None => {
            let known: Vec<_> = schemas().into_iter().map(|(name, _)| name).collect();
            return Err(InputError::new(
                "command line",
                "no such document",
                format!("give one of {}", known.join(", ")),
            )
            .field("KIND")
            .value(kind)
            .into());
        }
    }
    Ok(())
}

type SchemaOf = fn() -> Value;

/// Every document of the product.
fn schemas() -> Vec<(&'static str, SchemaOf)> {
    fn entry<D: Document>() -> (&'static str, SchemaOf) {
        (D::KIND, D::json_schema_document)
    }
    vec![
        entry::<Plan>(),
        entry::<DayRecord>(),
        entry::<KpiReport>(),
        entry::<QualityReport>(),
        entry::<CustomerReport>(),
        entry::<ValueOfForecast>(),
        entry::<Manifest>(),
        entry::<Stages>(),
        entry::<DriftReport>(),
        entry::<ReportSummary>(),
        entry::<RoadSpeeds>(),
    ]
}
