//! What the solver returns.

/// One vehicle's tour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Index of the vehicle type.
    pub vehicle_type: usize,
    /// Which vehicle of the type, from 0.
    pub vehicle: usize,
    /// Second at which the vehicle leaves its start place.
    pub departure_s: i64,
    /// Indices of the stops in the order they are served; never empty.
    pub stops: Vec<usize>,
}

/// Routes for a problem. Whether it keeps every rule is for [`super::check`] to say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Solution {
    /// The tours, ordered by vehicle type and vehicle.
    pub routes: Vec<Route>,
    /// Stops that are on no route, ascending. Mandatory ones among them could not be served.
    pub unplanned: Vec<usize>,
    /// Cost of the routes plus the penalties of the optional stops left out. Mandatory stops left
    /// out add nothing, so compare costs only between solutions that leave out the same ones.
    pub cost: i64,
}
