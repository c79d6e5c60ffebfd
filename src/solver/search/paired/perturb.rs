//! Random moves that keep the plan possible: a request to another route, or two requests for each
//! other (Nagata & Kobayashi 2010).

use super::places::{Place, Places};
use super::plan::{NONE, Plan};
use super::route::Route;
use rand::Rng;

/// Makes random moves; keeps its buffers between calls.
#[derive(Default)]
pub(super) struct Perturb {
    places: Places,
    without: [Route; 2],
}

impl Perturb {
    /// Tries one move. The list of the absent stays as it is, unless taking a request out makes a
    /// route impossible, which closes it.
    pub fn shake(&mut self, plan: &mut Plan, random: &mut impl Rng) {
        let requests = plan.tables.requests.len() as u32;
        let first = random.random_range(0..requests);
        let alike = plan.tables.near.related(first);
        if alike.is_empty() {
            return;
        }
        let second = alike[random.random_range(0..alike.len())];
        let (from, to) = (
            plan.route_of[first as usize],
            plan.route_of[second as usize],
        );
        if from == NONE || to == NONE || from == to {
            return;
        }
        match random.random_bool(0.5) {
            true => self.relocate(plan, first, from, to, random),
            false => self.exchange(plan, [first, second], [from, to], random),
        }
    }

    fn relocate(
        &mut self,
        plan: &mut Plan,
        request: u32,
        from: u32,
        to: u32,
        random: &mut impl Rng,
    ) {
        if !plan.accepts(to, request) {
            return;
        }
        let target = &plan.routes[to as usize];
        if let Some(place) = any_place(&mut self.places, plan, target, request, random) {
            plan.remove(from, &[request]);
            plan.insert(request, to, place);
            plan.settle_absent();
        }
    }

    fn exchange(
        &mut self,
        plan: &mut Plan,
        requests: [u32; 2],
        routes: [u32; 2],
        random: &mut impl Rng,
    ) {
        let type_of = |route: u32| plan.routes[route as usize].vehicle_type;
        let allowed = plan.tables.may_serve(type_of(routes[1]), requests[0])
            && plan.tables.may_serve(type_of(routes[0]), requests[1]);
        if !allowed {
            return;
        }
        let mut chosen = [None; 2];
        for k in 0..2 {
            let route = &plan.routes[routes[k] as usize];
            let gone = route.visits_of(plan.tables.requests[requests[k] as usize]);
            if !self.without[k].copy_without(plan.tables, route, &gone) {
                return;
            }
            let coming = requests[1 - k];
            chosen[k] = any_place(&mut self.places, plan, &self.without[k], coming, random);
            if chosen[k].is_none() {
                return;
            }
        }
        if let [Some(first), Some(second)] = chosen {
            plan.take(routes[0], &requests[..1]);
            plan.take(routes[1], &requests[1..]);
            plan.insert(requests[1], routes[0], first);
            plan.insert(requests[0], routes[1], second);
            plan.settle_absent();
        }
    }
}

/// A random one of the places of a request on a route.
fn any_place(
    places: &mut Places,
    plan: &Plan,
    route: &Route,
    request: u32,
    random: &mut impl Rng,
) -> Option<Place> {
    let (mut seen, mut chosen) = (0_u32, None);
    let ends = plan.tables.requests[request as usize];
    places.scan(plan.tables, route, ends, i32::MAX, |place| {
        seen += 1;
        if random.random_range(0..seen) == 0 {
            chosen = Some(place);
        }
        i32::MAX
    });
    chosen
}
