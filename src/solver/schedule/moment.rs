//! A route driven step by step, with all that its time comes to.

use super::clock::RouteClock;

/// Where and when a vehicle is, and what its route has come to so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::solver) struct Moment {
    pub at_s: i64,
    /// Nowhere before the first place of a route that starts there.
    pub place: Option<usize>,
    pub driving_s: i64,
    pub waiting_s: i64,
    /// Price of services after their due second.
    pub late_cost: i64,
    /// Driving since the last break that counts for the driving rule.
    pub(super) driven_s: i64,
    /// Standing since the last drive.
    pub(super) standing_s: i64,
    /// Breaks taken, one bit each.
    pub(super) taken: u64,
    /// Last entry of the list of pauses taken, 0 for none.
    pub(super) trace: u32,
}

impl RouteClock<'_> {
    /// The moment from which the tasks that have not begun are driven; `None` if a vehicle under
    /// way cannot have loaded them.
    pub fn set_off(&self, tasks: &[u32], departure_s: i64) -> Option<Moment> {
        match &self.timing().begun {
            Some(begun) => begun.moment(self, tasks),
            None => Some(Moment {
                at_s: departure_s,
                place: self.vehicle.start,
                ..Moment::default()
            }),
        }
    }

    /// Drives on from a moment to the task at `position` and does it; `None` if that is too late.
    #[inline]
    pub(super) fn proceed(
        &self,
        mut moment: Moment,
        tasks: &[u32],
        position: usize,
    ) -> Option<Moment> {
        let task = tasks[position];
        self.drive_to(&mut moment, self.place(task))?;
        let arrival_s = moment.at_s;
        let start_s = self.begin(task, arrival_s)?;
        moment.waiting_s += start_s - arrival_s;
        moment.at_s = start_s + self.service_s(task);
        if task as usize >= self.table.spots.len() {
            let released_s = self.release_s(&tasks[position + 1..]).max(moment.at_s);
            moment.waiting_s += released_s - moment.at_s;
            moment.at_s = released_s;
        } else if let Some(due) = self.table.spots[task as usize].due {
            moment.late_cost += (start_s - due.by_s).max(0) * due.cost_per_second;
        }
        self.stand(&mut moment, arrival_s, false);
        Some(moment)
    }

    /// Drives the last leg; `None` if that is too late or too far.
    #[inline]
    pub(super) fn come_home(&self, mut moment: Moment) -> Option<Moment> {
        if let Some(end) = self.vehicle.end {
            self.drive_to(&mut moment, end)?;
        }
        let in_time = moment.at_s <= self.vehicle.latest_end_s;
        let most_s = self.vehicle.max_driving_s;
        (in_time && most_s.is_none_or(|most| moment.driving_s <= most)).then_some(moment)
    }

    #[inline]
    fn drive_to(&self, moment: &mut Moment, to: usize) -> Option<()> {
        if let Some(from) = moment.place.replace(to) {
            let leg_s = self.leg_s(from, to, moment.at_s);
            moment.at_s += leg_s;
            moment.driving_s += leg_s;
            if let Some(rule) = &self.vehicle.driving_rule {
                moment.driven_s += leg_s;
                moment.standing_s = if leg_s > 0 { 0 } else { moment.standing_s };
                if moment.driven_s > rule.max_driving_s {
                    return None;
                }
            }
        }
        Some(())
    }

    /// Counts the time at a place since `arrival_s` for the driving rule.
    #[inline]
    pub(super) fn stand(&self, moment: &mut Moment, arrival_s: i64, is_rest: bool) {
        if let Some(rule) = &self.vehicle.driving_rule {
            moment.standing_s += moment.at_s - arrival_s;
            if is_rest || (rule.standstill_counts && moment.standing_s >= rule.break_s) {
                moment.driven_s = 0;
            }
        }
    }
}
