//! The problem the solver solves: integers and indices only.
//!
//! Every field is honoured by the search and by the checker; what is not here is not supported.

use super::travel::Travel;

/// A second later than any schedule: the end of a shift that has none.
pub const UNBOUNDED_S: i64 = 1 << 40;

/// Largest value of a demand, capacity, distance limit or single cost.
const LARGEST: i64 = 1 << 50;

/// A span of seconds in which service may start, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeWindow {
    /// First second.
    pub open_s: i64,
    /// Last second.
    pub close_s: i64,
}

/// Vehicles that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VehicleType {
    /// How many there are.
    pub count: usize,
    /// Place where the route starts.
    pub start: usize,
    /// Place where the route ends; `None` ends it after the last stop.
    pub end: Option<usize>,
    /// Profile of the travel table.
    pub profile: usize,
    /// Capacity by dimension.
    pub capacity: Vec<i64>,
    /// Earliest departure.
    pub earliest_start_s: i64,
    /// Latest return, or latest end of service on an open route; [`UNBOUNDED_S`] if unlimited.
    pub latest_end_s: i64,
    /// Cost of using a vehicle at all.
    pub fixed_cost: i64,
    /// Cost per unit of distance.
    pub cost_per_distance: i64,
    /// Cost per second between departure and end of the route.
    pub cost_per_second: i64,
    /// What the vehicles can do, one bit each.
    pub skills: u64,
    /// Longest route in units of distance.
    pub max_distance: Option<i64>,
    /// Longest time between departure and end of the route.
    pub max_duration_s: Option<i64>,
    /// Most stops on a route.
    pub max_stops: Option<usize>,
}

impl VehicleType {
    /// `count` vehicles that start and end at `depot`, pay one unit per unit of distance, and have
    /// no other cost or limit than their capacity.
    pub fn at_depot(depot: usize, count: usize, capacity: Vec<i64>) -> Self {
        Self {
            count,
            start: depot,
            end: Some(depot),
            profile: 0,
            capacity,
            earliest_start_s: 0,
            latest_end_s: UNBOUNDED_S,
            fixed_cost: 0,
            cost_per_distance: 1,
            cost_per_second: 0,
            skills: 0,
            max_distance: None,
            max_duration_s: None,
            max_stops: None,
        }
    }
}

/// A stop to serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// Where it is.
    pub place: usize,
    /// What it takes of the capacity, by dimension, not negative.
    pub demand: Vec<i64>,
    /// Seconds of service.
    pub service_s: i64,
    /// When service may start: ascending and disjoint; empty means any time.
    pub windows: Vec<TimeWindow>,
    /// Skills the vehicle needs, one bit each.
    pub required_skills: u64,
    /// Cost of leaving the stop out; `None` makes it mandatory.
    pub penalty: Option<i64>,
}

impl Stop {
    /// A mandatory stop that may be served at any time by anyone.
    pub fn at(place: usize, demand: Vec<i64>) -> Self {
        Self {
            place,
            demand,
            service_s: 0,
            windows: Vec::new(),
            required_skills: 0,
            penalty: None,
        }
    }
}

/// What is wrong with a problem.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    /// No vehicle types at all.
    #[error("a problem needs at least one vehicle type")]
    NoVehicles,
    /// A vehicle type has an unusable field.
    #[error("vehicle type {index}: {field} is {value}; {remedy}")]
    Vehicle {
        /// Index of the vehicle type.
        index: usize,
        /// Field at fault.
        field: &'static str,
        /// Its value.
        value: String,
        /// What would be right.
        remedy: &'static str,
    },
    /// A stop has an unusable field.
    #[error("stop {index}: {field} is {value}; {remedy}")]
    Stop {
        /// Index of the stop.
        index: usize,
        /// Field at fault.
        field: &'static str,
        /// Its value.
        value: String,
        /// What would be right.
        remedy: &'static str,
    },
    /// Sums of costs would not fit.
    #[error("costs are too large: a plan could cost more than 2^61 units; use a coarser unit")]
    CostOverflow,
}

/// A validated problem.
#[derive(Debug, Clone)]
pub struct Problem {
    travel: Travel,
    vehicle_types: Vec<VehicleType>,
    stops: Vec<Stop>,
    last_change_s: i64,
}

impl Problem {
    /// Checks that indices, shapes and ranges fit together.
    pub fn new(
        travel: Travel,
        vehicle_types: Vec<VehicleType>,
        stops: Vec<Stop>,
    ) -> Result<Self, ProblemError> {
        let Some(first) = vehicle_types.first() else {
            return Err(ProblemError::NoVehicles);
        };
        let dimensions = first.capacity.len();
        for (index, vehicle) in vehicle_types.iter().enumerate() {
            check_vehicle(index, vehicle, dimensions, &travel)?;
        }
        for (index, stop) in stops.iter().enumerate() {
            check_stop(index, stop, dimensions, travel.places())?;
        }
        let windows = stops.iter().flat_map(|s| &s.windows);
        let last_window_s = windows.map(|w| w.close_s).max().unwrap_or(0);
        let problem = Self {
            last_change_s: last_window_s.max(travel.last_change_s()),
            travel,
            vehicle_types,
            stops,
        };
        if problem.cost_bound() > i128::from(i64::MAX / 4) {
            return Err(ProblemError::CostOverflow);
        }
        Ok(problem)
    }

    /// Travel durations and distances.
    pub fn travel(&self) -> &Travel {
        &self.travel
    }

    /// The fleet.
    pub fn vehicle_types(&self) -> &[VehicleType] {
        &self.vehicle_types
    }

    /// The stops.
    pub fn stops(&self) -> &[Stop] {
        &self.stops
    }

    /// Number of capacity dimensions.
    pub fn dimensions(&self) -> usize {
        self.vehicle_types.first().map_or(0, |v| v.capacity.len())
    }

    /// The last second at which anything changes: the end of the travel slices or of a window.
    /// Leaving later than that cannot shorten a route.
    pub(super) fn last_change_s(&self) -> i64 {
        self.last_change_s
    }

    /// More than any plan can cost: every stop on a vehicle of its own, each leg the dearest,
    /// every route as long as a day can be.
    fn cost_bound(&self) -> i128 {
        let (mut longest_leg, mut longest_trip_s) = (0, 0);
        for profile in 0..self.travel.profiles() {
            for from in 0..self.travel.places() {
                for to in 0..self.travel.places() {
                    longest_leg = longest_leg.max(self.travel.distance(profile, from, to));
                    longest_trip_s =
                        longest_trip_s.max(self.travel.most_duration_s(profile, from, to));
                }
            }
        }
        let service_s: i128 = self.stops.iter().map(|s| i128::from(s.service_s)).sum();
        let legs = self.stops.len() as i128 * 2 + 1;
        let route_s =
            i128::from(self.last_change_s.max(0)) + service_s + legs * i128::from(longest_trip_s);
        let dearest = |v: &VehicleType| {
            let distance = legs * i128::from(longest_leg) * i128::from(v.cost_per_distance);
            let start_s = i128::from(v.earliest_start_s.unsigned_abs());
            distance
                + (route_s + start_s) * i128::from(v.cost_per_second)
                + i128::from(v.fixed_cost)
        };
        let route = self.vehicle_types.iter().map(dearest).max().unwrap_or(0);
        let penalties: i128 = self
            .stops
            .iter()
            .filter_map(|s| s.penalty)
            .map(i128::from)
            .sum();
        route * (self.stops.len() as i128 + 1) + penalties
    }
}

fn check_vehicle(
    index: usize,
    vehicle: &VehicleType,
    dimensions: usize,
    travel: &Travel,
) -> Result<(), ProblemError> {
    let wrong = |field, value: &dyn ToString, remedy| {
        let value = value.to_string();
        Err(ProblemError::Vehicle {
            index,
            field,
            value,
            remedy,
        })
    };
    for (field, place) in [("start", Some(vehicle.start)), ("end", vehicle.end)] {
        if let Some(place) = place.filter(|&place| place >= travel.places()) {
            return wrong(field, &place, "give a place of the travel table");
        }
    }
    if vehicle.profile >= travel.profiles() {
        let remedy = "give a profile of the travel table";
        return wrong("profile", &vehicle.profile, remedy);
    }
    if vehicle.capacity.len() != dimensions {
        let found = format!("of {} dimensions", vehicle.capacity.len());
        return wrong("capacity", &found, "give as many as the first type has");
    }
    let amounts = [
        ("fixed_cost", Some(vehicle.fixed_cost)),
        ("cost_per_distance", Some(vehicle.cost_per_distance)),
        ("cost_per_second", Some(vehicle.cost_per_second)),
        ("max_distance", vehicle.max_distance),
        ("max_duration_s", vehicle.max_duration_s),
    ];
    let capacities = vehicle.capacity.iter().map(|&c| ("capacity", Some(c)));
    for (field, amount) in amounts.into_iter().chain(capacities) {
        if let Some(amount) = amount.filter(|a| !(0..=LARGEST).contains(a)) {
            return wrong(field, &amount, "give a number from 0 to 2^50");
        }
    }
    for (field, second) in [
        ("earliest_start_s", vehicle.earliest_start_s),
        ("latest_end_s", vehicle.latest_end_s),
    ] {
        if !(-UNBOUNDED_S..=UNBOUNDED_S).contains(&second) {
            return wrong(field, &second, "give a second within 2^40 of the origin");
        }
    }
    if vehicle.earliest_start_s > vehicle.latest_end_s {
        let remedy = "end the shift after it starts";
        return wrong("latest_end_s", &vehicle.latest_end_s, remedy);
    }
    Ok(())
}

fn check_stop(
    index: usize,
    stop: &Stop,
    dimensions: usize,
    places: usize,
) -> Result<(), ProblemError> {
    let wrong = |field, value: &dyn ToString, remedy| {
        let value = value.to_string();
        Err(ProblemError::Stop {
            index,
            field,
            value,
            remedy,
        })
    };
    if stop.place >= places {
        return wrong("place", &stop.place, "give a place of the travel table");
    }
    if stop.demand.len() != dimensions {
        let found = format!("of {} dimensions", stop.demand.len());
        return wrong(
            "demand",
            &found,
            "give as many as the vehicles' capacity has",
        );
    }
    if let Some(demand) = stop.demand.iter().find(|d| !(0..=LARGEST).contains(*d)) {
        return wrong("demand", demand, "give a number from 0 to 2^50");
    }
    if !(0..=UNBOUNDED_S).contains(&stop.service_s) {
        return wrong("service_s", &stop.service_s, "give seconds from 0 to 2^40");
    }
    if let Some(penalty) = stop.penalty.filter(|p| !(0..=LARGEST).contains(p)) {
        return wrong("penalty", &penalty, "give a cost from 0 to 2^50");
    }
    let mut previous_s = -UNBOUNDED_S;
    for window in &stop.windows {
        let TimeWindow { open_s, close_s } = *window;
        let shown = format!("{open_s}..{close_s}");
        if open_s > close_s {
            return wrong("windows", &shown, "close a window after it opens");
        }
        if open_s <= previous_s || close_s > UNBOUNDED_S {
            return wrong("windows", &shown, "sort windows, without overlap");
        }
        previous_s = close_s;
    }
    Ok(())
}
