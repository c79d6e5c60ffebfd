//! Breaks owed, and the break after so much driving.

use super::fault::FaultKind;
use super::judge::Faults;
use super::report::{Activity, CheckedRoute};
use crate::solver::problem::{DrivingRule, VehicleType};
use crate::solver::solution::PauseKind;

/// Names breaks owed and missing, taken twice or too late, and driving without a break.
pub(super) fn check(vehicle: &VehicleType, route: &CheckedRoute, fault: Faults) {
    let mut taken = vec![0_u32; vehicle.breaks.len()];
    for activity in &route.activities {
        let Activity::Pause(PauseKind::Break(index)) = activity.activity else {
            continue;
        };
        taken[index] += 1;
        if taken[index] == 2 {
            fault(None, FaultKind::BreakTwice { index });
        }
        if !activity.in_time {
            let arrival_s = activity.arrival_s;
            fault(None, FaultKind::BreakWindow { index, arrival_s });
        }
    }
    for (index, owed) in vehicle.breaks.iter().enumerate() {
        let last = owed.windows.last();
        let is_owed = owed.always || last.is_some_and(|w| route.end_s > w.close_s);
        if is_owed && taken[index] == 0 {
            fault(None, FaultKind::BreakMissing { index });
        }
    }
    if let Some(rule) = vehicle.driving_rule {
        driving(vehicle, rule, route, fault);
    }
}

/// Adds up driving from one sufficient break to the next. Every stretch that is too long is named
/// once, at the stop where it becomes so.
fn driving(vehicle: &VehicleType, rule: DrivingRule, route: &CheckedRoute, fault: Faults) {
    let most_s = rule.max_driving_s;
    let (mut driven_s, mut standing_s) = (0_i64, 0_i64);
    let mut add = |driven_s: &mut i64, leg_s: i64, stop: Option<usize>| {
        let kept = *driven_s <= most_s;
        *driven_s += leg_s;
        if kept && *driven_s > most_s {
            let driven_s = *driven_s;
            fault(stop, FaultKind::DrivingRule { driven_s, most_s });
        }
    };
    for activity in &route.activities {
        let leg_s = activity.leg.map_or(0, |leg| leg.driving_s);
        let (stop, is_break) = match activity.activity {
            Activity::Stop(stop) => (Some(stop), false),
            Activity::Pause(PauseKind::Reload(_)) => (None, false),
            Activity::Pause(PauseKind::Rest) => (None, true),
            Activity::Pause(PauseKind::Break(index)) => {
                (None, vehicle.breaks[index].duration_s >= rule.break_s)
            }
        };
        if leg_s > 0 {
            add(&mut driven_s, leg_s, stop);
            standing_s = 0;
        }
        standing_s += activity.free_s - activity.arrival_s;
        if is_break || (rule.standstill_counts && standing_s >= rule.break_s) {
            driven_s = 0;
        }
    }
    let last_s = route.last_leg.map_or(0, |leg| leg.driving_s);
    add(&mut driven_s, last_s, None);
}
