//! Reloads that nothing needs any more.

use super::index::Index;
use super::route::vehicle;
use super::state::State;

impl State<'_> {
    /// Takes out reloads one by one as long as that keeps the rules and costs nothing.
    pub(super) fn drop_reloads(&mut self, route: usize) {
        let mut position = self.routes[route].begun;
        while self.routes[route].reloads > 0 && position < self.routes[route].tasks.len() {
            let this = &self.routes[route];
            if self.index.is_reload(this.tasks[position]) {
                let mut tasks = this.tasks.clone();
                tasks.remove(position);
                let (vehicle_type, near_s) = (this.vehicle_type, this.plan.departure_s);
                let cost = self
                    .assessor
                    .assess(self.index, vehicle_type, &tasks, Some(near_s));
                let cost = cost.map(|cost| cost + self.index.prices.vehicle);
                if cost.is_some_and(|cost| cost <= this.cost)
                    && self.put(route, vehicle_type, &tasks)
                {
                    continue;
                }
            }
            position += 1;
        }
    }
}

/// Takes out reloads that begin or end a route or follow another.
pub(super) fn drop_needless(index: &Index, vehicle_type: usize, tasks: &mut Vec<u32>) {
    let begun = index.clock(vehicle_type).begun_tasks().len();
    let is_begun = vehicle(index, vehicle_type).driven.is_some();
    let mut kept = begun;
    for position in begun..tasks.len() {
        let task = tasks[position];
        let follows = match kept {
            0 => !is_begun,
            _ => index.is_reload(tasks[kept - 1]),
        };
        if !(index.is_reload(task) && follows) {
            tasks[kept] = task;
            kept += 1;
        }
    }
    while kept > begun && index.is_reload(tasks[kept - 1]) {
        kept -= 1;
    }
    tasks.truncate(kept);
}
