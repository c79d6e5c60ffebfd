//! The price of lateness when the day takes longer than expected: every leg slow, or every leg and
//! service random.

use super::clock::RouteClock;
use crate::cost::{ArrivalMoments, CostTensor};
use crate::solver::problem::TimeWindow;
use crate::solver::solution::{Pause, PauseKind};
use crate::solver::travel::Travel;

/// Seconds of an hour: legs that depart in the same one are correlated.
const HOUR_S: i64 = 3_600;

/// A vehicle on its way, its legs other than expected.
trait Way {
    /// Drives a leg.
    fn drive(&mut self, tensor: &CostTensor, leg: Leg);
    /// Its time, as far as windows are concerned.
    fn at_s(&self) -> i64;
    /// Starts at `start_s`, within the window if there is one. Gives the seconds by which that is late.
    fn begin(&mut self, start_s: i64, window: Option<&TimeWindow>, by_s: Option<i64>) -> f64;
    /// Spends seconds of the given standard deviation.
    fn spend(&mut self, seconds: i64, sd_s: f64);
    /// Stands until a moment.
    fn stand_until(&mut self, moment_s: i64);
    /// What has been driven is certain: it stands until it is free.
    fn be_free(&mut self, from_s: i64);
}

/// A profile's drive between places.
#[derive(Clone, Copy)]
struct Leg {
    profile: usize,
    from: usize,
    to: usize,
}

/// Every leg takes its 90 % quantile.
struct Slow(i64);

impl Way for Slow {
    fn drive(&mut self, tensor: &CostTensor, leg: Leg) {
        self.0 += tensor.p90_s(leg.profile, leg.from, leg.to, self.0);
    }

    fn at_s(&self) -> i64 {
        self.0
    }

    fn begin(&mut self, start_s: i64, _: Option<&TimeWindow>, by_s: Option<i64>) -> f64 {
        self.0 = start_s;
        by_s.map_or(0, |by_s| (start_s - by_s).max(0)) as f64
    }

    fn spend(&mut self, seconds: i64, _: f64) {
        self.0 += seconds;
    }

    fn stand_until(&mut self, moment_s: i64) {
        self.0 = self.0.max(moment_s);
    }

    fn be_free(&mut self, from_s: i64) {
        self.0 = self.0.max(from_s);
    }
}

/// Legs and services are random about their means; legs depart when they are expected to.
struct Random {
    expected_s: i64,
    moments: ArrivalMoments,
}

impl Random {
    fn leaving(departure_s: i64) -> Self {
        Self {
            expected_s: departure_s,
            moments: ArrivalMoments::certain(departure_s),
        }
    }
}

impl Way for Random {
    fn drive(&mut self, tensor: &CostTensor, leg: Leg) {
        let depart_s = self.expected_s;
        let mean_s = tensor.duration_s(leg.profile, leg.from, leg.to, depart_s);
        let p90_s = tensor.p90_s(leg.profile, leg.from, leg.to, depart_s);
        let hour = depart_s.div_euclid(HOUR_S);
        let correlation = tensor.leg_correlation();
        self.moments
            .drive(mean_s as f64, p90_s as f64, hour, correlation);
        self.expected_s += mean_s;
    }

    fn at_s(&self) -> i64 {
        self.expected_s
    }

    fn begin(&mut self, start_s: i64, window: Option<&TimeWindow>, by_s: Option<i64>) -> f64 {
        let waits = start_s > self.expected_s;
        let open_s = match waits {
            true => Some(start_s),
            false => window.map(|w| w.open_s),
        };
        self.expected_s = start_s;
        // Whoever waits for the opening is late by it at least.
        let late_s = by_s.map_or(0.0, |by_s| {
            let from_s = open_s.map_or(by_s, |open_s| open_s.max(by_s));
            (from_s - by_s) as f64 + self.moments.expected_after(from_s as f64)
        });
        if let Some(open_s) = open_s {
            self.moments.wait_until(open_s as f64);
        }
        late_s
    }

    fn spend(&mut self, seconds: i64, sd_s: f64) {
        self.expected_s += seconds;
        self.moments.serve(seconds as f64, sd_s);
    }

    fn stand_until(&mut self, moment_s: i64) {
        if moment_s > i64::MIN {
            self.expected_s = self.expected_s.max(moment_s);
            self.moments.wait_until(moment_s as f64);
        }
    }

    fn be_free(&mut self, from_s: i64) {
        *self = Self::leaving(self.expected_s.max(from_s));
    }
}

impl RouteClock<'_> {
    /// Cost of the lateness of a route with the given departure and pauses if legs are slow or the day random;
    /// nothing for travel that has no quantiles.
    pub(super) fn uncertainty_cost(
        &self,
        tasks: &[u32],
        departure_s: i64,
        pauses: &[Pause],
    ) -> i64 {
        let Travel::Tensor(tensor) = self.table.problem.travel() else {
            return 0;
        };
        let mut cost = 0;
        if self.table.quantile_rate > 0 {
            let late_s = self.late_on(Slow(departure_s), tensor, tasks, pauses);
            cost += late_s as i64 * self.table.quantile_rate;
        }
        if self.table.expected_rate > 0 {
            let late_s = self.late_on(Random::leaving(departure_s), tensor, tasks, pauses);
            cost += (late_s * self.table.expected_rate as f64).round() as i64;
        }
        cost
    }

    /// Seconds of lateness at all stops on a way.
    fn late_on(
        &self,
        mut way: impl Way,
        tensor: &CostTensor,
        tasks: &[u32],
        pauses: &[Pause],
    ) -> f64 {
        let profile = self.vehicle.profile;
        let (mut place, mut late_s) = (self.vehicle.start, 0.0);
        let driven = self.vehicle.driven.as_ref();
        let free_s = |begun: usize| driven.and_then(|d| d.free_s(begun));
        free_s(0).into_iter().for_each(|s| way.be_free(s));
        // After the last of what had been driven when it was planned the vehicle stands until it is free.
        let mut begun = 0;
        let mut step = |way: &mut dyn Way| {
            begun += 1;
            free_s(begun).into_iter().for_each(|s| way.be_free(s));
        };
        let mut pauses = pauses.iter().peekable();
        let (mut stops, mut reloads) = (0, 0);
        for position in 0..=tasks.len() {
            while let Some(pause) = pauses.next_if(|p| p.before == stops) {
                match pause.kind {
                    PauseKind::Break(index) => {
                        let owed = &self.vehicle.breaks[index];
                        let window = owed.windows.iter().find(|w| way.at_s() <= w.close_s);
                        let start_s = window.map_or(way.at_s(), |w| way.at_s().max(w.open_s));
                        way.begin(start_s, window, None);
                        way.spend(owed.duration_s, 0.0);
                    }
                    PauseKind::Rest => {
                        way.spend(
                            self.vehicle.driving_rule.map_or(0, |rule| rule.break_s),
                            0.0,
                        );
                    }
                    // The reload itself follows as a task; what comes after it, later.
                    PauseKind::Reload(_) => break,
                }
                step(&mut way);
            }
            let Some(&task) = tasks.get(position) else {
                break;
            };
            let here = self.place(task);
            if let Some(from) = place.replace(here) {
                let to = here;
                way.drive(tensor, Leg { profile, from, to });
            }
            let is_reload = self.reload(task).is_some();
            let start_s = self.begin(task, way.at_s()).unwrap_or(way.at_s());
            let window = self.windows(task).iter().find(|w| start_s <= w.close_s);
            let by_s = (!is_reload).then(|| self.due_s(task)).flatten();
            late_s += way.begin(start_s, window, by_s);
            way.spend(self.service_s(task), self.service_sd_s(task));
            if is_reload {
                let release_s = self.release_s(&tasks[position + 1..]);
                way.stand_until(release_s.max(self.waited_s(reloads)));
                reloads += 1;
            } else {
                stops += 1;
            }
            step(&mut way);
        }
        late_s
    }

    /// Second after which a service is late: the last window or the due second.
    fn due_s(&self, stop: u32) -> Option<i64> {
        let stop = &self.table.problem.stops()[stop as usize];
        let closes_s = stop.windows.last().map(|w| w.close_s);
        closes_s.into_iter().chain(stop.due.map(|d| d.by_s)).min()
    }
}
