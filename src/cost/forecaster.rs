//! Who forecasts the durations of a tensor.

use crate::domain::LatLon;
use crate::domain::forecast::Quantiles;
use crate::travel_time::TravelTimeModel;
use crate::travel_time::live::LiveTraffic;
use chrono::{DateTime, Utc};

/// A travel-time model, with what the trips that had ended when the forecast is made say of it.
#[derive(Debug, Clone, Copy)]
pub struct Forecaster<'a> {
    /// The model.
    pub model: &'a TravelTimeModel,
    /// Recent trips; `None`: the model alone.
    pub live: Option<&'a LiveTraffic>,
}

impl<'a> From<&'a TravelTimeModel> for Forecaster<'a> {
    fn from(model: &'a TravelTimeModel) -> Self {
        Self { model, live: None }
    }
}

impl Forecaster<'_> {
    /// The model's answer, corrected if there are recent trips.
    pub(super) fn corrected(
        &self,
        origin: LatLon,
        destination: LatLon,
        depart: DateTime<Utc>,
        answer: Quantiles,
    ) -> Quantiles {
        let Some(live) = self.live else { return answer };
        live.correct(origin, destination, depart, &answer).quantiles
    }
}
