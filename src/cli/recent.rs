//! What the command line says of the trips that were driven lately.

use crate::features::travel::{self, Trips};
use crate::features::{drives, traces};
use crate::runtime::Cancel;
use crate::travel_time::TravelTimeError;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(crate) struct RecentArgs {
    /// Trips that were driven lately, which correct the forecasts of travel times: those of the last
    /// hours tell of today's traffic, those of the last weeks of how well the model does. A Parquet
    /// table of `routeforce ingest trips`.
    #[arg(long)]
    recent_trips: Option<PathBuf>,
    /// The same out of positions: a table with vehicle_id or trace_id, ts, lat and lon; drives between
    /// two stands of three minutes count as trips.
    #[arg(long, conflicts_with = "recent_trips")]
    recent_positions: Option<PathBuf>,
    /// When the plan is made, such as 2026-05-04T05:00:00Z; trips that ended later are not looked at.
    /// Without it, now.
    #[arg(long)]
    now: Option<DateTime<Utc>>,
}

impl RecentArgs {
    /// When the plan is made.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.now.unwrap_or_else(Utc::now)
    }

    /// The trips; none where no file is given.
    pub(crate) fn read(&self, time_zone: Tz, cancel: &Cancel) -> anyhow::Result<Option<Trips>> {
        if let Some(table) = &self.recent_trips {
            return read_unless(table, cancel).map(Some);
        }
        let Some(table) = &self.recent_positions else {
            return Ok(None);
        };
        let traces = traces::read(table)?;
        let source = table.display().to_string();
        Ok(Some(drives::drives(&traces, &source, time_zone)))
    }
}

/// Trips of a table.
pub(super) fn read_trips(table: &Path) -> anyhow::Result<Trips> {
    read_unless(table, &Cancel::new())
}

fn read_unless(table: &Path, cancel: &Cancel) -> anyhow::Result<Trips> {
    Ok(travel::read(table, cancel).map_err(TravelTimeError::from)?)
}
