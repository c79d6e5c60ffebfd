//! The best few places found for a request.

use super::index::Index;
use super::requests::NONE;
use super::state::State;

/// Where stops of a request could go. Positions are those before the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// One stop before the task at `position`.
    Stop {
        route: u32,
        position: u32,
        stop: u32,
    },
    /// One stop and a reload before or after it.
    Reloading {
        route: u32,
        position: u32,
        stop: u32,
        reload: u32,
        reload_first: bool,
    },
    /// Pickup and delivery, each before the task at its position.
    Pair {
        route: u32,
        pickup: u32,
        pickup_at: u32,
        delivery: u32,
        delivery_at: u32,
    },
    /// A route of its own, with the delivery if it is a pickup.
    Alone {
        vehicle_type: u32,
        stop: u32,
        delivery: u32,
    },
}

impl Place {
    /// The route it is on, if that exists.
    pub fn route(self) -> Option<usize> {
        match self {
            Self::Stop { route, .. } | Self::Reloading { route, .. } | Self::Pair { route, .. } => {
                Some(route as usize)
            }
            Self::Alone { .. } => None,
        }
    }

    /// The tasks of the route with the stops in it.
    pub fn tasks(self, state: &State, tasks: &mut Vec<u32>) {
        tasks.clear();
        if let Some(route) = self.route() {
            tasks.extend_from_slice(&state.routes[route].tasks);
        }
        match self {
            Self::Stop { position, stop, .. } => tasks.insert(position as usize, stop),
            Self::Reloading {
                position,
                stop,
                reload,
                reload_first,
                ..
            } => {
                let both = match reload_first {
                    true => [reload, stop],
                    false => [stop, reload],
                };
                tasks.splice(position as usize..position as usize, both);
            }
            Self::Pair {
                pickup,
                pickup_at,
                delivery,
                delivery_at,
                ..
            } => {
                tasks.insert(delivery_at as usize, delivery);
                tasks.insert(pickup_at as usize, pickup);
            }
            Self::Alone { stop, delivery, .. } => {
                tasks.push(stop);
                tasks.extend((delivery != NONE).then_some(delivery));
            }
        }
    }
}

/// A place and the change of cost there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Offer {
    pub cost: i64,
    /// Whether the cost is exact and no rule is broken. Otherwise it is an estimate.
    pub exact: bool,
    pub place: Place,
}

/// Offers, cheapest first, no more than a number of them.
#[derive(Debug, Default)]
pub(super) struct Offers {
    most: usize,
    least_wanted: i64,
    all: Vec<Offer>,
}

impl Offers {
    /// Forgets all; offers must cost less than `limit` from now on.
    pub fn reset(&mut self, index: &Index, limit: i64) {
        self.reset_to(index.offers_kept, limit);
    }

    /// Likewise, with a number of offers to keep.
    pub fn reset_to(&mut self, most: usize, limit: i64) {
        self.most = most;
        self.least_wanted = limit;
        self.all.clear();
    }

    /// Offers must cost less than this to be kept.
    #[inline]
    pub fn limit(&self) -> i64 {
        self.least_wanted
    }

    pub fn add(&mut self, offer: Offer) {
        if offer.cost >= self.least_wanted {
            return;
        }
        let at = self.all.partition_point(|o| o.cost <= offer.cost);
        if self.all.len() == self.most {
            self.all.pop();
        }
        self.all.insert(at, offer);
        if let (true, Some(last)) = (self.all.len() == self.most, self.all.last()) {
            self.least_wanted = last.cost;
        }
    }

    pub fn all(&self) -> &[Offer] {
        &self.all
    }
}
