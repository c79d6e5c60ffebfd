//! What is planned as a whole: a stop, a shipment, or one of several alternatives.

use crate::solver::problem::{Problem, Relation};

/// No stop, route or request.
pub(super) const NONE: u32 = u32::MAX;

/// The stops of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// One stop.
    Single(u32),
    /// Two stops of one route, in this order.
    Pair { pickup: u32, delivery: u32 },
    /// Exactly one of these stops.
    Group(Vec<u32>),
}

/// Something that is served or left out as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    pub kind: Kind,
    /// What leaving it out costs in the plan; `None` if it is mandatory.
    pub penalty: Option<i64>,
    /// The greater, the dearer to leave out, if it is mandatory.
    pub priority: u32,
    /// Vehicle type that alone can serve it, because it has begun to.
    pub bound: Option<usize>,
}

impl Request {
    /// All stops, alternatives included.
    pub fn stops(&self) -> impl Iterator<Item = u32> + '_ {
        let (first, second, others): (Option<u32>, Option<u32>, &[u32]) = match &self.kind {
            Kind::Single(stop) => (Some(*stop), None, &[]),
            Kind::Pair { pickup, delivery } => (Some(*pickup), Some(*delivery), &[]),
            Kind::Group(stops) => (None, None, stops),
        };
        first
            .into_iter()
            .chain(second)
            .chain(others.iter().copied())
    }

    /// The stop that stands for it when requests are ordered.
    pub fn face(&self) -> u32 {
        self.stops().next().unwrap_or(0)
    }
}

/// All requests of a problem, and what ties stops.
pub(in crate::solver::search) struct Requests {
    pub all: Vec<Request>,
    /// Request of a stop; [`NONE`] if its fate is decided, because a vehicle has begun with it or
    /// with what rules it out.
    pub of_stop: Vec<u32>,
    /// `[stop]`: index of its shipment, and whether it is the pickup.
    pub shipment: Vec<Option<(u32, bool)>>,
    /// `[stop]`: indices of its relations.
    pub relations: Vec<Vec<u32>>,
}

impl Requests {
    pub fn new(problem: &Problem) -> Self {
        let stops = problem.stops();
        let rules = problem.rules();
        let mut requests = Self {
            all: Vec::with_capacity(stops.len()),
            of_stop: vec![NONE; stops.len()],
            shipment: vec![None; stops.len()],
            relations: vec![Vec::new(); stops.len()],
        };
        for (index, relation) in rules.relations.iter().enumerate() {
            let (Relation::SameVehicle(tied) | Relation::DifferentVehicles(tied)) = relation;
            for &stop in tied {
                requests.relations[stop].push(index as u32);
            }
        }
        let mut begun = vec![None; stops.len()];
        for (vehicle_type, vehicle) in problem.vehicle_types().iter().enumerate() {
            for &stop in vehicle.driven.iter().flat_map(|d| &d.stops) {
                begun[stop] = Some(vehicle_type);
            }
        }
        let mut taken: Vec<bool> = begun.iter().map(Option::is_some).collect();
        for (index, shipment) in rules.shipments.iter().enumerate() {
            requests.add_shipment(problem, index, &begun);
            taken[shipment.pickup] = true;
            taken[shipment.delivery] = true;
        }
        for group in &rules.groups {
            if group.stops.iter().all(|&stop| begun[stop].is_none()) {
                requests.push(Request {
                    kind: Kind::Group(group.stops.iter().map(|&stop| stop as u32).collect()),
                    penalty: group.penalty,
                    priority: group
                        .stops
                        .iter()
                        .map(|&s| stops[s].priority)
                        .max()
                        .unwrap_or(0),
                    bound: None,
                });
            }
            group.stops.iter().for_each(|&stop| taken[stop] = true);
        }
        for (stop, taken) in taken.into_iter().enumerate() {
            if !taken {
                requests.push(Request {
                    kind: Kind::Single(stop as u32),
                    penalty: stops[stop].penalty,
                    priority: stops[stop].priority,
                    bound: None,
                });
            }
        }
        requests
    }

    fn push(&mut self, request: Request) {
        for stop in request.stops() {
            self.of_stop[stop as usize] = self.all.len() as u32;
        }
        self.all.push(request);
    }

    fn add_shipment(&mut self, problem: &Problem, index: usize, begun: &[Option<usize>]) {
        let shipment = &problem.rules().shipments[index];
        let (from, to) = (shipment.pickup, shipment.delivery);
        self.shipment[from] = Some((index as u32, true));
        self.shipment[to] = Some((index as u32, false));
        let ends = [&problem.stops()[from], &problem.stops()[to]];
        let priority = ends.iter().map(|s| s.priority).max().unwrap_or(0);
        let (pickup, delivery) = (from as u32, to as u32);
        match (begun[from], begun[to]) {
            (None, None) => self.push(Request {
                kind: Kind::Pair { pickup, delivery },
                penalty: ends[0].penalty.zip(ends[1].penalty).map(|(a, b)| a + b),
                priority,
                bound: None,
            }),
            // The goods are on board: they must be delivered.
            (Some(vehicle_type), None) => self.push(Request {
                kind: Kind::Single(delivery),
                penalty: None,
                priority: u32::MAX,
                bound: Some(vehicle_type),
            }),
            (_, Some(_)) => {}
        }
    }
}
