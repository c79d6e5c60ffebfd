//! Which requests must leave a route so that another one fits: those that are the easiest to place
//! elsewhere, up to a few, by trying their sets in lexicographic order (Nagata & Kobayashi 2010).

use super::places::{Place, Places};
use super::plan::Plan;
use super::route::Route;
use super::together::can_share;
use rand::Rng;

/// Most requests that leave for one.
const MOST_EJECTED: usize = 2;

/// A route and the place that ejection makes on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub route: u32,
    /// Numbered without the ejected requests.
    pub place: Place,
}

/// Looks for ejections; keeps its buffers between calls.
#[derive(Default)]
pub(super) struct Ejection {
    places: Places,
    without: Route,
    /// Hardness of the requests of the route that is looked at, the easiest first, and their visits.
    ranked: Vec<(u32, [usize; 2])>,
    set: Vec<[usize; 2]>,
    /// Visits of the set, ascending.
    gone: Vec<usize>,
    best: Vec<u32>,
}

/// The least sum of hardness met, and where.
struct Least {
    sum: u32,
    ties: u32,
    found: Option<Found>,
}

impl Ejection {
    /// The ejection of the least hardness in sum, a random one of several; its requests are then
    /// [`Ejection::ejected`].
    pub fn find(
        &mut self,
        plan: &Plan,
        request: u32,
        hardness: &[u32],
        random: &mut impl Rng,
    ) -> Option<Found> {
        let mut least = Least {
            sum: u32::MAX,
            ties: 0,
            found: None,
        };
        let routes = plan.routes.len();
        let first = random.random_range(0..routes.max(1));
        for route in (first..routes).chain(0..first.min(routes)) {
            let this = &plan.routes[route];
            let type_fits = |t| plan.tables.may_serve(t, request);
            if !this.in_use() || !type_fits(this.vehicle_type) {
                continue;
            }
            let Some(sum) = self.rank(plan, this, request, hardness) else {
                continue;
            };
            if self.set.is_empty() {
                self.try_sets(plan, route as u32, request, (0, 0), &mut least, random);
            } else if sum <= least.sum {
                self.try_set(plan, route as u32, request, sum, &mut least, random);
                if self.set.len() < MOST_EJECTED {
                    self.try_sets(plan, route as u32, request, (0, sum), &mut least, random);
                }
            }
        }
        least.found
    }

    /// What has to leave for what was found last.
    pub fn ejected(&self) -> &[u32] {
        &self.best
    }

    /// Puts what cannot share a vehicle with the request into the set, and ranks the rest. Gives
    /// the hardness of the set, or `None` if it is too large.
    fn rank(&mut self, plan: &Plan, route: &Route, request: u32, hardness: &[u32]) -> Option<u32> {
        self.ranked.clear();
        self.set.clear();
        let mut sum: u32 = 0;
        for (before, stop) in route.stops().enumerate() {
            let other = plan.tables.request_of[stop as usize];
            let ends = plan.tables.requests[other as usize];
            if ends.pickup != stop {
                continue;
            }
            let behind = &route.visits[before + 2..];
            let delivery = behind.iter().position(|v| v.site == ends.delivery);
            let visits = [before + 1, before + 2 + delivery.unwrap_or(0)];
            let hardness = hardness[other as usize];
            if can_share(plan.tables, request, other) {
                self.ranked.push((hardness, visits));
                continue;
            }
            if self.set.len() == MOST_EJECTED {
                return None;
            }
            self.set.push(visits);
            sum = sum.saturating_add(hardness);
        }
        self.ranked.sort_unstable();
        Some(sum)
    }

    /// Tries all sets that begin with the present one and go on with the request of rank `from` or
    /// later; `sum` is the present hardness.
    fn try_sets(
        &mut self,
        plan: &Plan,
        route: u32,
        request: u32,
        (from, sum): (usize, u32),
        least: &mut Least,
        random: &mut impl Rng,
    ) {
        for rank in from..self.ranked.len() {
            let (hardness, next) = self.ranked[rank];
            let sum = sum.saturating_add(hardness);
            if sum > least.sum {
                return;
            }
            self.set.push(next);
            self.try_set(plan, route, request, sum, least, random);
            if self.set.len() < MOST_EJECTED && sum < least.sum {
                self.try_sets(plan, route, request, (rank + 1, sum), least, random);
            }
            self.set.pop();
        }
    }

    /// Tries to place the request on the route without the set.
    fn try_set(
        &mut self,
        plan: &Plan,
        route: u32,
        request: u32,
        sum: u32,
        least: &mut Least,
        random: &mut impl Rng,
    ) {
        let Self {
            places,
            without,
            set,
            gone,
            best,
            ..
        } = self;
        gone.clear();
        gone.extend(set.iter().flatten());
        gone.sort_unstable();
        let this = &plan.routes[route as usize];
        if !without.copy_without(plan.tables, this, gone) {
            return;
        }
        let ends = plan.tables.requests[request as usize];
        places.scan(plan.tables, without, ends, i32::MAX, |place| {
            if sum < least.sum {
                (least.sum, least.ties) = (sum, 0);
            }
            least.ties += 1;
            if random.random_range(0..least.ties) == 0 {
                least.found = Some(Found { route, place });
                best.clear();
                let pickups = set.iter().map(|[pickup, _]| this.visits[*pickup].site);
                best.extend(pickups.map(|stop| plan.tables.request_of[stop as usize]));
            }
            i32::MAX
        });
    }
}
