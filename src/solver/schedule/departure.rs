//! When to leave.

use super::clock::RouteClock;
use super::moment::Moment;
use super::pauses::Walks;
use super::table::DepartureRule;
use crate::solver::solution::Pause;

/// Departures tried at most where travel depends on them, before the best is refined.
const CLOSE: i64 = 48;

/// Likewise where travel is the same all day.
const ROUGH: i64 = 6;

/// Times the grid is halved around the best departure.
const HALVINGS: u32 = 5;

/// Latest departures for an end that are looked at, one window later each.
const PLATEAUS: usize = 16;

/// A departure and what follows from it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::solver) struct Plan {
    pub departure_s: i64,
    pub end_s: i64,
    /// Seconds at the wheel.
    pub driving_s: i64,
    /// Cost of duration, driving, waiting, overtime and lateness.
    pub cost: i64,
}

impl RouteClock<'_> {
    /// The best departure found for a sequence; `None` if it cannot be driven.
    ///
    /// Exact where legs take the same time all day and there are neither pauses nor prices of
    /// lateness; otherwise the best of a grid, refined.
    pub fn plan(&self, tasks: &[u32], walks: &mut Walks) -> Option<Plan> {
        let earliest_s = self.earliest_departure_s(tasks)?;
        if !self.is_timed() {
            return Some(Plan {
                departure_s: earliest_s,
                end_s: earliest_s,
                ..Plan::default()
            });
        }
        match self.departure_rule() {
            DepartureRule::Fixed | DepartureRule::Earliest => self.leave(tasks, earliest_s, walks),
            DepartureRule::Latest => self.plan_latest(tasks, earliest_s),
            DepartureRule::Scan => self.scan(tasks, earliest_s, self.grid(), walks),
        }
    }

    /// What a sequence comes to from a departure near the one given; `None` if none of them is
    /// allowed. Not worse than the one given, where that is allowed. `by_s` is the latest departure
    /// that keeps the shift.
    pub fn plan_near(
        &self,
        tasks: &[u32],
        near_s: i64,
        by_s: i64,
        walks: &mut Walks,
    ) -> Option<Plan> {
        if self.departure_rule() != DepartureRule::Scan {
            return self.plan(tasks, walks);
        }
        let earliest_s = self.earliest_departure_s(tasks)?;
        let last_s = self.last_useful_s(earliest_s, by_s)?;
        let near_s = near_s.clamp(earliest_s, last_s);
        let mut best = self.leave(tasks, near_s, walks);
        if best.is_none() && near_s > earliest_s {
            best = self.leave(tasks, earliest_s, walks);
        }
        if let Some(plan) = best {
            self.leave_late(tasks, plan, last_s, walks, &mut best);
        }
        best
    }

    /// What a sequence comes to from one departure.
    pub fn leave(&self, tasks: &[u32], departure_s: i64, walks: &mut Walks) -> Option<Plan> {
        let price = |end: &Moment| self.price(departure_s, end);
        let end = if self.timing().paused {
            self.drive_paused(tasks, departure_s, walks, price)?
        } else {
            walks.clear();
            self.through(tasks, departure_s)?
        };
        let mut cost = price(&end)?;
        if self.table.quantile_rate > 0 || self.table.expected_rate > 0 {
            let pauses = self.pauses_to(&end, tasks, walks);
            cost += self.uncertainty_cost(tasks, departure_s, &pauses);
        }
        Some(Plan {
            departure_s,
            end_s: end.at_s,
            driving_s: end.driving_s,
            cost,
        })
    }

    /// Breaks, rests and reloads of a planned sequence, in order.
    pub fn pauses(&self, tasks: &[u32], departure_s: i64, walks: &mut Walks) -> Vec<Pause> {
        let price = |end: &Moment| self.price(departure_s, end);
        walks.clear();
        let end = self.timing().paused;
        let end = end.then(|| self.drive_paused(tasks, departure_s, walks, price));
        let end = end.flatten().unwrap_or_default();
        self.pauses_to(&end, tasks, walks)
    }

    /// The same plan, leaving as late as costs nothing.
    pub fn latest(&self, tasks: &[u32], plan: Plan, walks: &mut Walks) -> Plan {
        if !self.is_timed() || self.departure_rule() == DepartureRule::Fixed {
            return plan;
        }
        let Some(by_s) = self.latest_departure_s(tasks, plan.end_s, |_, _| {}) else {
            return plan;
        };
        let mut later = |departure_s: i64| {
            let later = self.leave(tasks, departure_s, walks);
            later.filter(|later| later.cost <= plan.cost)
        };
        let (mut best, mut too_late_s) = (plan, by_s.min(self.vehicle.latest_start_s));
        if too_late_s <= plan.departure_s {
            return plan;
        }
        if let Some(latest) = later(too_late_s) {
            return latest;
        }
        while best.departure_s + 1 < too_late_s {
            let middle_s = best.departure_s + (too_late_s - best.departure_s) / 2;
            match later(middle_s) {
                Some(found) => best = found,
                None => too_late_s = middle_s,
            }
        }
        best
    }

    /// What a vehicle under way comes to if it does nothing more, whatever limit that breaks.
    pub fn as_begun(&self, tasks: &[u32], walks: &mut Walks) -> Plan {
        let departure_s = self.vehicle.driven.as_ref().map_or(0, |d| d.departure_s);
        let mut end = self.set_off(tasks, departure_s).unwrap_or_default();
        if let (Some(from), Some(to)) = (end.place, self.vehicle.end) {
            let leg_s = self.leg_s(from, to, end.at_s);
            end.at_s += leg_s;
            end.driving_s += leg_s;
        }
        walks.clear();
        let pauses = self.pauses_to(&end, tasks, walks);
        Plan {
            departure_s,
            end_s: end.at_s,
            driving_s: end.driving_s,
            cost: self.cost(departure_s, &end) + self.uncertainty_cost(tasks, departure_s, &pauses),
        }
    }

    /// Drives a route without pauses.
    fn through(&self, tasks: &[u32], departure_s: i64) -> Option<Moment> {
        let mut moment = self.set_off(tasks, departure_s)?;
        for position in self.begun_tasks().len()..tasks.len() {
            moment = self.proceed(moment, tasks, position)?;
        }
        self.come_home(moment)
    }

    /// What the time of a route costs; `None` if it takes too long.
    fn price(&self, departure_s: i64, end: &Moment) -> Option<i64> {
        let most_s = self.vehicle.max_duration_s;
        let in_time = most_s.is_none_or(|most| end.at_s - departure_s <= most);
        in_time.then(|| self.cost(departure_s, end))
    }

    /// What the time of a route costs.
    fn cost(&self, departure_s: i64, end: &Moment) -> i64 {
        let vehicle = self.vehicle;
        let duration_s = end.at_s - departure_s;
        let overtime = vehicle.overtime.map_or(0, |overtime| {
            (duration_s - overtime.after_s).max(0) * overtime.cost_per_second
        });
        duration_s * vehicle.cost_per_second
            + overtime
            + end.driving_s * vehicle.cost_per_driving_second
            + end.waiting_s * vehicle.cost_per_waiting_second
            + end.late_cost
    }

    /// The last departure worth looking at; `None` if there is none.
    fn last_departure_s(&self, tasks: &[u32], earliest_s: i64) -> Option<i64> {
        let by_s = self.latest_s(tasks, |_, _| {})?;
        self.last_useful_s(earliest_s, by_s)
    }

    /// Likewise, with the latest departure that keeps the shift.
    fn last_useful_s(&self, earliest_s: i64, by_s: i64) -> Option<i64> {
        let useful_s = earliest_s.max(self.timing().last_change_s);
        let last_s = by_s.min(self.vehicle.latest_start_s).min(useful_s);
        (last_s >= earliest_s).then_some(last_s)
    }

    /// The shortest duration where legs take the same time all day. Leaving as late as the earliest
    /// end allows is best with one window each; with several a later end may be better, and only
    /// the latest departure for each is worth trying.
    fn plan_latest(&self, tasks: &[u32], earliest_s: i64) -> Option<Plan> {
        let vehicle = self.vehicle;
        let last_s = self.latest_departure_s(tasks, vehicle.latest_end_s, |_, _| {})?;
        let last_s = last_s.min(vehicle.latest_start_s);
        let (mut from_s, mut best) = (earliest_s, None);
        for _ in 0..PLATEAUS {
            let end_s = self.drive(tasks, from_s, |_, _, _| {})?;
            let by_s = self.latest_departure_s(tasks, end_s, |_, _| {})?;
            let departure_s = by_s.min(last_s);
            let Some(end) = self.through(tasks, departure_s) else {
                break;
            };
            let plan = self.price(departure_s, &end).map(|cost| Plan {
                departure_s,
                end_s: end.at_s,
                driving_s: end.driving_s,
                cost,
            });
            better(&mut best, plan);
            if self.timing().single || end.waiting_s == 0 || departure_s >= last_s {
                break;
            }
            from_s = departure_s + 1;
        }
        best
    }

    /// Departures tried for a plan that is kept.
    fn grid(&self) -> i64 {
        match self.table.problem.travel().is_static() {
            true => ROUGH,
            false => CLOSE,
        }
    }

    /// The best of a grid of at most so many departures, refined around it.
    fn scan(&self, tasks: &[u32], earliest_s: i64, most: i64, walks: &mut Walks) -> Option<Plan> {
        let last_s = self.last_departure_s(tasks, earliest_s)?;
        let mut best = self.leave(tasks, earliest_s, walks);
        if let Some(plan) = best {
            self.leave_late(tasks, plan, last_s, walks, &mut best);
        }
        let span_s = last_s - earliest_s;
        let tried = (2 * span_s / self.table.grain_s).clamp(ROUGH, most);
        let mut step_s = span_s / tried;
        if step_s > 0 {
            for k in 1..=tried {
                let departure_s = earliest_s + span_s * k / tried;
                better(&mut best, self.leave(tasks, departure_s, walks));
            }
        }
        for _ in 0..HALVINGS {
            let Some(centre) = best else { break };
            step_s /= 2;
            if step_s == 0 {
                break;
            }
            for departure_s in [centre.departure_s - step_s, centre.departure_s + step_s] {
                if (earliest_s..=last_s).contains(&departure_s) {
                    better(&mut best, self.leave(tasks, departure_s, walks));
                }
            }
        }
        if let Some(plan) = best {
            self.leave_late(tasks, plan, last_s, walks, &mut best);
        }
        best
    }

    /// Tries the latest departure for the end of a plan.
    fn leave_late(
        &self,
        tasks: &[u32],
        plan: Plan,
        last_s: i64,
        walks: &mut Walks,
        best: &mut Option<Plan>,
    ) {
        let by_s = self.latest_departure_s(tasks, plan.end_s, |_, _| {});
        if let Some(departure_s) = by_s
            .map(|s| s.min(last_s))
            .filter(|s| *s > plan.departure_s)
        {
            better(best, self.leave(tasks, departure_s, walks));
        }
    }
}

/// Keeps the cheaper plan, the later of two that cost the same.
fn better(best: &mut Option<Plan>, other: Option<Plan>) {
    let key = |plan: &Plan| (plan.cost, -plan.departure_s);
    if let Some(other) = other
        && best.as_ref().is_none_or(|best| key(&other) < key(best))
    {
        *best = Some(other);
    }
}
