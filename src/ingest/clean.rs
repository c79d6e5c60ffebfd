//! Rows as they were read to rows of the clean table, each with its fault if it has one.

use super::convert::{Conversion, Resolutions};
use super::duplicates::Keys;
use super::error::IngestError;
use super::faults::Faults;
use super::intake::{Intake, OutColumn};
use super::kind::Kind;
use super::layout::{Holds, Source, elapsed};
use super::mapping::Mapping;
use super::places;
use super::read::{RawChunk, Table};
use super::reason::Reason;
use super::rules::Rules;
use super::schema::ColumnType;
use crate::runtime::{Cancel, Progress};
use polars::prelude::*;

/// A chunk of rows, converted and checked.
pub(crate) struct Checked {
    /// Index of the file.
    pub file: usize,
    /// The rows as they were read.
    pub raw: RawChunk,
    /// The rows as they should be; only those without a fault are right.
    pub frame: DataFrame,
    /// The fault of each row.
    pub faults: Faults,
}

/// Trips without an id are the same if all of this is.
const TRIP_KEY: &[&str] = &[
    "o_lat",
    "o_lon",
    "d_lat",
    "d_lon",
    "depart",
    "duration_s",
    "vehicle_id",
];

/// Visits without an id are the same if all of this is.
const VISIT_KEY: &[&str] = &["site_id", "service_start", "service_s"];

/// Checks the rows of a table from the first to the last.
pub(crate) struct Cleaner<'a> {
    intake: &'a Intake,
    mapping: &'a Mapping,
    keys: Keys,
    rules: Rules,
    /// What was resolved by a rule.
    pub resolutions: Resolutions,
}

impl<'a> Cleaner<'a> {
    /// A cleaner that has seen no row yet.
    pub fn new(intake: &'a Intake, mapping: &'a Mapping) -> Self {
        Self {
            intake,
            mapping,
            keys: Keys::default(),
            rules: Rules::default(),
            resolutions: Resolutions::default(),
        }
    }

    /// Reads all files in chunks of at most `chunk_rows` and hands out each chunk in order.
    pub fn each(
        &mut self,
        chunk_rows: usize,
        cancel: &Cancel,
        progress: &Progress,
        mut take: impl FnMut(Checked) -> Result<(), IngestError>,
    ) -> Result<(), IngestError> {
        let stage = format!("ingest {}", self.intake.kind);
        let mut rows = 0;
        for (file, input) in self.intake.files.iter().enumerate() {
            let mut table = Table::open(&input.path, self.mapping)?;
            loop {
                cancel.check()?;
                let Some(raw) = table.next_chunk(chunk_rows.max(1))? else {
                    break;
                };
                rows += (raw.rows.len() + raw.ragged.len()) as u64;
                take(self.check(file, raw)?)?;
                progress.report(&stage, rows, 0);
            }
        }
        progress.report(&stage, rows, rows);
        Ok(())
    }

    fn check(&mut self, file: usize, raw: RawChunk) -> Result<Checked, IngestError> {
        let intake = self.intake;
        let mut faults = Faults::none(raw.frame.height());
        let mut columns: Vec<Column> = Vec::with_capacity(intake.out.len());
        for column in &intake.out {
            let converted = self.column(file, column, &raw, &mut faults)?;
            let derived = self.source(file, &column.name) == Some(&Source::Elapsed);
            if let Holds::Known { required: true, .. } = column.holds
                && !derived
            {
                faults.mark_where(&converted.is_null(), &column.name, Reason::Missing);
            }
            columns.push(converted);
        }
        let mut frame = DataFrame::new(raw.frame.height(), columns)?;
        self.add_elapsed(file, &mut frame, &mut faults)?;
        for (pair, bulk) in intake.schema.places.iter().zip(&intake.bulks) {
            places::check(&frame, *pair, *bulk, &mut faults)?;
        }
        self.rules.check(
            intake.kind,
            &frame,
            self.mapping.speed_limit_kmh(),
            &mut faults,
        )?;
        self.keys.check(&frame, self.key(file), &mut faults)?;
        Ok(Checked {
            file,
            raw,
            frame,
            faults,
        })
    }

    fn key(&self, file: usize) -> &'static [&'static str] {
        let made_up = |id: &str| self.source(file, id) == Some(&Source::RowNumber);
        match self.intake.kind {
            Kind::Trips if made_up("trip_id") => TRIP_KEY,
            Kind::Visits if made_up("visit_id") => VISIT_KEY,
            _ => self.intake.schema.key,
        }
    }

    fn source(&self, file: usize, name: &str) -> Option<&Source> {
        let input = self.intake.files.get(file)?;
        input.layout.slot(name).map(|slot| &slot.source)
    }

    fn column(
        &mut self,
        file: usize,
        column: &OutColumn,
        raw: &RawChunk,
        faults: &mut Faults,
    ) -> PolarsResult<Column> {
        let name = PlSmallStr::from(column.name.as_str());
        let height = raw.frame.height();
        let found = match self.source(file, &column.name) {
            Some(Source::Read(theirs)) => raw.frame.column(theirs)?.clone(),
            Some(Source::Constant(value)) => {
                let value = AnyValue::StringOwned(value.as_str().into());
                Column::new_scalar(name.clone(), Scalar::new(DataType::String, value), height)
            }
            Some(Source::RowNumber) => {
                let ids = raw.rows.iter().map(|row| format!("{}-{row}", file + 1));
                StringChunked::from_iter_values(name.clone(), ids).into_column()
            }
            Some(Source::Zone { column: zone, axis }) => {
                let zones = raw.frame.column(zone)?;
                let place = self.intake.zones.coordinates(zones, *axis)?;
                let unknown = zones.is_not_null() & place.is_null();
                faults.mark_where(&unknown, &column.name, Reason::UnknownZone);
                place
            }
            Some(Source::Elapsed | Source::Absent) | None => {
                Column::full_null(name.clone(), height, &DataType::String)
            }
        };
        match &column.holds {
            Holds::Extra(dtype) => {
                let extra = found.cast(dtype)?.with_name(name);
                // Extra numbers of a demand table are covariates.
                if self.intake.kind == Kind::Demand && dtype.is_float() {
                    let numbers = extra.cast(&DataType::Float64)?;
                    let finite = numbers.f64()?.is_finite();
                    faults.mark_where(&!&finite, &column.name, Reason::NotFinite);
                }
                Ok(extra)
            }
            Holds::Known { holds, .. } => self.convert(&found, &column.name, *holds, faults),
        }
    }

    fn convert(
        &mut self,
        found: &Column,
        name: &str,
        holds: ColumnType,
        faults: &mut Faults,
    ) -> PolarsResult<Column> {
        let conversion = Conversion {
            mapping: self.mapping,
            zone: self.intake.zone,
            zone_out: self.intake.zone_out,
            whole_days: self.intake.whole_days,
        };
        conversion.convert(found, name, holds, faults, &mut self.resolutions)
    }

    /// Trips and visits that give an end instead of a duration.
    fn add_elapsed(
        &self,
        file: usize,
        frame: &mut DataFrame,
        faults: &mut Faults,
    ) -> PolarsResult<()> {
        let elapsed = elapsed(self.intake.kind);
        let Some(needed) = elapsed.filter(|e| self.source(file, e.name) == Some(&Source::Elapsed))
        else {
            return Ok(());
        };
        let micros = |name: &str| {
            Ok::<_, PolarsError>(frame.column(name)?.to_physical_repr().i64()?.clone())
        };
        let (from, until) = (micros(needed.from)?, micros(needed.until)?);
        let elapsed = from
            .iter()
            .zip(until.iter())
            .map(|(a, b)| Some((b? - a?) as f64 / 1e6));
        let elapsed: Float64Chunked = elapsed.collect();
        faults.mark_where(&elapsed.is_null(), needed.until, Reason::Missing);
        faults.mark_where(&elapsed.lt_eq(0.0), needed.until, Reason::NotPositive);
        frame.with_column(elapsed.with_name(needed.name.into()).into_column())?;
        Ok(())
    }
}
