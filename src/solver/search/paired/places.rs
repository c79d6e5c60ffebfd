//! Where on a route a request can go: every pair of places that keeps loads and times, and what it
//! costs, each in constant time after a short pass over the route.
//!
//! Times follow Savelsbergh (1985): the earliest end of service before, the latest arrival behind.
//! The walk from pickup to delivery carries the delay along; places are passed over by time, by
//! load, and by the least detour that any delivery further on could have.

use super::legs::Leg;
use super::route::{Route, Visit};
use super::tables::{Request, StopData, Tables};

/// A pair of places on a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Visit that the pickup comes behind.
    pub pickup: usize,
    /// Visit that the delivery comes behind, numbered without the pickup; right behind the pickup
    /// if it is the same.
    pub delivery: usize,
    /// Distance that it adds.
    pub detour: i32,
}

/// No place.
const NOWHERE: i32 = i32::MAX;

/// Looks for places; keeps its buffers between calls.
#[derive(Default)]
pub(super) struct Places {
    pickups: Vec<Pickup>,
    /// By visit: detour of a delivery right behind it.
    detours: Vec<i32>,
    /// The least of them from a visit on.
    least: Vec<i32>,
}

/// A visit that the pickup can follow.
#[derive(Debug, Clone, Copy)]
struct Pickup {
    visit: usize,
    /// Earliest end of the pickup.
    ready: i32,
    /// Distance to the pickup less that of the leg it breaks.
    opened: i32,
}

/// A request and the legs around its stops.
struct Pair<'a> {
    pickup: StopData,
    delivery: StopData,
    gains: &'a [i32],
    between: Leg,
    to_pickup: &'a [Leg],
    from_pickup: &'a [Leg],
    to_delivery: &'a [Leg],
    from_delivery: &'a [Leg],
}

impl<'a> Pair<'a> {
    fn new(tables: &'a Tables, request: Request) -> Self {
        let Request { pickup, delivery } = request;
        Self {
            pickup: tables.stops[pickup as usize],
            delivery: tables.stops[delivery as usize],
            gains: tables.gains(pickup),
            between: tables.legs.between(pickup, delivery),
            to_pickup: tables.legs.reaching(pickup),
            from_pickup: tables.legs.leaving(pickup),
            to_delivery: tables.legs.reaching(delivery),
            from_delivery: tables.legs.leaving(delivery),
        }
    }

    #[inline(always)]
    fn fits(&self, route: &Route, tables: &Tables, visit: usize) -> bool {
        match self.gains {
            [gain] => *gain <= route.room[visit],
            gains => (gains.iter().zip(route.room(tables, visit))).all(|(gain, room)| gain <= room),
        }
    }

    /// Whether the delivery can be served between two visits if the first is left at `ready`.
    #[inline(always)]
    fn delivers(&self, ready: i32, to: Leg, next: &Visit) -> bool {
        let arrival = ready + to.duration;
        let done = arrival.max(self.delivery.open) + self.delivery.service;
        let onwards = self.from_delivery[next.site as usize];
        arrival <= self.delivery.close && done + onwards.duration <= next.latest
    }
}

impl Places {
    /// Offers every pair of places whose detour is below the limit; `offer` returns the limit for
    /// those that follow. Vehicle type and number of stops are for the caller.
    #[inline(always)]
    pub fn scan(
        &mut self,
        tables: &Tables,
        route: &Route,
        request: Request,
        limit: i32,
        mut offer: impl FnMut(Place) -> i32,
    ) {
        let pair = Pair::new(tables, request);
        let visits = &route.visits[..];
        let spare = (route.max_distance - route.distance).clamp(-1, i64::from(NOWHERE - 1));
        let longest = spare as i32 + 1;
        let mut limit = limit.min(longest);
        self.find_pickups(&pair, tables, route, limit);
        let Some(first) = self.pickups.first().map(|pickup| pickup.visit) else {
            return;
        };
        let end = self.find_deliveries(&pair, visits, first);
        for k in 0..self.pickups.len() {
            let Pickup {
                visit: pickup,
                ready,
                opened,
            } = self.pickups[k];
            let Some(next) = visits.get(pickup + 1).filter(|_| pickup < end) else {
                break;
            };
            let straight = pair.from_delivery[next.site as usize];
            let detour = opened + pair.between.distance + straight.distance;
            if detour < limit && pair.delivers(ready, pair.between, next) {
                let delivery = pickup;
                limit = longest.min(offer(Place {
                    pickup,
                    delivery,
                    detour,
                }));
            }
            let onwards = pair.from_pickup[next.site as usize];
            let detour = opened + onwards.distance;
            let arrival = ready + onwards.duration;
            if arrival <= next.latest && self.least[pickup + 1] < limit.saturating_sub(detour) {
                let walk = Walk {
                    pickup,
                    end,
                    arrival,
                    detour,
                    limit,
                    longest,
                };
                limit = self.walk(&pair, tables, route, walk, &mut offer);
            }
        }
    }

    /// Visits that the pickup can follow with a detour below the limit.
    #[inline(always)]
    fn find_pickups(&mut self, pair: &Pair, tables: &Tables, route: &Route, limit: i32) {
        self.pickups.clear();
        let served = pair.pickup.open + pair.pickup.service;
        let row = route.visits.windows(2).enumerate();
        for (visit, before_and_next) in row {
            let [before, next] = before_and_next else {
                break;
            };
            if before.ready > pair.pickup.close {
                break;
            }
            if next.latest < served {
                continue;
            }
            let to = pair.to_pickup[before.site as usize];
            let opened = to.distance - before.leg.distance;
            let onwards = pair.from_pickup[next.site as usize];
            let arrival = before.ready + to.duration;
            if opened + onwards.distance < limit
                && arrival <= pair.pickup.close
                && pair.fits(route, tables, visit)
            {
                let ready = arrival.max(pair.pickup.open) + pair.pickup.service;
                self.pickups.push(Pickup {
                    visit,
                    ready,
                    opened,
                });
            }
        }
    }

    /// Detours of the delivery behind visits from `first` on; the visit behind which, and behind
    /// all later ones, it comes too late.
    #[inline(always)]
    fn find_deliveries(&mut self, pair: &Pair, visits: &[Visit], first: usize) -> usize {
        if self.detours.len() <= visits.len() {
            self.detours.resize(visits.len() + 1, NOWHERE);
            self.least.resize(visits.len() + 1, NOWHERE);
        }
        let mut end = first;
        for (visit, before_and_next) in visits.windows(2).enumerate().skip(first) {
            let [before, next] = before_and_next else {
                break;
            };
            if before.ready > pair.delivery.close {
                break;
            }
            let to = pair.to_delivery[before.site as usize];
            self.detours[visit] = match pair.delivers(before.ready, to, next) {
                true => {
                    let onwards = pair.from_delivery[next.site as usize];
                    to.distance + onwards.distance - before.leg.distance
                }
                false => NOWHERE,
            };
            end = visit + 1;
        }
        let mut least = NOWHERE;
        self.least[end] = NOWHERE;
        for visit in (first..end).rev() {
            least = least.min(self.detours[visit]);
            self.least[visit] = least;
        }
        end
    }

    /// Offers the places of the delivery behind visits after the pickup; the limit afterwards.
    #[inline(always)]
    fn walk(
        &self,
        pair: &Pair,
        tables: &Tables,
        route: &Route,
        walk: Walk,
        offer: &mut impl FnMut(Place) -> i32,
    ) -> i32 {
        let Walk {
            pickup,
            end,
            mut arrival,
            detour,
            mut limit,
            longest,
        } = walk;
        for delivery in pickup + 1..end {
            // Detours of deliveries may be `NOWHERE`: compare before adding.
            if self.least[delivery] >= limit.saturating_sub(detour) {
                break;
            }
            if !pair.fits(route, tables, delivery) {
                break;
            }
            let (before, next) = (&route.visits[delivery], &route.visits[delivery + 1]);
            let ready = arrival.max(before.open) + before.service;
            if self.detours[delivery] < limit.saturating_sub(detour) {
                let to = pair.to_delivery[before.site as usize];
                if pair.delivers(ready, to, next) {
                    let detour = detour + self.detours[delivery];
                    limit = longest.min(offer(Place {
                        pickup,
                        delivery,
                        detour,
                    }));
                }
            }
            arrival = ready + before.leg.duration;
        }
        limit
    }
}

/// A pickup that is decided, on the way to its delivery.
struct Walk {
    pickup: usize,
    /// The first visit behind which the delivery cannot be.
    end: usize,
    /// Arrival at the visit behind the pickup.
    arrival: i32,
    /// Detour of the pickup.
    detour: i32,
    limit: i32,
    longest: i32,
}
