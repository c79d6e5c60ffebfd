//! Learned speeds on their network: what every edge takes at a moment.

use super::kind::{KINDS, RoadKind};
use super::road_speeds::RoadSpeeds;
use super::week::{SLOTS, around};
use crate::domain::InputError;
use crate::features::travel::Holidays;
use crate::network::Network;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// Longest duration of an edge, in milliseconds: eleven days, which ways can still add up.
const LONGEST_MS: f32 = 1_000_000_000.0;

/// The speeds of the edges of a network.
#[derive(Debug)]
pub struct SpeedsOn {
    zone: Tz,
    holidays: Holidays,
    /// Logarithms of factors, `[kind][slot]`.
    log_factors: Vec<f64>,
    kind_of: Vec<u8>,
    /// At free flow times the edge's own factor.
    own_ms: Vec<f32>,
    observed: Vec<f64>,
}

impl SpeedsOn {
    /// Puts speeds on the network that they were learned on.
    ///
    /// # Errors
    /// Another network.
    pub fn new(speeds: &RoadSpeeds, network: &Network) -> Result<Self, InputError> {
        let graph = network.graph();
        if speeds.network_sha256 != network.sha256() {
            let problem = format!(
                "learned on {}, given {}",
                speeds.network,
                network.identity()
            );
            let remedy = "give that network, or learn again on this one: routeforce network learn";
            return Err(InputError::new("road speeds", problem, remedy).field("network"));
        }
        let mut log_factors: Vec<f64> = Vec::with_capacity(KINDS * SLOTS);
        for _ in 0..KINDS {
            log_factors.extend(speeds.slots.iter().map(|factor| factor.ln()));
        }
        for kind in &speeds.kinds {
            let first = kind.kind.number() * SLOTS;
            for (into, factor) in log_factors[first..first + SLOTS]
                .iter_mut()
                .zip(&kind.slots)
            {
                *into = factor.ln();
            }
        }
        let mut own_ms: Vec<f32> = graph.duration_ms.iter().map(|&ms| ms as f32).collect();
        for edge in &speeds.edges {
            own_ms[edge.edge as usize] *= edge.factor as f32;
        }
        let edges = 0..graph.edges() as u32;
        Ok(Self {
            zone: speeds.zone()?,
            holidays: speeds.holidays.iter().copied().collect(),
            log_factors,
            kind_of: edges
                .map(|e| RoadKind::of(graph, e).number() as u8)
                .collect(),
            own_ms,
            observed: speeds
                .slot_observations
                .iter()
                .map(|&n| f64::from(n))
                .collect(),
        })
    }

    /// What driving along each edge is expected to take for a departure at a moment, in
    /// milliseconds.
    pub fn durations_ms(&self, depart: DateTime<Utc>) -> Vec<u32> {
        let local = depart.with_timezone(&self.zone);
        let (before, after, share) = around(local, &self.holidays);
        self.with_factors(|of_kind| of_kind[before] + share * (of_kind[after] - of_kind[before]))
    }

    /// The same of an average moment among those that speeds were learned from.
    pub(super) fn average_ms(&self) -> Vec<u32> {
        let all: f64 = self.observed.iter().sum();
        self.with_factors(|of_kind| {
            let weighted = of_kind.iter().zip(&self.observed).map(|(log, n)| log * n);
            weighted.sum::<f64>() / all.max(1.0)
        })
    }

    fn with_factors(&self, log_factor: impl Fn(&[f64]) -> f64) -> Vec<u32> {
        let kinds = self.log_factors.chunks_exact(SLOTS);
        let factors: Vec<f32> = kinds.map(|k| log_factor(k).exp() as f32).collect();
        let edges = self.own_ms.iter().zip(&self.kind_of);
        edges
            .map(|(ms, kind)| (ms * factors[usize::from(*kind)]).clamp(1.0, LONGEST_MS) as u32)
            .collect()
    }
}
