//! Trips that depart and end in order of time, and what is known at each moment of it.

use super::{Corrected, FinishedTrip, LiveParameters, LiveTraffic};
use crate::domain::InputError;
use crate::domain::forecast::Quantiles;
use crate::features::travel::Trips;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// Live traffic that learns of a trip when it has ended, never before.
#[derive(Debug)]
pub struct TrafficStream {
    traffic: LiveTraffic,
    /// Trips under way by their end; those that end together by their place among the departures.
    under_way: BTreeMap<(DateTime<Utc>, usize), FinishedTrip>,
    departed: usize,
}

impl TrafficStream {
    /// No trip has departed yet.
    pub fn new(parameters: &LiveParameters) -> Self {
        Self {
            traffic: LiveTraffic::new(parameters),
            under_way: BTreeMap::new(),
            departed: 0,
        }
    }

    /// What is known at a moment: of trips that had ended before, and nothing else. Moments and
    /// departures ascend.
    ///
    /// # Errors
    /// A duration or forecast that is not finite and positive.
    pub fn at(&mut self, now: DateTime<Utc>) -> Result<&LiveTraffic, InputError> {
        while let Some(first) = self.under_way.first_entry() {
            if first.key().0 >= now {
                break;
            }
            self.traffic.push(&first.remove())?;
        }
        Ok(&self.traffic)
    }

    /// A trip of a table departs; gives its forecast as corrected then.
    ///
    /// # Errors
    /// As [`TrafficStream::at`].
    pub fn depart(
        &mut self,
        trips: &Trips,
        trip: usize,
        forecast: &Quantiles,
    ) -> Result<Corrected, InputError> {
        let (origin, destination) = (trips.origin[trip], trips.destination[trip]);
        let depart = trips.depart[trip];
        let corrected = self
            .at(depart)?
            .correct(origin, destination, depart, forecast);
        let finished = FinishedTrip {
            origin,
            destination,
            depart,
            duration_s: trips.duration_s[trip],
            forecast: *forecast,
            log_shift: corrected.log_shift,
        };
        self.under_way
            .insert((finished.end(), self.departed), finished);
        self.departed += 1;
        Ok(corrected)
    }

    /// Lets all trips of a table depart that do so before a moment, and gives what is known then.
    /// `forecasts` has one entry per trip, as the model gave it.
    ///
    /// # Errors
    /// As [`TrafficStream::at`].
    pub fn of_trips_until(
        trips: &Trips,
        forecasts: &[Quantiles],
        parameters: &LiveParameters,
        now: DateTime<Utc>,
    ) -> Result<LiveTraffic, InputError> {
        let mut stream = Self::new(parameters);
        for trip in in_order_of_departure(trips, forecasts) {
            if trips.depart[trip] < now {
                stream.depart(trips, trip, &forecasts[trip])?;
            }
        }
        stream.at(now)?;
        Ok(stream.traffic)
    }
}

/// Trips that have a forecast, first departure first.
pub fn in_order_of_departure(trips: &Trips, forecasts: &[Quantiles]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..trips.len().min(forecasts.len())).collect();
    order.sort_by_key(|&trip| trips.depart[trip]);
    order
}
