//! What really happens: travel times, and a date's orders. Simulated by
//! [`World`](super::World), or measured and given by the caller.

use crate::domain::LatLon;
use crate::domain::fleet::Quantities;
use crate::domain::stop::{Stop, StopOrigin, TimeWindow};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeMap;

/// Realised travel.
pub trait TravelTruth: Sync {
    /// Seconds that a trip takes which leaves `from` at `depart`, by a vehicle of `profile`.
    /// Leaving later never arrives earlier within a day.
    fn duration_s(&self, from: LatLon, to: LatLon, depart: DateTime<Utc>, profile: &str) -> f64;

    /// Metres of that trip.
    fn distance_m(&self, from: LatLon, to: LatLon, depart: DateTime<Utc>, profile: &str) -> f64;

    /// Places that the trip passes, with the share of its duration (0 to 1, ascending) at which
    /// each is passed. A straight line unless the truth knows the roads.
    fn course(
        &self,
        from: LatLon,
        to: LatLon,
        _depart: DateTime<Utc>,
        _profile: &str,
    ) -> Vec<(LatLon, f64)> {
        vec![(from, 0.0), (to, 1.0)]
    }
}

/// What was really ordered for a date, late orders included.
#[derive(Debug, Clone, PartialEq)]
pub struct DayTruth {
    /// The date, in the depot's time zone.
    pub date: NaiveDate,
    /// Every order.
    pub orders: Vec<RealisedOrder>,
    /// Factor on the service times of each vehicle's driver; a vehicle without one serves as planned.
    pub service_factors: BTreeMap<String, f64>,
}

/// One order as it really was.
#[derive(Debug, Clone, PartialEq)]
pub struct RealisedOrder {
    /// The site; names the demand series.
    pub site_id: String,
    /// Where it is.
    pub place: LatLon,
    /// What was ordered, by dimension.
    pub quantities: Quantities,
    /// Service time that it really takes an average driver, in seconds.
    pub service_s: u32,
    /// Service time that a planner would have expected of it, in seconds.
    pub usual_service_s: u32,
    /// Whether it was in when the plan was made, the afternoon before.
    pub known: bool,
    /// When it came in; late ones after the plan was made and before the vehicles leave.
    pub ordered_at: DateTime<Utc>,
    /// When service may start; empty: at any time.
    pub windows: Vec<TimeWindow>,
    /// What the vehicle must be able to do.
    pub skills: Vec<String>,
    /// Cost of leaving it out, in currency units.
    pub penalty: f64,
}

impl RealisedOrder {
    /// The order as a stop that a planner who knows of it plans for.
    pub fn to_stop(&self) -> Stop {
        Stop {
            id: format!("{}-order", self.site_id),
            site_id: self.site_id.clone(),
            place: self.place,
            quantities: self.quantities.clone(),
            service_s: self.usual_service_s,
            service_sd_s: None,
            windows: self.windows.clone(),
            skills: self.skills.clone(),
            penalty: Some(self.penalty),
            origin: StopOrigin::Ordered,
        }
    }
}

impl DayTruth {
    /// A truth in which exactly the given stops were ordered in time and nothing else was; for
    /// real days of which only the stops are known.
    pub fn of_stops(date: NaiveDate, ordered_at: DateTime<Utc>, stops: &[Stop]) -> Self {
        let orders = stops.iter().map(|stop| RealisedOrder {
            site_id: stop.site_id.clone(),
            place: stop.place,
            quantities: stop.quantities.clone(),
            service_s: stop.service_s,
            usual_service_s: stop.service_s,
            known: true,
            ordered_at,
            windows: stop.windows.clone(),
            skills: stop.skills.clone(),
            penalty: stop.penalty.unwrap_or(0.0),
        });
        Self {
            date,
            orders: orders.collect(),
            service_factors: BTreeMap::new(),
        }
    }

    /// Stops of the orders that are in when the plan is made.
    pub fn known_stops(&self) -> Vec<Stop> {
        self.orders
            .iter()
            .filter(|o| o.known)
            .map(RealisedOrder::to_stop)
            .collect()
    }

    /// Stops of all orders: what a plan made with perfect knowledge is made for. Service times are
    /// the realised ones.
    pub fn all_stops(&self) -> Vec<Stop> {
        let stop = |o: &RealisedOrder| Stop {
            service_s: o.service_s,
            ..o.to_stop()
        };
        self.orders.iter().map(stop).collect()
    }
}
