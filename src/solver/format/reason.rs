//! Reasons and changes in the units and names of an instance.

use super::instance::Instance;
use crate::solver::explain::{ChangeKind, Shortage};
use serde::Serialize;

/// One thing that is short, or one thing to change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    /// What it is about, such as `capacity`, `window` or `shift_end`.
    pub kind: &'static str,
    /// How much, in units of the instance; `None` where it is no amount.
    pub amount: Option<f64>,
    /// The same as a sentence.
    pub text: String,
}

/// A kind, an amount of the problem with its units per unit of the file, and words for it.
type Parts = (&'static str, Option<(i128, i64)>, String);

fn reason((kind, amount, text): Parts) -> Reason {
    Reason {
        kind,
        amount: amount.map(|(amount, scale)| amount as f64 / scale.max(1) as f64),
        text,
    }
}

fn clamped(amount: i128) -> i64 {
    amount.clamp(i64::MIN.into(), i64::MAX.into()) as i64
}

/// What is short of a stop on vehicles of one type.
pub(super) fn shortage(instance: &Instance, shortage: &Shortage) -> Reason {
    let scale = instance.scale;
    let span = |seconds: i64| {
        (
            Some((i128::from(seconds), scale)),
            instance.show_amount(seconds),
        )
    };
    let stop_name = |stop: usize| instance.stop_ids.get(stop).cloned().unwrap_or_default();
    reason(match shortage {
        Shortage::Skills(missing) => {
            let count = missing.count_ones();
            let text = format!("the vehicle lacks {count} of the skills asked for");
            ("skills", Some((count.into(), 1)), text)
        }
        Shortage::NotAmongTypes => {
            let text = "the stop is not for this vehicle".to_owned();
            ("vehicle_type", None, text)
        }
        Shortage::Capacity(dimension, units) => {
            let text = format!(
                "{units} units too many for dimension {} of the capacity",
                dimension + 1
            );
            ("capacity", Some((*units, 1)), text)
        }
        Shortage::Window(stop, late_s) => {
            let (amount, shown) = span(*late_s);
            let text = format!(
                "the window of stop {} closes {shown} too early",
                stop_name(*stop)
            );
            ("window", amount, text)
        }
        Shortage::ShiftEnd(late_s) => {
            let (amount, shown) = span(*late_s);
            (
                "shift_end",
                amount,
                format!("the shift ends {shown} too early"),
            )
        }
        Shortage::Departure(late_s) => {
            let (amount, shown) = span(*late_s);
            let text = format!("the goods are released {shown} after the latest departure");
            ("departure", amount, text)
        }
        Shortage::Duration(over_s) => {
            let (amount, shown) = span(*over_s);
            (
                "duration",
                amount,
                format!("the route takes {shown} too long"),
            )
        }
        Shortage::Driving(over_s) => {
            let (amount, shown) = span(*over_s);
            (
                "driving",
                amount,
                format!("{shown} too much time at the wheel"),
            )
        }
        Shortage::Distance(over) => {
            let shown = instance.show_amount(clamped(*over));
            (
                "distance",
                Some((*over, scale)),
                format!("the route is {shown} too far"),
            )
        }
        Shortage::Stops(over) => {
            let text = format!("{over} stops too many");
            ("stops", Some((*over as i128, 1)), text)
        }
        Shortage::Vehicles => (
            "vehicles",
            None,
            "all vehicles of this kind are in use".to_owned(),
        ),
        Shortage::Relation(relation) => {
            let text = format!("relation {} keeps it off", relation + 1);
            ("relation", None, text)
        }
        Shortage::Cost(over) => {
            let shown = instance.show_cost(clamped(*over));
            let text = format!("it fits, but costs {shown} more than leaving it out");
            ("cost", Some((*over, instance.cost_scale)), text)
        }
        Shortage::Search => (
            "search",
            None,
            "it fits: a longer search would plan it".to_owned(),
        ),
        Shortage::Rule(fault) => ("rule", None, fault.to_string()),
    })
}

/// What would let a stop in.
pub(super) fn change(instance: &Instance, kind: &ChangeKind) -> Reason {
    let scale = instance.scale;
    let span = |seconds: i64| {
        (
            Some((i128::from(seconds), scale)),
            instance.show_amount(seconds),
        )
    };
    reason(match kind {
        ChangeKind::Nothing => ("search", None, "search longer".to_owned()),
        ChangeKind::Penalty { more } => {
            let shown = instance.show_cost(clamped(*more));
            let text = format!("make leaving it out {shown} dearer");
            ("penalty", Some((*more, instance.cost_scale)), text)
        }
        ChangeKind::Capacity {
            dimension, more, ..
        } => {
            let text = format!("{more} units more capacity in dimension {}", dimension + 1);
            ("capacity", Some((*more, 1)), text)
        }
        ChangeKind::Window { stop, later_s } => {
            let (amount, shown) = span(*later_s);
            let id = instance.stop_ids.get(*stop).cloned().unwrap_or_default();
            (
                "window",
                amount,
                format!("let the window of stop {id} close {shown} later"),
            )
        }
        ChangeKind::ShiftEnd { later_s, .. } => {
            let (amount, shown) = span(*later_s);
            (
                "shift_end",
                amount,
                format!("let the shift end {shown} later"),
            )
        }
        ChangeKind::Duration { more_s, .. } => {
            let (amount, shown) = span(*more_s);
            (
                "duration",
                amount,
                format!("let the route take {shown} longer"),
            )
        }
        ChangeKind::Driving { more_s, .. } => {
            let (amount, shown) = span(*more_s);
            (
                "driving",
                amount,
                format!("allow {shown} more at the wheel"),
            )
        }
        ChangeKind::Distance { more, .. } => {
            let shown = instance.show_amount(clamped(*more));
            (
                "distance",
                Some((*more, scale)),
                format!("let the route go {shown} farther"),
            )
        }
        ChangeKind::Stops { more, .. } => {
            let text = format!("allow {more} stops more on the route");
            ("stops", Some((*more as i128, 1)), text)
        }
        ChangeKind::Vehicles { .. } => (
            "vehicles",
            Some((1, 1)),
            "one vehicle more of this kind".to_owned(),
        ),
        ChangeKind::Skills { missing, .. } => {
            let count = missing.count_ones();
            let text = format!("give the vehicle the {count} skills that it lacks");
            ("skills", Some((count.into(), 1)), text)
        }
        ChangeKind::VehicleType { .. } => {
            let text = "allow the stop for this vehicle".to_owned();
            ("vehicle_type", None, text)
        }
    })
}
