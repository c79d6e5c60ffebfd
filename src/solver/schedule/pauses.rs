//! Where breaks and rests go: the cheapest ways to a task, kept as labels while they may still
//! become the best (a resource-constrained shortest path along a fixed sequence, as in Goel 2009,
//! with a bounded number of labels).

use super::clock::RouteClock;
use super::moment::Moment;
use super::windows::earliest_start;
use crate::solver::solution::{Pause, PauseKind};

/// Labels kept for the same set of breaks taken.
const LABELS: usize = 8;

/// Buffers of walks, kept from one to the next.
#[derive(Debug, Default)]
pub(in crate::solver) struct Walks {
    labels: Vec<Moment>,
    next: Vec<Moment>,
    /// Pauses taken: the one before, the position of the task that follows, what it is.
    taken: Vec<(u32, u32, PauseKind)>,
}

impl RouteClock<'_> {
    /// Drives a route from a departure with the breaks that it owes; the cheapest end of those
    /// found, by `price`, which refuses an end with `None`.
    pub(super) fn drive_paused(
        &self,
        tasks: &[u32],
        departure_s: i64,
        walks: &mut Walks,
        price: impl Fn(&Moment) -> Option<i64>,
    ) -> Option<Moment> {
        walks.taken.clear();
        walks.labels.clear();
        walks.labels.push(self.set_off(tasks, departure_s)?);
        for position in self.begun_tasks().len()..=tasks.len() {
            self.pause(walks, position);
            walks.next.clear();
            for label in &walks.labels {
                walks.next.extend(if position < tasks.len() {
                    self.proceed(*label, tasks, position)
                } else {
                    self.come_home(*label).filter(|end| self.owes_nothing(end))
                });
            }
            std::mem::swap(&mut walks.labels, &mut walks.next);
            if walks.labels.is_empty() {
                return None;
            }
        }
        let ends = walks.labels.iter().filter_map(|l| Some((price(l)?, l)));
        ends.min_by_key(|(price, _)| *price).map(|(_, end)| *end)
    }

    /// Adds the labels that pause before the task at `position`.
    fn pause(&self, walks: &mut Walks, position: usize) {
        let mut next = 0;
        while let Some(&label) = walks.labels.get(next) {
            next += 1;
            for (index, owed) in self.vehicle.breaks.iter().enumerate() {
                let bit = 1_u64.checked_shl(index as u32).unwrap_or(0);
                let is_due = owed.always || !owed.windows.is_empty();
                if !is_due || bit == 0 || label.taken & bit != 0 {
                    continue;
                }
                let Some(start_s) = earliest_start(&owed.windows, label.at_s) else {
                    continue;
                };
                let mut paused = label;
                paused.waiting_s += start_s - label.at_s;
                paused.at_s = start_s + owed.duration_s;
                paused.taken |= bit;
                let long = self.vehicle.driving_rule.map(|rule| rule.break_s);
                let is_rest = long.is_some_and(|long| owed.duration_s >= long);
                self.stand(&mut paused, label.at_s, is_rest);
                walks.push(paused, position, PauseKind::Break(index));
            }
            let rule = self.vehicle.driving_rule;
            if let Some(rule) = rule.filter(|_| label.driven_s > 0) {
                let mut rested = label;
                rested.at_s += rule.break_s;
                self.stand(&mut rested, label.at_s, true);
                walks.push(rested, position, PauseKind::Rest);
            }
        }
        self.prune(&mut walks.labels);
    }

    /// Keeps labels that no other beats in time, cost and driving, up to a number.
    fn prune(&self, labels: &mut Vec<Moment>) {
        labels.retain(|label| !self.missed(label));
        if labels.len() < 2 {
            return;
        }
        let cost = |label: &Moment| {
            label.late_cost
                + label.waiting_s * self.vehicle.cost_per_waiting_second
                + label.driving_s * self.vehicle.cost_per_driving_second
        };
        labels.sort_unstable_by_key(|l| (l.taken, l.at_s, cost(l), l.driven_s, -l.standing_s));
        let standstill = self
            .vehicle
            .driving_rule
            .is_some_and(|r| r.standstill_counts);
        let (mut kept, mut first) = (0, 0);
        for index in 0..labels.len() {
            let label = labels[index];
            if kept > first && labels[first].taken != label.taken {
                first = kept;
            }
            let beaten = labels[first..kept].iter().any(|other| {
                cost(other) <= cost(&label)
                    && other.driven_s <= label.driven_s
                    && (!standstill || other.standing_s >= label.standing_s)
            });
            if !beaten && kept - first < LABELS {
                labels[kept] = label;
                kept += 1;
            }
        }
        labels.truncate(kept);
    }

    /// Whether a break owed by every route can no longer be taken.
    fn missed(&self, label: &Moment) -> bool {
        self.vehicle.breaks.iter().enumerate().any(|(index, owed)| {
            let taken = label.taken >> index.min(63) & 1 == 1;
            let last = owed.windows.last();
            owed.always && !taken && last.is_some_and(|w| label.at_s > w.close_s)
        })
    }

    /// Whether a route that ends like this has taken all breaks that it owes.
    pub(super) fn owes_nothing(&self, end: &Moment) -> bool {
        self.vehicle.breaks.iter().enumerate().all(|(index, owed)| {
            let taken = end.taken >> index.min(63) & 1 == 1;
            let last = owed.windows.last();
            taken || !(owed.always || last.is_some_and(|w| end.at_s > w.close_s))
        })
    }

    /// The pauses that led to the end of a walk just made, reloads among them, in order.
    pub(super) fn pauses_to(&self, end: &Moment, tasks: &[u32], walks: &Walks) -> Vec<Pause> {
        let mut taken = Vec::new();
        let mut entry = end.trace;
        while let Some(&(before, position, kind)) =
            walks.taken.get((entry as usize).wrapping_sub(1))
        {
            taken.push((position as usize, kind));
            entry = before;
        }
        let begun = self.timing().begun.as_ref();
        let mut pauses = begun.map_or_else(Vec::new, |b| b.pauses.clone());
        let first = self.begun_tasks().len();
        let is_stop = |task: &&u32| self.reload(**task).is_none();
        let mut before = tasks[..first].iter().filter(is_stop).count();
        for position in first..=tasks.len() {
            while let Some((_, kind)) = taken.pop_if(|(at, _)| *at == position) {
                pauses.push(Pause { before, kind });
            }
            match tasks.get(position).map(|&task| self.reload(task)) {
                Some(Some(reload)) => pauses.push(Pause {
                    before,
                    kind: PauseKind::Reload(reload),
                }),
                Some(None) => before += 1,
                None => {}
            }
        }
        pauses
    }
}

impl Walks {
    fn push(&mut self, mut label: Moment, position: usize, kind: PauseKind) {
        self.taken.push((label.trace, position as u32, kind));
        label.trace = self.taken.len() as u32;
        self.labels.push(label);
    }

    /// Forgets all pauses, before a walk without any.
    pub(super) fn clear(&mut self) {
        self.taken.clear();
    }
}
