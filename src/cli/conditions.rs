//! What the command line says of days and hours: holidays and weather.

use crate::features::travel::{Conditions, Holidays, Weather};
use crate::ingest;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(crate) struct ConditionsArgs {
    /// Calendar whose holidays count for travel times: calendar.parquet of `routeforce ingest
    /// calendar`, or CSV.
    #[arg(long)]
    calendar: Option<PathBuf>,
    /// Weather that travel times depend on: a CSV or Parquet table with ts (UTC, or with offset),
    /// temperature_c and precipitation_mm_h; as it was for trips that were driven, as it is forecast for
    /// days to come.
    #[arg(long)]
    weather: Option<PathBuf>,
}

impl ConditionsArgs {
    /// What the files say; nothing where none is given.
    pub(crate) fn read(&self) -> anyhow::Result<Conditions> {
        let holidays = self.calendar().map(read_holidays).transpose()?;
        let weather = self.weather().map(read_weather);
        Ok(Conditions {
            holidays: holidays.unwrap_or_default(),
            weather: weather.transpose()?.unwrap_or_default(),
        })
    }

    /// The calendar, where one is given.
    pub(super) fn calendar(&self) -> Option<&Path> {
        self.calendar.as_deref()
    }

    /// The weather, where it is given.
    pub(super) fn weather(&self) -> Option<&Path> {
        self.weather.as_deref()
    }
}

/// Holidays of a calendar.
pub(super) fn read_holidays(calendar: &Path) -> anyhow::Result<Holidays> {
    Ok(Holidays::of_calendar(&ingest::load_calendar(calendar)?))
}

/// Weather of a table.
pub(super) fn read_weather(table: &Path) -> anyhow::Result<Weather> {
    Ok(Weather::read(table)?)
}
