//! Which stops and requests are near each other.

use super::{Request, Tables};

/// Stops at whose routes recreation tries a request, for each of its two stops.
const CANDIDATES: usize = 40;

/// Neighbours along which ruin looks for routes.
const ADJACENT: usize = 100;

/// Requests that are ruined together with one.
const RELATED: usize = 60;

/// Weight of unavoidable waiting against driving when neighbours are ranked
/// (Vidal, Crainic, Gendreau & Prins 2013).
const WAITING_WEIGHT: f64 = 0.2;

/// Weight of the difference between opening times against distance when requests are related.
const TIME_WEIGHT: f64 = 0.3;

/// Nearest ones, nearest first.
#[derive(Default)]
pub(in super::super) struct Neighbours {
    candidates: Lists,
    adjacent: Lists,
    related: Lists,
}

/// Lists of the same length, one after the other.
#[derive(Default)]
struct Lists {
    all: Vec<u32>,
    each: usize,
}

impl Lists {
    /// The `each` least by cost of each of `count`, without itself.
    fn nearest(count: usize, each: usize, cost: impl Fn(u32, u32) -> f64) -> Self {
        let each = each.min(count.saturating_sub(1));
        let mut all = Vec::with_capacity(count * each);
        let mut ranked: Vec<(f64, u32)> = Vec::with_capacity(count);
        let by_cost = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        for this in 0..count as u32 {
            ranked.clear();
            let others = (0..count as u32).filter(|&other| other != this);
            ranked.extend(others.map(|other| (cost(this, other), other)));
            if each < ranked.len() {
                ranked.select_nth_unstable_by(each, by_cost);
                ranked.truncate(each);
            }
            ranked.sort_unstable_by(by_cost);
            all.extend(ranked.iter().map(|&(_, other)| other));
        }
        Self { all, each }
    }

    #[inline(always)]
    fn of(&self, index: u32) -> &[u32] {
        &self.all[index as usize * self.each..][..self.each]
    }
}

impl Neighbours {
    pub fn of(tables: &Tables) -> Self {
        let stops = tables.stops.len();
        let travel = |a: u32, b: u32| f64::from(either_way(tables, a, b));
        let stop_lists = Lists::nearest(stops, CANDIDATES, |a, b| with_windows(tables, a, b));
        Self {
            candidates: of_both_ends(&tables.requests, &stop_lists),
            adjacent: Lists::nearest(stops, ADJACENT, travel),
            related: Lists::nearest(tables.requests.len(), RELATED, |a, b| {
                relatedness(tables, a, b)
            }),
        }
    }

    /// Stops near those of a request in place and time.
    #[inline(always)]
    pub fn candidates(&self, request: u32) -> &[u32] {
        self.candidates.of(request)
    }

    /// Stops near a stop by travel alone.
    #[inline(always)]
    pub fn adjacent(&self, stop: u32) -> &[u32] {
        self.adjacent.of(stop)
    }

    /// Requests like a request in both places and both times.
    #[inline(always)]
    pub fn related(&self, request: u32) -> &[u32] {
        self.related.of(request)
    }
}

/// Neighbours of pickup and delivery by turns.
fn of_both_ends(requests: &[Request], of_stop: &Lists) -> Lists {
    let turns = requests.iter().flat_map(|request| {
        let ends = [request.pickup, request.delivery].map(|stop| of_stop.of(stop));
        (ends[0].iter().zip(ends[1]))
            .flat_map(|(&of_pickup, &of_delivery)| [of_pickup, of_delivery])
    });
    Lists {
        all: turns.collect(),
        each: 2 * of_stop.each,
    }
}

/// The shorter of the two legs between stops.
fn either_way(tables: &Tables, a: u32, b: u32) -> i32 {
    let there = tables.legs.between(a, b).distance;
    there.min(tables.legs.between(b, a).distance)
}

/// Travel with the waiting and lateness that going from one to the other must bring.
fn with_windows(tables: &Tables, a: u32, b: u32) -> f64 {
    let one_way = |a: u32, b: u32| {
        let (first, second) = (&tables.stops[a as usize], &tables.stops[b as usize]);
        let leg = tables.legs.between(a, b);
        let gone = f64::from(leg.duration) + f64::from(first.service);
        let waiting = (f64::from(second.open) - gone - f64::from(first.close)).max(0.0);
        let late = (f64::from(first.open) + gone - f64::from(second.close)).max(0.0);
        f64::from(leg.distance) + WAITING_WEIGHT * waiting + late
    };
    one_way(a, b).min(one_way(b, a))
}

/// How far two requests are from each other in places and opening times (Shaw 1998, for pairs
/// Ropke & Pisinger 2006).
fn relatedness(tables: &Tables, a: u32, b: u32) -> f64 {
    let (a, b) = (tables.requests[a as usize], tables.requests[b as usize]);
    let apart = |a: u32, b: u32| {
        let (first, second) = (&tables.stops[a as usize], &tables.stops[b as usize]);
        let gap = f64::from(first.open.max(second.open)) - f64::from(first.close.min(second.close));
        f64::from(either_way(tables, a, b)) + TIME_WEIGHT * gap.max(0.0)
    };
    let alike = apart(a.pickup, b.pickup) + apart(a.delivery, b.delivery);
    let crossed = apart(a.pickup, b.delivery) + apart(a.delivery, b.pickup);
    alike.min(crossed)
}
