//! Check raw tables and write clean ones.

use super::Context;
use crate::domain::InputError;
use crate::ingest::quality::{ColumnQuality, Rejection};
use crate::ingest::{Kind, Mapping, Options, QualityReport, run as ingest};
use chrono_tz::Tz;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What the table is: orders, trips, visits, positions, fleet, stops, calendar or demand.
    kind: String,
    /// CSV (gzip too), Parquet or XLSX files of one table.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// TOML file that renames columns and says how foreign values are read.
    #[arg(long, value_name = "MAP.toml")]
    map: Option<PathBuf>,
    /// Folder for the clean table, the quarantine file and the quality report.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// IANA zone of local times, such as Europe/Berlin.
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Orders: quantity that demand is made of, such as kg; the first one by default.
    #[arg(long, value_name = "NAME")]
    dimension: Option<String>,
    /// Orders: calendar whose closures, holidays and promotions become covariates of demand.
    #[arg(long, value_name = "FILE")]
    calendar: Option<PathBuf>,
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    let kind: Kind = args.kind.parse()?;
    let options = Options {
        mapping: args
            .map
            .as_deref()
            .map(Mapping::read)
            .transpose()?
            .unwrap_or_default(),
        time_zone: args.time_zone.as_deref().map(zone).transpose()?,
        dimension: args.dimension,
        calendar: args.calendar,
        ..Options::default()
    };
    let report = ingest(
        kind,
        &args.files,
        &args.out,
        &options,
        &context.cancel,
        &context.progress,
    )?;
    print(&report);
    println!(
        "written to {}: {}",
        args.out.display(),
        report.written.join(", ")
    );
    Ok(())
}

fn zone(name: &str) -> Result<Tz, InputError> {
    name.parse().map_err(|_| {
        InputError::new(
            "command line",
            "no such time zone",
            "give an IANA name, such as Europe/Berlin",
        )
        .field("--time-zone")
        .value(name)
    })
}

fn print(report: &QualityReport) {
    let QualityReport {
        kind,
        rows_read,
        rows_kept,
        rows_rejected,
        ..
    } = report;
    println!("{kind}: {rows_read} rows read, {rows_kept} kept, {rows_rejected} rejected");
    if let Some(span) = &report.span {
        println!("{} from {} to {}", span.column, span.first, span.last);
    }
    print_rejections(&report.rejected);
    if report.ambiguous_local_times > 0 {
        let count = report.ambiguous_local_times;
        println!("{count} local times occur twice that day (clocks go back); the first was taken");
    }
    let gaps = &report.days_without_rows;
    if gaps.count > 0 {
        println!(
            "{} days without rows: {} …",
            gaps.count,
            gaps.first.join(", ")
        );
    }
    if let Some(series) = &report.series {
        println!(
            "{} series, {} of them with gaps ({} steps missing)",
            series.count, series.with_gaps, series.steps_missing
        );
    }
    print_columns(&report.columns);
    for warning in &report.warnings {
        println!("warning: {warning}");
    }
}

fn print_rejections(rejected: &[Rejection]) {
    if rejected.is_empty() {
        return;
    }
    println!(
        "{:>10}  {:<14} {:<24} first example",
        "rejected", "field", "reason"
    );
    for entry in rejected {
        let (reason, first) = (entry.reason.code(), &entry.first);
        let value = first.value.as_deref().unwrap_or("");
        let value: String = value
            .chars()
            .take(40)
            .flat_map(char::escape_debug)
            .collect();
        println!(
            "{:>10}  {:<14} {:<24} {}, row {}: `{value}`",
            entry.rows, entry.field, reason, first.source, first.row
        );
    }
}

fn print_columns(columns: &[ColumnQuality]) {
    println!(
        "{:<16} {:<28} {:>9}  {:<26} max",
        "column", "type", "missing", "min"
    );
    for column in columns {
        let show = |value: &Option<String>| value.clone().unwrap_or_default();
        println!(
            "{:<16} {:<28} {:>8.2}%  {:<26} {}",
            column.name,
            column.holds,
            100.0 * column.missing_share,
            show(&column.min),
            show(&column.max)
        );
    }
}
