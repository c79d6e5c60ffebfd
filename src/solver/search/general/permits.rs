//! Who may serve what: vehicles that are free, skills, relations, what has begun.

use super::requests::{Kind, NONE, Request};
use super::route::vehicle;
use super::state::State;
use crate::solver::problem::Relation;

impl State<'_> {
    /// Whether another vehicle of a type may be used.
    pub fn is_free(&self, vehicle_type: usize) -> bool {
        self.used[vehicle_type] < vehicle(self.index, vehicle_type).count
            && self.in_use() < self.most_routes
    }

    /// Whether skills, relations and what has begun allow a stop on a route, or on a new one.
    pub fn permits(&self, route: Option<usize>, vehicle_type: usize, stop: u32) -> bool {
        let index = self.index;
        let elsewhere = |other: usize| {
            let at = self.visits[other].route;
            at != NONE && Some(at as usize) != route
        };
        let here = |other: usize| route.is_some_and(|r| self.visits[other].route == r as u32);
        let request = index.requests.of_stop[stop as usize];
        let bound = index
            .requests
            .all
            .get(request as usize)
            .and_then(|r: &Request| r.bound);
        bound.is_none_or(|only| only == vehicle_type)
            && index.may_serve(vehicle_type, stop)
            && index.requests.relations[stop as usize]
                .iter()
                .all(
                    |&relation| match &index.problem.rules().relations[relation as usize] {
                        Relation::SameVehicle(tied) => !tied.iter().any(|&other| elsewhere(other)),
                        Relation::DifferentVehicles(tied) => {
                            let mut others = tied.iter().filter(|&&other| other != stop as usize);
                            !others.any(|&other| here(other) || self.is_partner(stop, other))
                        }
                    },
                )
    }

    /// Whether two stops are the ends of one shipment.
    fn is_partner(&self, stop: u32, other: usize) -> bool {
        let request = self.index.requests.of_stop[stop as usize];
        match self
            .index
            .requests
            .all
            .get(request as usize)
            .map(|r| &r.kind)
        {
            Some(Kind::Pair { pickup, delivery }) => {
                [*pickup as usize, *delivery as usize].contains(&other)
            }
            _ => false,
        }
    }
}
