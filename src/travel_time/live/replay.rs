//! The correction over a table of trips, as it would have been at every departure.

use super::LiveParameters;
use super::stream::{TrafficStream, in_order_of_departure};
use crate::domain::InputError;
use crate::domain::forecast::Quantiles;
use crate::features::travel::Trips;

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
    let mut stream = TrafficStream::new(parameters);
    let mut corrected = forecasts.to_vec();
    for trip in in_order_of_departure(trips, forecasts) {
        corrected[trip] = stream.depart(trips, trip, &forecasts[trip])?.quantiles;
    }
    Ok(corrected)
}
