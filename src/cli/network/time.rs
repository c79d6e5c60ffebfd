//! When one departs, where it matters.

use crate::domain::InputError;
use crate::network::Network;
use crate::speeds::{RoadSpeeds, SpeedsOn};
use chrono::{NaiveDateTime, TimeZone, Utc};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Time {
    /// Speeds of `routeforce network learn`; without, roads of a network file are empty.
    #[arg(long, requires = "depart", conflicts_with_all = ["osrm", "valhalla"])]
    speeds: Option<PathBuf>,
    /// Departure in local time of the speeds, such as 2026-05-04T08:00.
    #[arg(long, requires = "speeds", value_parser = moment)]
    depart: Option<NaiveDateTime>,
}

fn moment(text: &str) -> Result<NaiveDateTime, String> {
    let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
    let found = formats
        .iter()
        .find_map(|f| NaiveDateTime::parse_from_str(text, f).ok());
    found.ok_or_else(|| "give a local date and time, such as 2026-05-04T08:00".to_owned())
}

impl Time {
    /// What every edge takes then; `None` at free flow.
    pub(super) fn durations_ms(&self, network: &Network) -> Result<Option<Vec<u32>>, InputError> {
        let Some((file, depart)) = self.speeds.as_ref().zip(self.depart) else {
            return Ok(None);
        };
        let speeds = RoadSpeeds::load(file)?;
        let on_network = SpeedsOn::new(&speeds, network)?;
        // Of a local time that comes twice the first one; one that is skipped does not exist.
        let local = speeds.zone()?.from_local_datetime(&depart).earliest();
        let local = local.ok_or_else(|| {
            let problem = format!("does not exist in {}: clocks skip it", speeds.time_zone);
            let remedy = "give a time an hour earlier or later";
            InputError::new("command line", problem, remedy)
                .field("--depart")
                .value(depart)
        })?;
        Ok(Some(on_network.durations_ms(local.with_timezone(&Utc))))
    }

    /// The time in words.
    pub(super) fn words(&self) -> String {
        match self.depart {
            None => "at free flow".to_owned(),
            Some(depart) => format!("leaving at {}", depart.format("%Y-%m-%d %H:%M")),
        }
    }
}
