//! Stops: places, amounts, service and windows.

use super::TimeWindow;

/// A stop to serve.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stop {
    /// Where it is.
    pub place: usize,
    /// What is delivered from the depot, by dimension, not negative.
    pub demand: Vec<i64>,
    /// What is picked up for the depot, by dimension, not negative; empty means nothing.
    pub pickup: Vec<i64>,
    /// Seconds of service.
    pub service_s: i64,
    /// Seconds of service by vehicle type; empty means `service_s` for all.
    pub service_by_type_s: Vec<i64>,
    /// Standard deviation of the service time in milliseconds, 0 where it is certain or not known; only
    /// the price of expected lateness looks at it.
    pub service_sd_ms: i64,
    /// The same by vehicle type; empty means `service_sd_ms` for all.
    pub service_sd_by_type_ms: Vec<i64>,
    /// When service may start: ascending and disjoint; empty means any time.
    pub windows: Vec<TimeWindow>,
    /// When service should start at the latest, and the price of starting later.
    pub due: Option<Due>,
    /// Earliest second at which the goods can leave the depot: on its first trip the route departs
    /// no earlier; on a later one the vehicle waits right after the reload, before any break there.
    pub release_s: i64,
    /// Skills the vehicle needs, one bit each.
    pub required_skills: u64,
    /// Vehicle types that may serve it; `None` means all that have the skills.
    pub vehicle_types: Option<Vec<usize>>,
    /// Cost of serving it, by vehicle type, besides all others; empty means none.
    pub cost_by_type: Vec<i64>,
    /// Cost of leaving the stop out; `None` makes it mandatory.
    pub penalty: Option<i64>,
    /// Which mandatory stops to keep if not all can be served: the greater, the dearer to leave
    /// out. No cost of a plan depends on it.
    pub priority: u32,
}

/// A soft end of the time windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Service that starts up to this second costs nothing.
    pub by_s: i64,
    /// Cost of every second later.
    pub cost_per_second: i64,
}

impl Stop {
    /// A mandatory stop that may be served at any time by anyone.
    pub fn at(place: usize, demand: Vec<i64>) -> Self {
        Self {
            place,
            demand,
            ..Self::default()
        }
    }

    /// Seconds of service by a vehicle of the type.
    #[inline]
    pub fn service_by_s(&self, vehicle_type: usize) -> i64 {
        let own = self.service_by_type_s.get(vehicle_type);
        own.copied().unwrap_or(self.service_s)
    }

    /// Standard deviation of the service by a vehicle of the type, in seconds.
    pub fn service_sd_by_s(&self, vehicle_type: usize) -> f64 {
        let own = self.service_sd_by_type_ms.get(vehicle_type);
        own.copied().unwrap_or(self.service_sd_ms) as f64 / 1e3
    }

    /// Whether its service time is uncertain for some vehicle.
    pub fn has_service_sd(&self) -> bool {
        self.service_sd_ms > 0 || self.service_sd_by_type_ms.iter().any(|&sd| sd > 0)
    }

    /// Whether goods are only picked up here.
    pub fn is_backhaul(&self) -> bool {
        self.pickup.iter().any(|&amount| amount > 0) && self.demand.iter().all(|&a| a == 0)
    }

    /// Whether goods are delivered here from the depot.
    pub fn is_linehaul(&self) -> bool {
        self.demand.iter().any(|&amount| amount > 0)
    }
}
