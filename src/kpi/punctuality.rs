//! Punctuality: service within the windows.

use super::{Facts, kpi, mean};
use crate::domain::kpi::Kpi;

pub(super) fn figures(facts: &Facts<'_>) -> Vec<Kpi> {
    let on_time = mean(
        facts
            .served()
            .map(|e| if e.late_s == 0 { 100.0 } else { 0.0 }),
    );
    let expected = mean(facts.visits().map(|v| 100.0 * (1.0 - v.late_probability)));
    let late = facts.served().filter(|e| e.late_s > 0);
    let late_min = mean(late.map(|e| f64::from(e.late_s) / 60.0));
    vec![
        kpi(
            "on_time_share",
            "Stops on time",
            "%",
            on_time,
            expected,
            "Share of served stops at which service started before the last window closed; planned: mean of 1 − probability of being late.",
        ),
        kpi(
            "mean_lateness_min",
            "Lateness of late stops",
            "min",
            late_min,
            None,
            "Mean time from the close of the last window to the start of service, over late stops only.",
        ),
    ]
}
