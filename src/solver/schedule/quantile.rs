//! The price of lateness when every leg is slow.

use super::clock::RouteClock;
use crate::solver::solution::{Pause, PauseKind};
use crate::solver::travel::Travel;

impl RouteClock<'_> {
    /// Cost of the seconds by which services would start late if every leg took its 90 % quantile,
    /// with the same departure and pauses; nothing for travel that has no quantiles.
    pub(super) fn quantile_cost(&self, tasks: &[u32], departure_s: i64, pauses: &[Pause]) -> i64 {
        let Travel::Tensor(tensor) = self.table.problem.travel() else {
            return 0;
        };
        let profile = self.vehicle.profile;
        let (mut at_s, mut place, mut late_s) = (departure_s, self.vehicle.start, 0);
        let driven = self.vehicle.driven.as_ref();
        let mut left = driven.map_or(0, |d| d.stops.len() + d.pauses.len());
        let free_from_s = driven.map_or(i64::MIN, |d| d.free_from_s);
        if left == 0 {
            at_s = at_s.max(free_from_s);
        }
        // After the last of what has been driven the vehicle stands until it is free.
        let mut step = |at_s: &mut i64| {
            if left == 1 {
                *at_s = (*at_s).max(free_from_s);
            }
            left = left.saturating_sub(1);
        };
        let mut drive = |at_s: &mut i64, to: usize| {
            if let Some(from) = place.replace(to) {
                *at_s += tensor.p90_s(profile, from, to, *at_s);
            }
        };
        let mut pauses = pauses.iter().peekable();
        let mut stops = 0;
        for position in 0..=tasks.len() {
            let task = tasks.get(position).copied();
            let reload = task.and_then(|task| self.reload(task));
            while let Some(pause) = pauses.next_if(|p| p.before == stops) {
                match pause.kind {
                    PauseKind::Break(index) => {
                        let owed = &self.vehicle.breaks[index];
                        let window = owed.windows.iter().find(|w| at_s <= w.close_s);
                        at_s = window.map_or(at_s, |w| at_s.max(w.open_s)) + owed.duration_s;
                    }
                    PauseKind::Rest => {
                        at_s += self.vehicle.driving_rule.map_or(0, |rule| rule.break_s);
                    }
                    // The reload itself follows as a task; what comes after it, later.
                    PauseKind::Reload(_) => break,
                }
                step(&mut at_s);
            }
            let Some(task) = task else { break };
            drive(&mut at_s, self.place(task));
            let start_s = self.begin(task, at_s).unwrap_or(at_s);
            at_s = start_s + self.service_s(task);
            if reload.is_some() {
                at_s = at_s.max(self.release_s(&tasks[position + 1..]));
            } else {
                late_s += self.late_by_s(task, start_s);
                stops += 1;
            }
            step(&mut at_s);
        }
        late_s * self.table.quantile_rate
    }

    /// Seconds after the last window or the due second.
    fn late_by_s(&self, stop: u32, start_s: i64) -> i64 {
        let stop = &self.table.problem.stops()[stop as usize];
        let closes_s = stop.windows.last().map(|w| w.close_s);
        let by_s = closes_s.into_iter().chain(stop.due.map(|d| d.by_s)).min();
        by_s.map_or(0, |by_s| (start_s - by_s).max(0))
    }
}
