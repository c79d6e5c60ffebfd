//! What recent trips say of the forecasts that are made now.

use super::error::TravelTimeError;
use super::live::{LiveTraffic, TrafficStream};
use super::model::TravelTimeModel;
use crate::features::travel::{TripQuery, Trips};
use chrono::{DateTime, Utc};

impl TravelTimeModel {
    /// Live traffic as the trips that had ended before `now` tell of it.
    ///
    /// # Errors
    /// The model cannot be run, or not on these trips.
    pub fn recent_traffic(
        &self,
        trips: &Trips,
        now: DateTime<Utc>,
    ) -> Result<LiveTraffic, TravelTimeError> {
        let forecasts = self.predict(&queries(trips, self))?;
        let parameters = &self.parameters().live;
        let known = TrafficStream::of_trips_until(trips, &forecasts, parameters, now)?;
        Ok(known)
    }
}

/// Trips as questions; a profile that the past does not know is predicted as an average vehicle.
pub(super) fn queries(trips: &Trips, model: &TravelTimeModel) -> Vec<TripQuery> {
    let profile = |i: usize| {
        let name = trips.profile.as_ref()?.get(i)?;
        let known = &model.parameters().profile_factors;
        known.contains_key(name).then(|| name.clone())
    };
    (0..trips.len())
        .map(|i| TripQuery {
            origin: trips.origin[i],
            destination: trips.destination[i],
            depart: trips.local_depart(i),
            profile: profile(i),
        })
        .collect()
}
