//! Whether the parts of a problem fit together.

use super::{
    Break, Driven, Problem, ProblemError, Relation, Reload, Rules, Stop, TimeWindow, UNBOUNDED_S,
    VehicleType,
};
use crate::solver::solution::{Pause, PauseKind};
use crate::solver::travel::Travel;

/// Largest value of a demand, capacity, distance limit or single cost.
const LARGEST: i64 = 1 << 50;

const TIMES: &str = "give a second within 2^40 of the origin";
const SPANS: &str = "give seconds from 0 to 2^40";
const AMOUNTS: &str = "give a number from 0 to 2^50";
const PLACES: &str = "give a place of the travel table";

/// What is wrong: field, value, remedy.
type Wrong = (&'static str, String, &'static str);

/// Checks everything but the size of costs.
pub(super) fn parts(
    travel: &Travel,
    vehicle_types: &[VehicleType],
    stops: &[Stop],
    rules: &Rules,
) -> Result<(), ProblemError> {
    let first = vehicle_types.first().ok_or(ProblemError::NoVehicles)?;
    let dimensions = first.capacity.len();
    for (index, vehicle) in vehicle_types.iter().enumerate() {
        check_vehicle(vehicle, dimensions, stops.len(), travel).map_err(|wrong| {
            let (field, value, remedy) = wrong;
            ProblemError::Vehicle {
                index,
                field,
                value,
                remedy,
            }
        })?;
    }
    let types = vehicle_types.len();
    for (index, stop) in stops.iter().enumerate() {
        check_stop(stop, dimensions, types, travel.places()).map_err(|wrong| {
            let (field, value, remedy) = wrong;
            ProblemError::Stop {
                index,
                field,
                value,
                remedy,
            }
        })?;
    }
    check_driven(vehicle_types, stops.len())?;
    check_rules(rules, stops, dimensions)
}

/// `Err` if the amount is not within 0 to `LARGEST`.
fn amount(field: &'static str, amount: i64) -> Result<(), Wrong> {
    if (0..=LARGEST).contains(&amount) {
        return Ok(());
    }
    Err((field, amount.to_string(), AMOUNTS))
}

fn amounts(field: &'static str, all: &[i64]) -> Result<(), Wrong> {
    all.iter().try_for_each(|&one| amount(field, one))
}

/// `Err` if there are not as many amounts as dimensions.
fn shape(field: &'static str, found: usize, dimensions: usize) -> Result<(), Wrong> {
    let remedy = "give as many as the first vehicle type's capacity has";
    match found == dimensions {
        true => Ok(()),
        false => Err((field, format!("of {found} dimensions"), remedy)),
    }
}

fn span(field: &'static str, seconds: i64) -> Result<(), Wrong> {
    match (0..=UNBOUNDED_S).contains(&seconds) {
        true => Ok(()),
        false => Err((field, seconds.to_string(), SPANS)),
    }
}

fn instant(field: &'static str, second: i64) -> Result<(), Wrong> {
    match (-UNBOUNDED_S..=UNBOUNDED_S).contains(&second) {
        true => Ok(()),
        false => Err((field, second.to_string(), TIMES)),
    }
}

fn place(field: &'static str, place: usize, travel: &Travel) -> Result<(), Wrong> {
    match place < travel.places() {
        true => Ok(()),
        false => Err((field, place.to_string(), PLACES)),
    }
}

fn windows(field: &'static str, windows: &[TimeWindow]) -> Result<(), Wrong> {
    let mut previous_s = -UNBOUNDED_S - 1;
    for &TimeWindow { open_s, close_s } in windows {
        let shown = format!("{open_s}..{close_s}");
        if open_s > close_s {
            return Err((field, shown, "close a window after it opens"));
        }
        if open_s <= previous_s || close_s > UNBOUNDED_S {
            return Err((
                field,
                shown,
                "sort windows, without overlap, within 2^40 seconds",
            ));
        }
        previous_s = close_s;
    }
    Ok(())
}

fn check_vehicle(
    vehicle: &VehicleType,
    dimensions: usize,
    stops: usize,
    travel: &Travel,
) -> Result<(), Wrong> {
    vehicle
        .start
        .map_or(Ok(()), |at| place("start", at, travel))?;
    vehicle.end.map_or(Ok(()), |at| place("end", at, travel))?;
    if vehicle.profile >= travel.profiles() {
        let remedy = "give a profile of the travel table";
        return Err(("profile", vehicle.profile.to_string(), remedy));
    }
    shape("capacity", vehicle.capacity.len(), dimensions)?;
    amounts("capacity", &vehicle.capacity)?;
    amount("fixed_cost", vehicle.fixed_cost)?;
    amount("cost_per_distance", vehicle.cost_per_distance)?;
    amount("cost_per_second", vehicle.cost_per_second)?;
    amount("cost_per_driving_second", vehicle.cost_per_driving_second)?;
    amount("cost_per_waiting_second", vehicle.cost_per_waiting_second)?;
    amount("max_distance", vehicle.max_distance.unwrap_or(0))?;
    span("max_duration_s", vehicle.max_duration_s.unwrap_or(0))?;
    span("max_driving_s", vehicle.max_driving_s.unwrap_or(0))?;
    if let Some(overtime) = vehicle.overtime {
        span("overtime.after_s", overtime.after_s)?;
        amount("overtime.cost_per_second", overtime.cost_per_second)?;
    }
    if let Some(rule) = vehicle.driving_rule {
        span("driving_rule.max_driving_s", rule.max_driving_s)?;
        span("driving_rule.break_s", rule.break_s)?;
    }
    instant("earliest_start_s", vehicle.earliest_start_s)?;
    instant("latest_start_s", vehicle.latest_start_s)?;
    instant("latest_end_s", vehicle.latest_end_s)?;
    for (field, end_s) in [
        ("latest_start_s", vehicle.latest_start_s),
        ("latest_end_s", vehicle.latest_end_s),
    ] {
        if vehicle.earliest_start_s > end_s {
            return Err((field, end_s.to_string(), "end the shift after it starts"));
        }
    }
    for Reload {
        place: at,
        duration_s,
        windows: when,
    } in &vehicle.reloads
    {
        place("reloads.place", *at, travel)?;
        span("reloads.duration_s", *duration_s)?;
        windows("reloads.windows", when)?;
    }
    for Break {
        windows: when,
        duration_s,
        ..
    } in &vehicle.breaks
    {
        span("breaks.duration_s", *duration_s)?;
        windows("breaks.windows", when)?;
    }
    let Some(driven) = &vehicle.driven else {
        return Ok(());
    };
    if vehicle.count != 1 {
        let remedy = "give a vehicle that has driven a type of its own";
        return Err(("count", vehicle.count.to_string(), remedy));
    }
    instant("driven.departure_s", driven.departure_s)?;
    instant("driven.free_from_s", driven.free_from_s)?;
    check_driven_pauses(vehicle, driven)?;
    check_driven_goods(driven)?;
    let mut before = driven.free_before_s.iter();
    before.try_for_each(|(_, s)| instant("driven.free_before_s", *s))?;
    match driven.stops.iter().find(|&&stop| stop >= stops) {
        Some(stop) => Err(("driven.stops", stop.to_string(), "give a stop")),
        None => Ok(()),
    }
}

/// Pauses taken are the vehicle's, and in order.
fn check_driven_pauses(vehicle: &VehicleType, driven: &Driven) -> Result<(), Wrong> {
    let mut earliest = 0;
    for pause in &driven.pauses {
        let known = match pause.kind {
            PauseKind::Reload(reload) => reload < vehicle.reloads.len(),
            PauseKind::Break(owed) => owed < vehicle.breaks.len(),
            PauseKind::Rest => vehicle.driving_rule.is_some(),
        };
        if !known {
            let remedy = "give a reload, break or rest that the vehicle type has";
            return Err(("driven.pauses.kind", format!("{:?}", pause.kind), remedy));
        }
        if !(earliest..=driven.stops.len()).contains(&pause.before) {
            let remedy = "sort pauses, with positions up to the number of driven stops";
            return Err(("driven.pauses.before", pause.before.to_string(), remedy));
        }
        earliest = pause.before;
    }
    Ok(())
}

/// Goods are waited for at reloads.
fn check_driven_goods(driven: &Driven) -> Result<(), Wrong> {
    let is_reload = |pause: &&Pause| matches!(pause.kind, PauseKind::Reload(_));
    let given = driven.released_s.len();
    if given > driven.pauses.iter().filter(is_reload).count() {
        let remedy = "give a second for each of the driven reloads at most";
        return Err(("driven.released_s", format!("{given} seconds"), remedy));
    }
    let mut seconds = driven.released_s.iter();
    seconds.try_for_each(|&s| instant("driven.released_s", s))
}

/// No stop was driven to twice.
fn check_driven(vehicle_types: &[VehicleType], stops: usize) -> Result<(), ProblemError> {
    let mut seen = vec![false; stops];
    for (index, vehicle) in vehicle_types.iter().enumerate() {
        for &stop in vehicle.driven.iter().flat_map(|d| &d.stops) {
            if std::mem::replace(&mut seen[stop], true) {
                return Err(ProblemError::Vehicle {
                    index,
                    field: "driven.stops",
                    value: stop.to_string(),
                    remedy: "name every stop once",
                });
            }
        }
    }
    Ok(())
}

fn check_stop(stop: &Stop, dimensions: usize, types: usize, places: usize) -> Result<(), Wrong> {
    if stop.place >= places {
        return Err(("place", stop.place.to_string(), PLACES));
    }
    shape("demand", stop.demand.len(), dimensions)?;
    amounts("demand", &stop.demand)?;
    if !stop.pickup.is_empty() {
        shape("pickup", stop.pickup.len(), dimensions)?;
        amounts("pickup", &stop.pickup)?;
    }
    span("service_s", stop.service_s)?;
    for (field, by_type) in [
        ("service_by_type_s", &stop.service_by_type_s),
        ("service_sd_by_type_ms", &stop.service_sd_by_type_ms),
        ("cost_by_type", &stop.cost_by_type),
    ] {
        if !by_type.is_empty() && by_type.len() != types {
            let found = format!("of {} vehicle types", by_type.len());
            return Err((field, found, "give one for each vehicle type, or none"));
        }
    }
    stop.service_by_type_s
        .iter()
        .try_for_each(|&s| span("service_by_type_s", s))?;
    amount("service_sd_ms", stop.service_sd_ms)?;
    amounts("service_sd_by_type_ms", &stop.service_sd_by_type_ms)?;
    amounts("cost_by_type", &stop.cost_by_type)?;
    amount("penalty", stop.penalty.unwrap_or(0))?;
    instant("release_s", stop.release_s)?;
    if let Some(due) = stop.due {
        instant("due.by_s", due.by_s)?;
        amount("due.cost_per_second", due.cost_per_second)?;
    }
    let named = stop.vehicle_types.iter().flatten();
    if let Some(unknown) = named.into_iter().find(|&&t| t >= types) {
        let remedy = "give indices of vehicle types";
        return Err(("vehicle_types", unknown.to_string(), remedy));
    }
    windows("windows", &stop.windows)
}

fn check_rules(rules: &Rules, stops: &[Stop], dimensions: usize) -> Result<(), ProblemError> {
    let wrong = |rule, index, (field, value, remedy): Wrong| ProblemError::Rule {
        rule,
        index,
        field,
        value,
        remedy,
    };
    let known = |field, stop: usize| match stop < stops.len() {
        true => Ok(()),
        false => Err((field, stop.to_string(), "give a stop")),
    };
    let mut tied = vec![false; stops.len()];
    let mut once = |field, stop: usize| match std::mem::replace(&mut tied[stop], true) {
        false => Ok(()),
        true => Err((
            field,
            stop.to_string(),
            "name a stop in one shipment or group only",
        )),
    };
    for (index, shipment) in rules.shipments.iter().enumerate() {
        let mut check = || {
            for (field, end) in [("pickup", shipment.pickup), ("delivery", shipment.delivery)] {
                known(field, end)?;
                once(field, end)?;
                if stops[end].is_linehaul() || stops[end].pickup.iter().any(|&a| a > 0) {
                    let remedy = "give the stops of a shipment no demand or pickup of their own";
                    return Err((field, end.to_string(), remedy));
                }
            }
            shape("amount", shipment.amount.len(), dimensions)?;
            amounts("amount", &shipment.amount)
        };
        check().map_err(|w| wrong("shipment", index, w))?;
    }
    for (index, group) in rules.groups.iter().enumerate() {
        let mut check = || {
            for &stop in &group.stops {
                known("stops", stop)?;
                once("stops", stop)?;
                if let Some(penalty) = stops[stop].penalty {
                    let remedy = "give the penalty to the group, not to its stops";
                    return Err(("penalty", penalty.to_string(), remedy));
                }
            }
            match group.stops.is_empty() {
                true => Err(("stops", "empty".into(), "name at least one stop")),
                false => amount("penalty", group.penalty.unwrap_or(0)),
            }
        };
        check().map_err(|w| wrong("group", index, w))?;
    }
    for (index, relation) in rules.relations.iter().enumerate() {
        let (Relation::SameVehicle(tied) | Relation::DifferentVehicles(tied)) = relation;
        let check = || tied.iter().try_for_each(|&stop| known("stops", stop));
        check().map_err(|w| wrong("relation", index, w))?;
    }
    let objective = rules.objective;
    let lateness = [
        (
            "p90_lateness_cost_per_second",
            objective.p90_lateness_cost_per_second,
        ),
        (
            "expected_lateness_cost_per_second",
            objective.expected_lateness_cost_per_second,
        ),
    ];
    lateness
        .into_iter()
        .try_for_each(|(field, rate)| amount(field, rate))
        .map_err(|w| wrong("objective", 0, w))
}

/// More than any plan can cost: every stop on a vehicle of its own, each leg the dearest,
/// every route as long as a day can be.
pub(super) fn cost_bound(problem: &Problem) -> i128 {
    let (longest_leg, longest_trip_s) = problem.travel().longest();
    let stops = &problem.stops;
    let longest_service = |s: &Stop| {
        let by_type = s.service_by_type_s.iter().copied().max();
        // Whoever is uncertain is expected to be late by no more than the deviation beyond the mean.
        let sd_ms = s.service_sd_by_type_ms.iter().copied().max();
        let sd_ms = i128::from(sd_ms.unwrap_or(0).max(s.service_sd_ms));
        i128::from(by_type.unwrap_or(s.service_s)) + (sd_ms + 999) / 1_000
    };
    let service_s: i128 = stops.iter().map(longest_service).sum();
    let legs = stops.len() as i128 * 2 + 1;
    let driven = problem.vehicle_types.iter();
    let driven = driven.filter_map(|v| v.driven.as_ref());
    let released_s = driven.flat_map(|d| d.released_s.iter().copied());
    let released_s = released_s.chain(stops.iter().map(|s| s.release_s));
    let latest_release_s = released_s.max().unwrap_or(0);
    let day_s = i128::from(problem.last_change_s.max(latest_release_s).max(0));
    let route_s = day_s + service_s + legs * i128::from(longest_trip_s);
    let per_late_second: i128 = {
        let due = stops.iter().filter_map(|s| s.due);
        let objective = problem.rules.objective;
        let of_windows = i128::from(objective.p90_lateness_cost_per_second)
            + i128::from(objective.expected_lateness_cost_per_second);
        due.map(|d| i128::from(d.cost_per_second)).sum::<i128>() + of_windows * stops.len() as i128
    };
    let dearest = |v: &VehicleType| {
        let distance = legs * i128::from(longest_leg) * i128::from(v.cost_per_distance);
        let start_s = i128::from(v.earliest_start_s.unsigned_abs());
        let paused_s: i128 = v.breaks.iter().map(|b| i128::from(b.duration_s)).sum();
        let per_second = i128::from(v.cost_per_second)
            + i128::from(v.cost_per_driving_second)
            + i128::from(v.cost_per_waiting_second)
            + i128::from(v.overtime.map_or(0, |o| o.cost_per_second))
            + per_late_second;
        distance + (route_s + start_s + paused_s) * per_second + i128::from(v.fixed_cost)
    };
    let route = problem.vehicle_types.iter().map(dearest).max().unwrap_or(0);
    let of_stops = stops.iter().map(|s| {
        let by_type = s.cost_by_type.iter().copied().max().unwrap_or(0);
        i128::from(s.penalty.unwrap_or(0)) + i128::from(by_type)
    });
    let of_groups = problem.rules.groups.iter();
    let of_groups = of_groups.map(|g| i128::from(g.penalty.unwrap_or(0)));
    route * (stops.len() as i128 + 1) + of_stops.sum::<i128>() + of_groups.sum::<i128>()
}
