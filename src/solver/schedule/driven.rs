//! Where a vehicle under way is, and when it can go on.

use super::clock::RouteClock;
use super::moment::Moment;
use crate::solver::problem::Driven;
use crate::solver::solution::{Pause, PauseKind};

/// The part of a route that lies behind a vehicle, driven once and for all.
#[derive(Debug, Clone)]
pub(super) struct Begun {
    /// Stops and reloads, as codes of tasks.
    pub tasks: Vec<u32>,
    /// All pauses taken.
    pub pauses: Vec<Pause>,
    /// How the route stands when the vehicle is free.
    moment: Moment,
    /// Whether the last thing done is a reload.
    is_reloading: bool,
    /// Goods released by then can be on board.
    loaded_s: i64,
    free_from_s: i64,
}

impl Begun {
    /// Drives what has been driven. Late services start on arrival: what has happened is not
    /// refused any more.
    pub fn new(clock: &RouteClock, driven: &Driven) -> Self {
        let stops = clock.table.spots.len() as u32;
        let mut begun = Self {
            tasks: Vec::new(),
            pauses: driven.pauses.clone(),
            moment: Moment {
                at_s: driven.departure_s,
                place: clock.vehicle.start,
                ..Moment::default()
            },
            is_reloading: false,
            loaded_s: driven.departure_s,
            free_from_s: driven.free_from_s,
        };
        let mut pauses = driven.pauses.iter().peekable();
        let mut steps = Vec::new();
        for position in 0..=driven.stops.len() {
            while let Some(pause) = pauses.next_if(|p| p.before == position) {
                steps.push(Err(pause.kind));
            }
            steps.extend(driven.stops.get(position).map(|&stop| Ok(stop as u32)));
        }
        let mut reloads = 0;
        let free_s = |begun: usize| driven.free_s(begun).unwrap_or(i64::MIN);
        begun.moment.at_s = begun.moment.at_s.max(free_s(0));
        for (index, step) in steps.iter().enumerate() {
            begun.is_reloading = false;
            match *step {
                Ok(stop) => begun.serve(clock, stop),
                Err(PauseKind::Reload(reload)) => {
                    begun.serve(clock, stops + reload as u32);
                    begun.is_reloading = true;
                    let is_reload =
                        |step: &&Result<_, _>| matches!(step, Err(PauseKind::Reload(_)));
                    let ahead = steps[index + 1..]
                        .iter()
                        .take_while(|step| !is_reload(step));
                    let trip: Vec<u32> = ahead.filter_map(|step| step.ok()).collect();
                    let waited_s = clock.release_s(&trip).max(clock.waited_s(reloads));
                    reloads += 1;
                    let end_s = begun.moment.at_s;
                    begun.loaded_s = end_s.max(waited_s);
                    begun.moment.waiting_s += begun.loaded_s - end_s;
                    begun.moment.at_s = begun.loaded_s;
                    clock.stand(&mut begun.moment, end_s, false);
                }
                Err(PauseKind::Break(index)) => {
                    let owed = &clock.vehicle.breaks[index];
                    let long = clock.vehicle.driving_rule.map(|rule| rule.break_s);
                    let bit = 1_u64.checked_shl(index as u32).unwrap_or(0);
                    begun.moment.taken |= bit;
                    let window = owed.windows.iter().find(|w| begun.moment.at_s <= w.close_s);
                    let open_s = window.map_or(begun.moment.at_s, |w| w.open_s);
                    let is_rest = long.is_some_and(|long| owed.duration_s >= long);
                    begun.pause(clock, open_s, owed.duration_s, is_rest);
                }
                Err(PauseKind::Rest) => {
                    let break_s = clock.vehicle.driving_rule.map_or(0, |rule| rule.break_s);
                    begun.pause(clock, begun.moment.at_s, break_s, true);
                }
            }
            let done_s = begun.moment.at_s;
            begun.moment.at_s = done_s.max(free_s(index + 1));
            clock.stand(&mut begun.moment, done_s, false);
        }
        begun
    }

    fn serve(&mut self, clock: &RouteClock, task: u32) {
        let here = clock.place(task);
        let moment = &mut self.moment;
        if let Some(from) = moment.place.replace(here) {
            let leg_s = clock.leg_s(from, here, moment.at_s);
            moment.at_s += leg_s;
            moment.driving_s += leg_s;
            moment.driven_s += leg_s;
            moment.standing_s = if leg_s > 0 { 0 } else { moment.standing_s };
        }
        let arrival_s = moment.at_s;
        let start_s = clock.begin(task, arrival_s).unwrap_or(arrival_s);
        moment.waiting_s += start_s - arrival_s;
        moment.at_s = start_s + clock.service_s(task);
        if let Some(due) = clock.table.spots.get(task as usize).and_then(|s| s.due) {
            moment.late_cost += (start_s - due.by_s).max(0) * due.cost_per_second;
        }
        clock.stand(moment, arrival_s, false);
        self.tasks.push(task);
    }

    fn pause(&mut self, clock: &RouteClock, open_s: i64, lasts_s: i64, is_rest: bool) {
        let moment = &mut self.moment;
        let arrival_s = moment.at_s;
        let start_s = arrival_s.max(open_s);
        moment.waiting_s += start_s - arrival_s;
        moment.at_s = start_s + lasts_s;
        clock.stand(moment, arrival_s, is_rest);
    }

    /// How the vehicle goes on with a route that begins with these tasks; `None` if some of the
    /// goods cannot be on board.
    pub fn moment(&self, clock: &RouteClock, tasks: &[u32]) -> Option<Moment> {
        let mut moment = self.moment;
        let ahead = &tasks[self.tasks.len().min(tasks.len())..];
        let release_s = clock.release_s(ahead);
        if release_s <= self.loaded_s {
            return Some(moment);
        }
        // A vehicle that is reloading can still wait for them.
        if !self.is_reloading {
            return None;
        }
        moment.waiting_s += release_s - self.loaded_s;
        let free_s = release_s.max(self.free_from_s);
        let since_s = std::mem::replace(&mut moment.at_s, free_s);
        clock.stand(&mut moment, since_s, false);
        Some(moment)
    }
}
