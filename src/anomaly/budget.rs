//! Few alerts: each finding once, and no more of them than somebody can look at.

use crate::domain::alert::Alert;
use std::cmp::Reverse;
use std::collections::HashSet;

/// Merges the findings of all rules, most urgent and least ordinary first, each id once. If there
/// are more than `most`, every rule keeps its first finding before any gets a second one, so that
/// a flood from one rule does not hide another's only finding.
pub(super) fn limit(by_rule: Vec<Vec<Alert>>, most: usize) -> Vec<Alert> {
    let mut seen = HashSet::new();
    let mut ranked: Vec<(usize, Alert)> = Vec::new();
    for mut alerts in by_rule {
        alerts.sort_by(order);
        let new = alerts.into_iter().filter(|a| seen.insert(a.id));
        ranked.extend(new.enumerate());
    }
    ranked.sort_by(|(rank_a, a), (rank_b, b)| rank_a.cmp(rank_b).then_with(|| order(a, b)));
    ranked.truncate(most);
    let mut kept: Vec<Alert> = ranked.into_iter().map(|(_, alert)| alert).collect();
    kept.sort_by(order);
    kept
}

fn order(a: &Alert, b: &Alert) -> std::cmp::Ordering {
    Reverse(a.severity)
        .cmp(&Reverse(b.severity))
        .then(a.p_value.total_cmp(&b.p_value))
        .then(a.id.cmp(&b.id))
}
