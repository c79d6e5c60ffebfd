//! What the command line says of days and hours: holidays and weather.

use crate::features::travel::{Conditions, Holidays, Weather};
use crate::ingest;
use std::path::PathBuf;

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
        let calendar = self.calendar.as_deref().map(ingest::load_calendar);
        let holidays = calendar
            .transpose()?
            .map(|days| Holidays::of_calendar(&days));
        let weather = self.weather.as_deref().map(Weather::read);
        Ok(Conditions {
            holidays: holidays.unwrap_or_default(),
            weather: weather.transpose()?.unwrap_or_default(),
        })
    }
}
