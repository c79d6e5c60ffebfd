//! The correction over a table of trips, as it would have been at every departure.

use super::{Corrected, FinishedTrip, LiveParameters, LiveTraffic};
use crate::domain::InputError;
use crate::domain::forecast::Quantiles;
use crate::features::travel::Trips;
use chrono::{DateTime, Utc};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Corrects the forecasts of trips in order of departure; each knows only trips that had ended
/// before it started. `forecasts` has one entry per trip.
///
/// # Errors
/// A duration or forecast that is not finite and positive.
pub fn replay(
    trips: &Trips,
    forecasts: &[Quantiles],
    parameters: &LiveParameters,
) -> Result<Vec<Quantiles>, InputError> {
    let mut traffic = LiveTraffic::new(parameters);
    let mut order: Vec<usize> = (0..trips.len().min(forecasts.len())).collect();
    order.sort_by_key(|&i| trips.depart[i]);
    let mut corrected = forecasts.to_vec();
    let mut under_way: BinaryHeap<Reverse<(DateTime<Utc>, usize)>> = BinaryHeap::new();
    let mut shifts = vec![0.0; order.len()];
    let finished = |i: usize, log_shift: f64| FinishedTrip {
        origin: trips.origin[i],
        destination: trips.destination[i],
        depart: trips.depart[i],
        duration_s: trips.duration_s[i],
        forecast: forecasts[i],
        log_shift,
    };
    for i in order {
        let depart = trips.depart[i];
        while let Some(Reverse((end, done))) = under_way.peek().copied() {
            if end >= depart {
                break;
            }
            under_way.pop();
            traffic.push(&finished(done, shifts[done]))?;
        }
        let Corrected {
            quantiles,
            log_shift,
        } = traffic.correct(trips.origin[i], trips.destination[i], depart, &forecasts[i]);
        corrected[i] = quantiles;
        shifts[i] = log_shift;
        under_way.push(Reverse((finished(i, log_shift).end(), i)));
    }
    Ok(corrected)
}
