//! Real trips driven one after the other: does the p90 of an arrival hold?
//!
//! A chain is what one vehicle could have driven: each trip starts where the one before ended (the
//! same place, or within 300 m), within ten minutes after it. Chains of taxis that share no driver
//! stand for a vehicle's day as far as places and traffic go. Waits between trips are known, so the
//! arrival is as uncertain as the sum of the legs.

use super::super::PipelineError;
use super::recent::at_moments;
use crate::domain::forecast::Quantiles;
use crate::features::travel::{TripQuery, Trips};
use crate::planning::ArrivalMoments;
use crate::travel_time::{Parameters, TravelTimeModel};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::collections::HashMap;

/// Seconds within which the next trip starts.
const PAUSE_S: i64 = 600;
/// Seconds from the first departure after which no further trip is added.
const ROUTE_S: i64 = 3_600;
/// Metres between an end and the next start.
const NEAR_M: f64 = 300.0;
/// Fewest legs of a chain.
const FEWEST_LEGS: usize = 2;
/// Fewest chains a correlation is fitted on, and steps of the fit.
const FEWEST_CHAINS: usize = 200;
const BISECTIONS: usize = 12;

/// How arrival quantiles did on chains, by when their forecasts were made.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ChainCheck {
    /// Chains of two legs or more.
    pub chains: usize,
    /// Their legs.
    pub legs: usize,
    /// Correlation of the legs of an hour that the arrivals were computed with.
    pub correlation: f64,
    /// By the model alone, however old.
    pub model: ChainShares,
    /// As plans are made the evening before: corrected by the trips that had ended then.
    pub evening: ChainShares,
    /// As a vehicle sets off: corrected by the trips that had ended then, for all of its legs.
    pub departure: ChainShares,
}

/// How often chains and their legs took longer than their p90.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ChainShares {
    /// Share of chains that arrived after their p90.
    pub late: f64,
    /// The same if legs were taken as independent.
    pub late_independent: f64,
    /// Share of single legs of them that took longer than their p90.
    pub leg_late: f64,
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

/// A leg of a chain: what was expected, and what it took.
struct Leg {
    mean_s: f64,
    p90_s: f64,
    hour: i64,
    driven_s: f64,
}

/// Chains with what was expected of each leg.
struct Predicted(Vec<Vec<Leg>>);

impl Predicted {
    /// `forecasts` has one entry per leg, chain by chain.
    fn of(trips: &Trips, chains: &[Vec<usize>], forecasts: &[Quantiles]) -> Self {
        let mut answers = forecasts.iter();
        let leg = |(&trip, answer): (&usize, &Quantiles)| Leg {
            mean_s: answer.mean,
            p90_s: answer.p90,
            hour: trips.depart[trip].timestamp().div_euclid(3_600),
            driven_s: trips.duration_s[trip],
        };
        let chains = chains.iter();
        Self(
            chains
                .map(|chain| chain.iter().zip(answers.by_ref()).map(leg).collect())
                .collect(),
        )
    }

    /// Share of all legs that took longer than their p90.
    fn leg_late_share(&self) -> f64 {
        let legs = || self.0.iter().flatten();
        let late = legs().filter(|leg| leg.driven_s > leg.p90_s).count();
        late as f64 / legs().count().max(1) as f64
    }

    /// Share of the chains that arrive after their p90.
    fn late_share(&self, correlation: f64) -> f64 {
        let is_late = |chain: &&Vec<Leg>| {
            let mut arrival = ArrivalMoments::certain(0);
            for leg in *chain {
                arrival.drive(leg.mean_s, leg.p90_s, leg.hour, correlation);
            }
            chain.iter().map(|leg| leg.driven_s).sum::<f64>() > arrival.p90_s()
        };
        let late = self.0.iter().filter(is_late).count();
        late as f64 / self.0.len().max(1) as f64
    }

    fn shares(&self, correlation: f64) -> ChainShares {
        let sum = |value: fn(&Leg) -> f64| self.0.iter().flatten().map(value).sum::<f64>();
        ChainShares {
            late: self.late_share(correlation),
            late_independent: self.late_share(0.0),
            leg_late: self.leg_late_share(),
            mean_ratio: sum(|leg| leg.driven_s) / sum(|leg| leg.mean_s).max(1.0),
        }
    }
}

/// What the model says of every trip.
pub(super) fn forecasts(
    trips: &Trips,
    model: &TravelTimeModel,
) -> Result<Vec<Quantiles>, PipelineError> {
    let query = |trip: usize| TripQuery {
        origin: trips.origin[trip],
        destination: trips.destination[trip],
        depart: trips.local_depart(trip),
        profile: None,
    };
    let queries: Vec<TripQuery> = (0..trips.len()).map(query).collect();
    Ok(model.predict(&queries)?)
}

/// The correlation of legs with which chains of these trips arrive after their p90 as often as single
/// legs of them do: that between trips of one vehicle's hour, which drive through the same parts of
/// the city, and what the tails of a sum need beyond a normal one. How well single legs are
/// calibrated is the model's part and stays out. Never less than the model's own.
///
/// # Errors
/// What the model cannot answer.
pub fn fit_correlation(trips: &Trips, model: &TravelTimeModel) -> Result<f64, PipelineError> {
    let chains = chains(trips);
    let said = forecasts(trips, model)?;
    let of_legs: Vec<Quantiles> = chains.iter().flatten().map(|&trip| said[trip]).collect();
    let predicted = Predicted::of(trips, &chains, &of_legs);
    let own = model.parameters().leg_correlation;
    let asked = predicted.leg_late_share();
    if predicted.0.len() < FEWEST_CHAINS || predicted.late_share(own) <= asked {
        return Ok(own);
    }
    // A larger correlation never makes more chains late.
    let (mut low, mut high) = (own, 1.0);
    for _ in 0..BISECTIONS {
        let middle = f64::midpoint(low, high);
        match predicted.late_share(middle) > asked {
            true => low = middle,
            false => high = middle,
        }
    }
    Ok(high)
}

/// Checks the arrival p90 of chains of real trips, of which the model has forecast `said`. The
/// forecasts of a departure are corrected by what had ended at the moment that `evening` gives for it, or when
/// the chain began.
///
/// # Errors
/// Forecasts or durations that are not positive.
pub fn check_chains(
    trips: &Trips,
    said: &[Quantiles],
    parameters: &Parameters,
    evening: impl Fn(DateTime<Tz>) -> DateTime<Utc>,
) -> Result<ChainCheck, PipelineError> {
    let chains = chains(trips);
    let correlation = parameters.leg_correlation;
    let corrected_at = |moment: &dyn Fn(&[usize]) -> DateTime<Utc>| {
        let mut when: Vec<(DateTime<Utc>, usize)> = chains
            .iter()
            .enumerate()
            .map(|(c, chain)| (moment(chain), c))
            .collect();
        when.sort_unstable();
        let moments: Vec<DateTime<Utc>> = when.iter().map(|(at, _)| *at).collect();
        let mut corrected: Vec<Vec<Quantiles>> = vec![Vec::new(); chains.len()];
        at_moments(
            trips,
            said,
            &parameters.live,
            &moments,
            |moment, traffic| {
                let chain = when[moment].1;
                let correct = |&trip: &usize| {
                    let (origin, destination) = (trips.origin[trip], trips.destination[trip]);
                    let depart = trips.depart[trip];
                    traffic
                        .correct(origin, destination, depart, &said[trip])
                        .quantiles
                };
                corrected[chain] = chains[chain].iter().map(correct).collect();
            },
        )?;
        let legs: Vec<Quantiles> = corrected.into_iter().flatten().collect();
        Ok::<_, PipelineError>(Predicted::of(trips, &chains, &legs).shares(correlation))
    };
    let uncorrected: Vec<Quantiles> = chains.iter().flatten().map(|&trip| said[trip]).collect();
    Ok(ChainCheck {
        chains: chains.len(),
        legs: uncorrected.len(),
        correlation,
        model: Predicted::of(trips, &chains, &uncorrected).shares(correlation),
        evening: corrected_at(&|chain| evening(trips.local_depart(chain[0])))?,
        departure: corrected_at(&|chain| trips.depart[chain[0]])?,
    })
}
