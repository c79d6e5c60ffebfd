//! Ways of single pairs of places, without a whole matrix.

use super::error::NetworkError;
use super::hierarchy::{Climb, DurationAndLength};
use super::matrix::RoadMatrix;
use super::routable::Network;
use super::route::along_one_edge;
use super::snap::Snapped;
use crate::runtime::Cancel;
use rayon::prelude::*;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

/// Pairs that one thread answers in a row; also the most places whose climbs are kept.
const TOGETHER: usize = 2_048;
/// A whole matrix is quicker if it has at most so many cells per pair.
const DENSE: usize = 4;

type Ways = Climb<DurationAndLength>;

/// How long the quickest way at free flow takes, and how long it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leg {
    /// Seconds.
    pub duration_s: f64,
    /// Metres.
    pub length_m: f64,
}

impl Leg {
    fn of(weight: DurationAndLength) -> Self {
        Self {
            duration_s: f64::from(weight.duration()) / 1e3,
            length_m: f64::from(weight.length()) / 1e2,
        }
    }
}

impl Network {
    /// Durations and lengths at free flow of pairs of `places`, given by their positions; the same
    /// as in [`Network::matrix`]. Takes a few microseconds per pair where places come again, and
    /// some tens where they do not. `None` where a place is on no road, or no way leads.
    ///
    /// # Errors
    /// Cancelled.
    pub fn legs(
        &self,
        places: &[Option<Snapped>],
        pairs: &[(usize, usize)],
        cancel: &Cancel,
    ) -> Result<Vec<Option<Leg>>, NetworkError> {
        let from: BTreeSet<usize> = pairs.iter().map(|pair| pair.0).collect();
        let to: BTreeSet<usize> = pairs.iter().map(|pair| pair.1).collect();
        if from.len() * to.len() <= DENSE * pairs.len() {
            return self.legs_of_matrix(places, pairs, &from, &to, cancel);
        }
        // By origin, so that each is climbed from once or twice.
        let mut order: Vec<usize> = (0..pairs.len()).collect();
        order.sort_by_key(|&at| pairs[at]);
        let answered: Result<Vec<Vec<Option<Leg>>>, NetworkError> = order
            .par_chunks(TOGETHER)
            .map(|some| {
                cancel.check()?;
                self.legs_by_climbs(places, some.iter().map(|&at| pairs[at]))
            })
            .collect();
        let mut legs = vec![None; pairs.len()];
        for (at, leg) in order.into_iter().zip(answered?.into_iter().flatten()) {
            legs[at] = leg;
        }
        Ok(legs)
    }

    fn legs_of_matrix(
        &self,
        places: &[Option<Snapped>],
        pairs: &[(usize, usize)],
        from: &BTreeSet<usize>,
        to: &BTreeSet<usize>,
        cancel: &Cancel,
    ) -> Result<Vec<Option<Leg>>, NetworkError> {
        let chosen = |of: &BTreeSet<usize>| -> Vec<Option<Snapped>> {
            of.iter().map(|&place| places[place].clone()).collect()
        };
        let position = |of: &BTreeSet<usize>| -> HashMap<usize, usize> {
            of.iter()
                .enumerate()
                .map(|(at, &place)| (place, at))
                .collect()
        };
        let matrix: RoadMatrix = self.matrix(&chosen(from), &chosen(to), cancel)?;
        let (rows, columns) = (position(from), position(to));
        let leg = |(from, to): &(usize, usize)| {
            let (row, column) = (*rows.get(from)?, *columns.get(to)?);
            let duration_s = matrix.seconds(row, column)?;
            let length_m = matrix.metres(row, column)?;
            Some(Leg {
                duration_s,
                length_m,
            })
        };
        Ok(pairs.iter().map(leg).collect())
    }

    fn legs_by_climbs(
        &self,
        places: &[Option<Snapped>],
        pairs: impl Iterator<Item = (usize, usize)>,
    ) -> Result<Vec<Option<Leg>>, NetworkError> {
        let measure = self.free_flow();
        let mut climber = self.metric.climber();
        let mut origin: Option<(usize, Ways)> = None;
        let mut ends: HashMap<usize, Ways> = HashMap::new();
        let mut legs = Vec::new();
        for (from, to) in pairs {
            let (Some(start), Some(end)) = (&places[from], &places[to]) else {
                legs.push(None);
                continue;
            };
            let up = match origin.take().filter(|(place, _)| *place == from) {
                Some((_, up)) => up,
                None => self
                    .metric
                    .climb_from(&self.starts(start, &measure), &mut climber)?,
            };
            let down = match ends.entry(to) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let seeds = self.seeds_to(end, &measure);
                    new.insert(self.metric.climb_to(&seeds, &mut climber)?)
                }
            };
            let by_turns = up.distance(down);
            let direct = along_one_edge(&measure, start, end).map(|(weight, _)| weight);
            legs.push(by_turns.into_iter().chain(direct).min().map(Leg::of));
            origin = Some((from, up));
        }
        Ok(legs)
    }
}
