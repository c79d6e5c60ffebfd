//! Learned speeds as a document.

use super::kind::RoadKind;
use super::week::SLOTS;
use crate::domain::{Document, InputError};
use chrono::NaiveDate;
use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Speeds of the roads of one network by the slot of the week. Slots 0 to 23 are the hours of
/// working days in local time, 24 to 47 those of Saturdays, Sundays and holidays. Factors are
/// expected time over time at free flow; turns cost what they always do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RoadSpeeds {
    /// The network they are of, in words.
    pub network: String,
    /// Its checksum: edges are numbered as in this very network.
    pub network_sha256: String,
    /// Its number of edges.
    pub network_edges: u32,
    /// IANA time zone of the slots.
    pub time_zone: String,
    /// Days that count as days off beside Saturdays and Sundays.
    pub holidays: Vec<NaiveDate>,
    /// What they were learned from.
    pub learned_from: String,
    /// Trips or traces given.
    pub drives: u64,
    /// Those that said nothing: off the roads, without a way, standing.
    pub left_out: u64,
    /// Observations: trips, or stretches of traces.
    pub observations: u64,
    /// Factor of a road of which nothing else is known.
    pub factor: f64,
    /// Factor by slot of such a road.
    pub slots: Vec<f64>,
    /// Observations by slot.
    pub slot_observations: Vec<u32>,
    /// Kinds of road that were driven.
    pub kinds: Vec<KindSpeeds>,
    /// Edges that differ from their kind, by number.
    pub edges: Vec<EdgeSpeed>,
    /// What drives take, relative to what is expected.
    pub drive: Spread,
    /// Share of the variance of a drive that it has in common with others of its hour, 0 to 1.
    pub leg_correlation: f64,
    /// Standard deviation of the logarithm of observed over expected time.
    pub noise: f64,
    /// Standard deviations of the logarithms of effects: slots, kinds, kinds in slots, edges.
    pub spreads: [f64; 4],
}

/// Factors of a kind of road.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct KindSpeeds {
    /// Which roads.
    #[serde(flatten)]
    pub kind: RoadKind,
    /// Factor without the hour.
    pub factor: f64,
    /// Factor by slot.
    pub slots: Vec<f64>,
    /// Observations by slot that such roads are part of.
    pub observations: Vec<u32>,
}

/// An edge that differs from its kind.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EdgeSpeed {
    /// Number of the edge in the network.
    pub edge: u32,
    /// Factor beside that of its kind.
    pub factor: f64,
    /// Observations that it is part of.
    pub observations: u32,
}

/// Quantiles of the time a drive takes, over what is expected.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Spread {
    /// One drive in ten is quicker.
    pub p10: f64,
    /// The middle.
    pub p50: f64,
    /// One drive in ten takes longer.
    pub p90: f64,
}

impl Document for RoadSpeeds {
    const KIND: &'static str = "road-speeds";
    const VERSION: u32 = 1;
}

/// Factors outside are no speeds of roads.
const SANE: std::ops::RangeInclusive<f64> = 0.01..=1_000.0;

impl RoadSpeeds {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// No such file, another document, or numbers that are no speeds.
    pub fn load(path: &Path) -> Result<Self, InputError> {
        let speeds = Self::read(path)?;
        match speeds.fault() {
            None => Ok(speeds),
            Some((field, problem)) => {
                let remedy = "learn them again: routeforce network learn";
                let source = path.display().to_string();
                Err(InputError::new(source, problem, remedy).field(field))
            }
        }
    }

    /// Time zone of the slots.
    ///
    /// # Errors
    /// Not an IANA time zone.
    pub fn zone(&self) -> Result<Tz, InputError> {
        self.time_zone.parse().map_err(|_| {
            let remedy = "give an IANA time zone, such as Europe/Berlin";
            let fault = InputError::new("road speeds", "no time zone", remedy);
            fault.field("time_zone").value(&self.time_zone)
        })
    }

    fn fault(&self) -> Option<(String, String)> {
        let no = |field: &str, problem: String| Some((field.to_owned(), problem));
        if self.zone().is_err() {
            return no("time_zone", format!("`{}` is no time zone", self.time_zone));
        }
        let whole = self.slots.len() == SLOTS && self.slot_observations.len() == SLOTS;
        if !whole {
            return no("slots", format!("{} of {SLOTS}", self.slots.len()));
        }
        let kinds = self.kinds.iter();
        let short = |k: &&KindSpeeds| k.slots.len() != SLOTS || k.observations.len() != SLOTS;
        if let Some(kind) = kinds.clone().find(short) {
            let problem = format!("{} of {SLOTS} for {}", kind.slots.len(), kind.kind.name());
            return no("kinds.slots", problem);
        }
        let of_kinds = kinds.flat_map(|k| k.slots.iter().chain([&k.factor]));
        let of_edges = self.edges.iter().map(|edge| &edge.factor);
        let spread = [&self.drive.p10, &self.drive.p50, &self.drive.p90];
        let all = self
            .slots
            .iter()
            .chain([&self.factor])
            .chain(of_kinds)
            .chain(of_edges);
        if let Some(bad) = all.chain(spread).find(|factor| !SANE.contains(*factor)) {
            return no("factor", format!("{bad} is not between 0.01 and 1000"));
        }
        if !(0.0..=1.0).contains(&self.leg_correlation) {
            let problem = format!("{} is not between 0 and 1", self.leg_correlation);
            return no("leg_correlation", problem);
        }
        let lost = self
            .edges
            .iter()
            .find(|edge| edge.edge >= self.network_edges);
        if let Some(lost) = lost {
            let problem = format!("edge {} of {}", lost.edge, self.network_edges);
            return no("edges", problem);
        }
        None
    }
}
