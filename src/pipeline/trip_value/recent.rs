//! What the trips that had ended by some moment say of the forecasts made then.

use crate::domain::InputError;
use crate::domain::forecast::Quantiles;
use crate::features::travel::Trips;
use crate::travel_time::live::{LiveParameters, LiveTraffic, TrafficStream, in_order_of_departure};
use chrono::{DateTime, Utc};

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
    let mut stream = TrafficStream::new(parameters);
    let order = in_order_of_departure(trips, forecasts);
    let mut departing = order.into_iter().peekable();
    for (moment, now) in moments.iter().enumerate() {
        while let Some(trip) = departing.next_if(|&trip| trips.depart[trip] < *now) {
            stream.depart(trips, trip, &forecasts[trip])?;
        }
        look(moment, stream.at(*now)?);
    }
    Ok(())
}
