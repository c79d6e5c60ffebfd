//! Orders that were not served, or not in full.

use super::{Facts, kpi, ratio};
use crate::domain::day_record::StopOutcome;
use crate::domain::kpi::Kpi;
use crate::domain::stop::StopOrigin;
use std::collections::{HashMap, HashSet};

pub(super) fn figures(facts: &Facts<'_>) -> Vec<Kpi> {
    let site_of: HashMap<&str, &str> = facts
        .plan
        .stops
        .iter()
        .map(|s| (s.id.as_str(), s.site_id.as_str()))
        .collect();
    let full = facts.served().filter(|e| e.outcome == StopOutcome::Served);
    let served: HashSet<&str> = full
        .filter_map(|e| site_of.get(e.stop_id.as_str()).copied())
        .collect();
    let ordered: HashSet<&str> = if facts.realised.is_empty() {
        let stops = facts
            .plan
            .stops
            .iter()
            .filter(|s| s.origin == StopOrigin::Ordered);
        stops.map(|s| s.site_id.as_str()).collect()
    } else {
        let orders = facts.realised.iter().filter(|(_, amount)| **amount > 0.0);
        orders.map(|(site, _)| site.as_str()).collect()
    };
    let missed = ordered.difference(&served).count();
    let planned = ratio(
        100.0 * facts.plan.unplanned.len() as f64,
        facts.plan.stops.len() as f64,
    );
    vec![kpi(
        "unserved_share",
        "Orders not fully served",
        "%",
        ratio(100.0 * missed as f64, ordered.len() as f64),
        planned,
        "Share of sites with an order for the day, late ones included if they are known, that got less than they ordered; planned: share of stops on no route.",
    )]
}
