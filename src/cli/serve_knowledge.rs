//! What the service knows of the days it plans beside its models: holidays, weather, recent trips.

use super::conditions::{self, ConditionsArgs};
use super::recent;
use super::refreshed::Refreshed;
use crate::features::travel::{Conditions, Holidays, Trips, Weather};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct KnowledgeArgs {
    #[command(flatten)]
    conditions: ConditionsArgs,
    /// Trips that were driven lately, which correct the forecasts that plans are made on, as for `plan`:
    /// a Parquet table of `routeforce ingest trips`. This file and those of calendar and weather are
    /// read again for a plan when they have changed.
    #[arg(long)]
    recent_trips: Option<PathBuf>,
}

/// Files of knowledge, as they are now.
pub(super) struct Knowledge {
    holidays: Option<Refreshed<Holidays>>,
    weather: Option<Refreshed<Weather>>,
    recent: Option<Refreshed<Trips>>,
}

impl Knowledge {
    /// Reads the files that are given.
    ///
    /// # Errors
    /// One of them cannot be used.
    pub(super) fn load(args: &KnowledgeArgs) -> anyhow::Result<Self> {
        let calendar = args.conditions.calendar();
        let holidays = calendar.map(|file| Refreshed::load(file, conditions::read_holidays));
        let weather = args.conditions.weather();
        let weather = weather.map(|file| Refreshed::load(file, conditions::read_weather));
        let recent = args.recent_trips.as_deref();
        let recent = recent.map(|file| Refreshed::load(file, recent::read_trips));
        Ok(Self {
            holidays: holidays.transpose()?,
            weather: weather.transpose()?,
            recent: recent.transpose()?,
        })
    }

    /// Holidays and weather.
    pub(super) fn conditions(&self) -> Conditions {
        let holidays = self.holidays.as_ref().map(|file| (*file.now()).clone());
        let weather = self.weather.as_ref().map(|file| (*file.now()).clone());
        Conditions {
            holidays: holidays.unwrap_or_default(),
            weather: weather.unwrap_or_default(),
        }
    }

    /// Trips that were driven lately.
    pub(super) fn recent(&self) -> Option<Trips> {
        self.recent.as_ref().map(|file| (*file.now()).clone())
    }
}
