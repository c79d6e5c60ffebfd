//! Cuts a giant tour into the cheapest routes (Prins 2004; soft capacity as in Vidal 2022).

use super::individual::Individual;
use super::penalties::Penalties;
use super::tables::Tables;

/// Routes may be loaded up to this share of the capacity.
const MOST_LOAD: f64 = 1.5;

/// Splits a tour at the least penalised cost with at most as many routes as there are vehicles.
pub(super) fn split(tables: &Tables, penalties: &Penalties, tour: &[u32]) -> Individual {
    let mut cuts = cheapest_cuts(tables, penalties, tour);
    if cuts.len() > tables.fleet {
        cuts = cheapest_cuts_of_few(tables, penalties, tour);
    }
    let mut first = 0;
    let routes = cuts.into_iter().map(|end| {
        let route = tour[first..end].to_vec();
        first = end;
        route
    });
    Individual::new(tables, routes)
}

/// Where routes end, however many there are.
fn cheapest_cuts(tables: &Tables, penalties: &Penalties, tour: &[u32]) -> Vec<usize> {
    let mut best = vec![(i64::MAX, 0); tour.len() + 1];
    best[0].0 = 0;
    for start in 0..tour.len() {
        let so_far = best[start].0;
        routes_from(tables, penalties, &tour[start..], |length, cost| {
            if so_far + cost < best[start + length].0 {
                best[start + length] = (so_far + cost, start);
            }
            true
        });
    }
    let mut cuts = Vec::new();
    let mut end = tour.len();
    while end > 0 {
        cuts.push(end);
        end = best[end].1;
    }
    cuts.reverse();
    cuts
}

/// Where routes end, if there may be no more of them than vehicles.
fn cheapest_cuts_of_few(tables: &Tables, penalties: &Penalties, tour: &[u32]) -> Vec<usize> {
    let nowhere = i64::MAX / 2;
    let width = tour.len() + 1;
    let mut best = vec![(nowhere, 0_usize); (tables.fleet + 1) * width];
    best[0].0 = 0;
    // Few vehicles may have to carry more than the usual surplus.
    let load: i64 = tour
        .iter()
        .map(|&n| i64::from(tables.demand[n as usize]))
        .sum();
    let ample = load / tables.fleet.max(1) as i64 > tables.capacity;
    for start in 0..tour.len() {
        routes_from(tables, penalties, &tour[start..], |length, cost| {
            for vehicle in 0..tables.fleet {
                let total = best[vehicle * width + start].0 + cost;
                let there = &mut best[(vehicle + 1) * width + start + length];
                if total < there.0 {
                    *there = (total, start);
                }
            }
            !ample
        });
    }
    let ends = (0..=tables.fleet).map(|used| (best[used * width + tour.len()].0, used));
    let (cost, mut used) = ends.min().unwrap_or((nowhere, 0));
    if cost >= nowhere {
        return equal_cuts(tour.len(), tables.fleet);
    }
    let mut cuts = Vec::new();
    let mut end = tour.len();
    while end > 0 && used > 0 {
        cuts.push(end);
        end = best[used * width + end].1;
        used -= 1;
    }
    cuts.reverse();
    cuts
}

/// Routes of equal length, for want of better ones.
fn equal_cuts(length: usize, routes: usize) -> Vec<usize> {
    (1..=routes).map(|k| k * length / routes).collect()
}

/// Tells `offer` the length and penalised cost of every route that starts a tour, until the load is
/// absurd and `offer` answers that it has enough.
fn routes_from(
    tables: &Tables,
    penalties: &Penalties,
    tour: &[u32],
    mut offer: impl FnMut(usize, i64) -> bool,
) {
    let (mut load, mut cost, mut last) = (0, 0, 0);
    let mut time = tables.visits.first().copied().unwrap_or_default();
    let most = (tables.capacity as f64 * MOST_LOAD) as i64;
    let mut enough = true;
    for (position, &node) in tour.iter().enumerate() {
        let node = node as usize;
        load += i64::from(tables.demand[node]);
        if load > most && position > 0 && enough {
            return;
        }
        cost += tables.cost(last, node);
        let mut warp_s = 0;
        if tables.timed {
            time = time.then(tables.leg_s(last, node), tables.visits[node]);
            warp_s = time.warp_with_s(tables.leg_s(node, 0), tables.finish);
        }
        let total = cost + tables.cost(node, 0);
        let price = penalties.of(tables, load, total, i64::from(warp_s));
        enough = offer(position + 1, total + price);
        last = node;
    }
}
