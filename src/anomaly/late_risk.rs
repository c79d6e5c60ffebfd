//! Stops that are likely to be late: by the plan alone, and by delays that spread.

use super::areas::Areas;
use super::{Observed, Settings, identity, tails};
use crate::domain::alert::{Alert, AlertKind, Severity};
use crate::domain::day_record::{DrivenRoute, StopEvent};
use crate::domain::plan::{Route, Visit};
use crate::domain::stop::Stop;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;

/// A delay is unusual if the plan gave it at most this probability.
const UNUSUAL: f64 = 0.05;

/// Stops whose probability of being late is above the threshold in the plan already; one alert per
/// route.
pub(super) fn of_plan(observed: &Observed<'_>, settings: &Settings) -> Vec<Alert> {
    let at_risk = |route: &Route| -> Option<Alert> {
        let late = |v: &&Visit| v.late_probability >= settings.late_probability;
        let visits: Vec<&Visit> = route.visits.iter().filter(late).collect();
        let worst = visits
            .iter()
            .max_by(|a, b| a.late_probability.total_cmp(&b.late_probability))?;
        let expected: f64 = visits.iter().map(|v| v.late_probability).sum();
        Some(Alert {
            id: identity::id(
                observed.plan,
                AlertKind::LateRisk,
                &route.vehicle_id,
                "plan",
            ),
            kind: AlertKind::LateRisk,
            severity: if worst.late_probability >= 0.75 {
                Severity::Warning
            } else {
                Severity::Info
            },
            owner: "planner".into(),
            subject: route.vehicle_id.clone(),
            detected_at: observed.plan.created_at,
            since: observed.plan.created_at,
            what: format!(
                "{} has {} of {} stops with a probability of at least {:.0} % to be late; {} is the worst with {:.0} %.",
                route.vehicle_id,
                visits.len(),
                route.visits.len(),
                100.0 * settings.late_probability,
                worst.stop_id,
                100.0 * worst.late_probability
            ),
            cause: format!(
                "The plan arrives at {} at {} (90 % quantile {}), too close to the end of its window for the uncertainty of the way there.",
                worst.stop_id,
                clock(observed, worst.arrival),
                clock(observed, worst.arrival_p90)
            ),
            consequence: format!("{expected:.1} late stops are to be expected on this route."),
            remedy: format!(
                "Let {} leave earlier, move {} to another vehicle, or agree on a later window.",
                route.vehicle_id, worst.stop_id
            ),
            p_value: 1.0 - worst.late_probability,
        })
    };
    observed.plan.routes.iter().filter_map(at_risk).collect()
}

/// Delays so far that make later stops of the same route late: at the first event of a route after
/// which that is so, an alert is raised; one per route.
pub(super) fn of_events(observed: &Observed<'_>, settings: &Settings) -> Vec<Alert> {
    let Some(day) = observed.day else {
        return Vec::new();
    };
    let stops: HashMap<&str, &Stop> = observed
        .plan
        .stops
        .iter()
        .map(|s| (s.id.as_str(), s))
        .collect();
    let areas = Areas::of(observed.plan);
    let spreading = |driven: &DrivenRoute| {
        let route = observed
            .plan
            .routes
            .iter()
            .find(|r| r.vehicle_id == driven.vehicle_id)?;
        let tracking = Tracking {
            observed,
            settings,
            route,
            driven,
            stops: &stops,
            areas: &areas,
        };
        tracking.first_risk()
    };
    day.routes.iter().filter_map(spreading).collect()
}

/// One route as planned and as driven so far.
struct Tracking<'a> {
    observed: &'a Observed<'a>,
    settings: &'a Settings,
    route: &'a Route,
    driven: &'a DrivenRoute,
    stops: &'a HashMap<&'a str, &'a Stop>,
    areas: &'a Areas,
}

/// Where the largest part of a delay came from.
struct Origin<'a> {
    event: &'a StopEvent,
    driving_s: i64,
    service_s: i64,
}

impl Tracking<'_> {
    fn first_risk(&self) -> Option<Alert> {
        let past = self
            .driven
            .events
            .iter()
            .take_while(|e| e.departed_at <= self.observed.now);
        past.enumerate().find_map(|(index, event)| {
            let at = self
                .route
                .visits
                .iter()
                .position(|v| v.stop_id == event.stop_id)?;
            let visit = &self.route.visits[at];
            let p_value = unusualness(visit, event);
            let late = self.projected_late(&self.route.visits[at + 1..], event.departed_at);
            (p_value <= UNUSUAL && !late.is_empty())
                .then(|| self.alert(&self.driven.events[..=index], visit, &late, p_value))
        })
    }

    /// Stops that will be late by how many seconds if everything else goes as planned.
    fn projected_late(&self, visits: &[Visit], leaves: DateTime<Utc>) -> Vec<(String, i64)> {
        let mut now = leaves;
        let mut late = Vec::new();
        for visit in visits {
            // A stop that was dropped is not driven to; nothing is known of that in advance but
            // by its missing event, and its time is small.
            now += TimeDelta::seconds(i64::from(visit.leg_driving_s));
            let Some(stop) = self.stops.get(visit.stop_id.as_str()) else {
                continue;
            };
            if let Some(open) = stop.windows.iter().find(|w| now <= w.end) {
                now = now.max(open.start);
            } else if let Some(last) = stop.windows.last() {
                let late_s = (now - last.end).num_seconds();
                if late_s >= self.settings.late_s {
                    late.push((visit.stop_id.clone(), late_s));
                }
            }
            now += visit.departure - visit.service_start;
        }
        late
    }

    /// The event so far whose leg or service ran over its plan most.
    fn origin<'a>(&self, events: &'a [StopEvent]) -> Option<Origin<'a>> {
        let mut left = self.driven.departure;
        let mut origins = Vec::with_capacity(events.len());
        for event in events {
            let visit = self
                .route
                .visits
                .iter()
                .find(|v| v.stop_id == event.stop_id);
            if let Some(visit) = visit {
                let drove = (event.arrived_at - left).num_seconds();
                let served = (event.departed_at - event.service_started_at).num_seconds();
                let planned = (visit.departure - visit.service_start).num_seconds();
                origins.push(Origin {
                    event,
                    driving_s: drove - i64::from(visit.leg_driving_s),
                    service_s: served - planned,
                });
            }
            left = event.departed_at;
        }
        origins
            .into_iter()
            .max_by_key(|o| o.driving_s.max(o.service_s))
    }

    fn alert(
        &self,
        events: &[StopEvent],
        visit: &Visit,
        late: &[(String, i64)],
        p_value: f64,
    ) -> Alert {
        let vehicle = &self.route.vehicle_id;
        let found = events.last().map_or(self.observed.now, |e| e.departed_at);
        let delay_min = (found - visit.departure).num_seconds() as f64 / 60.0;
        let worst = late.iter().max_by_key(|(_, late_s)| *late_s);
        let (worst_id, worst_s) = worst.map_or(("", 0), |(id, s)| (id.as_str(), *s));
        let names: Vec<&str> = late.iter().take(4).map(|(id, _)| id.as_str()).collect();
        let more = if late.len() > names.len() {
            " and others"
        } else {
            ""
        };
        Alert {
            id: identity::id(self.observed.plan, AlertKind::LateRisk, vehicle, "delay"),
            kind: AlertKind::LateRisk,
            severity: if worst_s >= 1_800 || late.len() >= 3 {
                Severity::Critical
            } else {
                Severity::Warning
            },
            owner: "dispatcher".into(),
            subject: vehicle.clone(),
            detected_at: found,
            since: self.origin(events).map_or(found, |o| o.event.arrived_at),
            what: format!(
                "{vehicle} left {} {delay_min:.0} min behind its plan; {} later stops will miss their window.",
                visit.stop_id,
                late.len()
            ),
            cause: self.cause(events),
            consequence: format!(
                "Late: {}{more}; {worst_id} by {:.0} min.",
                names.join(", "),
                worst_s as f64 / 60.0
            ),
            remedy: format!(
                "Warn these customers, give {worst_id} to a vehicle nearby, or let {vehicle} serve it first."
            ),
            p_value,
        }
    }

    fn cause(&self, events: &[StopEvent]) -> String {
        let Some(origin) = self.origin(events) else {
            return "No single leg or stop stands out.".into();
        };
        let stop = &origin.event.stop_id;
        let area = self
            .stops
            .get(stop.as_str())
            .map_or("an unknown area", |s| self.areas.name(s.place));
        let at = clock(self.observed, origin.event.arrived_at);
        if origin.driving_s >= origin.service_s {
            format!(
                "Slow traffic: the leg to {stop} ({area}, arrived {at}) took {:.0} min longer than planned.",
                origin.driving_s as f64 / 60.0
            )
        } else {
            format!(
                "Long service: {stop} ({area}, arrived {at}) took {:.0} min longer than planned.",
                origin.service_s as f64 / 60.0
            )
        }
    }
}

/// Probability that the plan gave to an arrival or departure as late as this one. The arrival's own
/// distribution also stands for the departure's: service times have none in the plan.
fn unusualness(visit: &Visit, event: &StopEvent) -> f64 {
    let p90_s = (visit.arrival_p90 - visit.arrival_p50).num_seconds() as f64;
    // Waiting for a window swallows delays, so only what is left of them at departure counts.
    let arrival_s = (event.arrived_at - visit.arrival_p50).num_seconds() as f64;
    let departure_s = (event.departed_at - visit.departure).num_seconds() as f64;
    tails::above(arrival_s.min(departure_s), 0.0, p90_s.max(60.0))
}

/// Local time of day with its zone.
fn clock(observed: &Observed<'_>, at: DateTime<Utc>) -> String {
    at.with_timezone(&observed.zone())
        .format("%H:%M %Z")
        .to_string()
}
