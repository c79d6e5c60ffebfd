//! Cost of the day.

use super::{CURRENCY, Facts, kpi, ratio};
use crate::domain::kpi::Kpi;

pub(super) fn figures(facts: &Facts<'_>) -> Vec<Kpi> {
    let (realised, planned) = (facts.day.cost.total(), facts.plan.cost.total());
    let (served, visits) = (facts.served().count(), facts.visits().count());
    vec![
        kpi(
            "cost_total",
            "Cost",
            CURRENCY,
            Some(realised),
            Some(planned),
            "Vehicles used, kilometres, hours between departure and end of each route, and penalties of orders not served.",
        ),
        kpi(
            "cost_per_stop",
            "Cost per stop",
            CURRENCY,
            ratio(realised, served as f64),
            ratio(planned, visits as f64),
            "Cost divided by the number of stops served; planned: by the number of stops on routes.",
        ),
    ]
}
