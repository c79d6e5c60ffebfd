//! Granular neighbourhoods: which nodes are worth joining (Toth & Vigo 2003; with time windows
//! Vidal, Crainic, Gendreau & Prins 2013).

use super::tables::Tables;

/// Neighbours of a node without and with time windows.
const PLAIN: usize = 20;
const TIMED: usize = 40;

/// Cost of a second of unavoidable waiting and lateness, in terms of travel.
const WAITING_WEIGHT: f64 = 0.2;
const LATENESS_WEIGHT: f64 = 1.0;

/// The best neighbours of every node (none of the depot), and how many each has.
pub(super) fn lists(tables: &Tables) -> (Vec<u32>, usize) {
    let most = if tables.timed { TIMED } else { PLAIN };
    let kept = most.min(tables.clients - 1);
    let rate = price_of_second(tables);
    let mut lists = vec![0; kept];
    let mut row: Vec<(f64, u32)> = Vec::with_capacity(tables.clients);
    for node in tables.nodes() {
        let others = tables.nodes().filter(|&other| other != node);
        row.clear();
        row.extend(others.map(|other| {
            let (a, b) = (node as usize, other as usize);
            (
                joined(tables, rate, a, b).min(joined(tables, rate, b, a)),
                other,
            )
        }));
        row.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        lists.extend(row.iter().take(kept).map(|(_, other)| *other));
    }
    (lists, kept)
}

/// What driving from one node to the next costs at least, with the time it wastes.
fn joined(tables: &Tables, rate: f64, from: usize, to: usize) -> f64 {
    let cost = tables.cost(from, to) as f64;
    if !tables.timed {
        return cost;
    }
    let (a, b) = (tables.visits[from], tables.visits[to]);
    let ride_s = a.duration_s + tables.leg_s(from, to);
    let waiting_s = (b.early_s - ride_s - a.late_s).max(0);
    let late_s = (a.early_s + ride_s - b.late_s).max(0);
    cost + rate * (WAITING_WEIGHT * f64::from(waiting_s) + LATENESS_WEIGHT * f64::from(late_s))
}

/// Travel cost per second of travel; 1 if time does not matter.
pub(super) fn price_of_second(tables: &Tables) -> f64 {
    if !tables.timed {
        return 1.0;
    }
    let pairs = || tables.nodes().zip(tables.nodes().rev());
    let cost: i64 = pairs()
        .map(|(a, b)| tables.cost(a as usize, b as usize))
        .sum();
    let seconds: i64 = pairs()
        .map(|(a, b)| i64::from(tables.leg_s(a as usize, b as usize)))
        .sum();
    if seconds > 0 {
        cost as f64 / seconds as f64
    } else {
        1.0
    }
}
