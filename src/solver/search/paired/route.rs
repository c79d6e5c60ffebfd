//! One route: its visits in a row, with earliest and latest times and the room that is left.

use super::legs::Leg;
use super::tables::{NEVER, Request, Tables};

/// The start of a route, a stop on it, or its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Visit {
    pub site: u32,
    pub open: i32,
    pub close: i32,
    pub service: i32,
    /// Earliest end of service.
    pub ready: i32,
    /// Latest arrival from which the rest of the route can be driven.
    pub latest: i32,
    /// The drive to the next visit.
    pub leg: Leg,
}

/// A route in use, or a slot for one.
#[derive(Debug, PartialEq, Eq, Default)]
pub(super) struct Route {
    pub vehicle_type: u32,
    /// Start, stops, end; empty if no vehicle is in use.
    pub visits: Vec<Visit>,
    /// `[visit][dimension]`: capacity that is left after the visit.
    pub room: Vec<i32>,
    pub distance: i64,
    /// Cost per unit of distance.
    pub unit: i64,
    pub max_distance: i64,
}

// By hand: `clone_from` is to keep the buffers, since undo calls it all the time.
impl Clone for Route {
    fn clone(&self) -> Self {
        let mut route = Self::default();
        route.clone_from(self);
        route
    }

    fn clone_from(&mut self, other: &Self) {
        self.vehicle_type = other.vehicle_type;
        self.visits.clone_from(&other.visits);
        self.room.clone_from(&other.room);
        self.distance = other.distance;
        self.unit = other.unit;
        self.max_distance = other.max_distance;
    }
}

impl Route {
    pub fn in_use(&self) -> bool {
        !self.visits.is_empty()
    }

    /// Number of stops.
    #[inline(always)]
    pub fn size(&self) -> usize {
        self.visits.len().saturating_sub(2)
    }

    /// The stops in order.
    pub fn stops(&self) -> impl DoubleEndedIterator<Item = u32> + '_ {
        let stops = self.visits.iter().skip(1).take(self.size());
        stops.map(|visit| visit.site)
    }

    /// Capacity that is left after a visit, by dimension.
    #[inline(always)]
    pub fn room(&self, tables: &Tables, visit: usize) -> &[i32] {
        &self.room[visit * tables.dimensions..][..tables.dimensions]
    }

    /// Takes a vehicle into use, without stops.
    pub fn open(&mut self, tables: &Tables, vehicle_type: u32) {
        let t = &tables.types[vehicle_type as usize];
        self.vehicle_type = vehicle_type;
        (self.unit, self.max_distance) = (t.unit, t.max_distance);
        let at = |site: u32, open: i32, close: i32| Visit {
            site,
            open,
            close,
            service: 0,
            ready: 0,
            latest: 0,
            leg: Leg::default(),
        };
        self.visits.clear();
        self.visits.push(at(t.start, t.earliest, NEVER));
        self.visits.push(at(t.end, -NEVER, t.latest));
        self.link(tables, 0);
        self.refresh(tables);
    }

    /// Gives the vehicle back.
    pub fn close(&mut self) {
        self.visits.clear();
        self.room.clear();
        self.distance = 0;
    }

    /// Puts a request between visits: the pickup behind visit `pickup`, the delivery behind visit
    /// `delivery` as numbered before, which if it is the same means right behind the pickup.
    pub fn insert(&mut self, tables: &Tables, request: Request, pickup: usize, delivery: usize) {
        let visit = |stop: u32| {
            let data = tables.service_at(stop);
            Visit {
                site: stop,
                open: data.open,
                close: data.close,
                service: data.service,
                ready: 0,
                latest: 0,
                leg: Leg::default(),
            }
        };
        self.visits.insert(delivery + 1, visit(request.delivery));
        self.visits.insert(pickup + 1, visit(request.pickup));
        for changed in [pickup, pickup + 1, delivery + 1, delivery + 2] {
            self.link(tables, changed);
        }
        self.refresh(tables);
    }

    /// Takes stops out. Says whether the rest can still be driven in time, which fails only where
    /// a detour is quicker than the direct way.
    pub fn remove(&mut self, tables: &Tables, leaves: impl Fn(u32) -> bool) -> bool {
        let last = self.visits.len().saturating_sub(1);
        let (mut kept, mut broken) = (0, false);
        for index in 0..self.visits.len() {
            let visit = self.visits[index];
            if index > 0 && index < last && leaves(visit.site) {
                broken = true;
                continue;
            }
            if std::mem::take(&mut broken) {
                let before = &mut self.visits[kept - 1];
                before.leg = tables.legs.between(before.site, visit.site);
            }
            self.visits[kept] = visit;
            kept += 1;
        }
        self.visits.truncate(kept);
        self.refresh(tables)
    }

    fn link(&mut self, tables: &Tables, visit: usize) {
        let (from, to) = (self.visits[visit].site, self.visits[visit + 1].site);
        self.visits[visit].leg = tables.legs.between(from, to);
    }

    /// Recomputes times, room and distance. Says whether all times can be kept.
    fn refresh(&mut self, tables: &Tables) -> bool {
        let mut distance = 0;
        let mut arrival = -NEVER;
        for visit in &mut self.visits {
            visit.ready = arrival.max(visit.open) + visit.service;
            arrival = visit.ready + visit.leg.duration;
            distance += i64::from(visit.leg.distance);
        }
        self.distance = distance;
        let mut latest = NEVER;
        for visit in self.visits.iter_mut().rev() {
            latest = (latest - visit.leg.duration - visit.service).min(visit.close);
            visit.latest = latest;
        }
        self.refresh_room(tables);
        self.visits
            .first()
            .is_none_or(|start| start.open <= start.latest)
    }

    fn refresh_room(&mut self, tables: &Tables) {
        let capacity = &tables.types[self.vehicle_type as usize].capacity;
        self.room.clear();
        if let [only] = capacity[..] {
            let mut room = only;
            self.room.push(room);
            self.room.extend(self.visits.iter().skip(1).map(|visit| {
                room -= tables.gain(visit.site);
                room
            }));
            return;
        }
        self.room.extend_from_slice(capacity);
        for (before, visit) in self.visits.iter().skip(1).enumerate() {
            for dimension in 0..tables.dimensions {
                let gain = tables.gains(visit.site)[dimension];
                let room = self.room[before * tables.dimensions + dimension] - gain;
                self.room.push(room);
            }
        }
    }
}
