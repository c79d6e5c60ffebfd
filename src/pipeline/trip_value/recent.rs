//! What the trips that had ended by some moment say of the forecasts made then.

use crate::domain::InputError;
use crate::domain::forecast::Quantiles;
use crate::features::travel::Trips;
use crate::travel_time::live::{FinishedTrip, LiveParameters, LiveTraffic};
use chrono::{DateTime, Utc};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Lets trips depart and end in order of time, and calls `look` at each of the moments, which ascend,
/// with what was known then: trips that had ended before, and nothing else. `forecasts` has one
/// entry per trip, as the model gave it.
///
/// # Errors
/// A duration or forecast that is not finite and positive.
pub(super) fn at_moments(
    trips: &Trips,
    forecasts: &[Quantiles],
    parameters: &LiveParameters,
    moments: &[DateTime<Utc>],
    mut look: impl FnMut(usize, &LiveTraffic),
) -> Result<(), InputError> {
    let mut traffic = LiveTraffic::new(parameters);
    let mut order: Vec<usize> = (0..trips.len().min(forecasts.len())).collect();
    order.sort_by_key(|&trip| trips.depart[trip]);
    let mut departing = order.into_iter().peekable();
    let mut under_way = UnderWay::default();
    for (moment, now) in moments.iter().enumerate() {
        while let Some(trip) = departing.next_if(|&trip| trips.depart[trip] < *now) {
            let depart = trips.depart[trip];
            under_way.end_before(depart, &mut traffic)?;
            let (origin, destination) = (trips.origin[trip], trips.destination[trip]);
            let corrected = traffic.correct(origin, destination, depart, &forecasts[trip]);
            under_way.start(FinishedTrip {
                origin,
                destination,
                depart,
                duration_s: trips.duration_s[trip],
                forecast: forecasts[trip],
                log_shift: corrected.log_shift,
            });
        }
        under_way.end_before(*now, &mut traffic)?;
        look(moment, &traffic);
    }
    Ok(())
}

/// Trips that have departed and not ended, first end first.
#[derive(Default)]
struct UnderWay {
    ends: BinaryHeap<Reverse<(DateTime<Utc>, usize)>>,
    trips: Vec<FinishedTrip>,
}

impl UnderWay {
    fn start(&mut self, trip: FinishedTrip) {
        self.ends.push(Reverse((trip.end(), self.trips.len())));
        self.trips.push(trip);
    }

    fn end_before(
        &mut self,
        now: DateTime<Utc>,
        traffic: &mut LiveTraffic,
    ) -> Result<(), InputError> {
        while let Some(Reverse((end, trip))) = self.ends.peek().copied() {
            if end >= now {
                break;
            }
            self.ends.pop();
            traffic.push(&self.trips[trip])?;
        }
        Ok(())
    }
}
