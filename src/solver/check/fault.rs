//! What can be wrong with a solution.

use std::fmt;

/// One broken rule and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Index of the route in the solution, if the fault lies in one.
    pub route: Option<usize>,
    /// Index of the stop, if the fault lies at one.
    pub stop: Option<usize>,
    /// Which rule, by how much.
    pub kind: FaultKind,
}

/// Which rule is broken. Shipments, groups, relations, reloads and breaks are named by their index.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    /// The problem has no such stop.
    #[error("there is no such stop")]
    UnknownStop,
    /// The problem has no such vehicle type, or fewer vehicles of it.
    #[error("there is no vehicle {vehicle} of type {vehicle_type}")]
    UnknownVehicle {
        /// Type named by the route.
        vehicle_type: usize,
        /// Vehicle named by the route.
        vehicle: usize,
    },
    /// The vehicle type has no such reload, break or driving rule.
    #[error("the vehicle type has no such pause")]
    UnknownPause,
    /// A pause after the end of the route, or before one listed earlier.
    #[error("a pause before position {before} of {stops} stops is out of order")]
    PauseOrder {
        /// Position given.
        before: usize,
        /// Stops of the route.
        stops: usize,
    },
    /// Two routes use one vehicle.
    #[error("vehicle {vehicle} of type {vehicle_type} already drives another route")]
    VehicleUsedTwice {
        /// Type named by the route.
        vehicle_type: usize,
        /// Vehicle named by the route.
        vehicle: usize,
    },
    /// A route of a vehicle that has not departed has no stops.
    #[error("the route has no stops")]
    EmptyRoute,
    /// A stop is visited, or listed as unplanned, more than once.
    #[error("the stop appears more than once")]
    Duplicate,
    /// A stop is neither on a route nor listed as unplanned.
    #[error("the stop is neither on a route nor listed as unplanned")]
    Missing,
    /// The load exceeds the capacity on a trip (counted from 0).
    #[error("load {load} of dimension {dimension} on trip {trip} exceeds the capacity {capacity}")]
    Load {
        /// Dimension.
        dimension: usize,
        /// Trip, from 0.
        trip: usize,
        /// Greatest load of the trip.
        load: i128,
        /// Capacity.
        capacity: i64,
    },
    /// Arrival after the last window.
    #[error("arrival at {arrival_s} s, after the last window closes")]
    Window {
        /// Second of arrival.
        arrival_s: i64,
    },
    /// Arrival at a reload after its last window.
    #[error("reload {reload} is reached at {arrival_s} s, after its last window closes")]
    ReloadWindow {
        /// Reload.
        reload: usize,
        /// Second of arrival.
        arrival_s: i64,
    },
    /// A break that cannot start any more.
    #[error("break {index} cannot start at {arrival_s} s, after its last window closes")]
    BreakWindow {
        /// Break of the vehicle type.
        index: usize,
        /// Second of arrival.
        arrival_s: i64,
    },
    /// A break that the route owes and does not take.
    #[error("break {index} is owed and not taken")]
    BreakMissing {
        /// Break of the vehicle type.
        index: usize,
    },
    /// A break is taken more than once.
    #[error("break {index} is taken more than once")]
    BreakTwice {
        /// Break of the vehicle type.
        index: usize,
    },
    /// Too long at the wheel without the break of the driving rule.
    #[error("{driven_s} s at the wheel without a break exceed {most_s} s")]
    DrivingRule {
        /// Seconds since the last break.
        driven_s: i64,
        /// Seconds allowed.
        most_s: i64,
    },
    /// Departure before the shift.
    #[error("departure at {departure_s} s, before the shift starts at {earliest_s} s")]
    ShiftStart {
        /// Second of departure.
        departure_s: i64,
        /// Start of the shift.
        earliest_s: i64,
    },
    /// Departure later than allowed.
    #[error("departure at {departure_s} s, after the latest departure at {latest_s} s")]
    LateDeparture {
        /// Second of departure.
        departure_s: i64,
        /// Latest second.
        latest_s: i64,
    },
    /// End after the shift.
    #[error("end at {end_s} s, after the shift ends at {latest_s} s")]
    ShiftEnd {
        /// Second of the end.
        end_s: i64,
        /// Latest second.
        latest_s: i64,
    },
    /// The route departs before goods are released.
    #[error("departure at {departure_s} s, before the goods are released at {release_s} s")]
    Release {
        /// Second of departure.
        departure_s: i64,
        /// Second of the release.
        release_s: i64,
    },
    /// The vehicle lacks a skill.
    #[error("the vehicle lacks skills {missing:#b}")]
    Skills {
        /// Bits that are required and not there.
        missing: u64,
    },
    /// The vehicle type is not among those that may serve the stop.
    #[error("vehicle type {vehicle_type} may not serve the stop")]
    VehicleType {
        /// Type named by the route.
        vehicle_type: usize,
    },
    /// The route is too long.
    #[error("distance {distance} exceeds {most}")]
    Distance {
        /// Of the route.
        distance: i128,
        /// Allowed.
        most: i64,
    },
    /// The route takes too long.
    #[error("duration {duration_s} s exceeds {most_s} s")]
    Duration {
        /// Of the route.
        duration_s: i64,
        /// Seconds allowed.
        most_s: i64,
    },
    /// Too long at the wheel in all.
    #[error("{driving_s} s at the wheel exceed {most_s} s")]
    Driving {
        /// Of the route.
        driving_s: i64,
        /// Seconds allowed.
        most_s: i64,
    },
    /// The route has too many stops.
    #[error("{stops} stops exceed {most}")]
    Stops {
        /// Stops of the route.
        stops: usize,
        /// Allowed.
        most: usize,
    },
    /// The route has too many trips.
    #[error("{trips} trips exceed {most}")]
    Trips {
        /// On the route.
        trips: usize,
        /// Allowed.
        most: usize,
    },
    /// Only one end of a shipment is served.
    #[error("only one end of shipment {shipment} is served")]
    ShipmentHalf {
        /// Shipment.
        shipment: usize,
    },
    /// The ends of a shipment are on two vehicles.
    #[error("shipment {shipment} is loaded and delivered by different vehicles")]
    ShipmentVehicles {
        /// Shipment.
        shipment: usize,
    },
    /// A delivery comes before its pickup.
    #[error("shipment {shipment} is delivered before it is loaded")]
    ShipmentOrder {
        /// Shipment.
        shipment: usize,
    },
    /// A delivery of goods that were not loaded last.
    #[error("shipment {shipment} is delivered while goods loaded later are on board")]
    Lifo {
        /// Shipment.
        shipment: usize,
    },
    /// Several alternatives of a group are served.
    #[error("{served} alternatives of group {group} are served, one is enough")]
    GroupServedTwice {
        /// Group.
        group: usize,
        /// Alternatives served.
        served: usize,
    },
    /// An alternative is listed as unplanned though another is served.
    #[error("listed as unplanned, but another alternative of group {group} is served")]
    AlternativeListed {
        /// Group.
        group: usize,
    },
    /// Stops that must share a vehicle do not.
    #[error("the stops of relation {relation} are not all on one vehicle")]
    SameVehicle {
        /// Relation.
        relation: usize,
    },
    /// Stops that must not share a vehicle do.
    #[error("stops of relation {relation} share a vehicle")]
    DifferentVehicles {
        /// Relation.
        relation: usize,
    },
    /// A delivery follows a pickup on a trip.
    #[error("a delivery after a pickup of the same trip {trip}")]
    BackhaulBefore {
        /// Trip, from 0.
        trip: usize,
    },
    /// A trip of pickups alone.
    #[error("trip {trip} has pickups and no delivery")]
    BackhaulsAlone {
        /// Trip, from 0.
        trip: usize,
    },
    /// The route does not begin with what the vehicle has driven.
    #[error("the route's {part} is not what the vehicle has driven")]
    NotAsDriven {
        /// Which part of the route.
        part: &'static str,
    },
    /// A vehicle that has departed has no route.
    #[error("vehicle type {vehicle_type} has departed, but has no route")]
    DrivenWithoutRoute {
        /// Type named by the route.
        vehicle_type: usize,
    },
    /// The stated cost is not the true one.
    #[error("stated cost {stated} is not the true cost {actual}")]
    Cost {
        /// By the solution.
        stated: i64,
        /// Recomputed.
        actual: i128,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(route) = self.route {
            write!(f, "route {route}, ")?;
        }
        if let Some(stop) = self.stop {
            write!(f, "stop {stop}, ")?;
        }
        write!(f, "{}", self.kind)
    }
}
