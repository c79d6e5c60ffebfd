//! Observations to speeds.

use super::SpeedsError;
use super::drive::{Drive, Drives};
use super::edges::{self, EdgeFit};
use super::fit::{self, KindFit};
use super::kind::{KINDS, RoadKind};
use super::observation::{Driven, Observation};
use super::road_speeds::{EdgeSpeed, KindSpeeds, RoadSpeeds};
use super::week::SLOTS;
use crate::domain::InputError;
use crate::features::travel::Holidays;
use crate::network::Network;
use crate::runtime::{Cancel, Progress};
use chrono_tz::Tz;

/// Fewest observations worth learning from.
const FEWEST: usize = 100;

/// How speeds are learned.
#[derive(Debug, Clone)]
pub struct LearnOptions {
    /// Time zone of the roads.
    pub time_zone: Tz,
    /// Days that count as days off beside Saturdays and Sundays.
    pub holidays: Holidays,
    /// What is learned from, for people.
    pub source: String,
}

/// Learns speeds from what was driven on a network.
///
/// # Errors
/// Fewer than 100 observations; cancelled.
pub fn learn(
    network: &Network,
    driven: &Driven,
    options: &LearnOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<RoadSpeeds, SpeedsError> {
    let observations = &driven.observations;
    if observations.len() < FEWEST {
        let problem = format!(
            "{} stretches that say how fast roads are, of {} drives",
            observations.len(),
            driven.given
        );
        let remedy = format!("give at least {FEWEST}, driven on {}", network.identity());
        return Err(InputError::new(&options.source, problem, remedy).into());
    }
    let graph = network.graph();
    let edges = 0..graph.edges() as u32;
    let kind_of: Vec<usize> = edges.map(|e| RoadKind::of(graph, e).number()).collect();
    let kinds = fit::fit(observations, &kind_of, cancel, progress)?;
    cancel.check()?;
    progress.report("speeds: single roads", 0, 1);
    let edges = edges::fit(observations, &kind_of, &kinds);
    let learned = Learned {
        kind_of: &kind_of,
        kinds: &kinds,
        edges: &edges,
    };
    let drives = learned.drives(observations);
    Ok(learned.speeds(network, driven, options, &drives))
}

struct Learned<'a> {
    kind_of: &'a [usize],
    kinds: &'a KindFit,
    edges: &'a EdgeFit,
}

impl Learned<'_> {
    /// How whole drives compare with what is expected of them.
    fn drives(&self, observations: &[Observation]) -> Drives {
        let mut own = vec![1.0; self.kind_of.len()];
        for &(edge, log, _) in &self.edges.edges {
            own[edge as usize] = log.exp();
        }
        let driving_s = |o: &Observation| -> f64 {
            let stretches = o.stretches.iter().map(|&(edge, s)| {
                let kind = self.kind_of[edge as usize];
                f64::from(s) * own[edge as usize] * self.kinds.factor(kind, o.when.slot)
            });
            stretches.sum()
        };
        let mut drives: Vec<Drive> = Vec::new();
        for o in observations {
            if drives.last().is_none_or(|drive| drive.number != o.drive) {
                drives.push(Drive {
                    number: o.drive,
                    hour: o.when.hour,
                    took_s: 0.0,
                    turning_s: 0.0,
                    driving_s: 0.0,
                });
            }
            if let Some(drive) = drives.last_mut() {
                drive.took_s += o.took_s;
                drive.turning_s += o.turning_s;
                drive.driving_s += driving_s(o);
            }
        }
        Drives::of(&drives)
    }

    fn speeds(
        &self,
        network: &Network,
        driven: &Driven,
        options: &LearnOptions,
        drives: &Drives,
    ) -> RoadSpeeds {
        let counts = Counts::of(&driven.observations, self.kind_of);
        let (kinds, mean) = (self.kinds, drives.mean);
        let factor = |log: f64| mean * log.exp();
        let slot_factor = |slot: usize| factor(kinds.network + kinds.slot[slot]);
        let driven_kind =
            |kind: &usize| counts.kinds[kind * SLOTS..][..SLOTS].iter().any(|n| *n > 0);
        let of_kind = |kind: usize| KindSpeeds {
            kind: RoadKind::of_number(kind),
            factor: factor(kinds.network + kinds.kind[kind]),
            slots: (0..SLOTS)
                .map(|slot| mean * kinds.factor(kind, slot))
                .collect(),
            observations: counts.kinds[kind * SLOTS..][..SLOTS].to_vec(),
        };
        let edge = |&(edge, log, observations): &(u32, f64, u32)| EdgeSpeed {
            edge,
            factor: log.exp(),
            observations,
        };
        let [slots, by_kind, both] = kinds.spread;
        RoadSpeeds {
            network: network.identity(),
            network_sha256: network.sha256().to_owned(),
            network_edges: self.kind_of.len() as u32,
            time_zone: options.time_zone.name().to_owned(),
            holidays: options.holidays.dates().collect(),
            learned_from: options.source.clone(),
            drives: driven.given as u64,
            left_out: driven.left_out as u64,
            observations: driven.observations.len() as u64,
            factor: factor(kinds.network),
            slots: (0..SLOTS).map(slot_factor).collect(),
            slot_observations: counts.slots,
            kinds: (0..KINDS).filter(driven_kind).map(of_kind).collect(),
            edges: self.edges.edges.iter().map(edge).collect(),
            drive: drives.spread,
            leg_correlation: drives.correlation,
            noise: kinds.noise,
            spreads: [slots, by_kind, both, self.edges.spread],
        }
    }
}

/// Observations by slot, and by kind and slot.
struct Counts {
    slots: Vec<u32>,
    kinds: Vec<u32>,
}

impl Counts {
    fn of(observations: &[Observation], kind_of: &[usize]) -> Self {
        let mut counts = Self {
            slots: vec![0; SLOTS],
            kinds: vec![0; KINDS * SLOTS],
        };
        for o in observations {
            counts.slots[o.when.slot] += 1;
            let mut kinds: Vec<usize> = o
                .stretches
                .iter()
                .map(|(edge, _)| kind_of[*edge as usize])
                .collect();
            kinds.sort_unstable();
            kinds.dedup();
            for kind in kinds {
                counts.kinds[kind * SLOTS + o.when.slot] += 1;
            }
        }
        counts
    }
}
