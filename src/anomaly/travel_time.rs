//! Travel times outside their interval more often than they should be, by hour, area and vehicle.

use super::areas::Areas;
use super::legs::Leg;
use super::{Observed, Settings, identity, tails};
use crate::domain::alert::{Alert, AlertKind, Severity};
use chrono::{DateTime, Timelike, Utc};
use std::collections::BTreeMap;

/// Share of legs that may be outside p10–p90.
const OUTSIDE: f64 = 0.2;
/// Share of legs that may be far outside: beyond p90 by 1.5 times p90 − p50 or more. A normal tail
/// would allow 0.1 %; real ones are heavier.
const FAR_OUTSIDE: f64 = 0.01;
/// What is far, in units of p90 − p50.
const FAR: f64 = 1.5;
/// Groups of fewer legs say nothing.
const LEAST_LEGS: usize = 4;
/// Hours of a time band within an area.
const BAND_HOURS: u32 = 2;

/// Groups of legs with more of them outside their interval, or far outside, than chance explains: a
/// beta-binomial tail (legs of a group share their conditions), with the accepted false alarms
/// shared among the groups and both counts (Bonferroni). A group whose outside legs are all in a more unusual group is not named
/// again.
pub(super) fn off_interval(observed: &Observed<'_>, settings: &Settings) -> Vec<Alert> {
    let legs: Vec<&Leg> = observed
        .legs
        .iter()
        .filter(|l| end(l) <= observed.now)
        .collect();
    let groups = groups(observed, &legs);
    let threshold = settings.false_alarms_per_day / groups.len().max(1) as f64;
    let tail = |hits: usize, cases: usize, share: f64| {
        tails::at_least(hits, cases, share, settings.leg_correlation)
    };
    let mut found: Vec<(f64, String, Vec<usize>)> = groups
        .into_iter()
        .filter_map(|(name, members)| {
            let outside: Vec<usize> = members
                .iter()
                .copied()
                .filter(|&at| side(legs[at]) != 0)
                .collect();
            let far = members.iter().filter(|&&at| is_far(legs[at])).count();
            // Two looks at the same group: each gets half of its false alarms.
            let p_value = tail(outside.len(), members.len(), OUTSIDE).min(tail(
                far,
                members.len(),
                FAR_OUTSIDE,
            )) * 2.0;
            let counted = format!("{name}: {} of {} legs", outside.len(), members.len());
            (p_value <= threshold).then_some((p_value.min(1.0), counted, outside))
        })
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    let mut explained: Vec<usize> = Vec::new();
    let mut alerts = Vec::new();
    for (p_value, counted, outside) in found {
        let news = outside.iter().filter(|at| !explained.contains(at)).count();
        if 2 * news > outside.len() {
            let outside_legs: Vec<&Leg> = outside.iter().map(|&at| legs[at]).collect();
            alerts.push(alert(observed, p_value, &counted, &outside_legs));
            explained.extend(outside);
        }
    }
    alerts
}

/// Legs by the name of their groups; each leg is in several.
fn groups(observed: &Observed<'_>, legs: &[&Leg]) -> BTreeMap<String, Vec<usize>> {
    let areas = Areas::of(observed.plan);
    let zone = observed.zone();
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, leg) in legs.iter().enumerate() {
        let hour = leg.depart.with_timezone(&zone).hour();
        let band = hour / BAND_HOURS * BAND_HOURS;
        let area = areas.name(leg.to);
        for name in [
            format!("hour {hour:02}:00–{:02}:00 {zone}", hour + 1),
            format!("area {area}"),
            format!("vehicle {}", leg.vehicle_id),
            format!(
                "area {area}, {band:02}:00–{:02}:00 {zone}",
                band + BAND_HOURS
            ),
        ] {
            groups.entry(name).or_default().push(at);
        }
    }
    groups.retain(|_, members| members.len() >= LEAST_LEGS);
    groups
}

/// 1 if slower than the interval, -1 if quicker, 0 inside.
fn side(leg: &Leg) -> i32 {
    if leg.duration_s > leg.predicted.p90 {
        1
    } else if leg.duration_s < leg.predicted.p10 {
        -1
    } else {
        0
    }
}

fn is_far(leg: &Leg) -> bool {
    let half_s = (leg.predicted.p90 - leg.predicted.p50).max(1.0);
    leg.duration_s > leg.predicted.p90 + FAR * half_s
}

fn end(leg: &Leg) -> DateTime<Utc> {
    leg.depart + chrono::TimeDelta::seconds(leg.duration_s as i64)
}

fn alert(observed: &Observed<'_>, p_value: f64, counted: &str, outside: &[&Leg]) -> Alert {
    let subject = counted.split(": ").next().unwrap_or(counted).to_owned();
    let slow = outside.iter().filter(|l| side(l) > 0).count();
    let quick = outside.len() - slow;
    let excess_min: f64 = outside
        .iter()
        .map(|l| (l.duration_s - l.predicted.p50) / 60.0)
        .sum();
    let mut vehicles: Vec<&str> = outside.iter().map(|l| l.vehicle_id.as_str()).collect();
    vehicles.sort_unstable();
    vehicles.dedup();
    let hourly = observed
        .plan
        .fleet
        .vehicles
        .iter()
        .filter(|v| vehicles.contains(&v.id.as_str()));
    let (rates, count) = hourly.fold((0.0, 0.0), |(sum, n), v| (sum + v.cost_per_hour, n + 1.0));
    let cost = excess_min / 60.0 * rates / f64::max(count, 1.0);
    let at_risk = windows_at_risk(observed, &vehicles, outside);
    let since = outside
        .iter()
        .map(|l| l.depart)
        .min()
        .unwrap_or(observed.now);
    Alert {
        id: identity::id(
            observed.plan,
            AlertKind::TravelTimeOffInterval,
            &subject,
            "legs",
        ),
        kind: AlertKind::TravelTimeOffInterval,
        severity: if slow > quick {
            Severity::Warning
        } else {
            Severity::Info
        },
        owner: if subject.starts_with("vehicle") {
            "dispatcher"
        } else {
            "analyst"
        }
        .into(),
        detected_at: outside.iter().map(|l| end(l)).max().unwrap_or(observed.now),
        since,
        what: format!(
            "{counted} took less than their 10 % or more than their 90 % quantile ({slow} slower, {quick} quicker); one in five would be usual."
        ),
        cause: cause(&subject, slow, quick, &vehicles),
        consequence: format!(
            "{excess_min:+.0} min of driving against the median, about {cost:+.0} EUR; {at_risk} windows of these routes are still ahead."
        ),
        remedy: if slow > quick {
            "Route the remaining legs around it and plan them with longer travel times; if it lasts, train the travel-time model again.".into()
        } else {
            "Nothing today; if it lasts, train the travel-time model again.".into()
        },
        subject,
        p_value,
    }
}

fn cause(subject: &str, slow: usize, quick: usize, vehicles: &[&str]) -> String {
    let who = vehicles.join(", ");
    if subject.starts_with("vehicle") {
        format!(
            "Only {who}: its driver, its vehicle (a defect, another profile than planned) or its district."
        )
    } else if slow > quick {
        format!("A local disturbance such as an accident, road works or weather; met by {who}.")
    } else {
        format!("Roads emptier than the model knows them, such as school holidays; met by {who}.")
    }
}

/// Stops with windows on these vehicles' routes after the last leg outside.
fn windows_at_risk(observed: &Observed<'_>, vehicles: &[&str], outside: &[&Leg]) -> usize {
    let last = outside.iter().map(|l| end(l)).max().unwrap_or(observed.now);
    let routes = observed
        .plan
        .routes
        .iter()
        .filter(|r| vehicles.contains(&r.vehicle_id.as_str()));
    let ahead = routes.flat_map(|r| &r.visits).filter(|v| v.arrival > last);
    ahead
        .filter(|v| {
            observed
                .plan
                .stops
                .iter()
                .any(|s| s.id == v.stop_id && !s.windows.is_empty())
        })
        .count()
}
