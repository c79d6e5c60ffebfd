//! Columns as they were read to columns as they should be, whole columns at a time.

use super::convert_times::{
    DAY_US, date_text, days_since_epoch, local_micros, local_text, physical_micros,
};
use super::convert_words::{flag, time_of_day, windows_text, word};
use super::faults::Faults;
use super::mapping::Mapping;
use super::reason::Reason;
use super::schema::{ColumnType, Limit};
use super::times::{Moment, Resolved, parse_moment, resolve};
use chrono_tz::Tz;
use polars::prelude::*;

/// How values are read.
#[derive(Debug, Clone)]
pub(crate) struct Conversion<'a> {
    /// Formats, factors.
    pub mapping: &'a Mapping,
    /// Zone of local times, if given.
    pub zone: Option<Tz>,
    /// Zone in which instants are written.
    pub zone_out: Tz,
    /// Local times are whole days.
    pub whole_days: bool,
}

/// Counts of what is resolved by a rule instead of rejected.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Resolutions {
    /// Local times that the clocks show twice.
    pub ambiguous: u64,
}

impl Conversion<'_> {
    /// Converts a column; values that cannot be converted are missing in the result and noted.
    pub fn convert(
        &self,
        raw: &Column,
        name: &str,
        holds: ColumnType,
        faults: &mut Faults,
        resolutions: &mut Resolutions,
    ) -> PolarsResult<Column> {
        let out = match holds {
            ColumnType::Text => raw.cast(&DataType::String)?,
            ColumnType::Number(limit) => self.number(raw, name, limit, faults)?,
            ColumnType::Integer(limit) => {
                let number = self.number(raw, name, limit, faults)?;
                integer(&number, name, faults)?
            }
            ColumnType::Flag => flag(raw, name, faults)?,
            ColumnType::Date => self.date(raw, name, faults)?,
            ColumnType::Instant => self.instant(raw, name, faults, resolutions)?,
            ColumnType::LocalTime if self.whole_days => self.date(raw, name, faults)?,
            ColumnType::LocalTime => self.local_time(raw, name, faults)?,
            ColumnType::TimeOfDay => time_of_day(raw, name, faults)?,
            ColumnType::WindowBound | ColumnType::Windows => {
                windows_text(raw, name, holds, faults)?
            }
            ColumnType::Word(words) => word(raw, name, words, faults)?,
        };
        Ok(out.with_name(name.into()))
    }

    fn number(
        &self,
        raw: &Column,
        name: &str,
        limit: Limit,
        faults: &mut Faults,
    ) -> PolarsResult<Column> {
        let mut number = if self.mapping.decimal_comma && *raw.dtype() == DataType::String {
            let texts = raw.str()?.iter();
            let pointed = texts.map(|t| t.map(|t| t.replace('.', "").replace(',', ".")));
            StringChunked::from_iter_options(name.into(), pointed)
                .cast(&DataType::Float64)?
                .into_column()
        } else {
            raw.cast(&DataType::Float64)?
        };
        faults.mark_where(
            &(raw.is_not_null() & number.is_null()),
            name,
            Reason::NotANumber,
        );
        if let Some(&factor) = self.mapping.factors.get(name) {
            number = &number * factor;
        }
        // One pass of expressions: finite, then within the limit.
        let value = || col(PlSmallStr::from(name));
        let below = match limit {
            Limit::Any | Limit::Latitude | Limit::Longitude => lit(false),
            Limit::NonNegative => value().lt(lit(0.0)),
            Limit::Positive => value().lt_eq(lit(0.0)),
        };
        let number = number.with_name(name.into());
        let frame = DataFrame::new(number.len(), vec![number.clone()])?;
        let checks = [
            value().is_finite().not().alias("infinite"),
            below.alias("below"),
        ];
        let checked = frame.lazy().with_columns(checks).collect()?;
        faults.mark_where(checked.column("infinite")?.bool()?, name, Reason::NotFinite);
        let reason = if limit == Limit::Positive {
            Reason::NotPositive
        } else {
            Reason::Negative
        };
        faults.mark_where(checked.column("below")?.bool()?, name, reason);
        Ok(number)
    }

    fn date(&self, raw: &Column, name: &str, faults: &mut Faults) -> PolarsResult<Column> {
        let format = self.mapping.date_format.as_deref();
        let days: Vec<Option<i32>> = match raw.dtype() {
            DataType::Date => return Ok(raw.clone()),
            DataType::Datetime(..) => {
                let moments = local_micros(raw)?;
                let days = moments
                    .iter()
                    .map(|m| m.and_then(|m| i32::try_from(m.div_euclid(DAY_US)).ok()));
                days.collect()
            }
            _ => {
                let texts = raw.cast(&DataType::String)?;
                let texts = texts.str()?;
                texts
                    .iter()
                    .map(|text| date_text(text?, format).map(days_since_epoch))
                    .collect()
            }
        };
        let days: Int32Chunked = days.into_iter().collect();
        let column = days.into_date().into_column();
        faults.mark_where(
            &(raw.is_not_null() & column.is_null()),
            name,
            Reason::NotADate,
        );
        Ok(column)
    }

    fn local_time(&self, raw: &Column, name: &str, faults: &mut Faults) -> PolarsResult<Column> {
        let micros: Int64Chunked = match raw.dtype() {
            DataType::Date => raw
                .cast(&DataType::Datetime(TimeUnit::Microseconds, None))?
                .to_physical_repr()
                .i64()?
                .clone(),
            DataType::Datetime(..) => local_micros(raw)?,
            _ => {
                let texts = raw.cast(&DataType::String)?;
                let format = self.mapping.datetime_format.as_deref();
                texts
                    .str()?
                    .iter()
                    .map(|text| local_text(text?, format))
                    .collect()
            }
        };
        let column = micros
            .into_datetime(TimeUnit::Microseconds, None)
            .into_column();
        faults.mark_where(
            &(raw.is_not_null() & column.is_null()),
            name,
            Reason::NotATimestamp,
        );
        Ok(column)
    }

    fn instant(
        &self,
        raw: &Column,
        name: &str,
        faults: &mut Faults,
        resolutions: &mut Resolutions,
    ) -> PolarsResult<Column> {
        let micros: Int64Chunked = match raw.dtype() {
            DataType::Datetime(_, Some(_)) => physical_micros(raw)?,
            DataType::Datetime(_, None) => {
                let local = physical_micros(raw)?;
                let moments = local.iter().map(|m| {
                    m.and_then(super::times::from_naive_micros)
                        .map(Moment::Local)
                });
                self.resolved(moments, name, faults, resolutions)
            }
            _ => {
                let texts = raw.cast(&DataType::String)?;
                let texts = texts.str()?;
                let format = self.mapping.datetime_format.as_deref();
                let unreadable = faults.code(name, Reason::NotATimestamp);
                let mut moments = Vec::with_capacity(texts.len());
                for (row, text) in texts.iter().enumerate() {
                    let moment = text.and_then(|text| parse_moment(text, format));
                    if text.is_some() && moment.is_none() {
                        faults.set(row, unreadable);
                    }
                    moments.push(moment);
                }
                self.resolved(moments.into_iter(), name, faults, resolutions)
            }
        };
        let zone = polars::prelude::TimeZone::opt_try_new(Some(self.zone_out.name()))?;
        Ok(micros
            .into_datetime(TimeUnit::Microseconds, zone)
            .into_column())
    }

    fn resolved(
        &self,
        moments: impl Iterator<Item = Option<Moment>>,
        name: &str,
        faults: &mut Faults,
        resolutions: &mut Resolutions,
    ) -> Int64Chunked {
        let mut micros = Vec::new();
        for (row, moment) in moments.enumerate() {
            micros.push(match (moment, self.zone) {
                (None, _) => None,
                (Some(Moment::Instant(instant)), _) => Some(instant),
                (Some(Moment::Local(_)), None) => {
                    faults.mark(row, name, Reason::NoTimeZone);
                    None
                }
                (Some(Moment::Local(local)), Some(zone)) => match resolve(local, zone) {
                    Resolved::Once(instant) => Some(instant),
                    Resolved::Twice(instant) => {
                        resolutions.ambiguous += 1;
                        Some(instant)
                    }
                    Resolved::Never => {
                        faults.mark(row, name, Reason::NonexistentLocalTime);
                        None
                    }
                },
            });
        }
        micros.into_iter().collect()
    }
}

fn integer(number: &Column, name: &str, faults: &mut Faults) -> PolarsResult<Column> {
    let rounded: Int32Chunked = number
        .f64()?
        .iter()
        .map(|value| {
            value
                .map(f64::round)
                .filter(|v| v.abs() < 2_147_483_648.0)
                .map(|v| v as i32)
        })
        .collect();
    let column = rounded.into_column();
    faults.mark_where(
        &(number.is_not_null() & column.is_null()),
        name,
        Reason::NotAnInteger,
    );
    Ok(column)
}
