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

    /// Visits of a request that is on the route.
    pub fn visits_of(&self, request: Request) -> [usize; 2] {
        let at = |stop: u32| self.visits.iter().position(|visit| visit.site == stop);
        [request.pickup, request.delivery].map(|stop| at(stop).unwrap_or(0))
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
        self.refresh(tables, 0, 1);
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
        self.refresh(tables, pickup + 1, delivery + 2);
    }

    /// Becomes another route without some of its visits, which are given in ascending order and
    /// are stops. Says whether the rest can still be driven in time, which fails only where a
    /// detour is quicker than the direct way.
    pub fn copy_without(&mut self, tables: &Tables, other: &Self, gone: &[usize]) -> bool {
        self.vehicle_type = other.vehicle_type;
        (self.unit, self.max_distance) = (other.unit, other.max_distance);
        self.visits.clear();
        let mut from = 0;
        for &visit in gone {
            self.append(tables, &other.visits[from..visit]);
            from = visit + 1;
        }
        self.append(tables, &other.visits[from..]);
        let (Some(first), Some(last)) = (gone.first(), gone.last()) else {
            self.room.clone_from(&other.room);
            self.distance = other.distance;
            return true;
        };
        self.room.clear();
        self.room
            .extend_from_slice(&other.room[..first * tables.dimensions]);
        self.refresh(tables, *first, last - gone.len())
    }

    /// Appends visits and the leg to the first of them.
    fn append(&mut self, tables: &Tables, visits: &[Visit]) {
        if let (Some(before), Some(next)) = (self.visits.last_mut(), visits.first()) {
            before.leg = tables.legs.between(before.site, next.site);
        }
        self.visits.extend_from_slice(visits);
    }

    fn link(&mut self, tables: &Tables, visit: usize) {
        let (from, to) = (self.visits[visit].site, self.visits[visit + 1].site);
        self.visits[visit].leg = tables.legs.between(from, to);
    }

    /// Recomputes distance, earliest times and room from visit `first` on, latest times from visit
    /// `last` back; what lies beyond is right. Says whether all times can be kept.
    fn refresh(&mut self, tables: &Tables, first: usize, last: usize) -> bool {
        self.refresh_room(tables, first);
        let before = first.checked_sub(1).map(|visit| self.visits[visit]);
        let mut arrival = before.map_or(-NEVER, |v| v.ready + v.leg.duration);
        for visit in &mut self.visits[first..] {
            visit.ready = arrival.max(visit.open) + visit.service;
            arrival = visit.ready + visit.leg.duration;
        }
        let legs = self.visits.iter().map(|v| i64::from(v.leg.distance));
        self.distance = legs.sum();
        let mut latest = self.visits.get(last + 1).map_or(NEVER, |v| v.latest);
        for visit in self.visits[..=last].iter_mut().rev() {
            latest = (latest - visit.leg.duration - visit.service).min(visit.close);
            visit.latest = latest;
        }
        let start = self.visits.first();
        start.is_none_or(|start| start.open <= start.latest)
    }

    /// Recomputes the room after the visits from `first` on.
    fn refresh_room(&mut self, tables: &Tables, first: usize) {
        let dimensions = tables.dimensions;
        self.room.truncate(first * dimensions);
        for visit in &self.visits[first..] {
            let Some(before) = self.room.len().checked_sub(dimensions) else {
                let capacity = &tables.types[self.vehicle_type as usize].capacity;
                self.room.extend_from_slice(capacity);
                continue;
            };
            let gains = tables.gains(visit.site).iter().enumerate();
            for (dimension, gain) in gains {
                self.room.push(self.room[before + dimension] - gain);
            }
        }
    }
}
