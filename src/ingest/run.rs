//! One table from raw files to Parquet, quarantine and report.

use super::clean::{Checked, Cleaner};
use super::demand::DemandSeries;
use super::error::IngestError;
use super::intake::Intake;
use super::kind::Kind;
use super::layout::Holds;
use super::load::load_calendar;
use super::mapping::Mapping;
use super::output::{Output, ParquetSink};
use super::profile::Profile;
use super::quality::QualityReport;
use super::quarantine;
use super::schema::ColumnType;
use super::tally::Tally;
use crate::domain::InputError;
use crate::domain::calendar::CalendarDay;
use crate::runtime::{Cancel, Progress};
use chrono_tz::Tz;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Rows that are in memory at once, unless said otherwise.
const CHUNK_ROWS: usize = 1 << 17;

/// How a table is ingested.
#[derive(Debug, Clone)]
pub struct Options {
    /// How foreign columns are read.
    pub mapping: Mapping,
    /// Zone of local times; goes before the mapping's.
    pub time_zone: Option<Tz>,
    /// Orders: the quantity that demand is made of, without `qty_`; the first one where `None`.
    pub dimension: Option<String>,
    /// Orders: a calendar file whose days become covariates of demand.
    pub calendar: Option<PathBuf>,
    /// Rows in memory at once. Changes memory and time, not the result.
    pub chunk_rows: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            mapping: Mapping::default(),
            time_zone: None,
            dimension: None,
            calendar: None,
            chunk_rows: CHUNK_ROWS,
        }
    }
}

/// Ingests `files` as one table of `kind` into the folder `out`: `<kind>.parquet`,
/// `<kind>.quarantine.csv`, `<kind>.quality.json`, and `demand.parquet` beside orders. The files
/// appear together at the end; on an error none does.
///
/// # Errors
/// [`IngestError::Input`] if a file cannot be read as such a table, or if no row is right.
pub fn run(
    kind: Kind,
    files: &[PathBuf],
    out: &Path,
    options: &Options,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<QualityReport, IngestError> {
    let calendar = options.calendar.as_deref().map(load_calendar).transpose()?;
    let intake = Intake::open(kind, files, options)?;
    let mut writing = Writing::new(&intake, out, options)?;
    let mut cleaner = Cleaner::new(&intake, &options.mapping);
    cleaner.each(options.chunk_rows, cancel, progress, |chunk| {
        writing.take(&chunk)
    })?;
    let ambiguous = cleaner.resolutions.ambiguous;
    cancel.check()?;
    writing.finish(ambiguous, calendar.as_deref())
}

/// What is written and counted while chunks pass.
struct Writing<'a> {
    intake: &'a Intake,
    output: Output,
    table: ParquetSink,
    quarantine: std::io::BufWriter<std::fs::File>,
    demand: Option<DemandSeries>,
    tally: Tally,
    profile: Profile,
}

impl<'a> Writing<'a> {
    fn new(intake: &'a Intake, out: &Path, options: &Options) -> Result<Self, IngestError> {
        let quantities = intake
            .out
            .iter()
            .map(|c| c.name.as_str())
            .filter(|n| n.starts_with("qty_"));
        let demand = match intake.kind {
            Kind::Orders => Some(DemandSeries::new(options.dimension.as_deref(), quantities)?),
            _ => None,
        };
        let mut output = Output::new(out)?;
        let table = ParquetSink::new(output.file(&format!("{}.parquet", intake.kind))?);
        let mut quarantine = output.file(&quarantine_name(intake.kind))?;
        quarantine::write_header(&mut quarantine, intake)
            .map_err(|e| IngestError::write(out, e))?;
        Ok(Self {
            intake,
            output,
            table,
            quarantine,
            demand,
            tally: Tally::default(),
            profile: Profile::default(),
        })
    }

    fn take(&mut self, chunk: &Checked) -> Result<(), IngestError> {
        self.tally.add(self.intake, chunk);
        quarantine::write_rows(&mut self.quarantine, self.intake, chunk)?;
        let kept = chunk.frame.filter(&chunk.faults.kept())?;
        self.profile.add(self.intake, &kept)?;
        if let Some(demand) = &mut self.demand {
            demand.add(&kept)?;
        }
        self.table.write(kept)
    }

    fn finish(
        mut self,
        ambiguous: u64,
        calendar: Option<&[CalendarDay]>,
    ) -> Result<QualityReport, IngestError> {
        let mut report = self.report(ambiguous);
        if report.rows_kept == 0 {
            return Err(nothing_kept(self.intake, &report).into());
        }
        self.table.finish()?;
        self.quarantine
            .flush()
            .map_err(|e| IngestError::write(Path::new(&quarantine_name(self.intake.kind)), e))?;
        if let Some(demand) = &self.demand {
            let name = "demand.parquet";
            let mut sink = ParquetSink::new(self.output.file(name)?);
            demand.write(calendar, &mut sink)?;
            sink.finish()?;
            report.written.insert(1, name.to_owned());
        }
        self.output
            .document(&format!("{}.quality.json", self.intake.kind), &report)?;
        self.output.publish()?;
        Ok(report)
    }

    fn report(&self, ambiguous: u64) -> QualityReport {
        let intake = self.intake;
        let kind = intake.kind;
        let instants = intake.out.iter().any(|c| {
            matches!(
                c.holds,
                Holds::Known {
                    holds: ColumnType::Instant,
                    ..
                }
            )
        });
        QualityReport {
            kind: kind.name().to_owned(),
            files: intake.files.iter().map(|f| f.name.clone()).collect(),
            time_zone: instants.then(|| intake.zone_out.name().to_owned()),
            rows_read: self.tally.read,
            rows_kept: self.tally.kept,
            rows_rejected: self.tally.rejected(),
            rejected: self.tally.rejections(),
            ambiguous_local_times: ambiguous,
            span: self.profile.span(kind),
            days_without_rows: self.profile.days_without_rows(kind),
            series: self.profile.series(),
            columns: self.profile.columns(),
            warnings: self.warnings(instants),
            written: vec![
                format!("{kind}.parquet"),
                quarantine_name(kind),
                format!("{kind}.quality.json"),
            ],
        }
    }

    fn warnings(&self, instants: bool) -> Vec<String> {
        let mut warnings = self.intake.warnings.clone();
        if self.tally.rejected() > self.tally.kept {
            warnings.push("more rows were rejected than kept; see the reasons".to_owned());
        }
        let in_utc = instants && self.intake.zone_out == Tz::UTC && self.intake.zone.is_none();
        let lost = match self.intake.kind {
            Kind::Trips => Some("departures are in UTC, so that rush hours"),
            Kind::Visits => Some("starts are in UTC, so that hours of the day"),
            _ => None,
        };
        if let Some(lost) = lost.filter(|_| in_utc) {
            warnings.push(format!("{lost} cannot be told; give --time-zone"));
        }
        warnings
    }
}

fn quarantine_name(kind: Kind) -> String {
    format!("{kind}.quarantine.csv")
}

/// No row is right: an error that names the most frequent reason.
fn nothing_kept(intake: &Intake, report: &QualityReport) -> InputError {
    let Some(worst) = report.most_frequent() else {
        let source = intake.files.first().map_or("", |f| f.name.as_str());
        return InputError::new(
            source,
            "a table without rows",
            "give at least one row below the header",
        );
    };
    let problem = format!(
        "{} (and so on: none of {} rows is right, {} for this reason)",
        worst.reason.problem(),
        report.rows_read,
        worst.rows
    );
    let error = InputError::new(&worst.first.source, problem, worst.reason.remedy())
        .row(worst.first.row)
        .field(&worst.field);
    match &worst.first.value {
        Some(value) => error.value(value),
        None => error,
    }
}
