//! The correction as a stream: finished trips in, corrected forecasts out.

use super::LiveParameters;
use super::guard::Guard;
use super::signals::Signals;
use crate::domain::forecast::Quantiles;
use crate::domain::{InputError, LatLon};
use chrono::{DateTime, TimeDelta, Utc};

/// A trip that has ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FinishedTrip {
    /// Where it started.
    pub origin: LatLon,
    /// Where it ended.
    pub destination: LatLon,
    /// When it started.
    pub depart: DateTime<Utc>,
    /// How long it took, in seconds.
    pub duration_s: f64,
    /// What the model said of it, uncorrected, in seconds.
    pub forecast: Quantiles,
    /// [`Corrected::log_shift`] as it was at the departure; 0 if nobody asked then.
    pub log_shift: f64,
}

impl FinishedTrip {
    /// When it ended.
    pub fn end(&self) -> DateTime<Utc> {
        let micros = (self.duration_s.clamp(0.0, 1e9) * 1e6) as i64;
        self.depart + TimeDelta::microseconds(micros)
    }
}

/// A corrected forecast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Corrected {
    /// Seconds.
    pub quantiles: Quantiles,
    /// What the signals added to the logarithm; goes back in with the trip when it has ended.
    pub log_shift: f64,
}

/// What is known of today's traffic, and of how well the model has done lately.
#[derive(Debug, Clone)]
pub struct LiveTraffic {
    parameters: LiveParameters,
    signals: Signals,
    guard: Guard,
}

impl LiveTraffic {
    /// Knows nothing yet: corrects nothing.
    pub fn new(parameters: &LiveParameters) -> Self {
        Self {
            signals: Signals::new(&parameters.districts),
            parameters: parameters.clone(),
            guard: Guard::default(),
        }
    }

    /// Takes in a trip that has ended. Trips should come in order of their end; one that comes
    /// late counts as much as if it had come in time.
    ///
    /// # Errors
    /// A duration or forecast that is not finite and positive; nothing is taken in then.
    pub fn push(&mut self, trip: &FinishedTrip) -> Result<(), InputError> {
        let numbers = [
            ("duration_s", trip.duration_s),
            ("p10", trip.forecast.p10),
            ("p50", trip.forecast.p50),
            ("p90", trip.forecast.p90),
            ("mean", trip.forecast.mean),
        ];
        let wrong = numbers
            .into_iter()
            .find(|(_, v)| !(v.is_finite() && *v > 0.0));
        let wrong = wrong.or_else(|| {
            let shift = ("log_shift", trip.log_shift);
            (!trip.log_shift.is_finite()).then_some(shift)
        });
        if let Some((field, value)) = wrong {
            let remedy = "give seconds above zero, and the forecast as the model gave it";
            return Err(InputError::new("finished trip", "not usable", remedy)
                .field(field)
                .value(value));
        }
        let error = (trip.duration_s / trip.forecast.p50).ln();
        let end_s = seconds(trip.end());
        self.signals
            .push(trip.origin, trip.destination, end_s, error);
        self.guard
            .learn(&scaled(&trip.forecast, trip.log_shift), trip.duration_s);
        Ok(())
    }

    /// Corrects the forecast of a trip that departs at `depart`, by the trips pushed so far.
    pub fn correct(
        &self,
        origin: LatLon,
        destination: LatLon,
        depart: DateTime<Utc>,
        forecast: &Quantiles,
    ) -> Corrected {
        let signals = self.signals.at(origin, destination, seconds(depart));
        let log_shift = self.parameters.shift(&signals);
        Corrected {
            quantiles: self.guard.apply(&scaled(forecast, log_shift)),
            log_shift,
        }
    }
}

fn scaled(forecast: &Quantiles, log_shift: f64) -> Quantiles {
    let factor = log_shift.exp();
    Quantiles {
        p10: forecast.p10 * factor,
        p50: forecast.p50 * factor,
        p90: forecast.p90 * factor,
        mean: forecast.mean * factor,
    }
}

fn seconds(at: DateTime<Utc>) -> f64 {
    at.timestamp_micros() as f64 / 1e6
}
