//! Columns of flags, times of day, windows and words.

use super::faults::Faults;
use super::reason::Reason;
use super::schema::ColumnType;
use super::times::parse_time_of_day;
use super::windows;
use chrono::Timelike;
use polars::prelude::*;

/// Truth values in the words that people use.
pub(crate) fn flag(raw: &Column, name: &str, faults: &mut Faults) -> PolarsResult<Column> {
    if *raw.dtype() == DataType::Boolean {
        return Ok(raw.clone());
    }
    let texts = raw.cast(&DataType::String)?;
    let flags: BooleanChunked = texts
        .str()?
        .iter()
        .map(|text| match text?.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "1" | "1.0" => Some(true),
            "false" | "f" | "no" | "n" | "0" | "0.0" => Some(false),
            _ => None,
        })
        .collect();
    let column = flags.into_column();
    faults.mark_where(
        &(raw.is_not_null() & column.is_null()),
        name,
        Reason::NotTrueOrFalse,
    );
    Ok(column)
}

/// Times of day as `HH:MM`.
pub(crate) fn time_of_day(raw: &Column, name: &str, faults: &mut Faults) -> PolarsResult<Column> {
    let texts = raw.cast(&DataType::String)?;
    let shown = texts.str()?.iter().map(|text| {
        // Seconds are refused rather than cut.
        let time = parse_time_of_day(text?).filter(|time| time.second() == 0);
        time.map(|time| time.format("%H:%M").to_string())
    });
    let column = StringChunked::from_iter_options(name.into(), shown).into_column();
    faults.mark_where(
        &(raw.is_not_null() & column.is_null()),
        name,
        Reason::NotATimeOfDay,
    );
    Ok(column)
}

/// Window bounds or lists of windows, checked but left as texts.
pub(crate) fn windows_text(
    raw: &Column,
    name: &str,
    holds: ColumnType,
    faults: &mut Faults,
) -> PolarsResult<Column> {
    let texts = raw.cast(&DataType::String)?;
    for (row, text) in texts.str()?.iter().enumerate() {
        let Some(text) = text else { continue };
        let fault = match holds {
            ColumnType::Windows => windows::parse_list(text).err(),
            _ => windows::Bound::parse(text)
                .is_none()
                .then_some(Reason::NotATimeOfDay),
        };
        if let Some(reason) = fault {
            faults.mark(row, name, reason);
        }
    }
    Ok(texts)
}

/// One of a few words.
pub(crate) fn word(
    raw: &Column,
    name: &str,
    words: &[&str],
    faults: &mut Faults,
) -> PolarsResult<Column> {
    let texts = raw.cast(&DataType::String)?;
    let known: BooleanChunked = texts
        .str()?
        .iter()
        .map(|text| Some(text.is_none_or(|t| words.contains(&t))))
        .collect();
    faults.mark_where(&!&known, name, Reason::NotAllowed);
    Ok(texts)
}
