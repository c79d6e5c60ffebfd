//! What the solver returns.

/// One vehicle's tour.
///
/// From the departure on everything happens as early as possible in the order given: drive, wait
/// for the window, serve. Where each thing happens in time follows from that; [`super::check`]
/// tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Route {
    /// Index of the vehicle type.
    pub vehicle_type: usize,
    /// Which vehicle of the type, from 0.
    pub vehicle: usize,
    /// Second at which the vehicle leaves its start place, or, without one, at which it is at its
    /// first stop. A break before the first leg follows the departure.
    pub departure_s: i64,
    /// Indices of the stops in the order they are served; never empty, except for a vehicle that
    /// has departed already.
    pub stops: Vec<usize>,
    /// What happens between the stops, ascending by [`Pause::before`] and otherwise in order.
    pub pauses: Vec<Pause>,
}

/// Something besides driving, waiting and service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// Position in [`Route::stops`] of the stop that it comes before; their number for the end of
    /// the route.
    pub before: usize,
    /// What it is.
    pub kind: PauseKind,
}

/// What happens between two stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PauseKind {
    /// A drive to a reload place of the vehicle type, by index, and the reload.
    Reload(usize),
    /// A break of the vehicle type, by index, at the place reached so far.
    Break(usize),
    /// The break of the driving rule, at the place reached so far.
    Rest,
}

/// Routes for a problem. Whether it keeps every rule is for [`super::check`] to say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Solution {
    /// The tours, ordered by vehicle type and vehicle.
    pub routes: Vec<Route>,
    /// Stops that are on no route, ascending, without the alternatives of a group of which another
    /// is served. Mandatory ones among them could not be served.
    pub unplanned: Vec<usize>,
    /// Cost of the routes plus the penalties of the optional stops and groups left out. Mandatory
    /// stops left out add nothing, so compare costs only between solutions that leave out the same
    /// ones.
    pub cost: i64,
}
