//! Places for a shipment: all pairs of positions of a route.

use super::index::Index;
use super::offers::{Offer, Offers, Place};
use super::onward::{Ahead, Approach, Onward};
use super::requests::NONE;
use super::route::{RouteState, vehicle};
use super::state::State;
use crate::solver::problem::VehicleType;
use crate::solver::schedule::RouteClock;

/// A shipment that looks for a place on one route.
struct Search<'a, 'b> {
    index: &'a Index<'b>,
    route: &'a RouteState,
    number: u32,
    vehicle: &'a VehicleType,
    clock: RouteClock<'a>,
    pickup: u32,
    delivery: u32,
    amount: &'a [i64],
    by_type: i64,
}

/// How a route goes on with the pickup on board.
#[derive(Clone, Copy)]
struct Aboard {
    place: Option<usize>,
    /// Distance more than without the pickup.
    detour: i64,
    ready_s: i64,
    onward: Onward,
    /// Shipments picked up since and still on board.
    depth: u32,
}

/// Offers every pair of positions of a route.
pub(super) fn offer(
    state: &State,
    route: usize,
    [pickup, delivery]: [u32; 2],
    blink: &mut impl FnMut() -> bool,
    offers: &mut Offers,
) {
    let index = state.index;
    let this = &state.routes[route];
    let vehicle = vehicle(index, this.vehicle_type);
    let Some((shipment, _)) = index.shipment(pickup) else {
        return;
    };
    if vehicle
        .max_stops
        .is_some_and(|most| this.stops() + 2 > most)
    {
        return;
    }
    let by_type = |stop| index.by_type(this.vehicle_type, stop);
    let search = Search {
        index,
        route: this,
        number: route as u32,
        vehicle,
        clock: index.clock(this.vehicle_type),
        pickup,
        delivery,
        amount: &index.problem.rules().shipments[shipment as usize].amount,
        by_type: by_type(pickup) + by_type(delivery),
    };
    for position in this.begun..=this.tasks.len() {
        if search.carries(position) {
            search.deliver_after(position, blink, offers);
        }
    }
}

impl Search<'_, '_> {
    fn carries(&self, done: usize) -> bool {
        let cargo = &self.route.cargo;
        cargo.carries(self.index, &self.vehicle.capacity, done, self.amount)
    }

    fn distance(&self, from: Option<usize>, to: Option<usize>) -> i64 {
        let travel = self.index.problem.travel();
        let leg = from.zip(to);
        leg.map_or(0, |(from, to)| {
            travel.distance(self.vehicle.profile, from, to)
        })
    }

    /// Second of arrival.
    fn arrive(&self, from: Option<usize>, to: Option<usize>, leave_s: i64) -> i64 {
        let leg = from.zip(to).filter(|_| self.clock.is_timed());
        leave_s + leg.map_or(0, |(from, to)| self.clock.leg_s(from, to, leave_s))
    }

    /// Picks up before the task at `position`, and offers every position of the delivery.
    fn deliver_after(
        &self,
        position: usize,
        blink: &mut impl FnMut() -> bool,
        offers: &mut Offers,
    ) {
        let Some(mut aboard) = self.load(position) else {
            return;
        };
        for delivery_at in position..=self.route.tasks.len() {
            if (!self.index.lifo || aboard.depth == 0)
                && !blink()
                && let Some((cost, exact)) = self.unload(&aboard, delivery_at, offers.limit())
            {
                let place = Place::Pair {
                    route: self.number,
                    pickup: self.pickup,
                    pickup_at: position as u32,
                    delivery: self.delivery,
                    delivery_at: delivery_at as u32,
                };
                offers.add(Offer { cost, exact, place });
            }
            if delivery_at == self.route.tasks.len()
                || !self.carries(delivery_at + 1)
                || !self.pass(&mut aboard, delivery_at)
            {
                return;
            }
        }
    }

    /// The pickup before the task at `position`; `None` if it is late.
    fn load(&self, position: usize) -> Option<Aboard> {
        let (route, clock) = (self.route, &self.clock);
        let approach = Approach::to(route, clock, position);
        let here = Some(clock.place(self.pickup));
        let mut ready_s = self.arrive(approach.place, here, approach.ready_s);
        if clock.is_timed() {
            ready_s = clock.begin(self.pickup, ready_s)? + clock.service_s(self.pickup);
        }
        let mut onward = Onward::from(&approach);
        if self.is_chained() {
            onward.visit(clock, clock, self.pickup);
        }
        // The leg that the pickup interrupts is taken off when the route goes on.
        let detour = self.distance(approach.place, here);
        Some(Aboard {
            place: here,
            detour,
            ready_s,
            onward,
            depth: 0,
        })
    }

    fn is_chained(&self) -> bool {
        self.index.chained[self.route.vehicle_type]
    }

    /// Change of cost if the delivery comes before the task at `position`.
    fn unload(&self, aboard: &Aboard, position: usize, limit: i64) -> Option<(i64, bool)> {
        let (route, clock) = (self.route, &self.clock);
        let here = Some(clock.place(self.delivery));
        let next = route.tasks.get(position).map(|&task| clock.place(task));
        let to = next.or(self.vehicle.end);
        let mut detour = aboard.detour + self.distance(aboard.place, here);
        detour += self.distance(here, to) - self.distance_in(position);
        let mut cost = detour * self.vehicle.cost_per_distance + self.by_type;
        let chained = self.is_chained();
        let too_far = self
            .vehicle
            .max_distance
            .is_some_and(|m| route.distance + detour > m);
        if too_far || (!chained && cost >= limit) {
            return None;
        }
        if clock.is_timed() {
            let arrival_s = self.arrive(aboard.place, here, aboard.ready_s);
            let ready_s = clock.begin(self.delivery, arrival_s)? + clock.service_s(self.delivery);
            let node = route.nodes.get(position);
            let latest_s = node.map_or(self.vehicle.latest_end_s, |node| node.latest_s);
            if self.arrive(here, to, ready_s) > latest_s {
                return None;
            }
        }
        if chained {
            let mut onward = aboard.onward;
            onward.visit(clock, clock, self.delivery);
            let ahead = Ahead::of(route, clock, position, to);
            cost += onward.join(clock, clock, route, self.vehicle, &ahead)?;
        }
        (cost < limit).then_some((cost, clock.is_plain()))
    }

    /// Distance of the leg that leads to the task at `position`, or home.
    fn distance_in(&self, position: usize) -> i64 {
        match self.route.nodes.get(position) {
            Some(node) => node.distance_in,
            None => {
                let place = match self.route.tasks.last() {
                    Some(&task) => Some(self.clock.place(task)),
                    None => self.route.set_off.0,
                };
                self.distance(place, self.vehicle.end)
            }
        }
    }

    /// Goes on to the task at `position` with the pickup on board; `false` if that is too late, or
    /// if the delivery can come no later.
    fn pass(&self, aboard: &mut Aboard, position: usize) -> bool {
        let (route, clock) = (self.route, &self.clock);
        let task = route.tasks[position];
        if self.index.lifo {
            match self.index.shipment(task) {
                Some((_, true)) => aboard.depth += 1,
                Some((_, false)) if aboard.depth == 0 => return false,
                Some((_, false)) => aboard.depth -= 1,
                None => {}
            }
        }
        let (here, node) = (Some(clock.place(task)), &route.nodes[position]);
        aboard.detour += self.distance(aboard.place, here) - node.distance_in;
        if clock.is_timed() {
            let arrival_s = self.arrive(aboard.place, here, aboard.ready_s);
            let start_s = clock
                .begin(task, arrival_s)
                .filter(|_| arrival_s <= node.latest_s);
            let Some(start_s) = start_s else { return false };
            aboard.ready_s = start_s + clock.service_s(task);
        }
        if self.is_chained() {
            aboard.onward.pass(clock, clock, task);
            aboard.onward.driving_s -= node.leg_in_s;
        }
        aboard.place = here;
        true
    }
}

/// Offers routes of its own to a stop, or to a shipment by its pickup.
pub(super) fn offer_alone(state: &State, stop: u32, delivery: u32, offers: &mut Offers) {
    let index = state.index;
    for vehicle_type in 0..state.used.len() {
        let permits = |stop| state.permits(None, vehicle_type, stop);
        let permitted = permits(stop) && (delivery == NONE || permits(delivery));
        let solo = index.prices.solo(vehicle_type, stop);
        let Some(cost) = solo.filter(|_| permitted && state.is_free(vehicle_type)) else {
            continue;
        };
        offers.add(Offer {
            cost,
            exact: true,
            place: Place::Alone {
                vehicle_type: vehicle_type as u32,
                stop,
                delivery,
            },
        });
    }
}
