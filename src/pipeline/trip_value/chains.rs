//! Real trips driven one after the other: does the p90 of an arrival hold?
//!
//! A chain is what one vehicle could have driven: each trip starts where the one before ended (the
//! same place, or within 300 m), within ten minutes after it. Chains of taxis that share no driver
//! stand for a vehicle's day as far as places and traffic go. Waits between trips are known, so the
//! arrival is as uncertain as the sum of the legs.

use super::super::PipelineError;
use crate::features::travel::{TripQuery, Trips};
use crate::planning::ArrivalMoments;
use crate::travel_time::TravelTimeModel;
use std::collections::HashMap;

/// Seconds within which the next trip starts.
const PAUSE_S: i64 = 600;
/// Seconds from the first departure after which no further trip is added.
const ROUTE_S: i64 = 3_600;
/// Metres between an end and the next start.
const NEAR_M: f64 = 300.0;
/// Fewest legs of a chain.
const FEWEST_LEGS: usize = 2;

/// How arrival quantiles did on chains.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ChainCheck {
    /// Chains of two legs or more.
    pub chains: usize,
    /// Their legs.
    pub legs: usize,
    /// Share of chains that arrived after their p90.
    pub late_share: f64,
    /// Share of single legs of them that took longer than their p90.
    pub leg_late_share: f64,
    /// Share that would be late if legs were taken as independent.
    pub late_share_independent: f64,
    /// Sum of driven over sum of expected durations.
    pub mean_ratio: f64,
}

/// Chains of the trips, as indices; no trip is in two.
fn chains(trips: &Trips) -> Vec<Vec<usize>> {
    let end_s = |t: usize| trips.depart[t].timestamp() + trips.duration_s[t].round() as i64;
    let mut used = vec![false; trips.len()];
    let cell = |lat: f64, lon: f64| ((lat * 200.0).floor() as i64, (lon * 200.0).floor() as i64);
    let mut by_cell: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
    for (t, origin) in trips.origin.iter().enumerate() {
        by_cell
            .entry(cell(origin.lat, origin.lon))
            .or_default()
            .push(t);
    }
    let next_of = |last: usize, used: &[bool]| {
        let (from_s, place) = (end_s(last), trips.destination[last]);
        let (row, column) = cell(place.lat, place.lon);
        let cells =
            (row - 1..=row + 1).flat_map(|r| (column - 1..=column + 1).map(move |c| (r, c)));
        cells
            .filter_map(|c| by_cell.get(&c))
            .filter_map(|starts| {
                let first = starts.partition_point(|&t| trips.depart[t].timestamp() < from_s);
                let mut soon = starts[first..]
                    .iter()
                    .take_while(|&&t| trips.depart[t].timestamp() <= from_s + PAUSE_S);
                soon.find(|&&t| !used[t] && trips.origin[t].great_circle_m(place) <= NEAR_M)
            })
            .min_by_key(|&&t| trips.depart[t])
            .copied()
    };
    let mut found = Vec::new();
    for start in 0..trips.len() {
        if used[start] {
            continue;
        }
        let mut chain = vec![start];
        used[start] = true;
        let until_s = trips.depart[start].timestamp() + ROUTE_S;
        let mut last = start;
        while let Some(next) =
            next_of(last, &used).filter(|&t| trips.depart[t].timestamp() < until_s)
        {
            used[next] = true;
            chain.push(next);
            last = next;
        }
        if chain.len() >= FEWEST_LEGS {
            found.push(chain);
        }
    }
    found
}

/// Checks the arrival p90 of chains of real trips, predicted before the first of them.
///
/// # Errors
/// What the model cannot answer.
pub fn check_chains(trips: &Trips, model: &TravelTimeModel) -> Result<ChainCheck, PipelineError> {
    let chains = chains(trips);
    let legs: Vec<usize> = chains.iter().flatten().copied().collect();
    let queries: Vec<TripQuery> = legs
        .iter()
        .map(|&trip| TripQuery {
            origin: trips.origin[trip],
            destination: trips.destination[trip],
            depart: trips.local_depart(trip),
            profile: None,
        })
        .collect();
    let predicted = model.predict(&queries)?;
    let correlation = model.parameters().leg_correlation;
    let mut check = ChainCheck {
        chains: chains.len(),
        legs: legs.len(),
        ..ChainCheck::default()
    };
    let (mut late, mut independent, mut leg_late) = (0_usize, 0_usize, 0_usize);
    let (mut driven_s, mut expected_s) = (0.0, 0.0);
    let mut answers = predicted.iter();
    for chain in &chains {
        let mut together = ArrivalMoments::certain(0);
        let mut apart = ArrivalMoments::certain(0);
        let mut arrival_s = 0.0;
        for (&trip, answer) in chain.iter().zip(answers.by_ref()) {
            let hour = trips.depart[trip].timestamp().div_euclid(3_600);
            together.drive(answer.mean, answer.p90, hour, correlation);
            apart.drive(answer.mean, answer.p90, hour, 0.0);
            arrival_s += trips.duration_s[trip];
            expected_s += answer.mean;
            leg_late += usize::from(trips.duration_s[trip] > answer.p90);
        }
        driven_s += arrival_s;
        late += usize::from(arrival_s > together.p90_s());
        independent += usize::from(arrival_s > apart.p90_s());
    }
    let share = |count: usize, of: usize| count as f64 / of.max(1) as f64;
    check.late_share = share(late, check.chains);
    check.late_share_independent = share(independent, check.chains);
    check.leg_late_share = share(leg_late, check.legs);
    check.mean_ratio = driven_s / f64::max(expected_s, 1.0);
    Ok(check)
}
