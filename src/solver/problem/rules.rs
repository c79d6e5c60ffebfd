//! What ties stops together, and what is counted as good.

/// Rules beyond single stops and vehicles. The default has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// Goods that go from one stop to another.
    pub shipments: Vec<Shipment>,
    /// Whether only the goods loaded last can be unloaded: shipments are delivered in the reverse
    /// order of their pickup (last in, first out).
    pub lifo: bool,
    /// Stops of which one is served.
    pub groups: Vec<Group>,
    /// Stops that must or must not share a vehicle.
    pub relations: Vec<Relation>,
    /// Order of deliveries and pickups within a trip.
    pub backhauls: Backhauls,
    /// What is counted.
    pub objective: Objective,
}

/// Goods that are loaded at one stop and delivered at another, by the same vehicle, in this order.
/// The two stops have no demand or pickup of their own and are served or left out together; the
/// cost of leaving them out is the sum of their penalties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shipment {
    /// Stop where the goods are loaded.
    pub pickup: usize,
    /// Stop where they are delivered.
    pub delivery: usize,
    /// How much, by dimension.
    pub amount: Vec<i64>,
}

/// Alternatives: exactly one of the stops is served, or none for a penalty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The alternatives; they have no penalty of their own.
    pub stops: Vec<usize>,
    /// Cost of serving none; `None` makes the group mandatory.
    pub penalty: Option<i64>,
}

/// Ties between the vehicles of stops, as far as these are served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relation {
    /// All on one vehicle.
    SameVehicle(Vec<usize>),
    /// No two on one vehicle.
    DifferentVehicles(Vec<usize>),
}

/// Order of deliveries from the depot and pickups for the depot within a trip. A stop with both
/// counts as a delivery, the stops of shipments as neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Backhauls {
    /// Any order, as the load allows.
    #[default]
    Mixed,
    /// Pickups only after all deliveries of the trip.
    Last,
    /// Likewise, and no trip of pickups alone (the classical VRP with backhauls).
    LastAfterDeliveries,
}

/// What a plan is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Objective {
    /// Whether one vehicle less is worth any other cost. Stops left out still come first.
    pub vehicles_first: bool,
    /// Cost of every second by which a service would start after its last window or its due second,
    /// whichever is earlier, if every leg took its 90 % quantile from the same departure, with the
    /// same pauses, and nothing were refused for being late. Nothing for travel without quantiles:
    /// only a tensor has them.
    pub p90_lateness_cost_per_second: i64,
    /// Cost of every expected second by which a service would start after its last window or its due
    /// second, whichever is earlier, if the durations of legs and services are random: their means and
    /// variances, those of legs from the 90 % quantiles, are added up along the route with the tensor's
    /// correlation of the legs of an hour ([`ArrivalMoments`](crate::cost::ArrivalMoments)); services are
    /// independent. Rounded per route. Nothing for travel without quantiles.
    pub expected_lateness_cost_per_second: i64,
}
