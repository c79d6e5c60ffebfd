//! Loads along a route, trip by trip, and the order of deliveries and pickups.

use super::index::Index;
use crate::solver::problem::Backhauls;

/// Loads of a route: after every number of tasks, and the most before and after within the trip.
/// All are `[tasks done][dimension]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cargo {
    load: Vec<i64>,
    most_before: Vec<i64>,
    most_after: Vec<i64>,
    /// By tasks done: what the trip has had so far and still has, where the order counts.
    order: Vec<Order>,
}

/// Deliveries and pickups of a trip around a point of the route.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Order {
    linehaul_before: bool,
    backhaul_before: bool,
    linehaul_after: bool,
}

impl Cargo {
    /// Recomputes everything; `false` if a trip is overloaded or out of order. Goods of shipments
    /// stay on board when the vehicle reloads.
    pub fn compute(&mut self, index: &Index, vehicle_type: usize, tasks: &[u32]) -> bool {
        let dimensions = index.dimensions;
        self.load.clear();
        self.load.resize((tasks.len() + 1) * dimensions, 0);
        let mut first = 0;
        for end in 0..=tasks.len() {
            if end == tasks.len() || index.is_reload(tasks[end]) {
                // The load when a reload begins belongs to the trip before it.
                self.fill_trip(index, tasks, first, end);
                first = end + 1;
            }
        }
        self.peaks(index, tasks);
        let capacity = &index.problem.vehicle_types()[vehicle_type].capacity;
        let loads = self.load.chunks_exact(dimensions.max(1));
        let fits = loads
            .flat_map(|load| load.iter().zip(capacity))
            .all(|(l, c)| l <= c);
        let ordered = self.in_order(index, tasks);
        fits && ordered && (!index.lifo || last_in_first_out(index, tasks))
    }

    /// Loads of the trip that consists of `tasks[first..end]`.
    fn fill_trip(&mut self, index: &Index, tasks: &[u32], first: usize, end: usize) {
        let dimensions = index.dimensions;
        for dimension in 0..dimensions {
            let shipped = match first {
                0 => 0,
                // Nothing but shipments is on board when a trip begins: keep what they leave.
                _ => self.load[first * dimensions + dimension],
            };
            let trip = tasks[first..end].iter();
            let mut depot: i64 = trip.map(|&t| index.demand(t)[dimension]).sum();
            let (mut shipped, mut at) = (shipped, first * dimensions + dimension);
            self.load[at] = depot + shipped;
            for &task in &tasks[first..end] {
                depot += index.collected(task, dimension) - index.demand(task)[dimension];
                shipped += index.shipped(task, dimension);
                at += dimensions;
                self.load[at] = depot + shipped;
            }
            if end < tasks.len() {
                self.load[at + dimensions] = shipped;
            }
        }
    }

    fn peaks(&mut self, index: &Index, tasks: &[u32]) {
        let dimensions = index.dimensions;
        self.most_before.clone_from(&self.load);
        self.most_after.clone_from(&self.load);
        for done in 1..=tasks.len() {
            if !index.is_reload(tasks[done - 1]) {
                for at in done * dimensions..(done + 1) * dimensions {
                    let before = self.most_before[at - dimensions];
                    self.most_before[at] = self.most_before[at].max(before);
                }
            }
        }
        for done in (0..tasks.len()).rev() {
            if !index.is_reload(tasks[done]) {
                for at in done * dimensions..(done + 1) * dimensions {
                    let after = self.most_after[at + dimensions];
                    self.most_after[at] = self.most_after[at].max(after);
                }
            }
        }
    }

    /// Notes where deliveries and pickups are; `false` if they are out of order.
    fn in_order(&mut self, index: &Index, tasks: &[u32]) -> bool {
        self.order.clear();
        if index.backhauls == Backhauls::Mixed {
            return true;
        }
        let mut kept = true;
        let mut order = Order::default();
        self.order.push(order);
        for &task in tasks {
            if index.is_reload(task) {
                kept &= self.may_end(index, order);
                order = Order::default();
            } else {
                kept &= !(index.is_linehaul(task) && order.backhaul_before);
                order.linehaul_before |= index.is_linehaul(task);
                order.backhaul_before |= index.is_backhaul(task);
            }
            self.order.push(order);
        }
        kept &= self.may_end(index, order);
        for done in (0..tasks.len()).rev() {
            if !index.is_reload(tasks[done]) {
                self.order[done].linehaul_after =
                    self.order[done + 1].linehaul_after || index.is_linehaul(tasks[done]);
            }
        }
        kept
    }

    /// Whether a trip may consist of what it has.
    fn may_end(&self, index: &Index, order: Order) -> bool {
        index.backhauls != Backhauls::LastAfterDeliveries
            || order.linehaul_before
            || !order.backhaul_before
    }

    /// Whether a stop may come after `done` tasks without a reload.
    #[inline]
    pub fn accepts(&self, index: &Index, capacity: &[i64], done: usize, stop: u32) -> bool {
        let first = done * index.dimensions;
        let demand = index.demand(stop);
        let room = |most: &[i64], more: i64, dimension: usize| {
            most[first + dimension] + more <= capacity[dimension]
        };
        let fits = (0..index.dimensions).all(|d| room(&self.most_before, demand[d], d))
            && (!index.collects
                || (0..index.dimensions)
                    .all(|d| room(&self.most_after, index.collected(stop, d), d)));
        if !fits || index.backhauls == Backhauls::Mixed {
            return fits;
        }
        let order = self.order[done];
        if index.is_linehaul(stop) {
            return !order.backhaul_before;
        }
        if index.is_backhaul(stop) {
            let alone = index.backhauls == Backhauls::LastAfterDeliveries && !order.linehaul_before;
            return !order.linehaul_after && !alone;
        }
        true
    }

    /// Whether a stop fits if its trip is divided after `done` tasks, and it comes first in the second
    /// part or last in the first; where nothing is picked up.
    #[inline]
    pub fn divides(
        &self,
        index: &Index,
        capacity: &[i64],
        done: usize,
        stop: u32,
        in_second: bool,
    ) -> bool {
        (0..index.dimensions).all(|dimension| {
            let at = done * index.dimensions + dimension;
            let part = match in_second {
                true => self.load[at],
                false => self.most_before[at] - self.load[at],
            };
            part + index.demand(stop)[dimension] <= capacity[dimension]
        })
    }

    /// Whether `amount` more fits after `done` tasks.
    #[inline]
    pub fn carries(&self, index: &Index, capacity: &[i64], done: usize, amount: &[i64]) -> bool {
        let load = &self.load[done * index.dimensions..(done + 1) * index.dimensions];
        let loads = load.iter().zip(amount).zip(capacity);
        loads
            .into_iter()
            .all(|((load, more), most)| load + more <= *most)
    }
}

/// Whether shipments are delivered in the reverse order of their pickup.
fn last_in_first_out(index: &Index, tasks: &[u32]) -> bool {
    let mut aboard: Vec<u32> = Vec::new();
    tasks.iter().all(|&task| match index.shipment(task) {
        Some((shipment, true)) => {
            aboard.push(shipment);
            true
        }
        Some((shipment, false)) => match aboard.iter().rposition(|s| *s == shipment) {
            Some(depth) => {
                let last = depth + 1 == aboard.len();
                aboard.remove(depth);
                last
            }
            None => true,
        },
        None => true,
    })
}
