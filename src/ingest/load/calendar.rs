//! The calendar: closures, holidays, promotions.

use super::super::kind::Kind;
use super::super::run::Options;
use super::rows::Rows;
use crate::domain::InputError;
use crate::domain::calendar::CalendarDay;
use chrono::{Days, NaiveDate};
use std::path::Path;

/// Loads a calendar.
///
/// # Errors
/// The first row at fault, and how many further ones there are.
pub fn load_calendar(path: &Path) -> Result<Vec<CalendarDay>, InputError> {
    let rows = Rows::read(Kind::Calendar, path, &Options::default())?;
    (0..rows.len())
        .map(|row| {
            Ok(CalendarDay {
                date: date(&rows, row)?,
                site_id: rows.text(row, "site_id").map(str::to_owned),
                closed: rows.flag(row, "closed").unwrap_or_default(),
                holiday: rows.text(row, "holiday").map(str::to_owned),
                promotion: rows.flag(row, "promotion").unwrap_or_default(),
            })
        })
        .collect()
}

fn date(rows: &Rows, row: usize) -> Result<NaiveDate, InputError> {
    let epoch = NaiveDate::default();
    let date = rows.day(row, "date").and_then(|day| {
        let days = Days::new(u64::from(day.unsigned_abs()));
        if day < 0 {
            epoch.checked_sub_days(days)
        } else {
            epoch.checked_add_days(days)
        }
    });
    date.ok_or_else(|| rows.fault(row, "date", "not a date", "give yyyy-mm-dd"))
}
