//! Moves a whole trip to another vehicle or another time of day. That costs little or nothing, since
//! trips begin and end where goods are loaded, but changes which of them leave time for more.

use super::requests::{Kind, NONE};
use super::state::State;
use rand::Rng;
use rand::seq::SliceRandom;

/// Places tried for a trip.
const TRIES: usize = 6;

/// Moves a random trip to a random place that holds, if one is found soon; otherwise the state is
/// as it was accepted. Whether the change is kept is decided with the rest of the iteration.
pub(super) fn move_trip(state: &mut State, random: &mut impl Rng) {
    let index = state.index;
    let stop = random.random_range(0..index.stops());
    let visit = state.visits[stop];
    if visit.route == NONE {
        return;
    }
    let route = visit.route as usize;
    let this = &state.routes[route];
    if (visit.position as usize) < this.begun {
        return;
    }
    let trip = this.tasks[this.trip(index, visit.position as usize)].to_vec();
    let request = |stop: &u32| index.requests.of_stop[*stop as usize];
    let requests: Vec<u32> = trip.iter().map(request).collect();
    let all = &index.requests.all;
    let paired = |&request: &u32| {
        let request = all.get(request as usize);
        request.is_none_or(|r| matches!(r.kind, Kind::Pair { .. }))
    };
    if requests.iter().any(paired) {
        return;
    }
    state.remove(route, &requests);
    let mut places: Vec<(usize, usize)> = (0..state.routes.len())
        .filter(|&route| state.routes[route].in_use())
        .flat_map(|route| starts(state, route).map(move |position| (route, position)))
        .collect();
    let idle = (0..state.used.len()).filter(|&vehicle_type| state.is_free(vehicle_type));
    places.extend(idle.map(|vehicle_type| (usize::MAX, vehicle_type)));
    let (tried, _) = places.partial_shuffle(random, TRIES);
    let moved = tried.iter().any(|&place| match place {
        (usize::MAX, vehicle_type) => {
            let permits = |&stop: &u32| state.permits(None, vehicle_type, stop);
            trip.iter().all(permits) && state.add_route(vehicle_type, &trip, None)
        }
        (route, position) => insert(state, route, position, &trip, random),
    });
    if !moved {
        state.reject();
    }
}

/// Positions of a route where a trip may begin.
fn starts<'a>(state: &'a State, route: usize) -> impl Iterator<Item = usize> + use<'a> {
    let (index, this) = (state.index, &state.routes[route]);
    (this.begun..=this.tasks.len()).filter(move |&position| {
        let task = this.tasks.get(position);
        task.is_none_or(|&task| index.is_reload(task)) || (position == 0)
    })
}

/// Inserts a trip with a reload; `false`, and nothing changed, if that breaks a rule.
fn insert(
    state: &mut State,
    route: usize,
    position: usize,
    trip: &[u32],
    random: &mut impl Rng,
) -> bool {
    let (index, this) = (state.index, &state.routes[route]);
    let vehicle_type = this.vehicle_type;
    let reloads = &index.reloads[vehicle_type];
    let permits = |&stop: &u32| state.permits(Some(route), vehicle_type, stop);
    if reloads.is_empty() || !trip.iter().all(permits) {
        return false;
    }
    let reload = reloads[random.random_range(0..reloads.len())];
    let mut tasks = this.tasks.clone();
    tasks.splice(position..position, trip.iter().copied());
    let between = if position == 0 { trip.len() } else { position };
    tasks.insert(between, reload);
    state.put(route, vehicle_type, &tasks)
}
