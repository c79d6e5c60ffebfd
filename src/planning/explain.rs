//! Why a stop is on no route: the first limit that binds, with its figures.

use super::day::{Day, DayStop, DayVehicle};
use super::schedule::{DecidedRoute, Schedule, walk, walk_leaving_late};
use crate::domain::plan::{Unplanned, UnplannedReason};
use std::collections::HashMap;

/// Explains every stop of `left_out`.
pub(super) fn unplanned(day: &Day, decided: &[DecidedRoute], left_out: &[usize]) -> Vec<Unplanned> {
    if left_out.is_empty() {
        return Vec::new();
    }
    let stops_of: HashMap<usize, &[usize]> = decided
        .iter()
        .map(|r| (r.vehicle, r.stops.as_slice()))
        .collect();
    let explainer = Explainer { day, stops_of };
    left_out
        .iter()
        .map(|stop| explainer.explain(*stop))
        .collect()
}

struct Explainer<'a> {
    day: &'a Day<'a>,
    /// Stops by vehicle; a vehicle that is not used has no entry.
    stops_of: HashMap<usize, &'a [usize]>,
}

/// What keeps a stop out, with the vehicle that comes nearest.
struct Finding {
    reason: UnplannedReason,
    explanation: String,
    vehicle: Option<usize>,
}

impl Explainer<'_> {
    fn explain(&self, index: usize) -> Unplanned {
        let stop = &self.day.stops[index];
        let finding = self
            .alone(index)
            .unwrap_or_else(|able| self.in_company(index, &able));
        Unplanned {
            stop_id: stop.stop.id.clone(),
            reason: finding.reason,
            explanation: finding.explanation,
            nearest_vehicle_id: finding
                .vehicle
                .map(|v| self.day.vehicles[v].vehicle.id.clone()),
        }
    }

    /// Whether the stop cannot be served even by a vehicle that has nothing else to do; otherwise
    /// the vehicles that could.
    fn alone(&self, index: usize) -> Result<Finding, Vec<usize>> {
        let (day, stop) = (self.day, &self.day.stops[index]);
        let all = 0..day.vehicles.len();
        let skilled: Vec<usize> = all
            .filter(|v| day.vehicles[*v].has_skills_of(stop.stop))
            .collect();
        if skilled.is_empty() {
            return Ok(Finding {
                reason: UnplannedReason::NoVehicleWithSkills,
                explanation: format!("no vehicle has {}", stop.stop.skills.join(" and ")),
                vehicle: None,
            });
        }
        let large: Vec<usize> = skilled
            .iter()
            .copied()
            .filter(|v| missing_room(stop, &day.vehicles[*v], |_| 0.0).is_none())
            .collect();
        if large.is_empty() {
            return Ok(self.too_large(stop, &skilled));
        }
        let schedule = |v: usize| walk(day, &day.vehicles[v], &[index], day.vehicles[v].shift_s.0);
        let earliest = |v: &usize| schedule(*v).visits[0].arrival_s;
        let in_time: Vec<usize> = large
            .iter()
            .copied()
            .filter(|v| earliest(v) <= stop.latest_s())
            .collect();
        if in_time.is_empty() {
            return Ok(self.unreachable(stop, &large, earliest));
        }
        let able: Vec<usize> = in_time
            .iter()
            .copied()
            .filter(|v| {
                walk_leaving_late(day, &day.vehicles[*v], &[index]).keeps_limits(&day.vehicles[*v])
            })
            .collect();
        if able.is_empty() {
            let nearest = in_time.into_iter().min_by_key(|v| schedule(*v).late_s);
            let over = nearest.map_or(0, |v| schedule(v).late_s.max(0));
            return Ok(Finding {
                reason: UnplannedReason::ShiftTooShort,
                explanation: format!(
                    "even alone no vehicle is back within its shift and limits; the nearest is {} over its shift",
                    minutes(over)
                ),
                vehicle: nearest,
            });
        }
        Err(able)
    }

    fn too_large(&self, stop: &DayStop, skilled: &[usize]) -> Finding {
        let missing = |v: &usize| missing_room(stop, &self.day.vehicles[*v], |_| 0.0);
        let nearest = skilled
            .iter()
            .filter_map(|v| missing(v).map(|m| (*v, m)))
            .min_by(|a, b| a.1.1.total_cmp(&b.1.1));
        Finding {
            reason: UnplannedReason::TooLargeForAnyVehicle,
            explanation: nearest
                .as_ref()
                .map_or_else(String::new, |(_, (dimension, by))| {
                    format!("larger than any able vehicle; the nearest lacks {by:.1} {dimension}")
                }),
            vehicle: nearest.map(|(v, _)| v),
        }
    }

    fn unreachable(
        &self,
        stop: &DayStop,
        able: &[usize],
        earliest: impl Fn(&usize) -> i64,
    ) -> Finding {
        let nearest = able.iter().copied().min_by_key(|v| earliest(v));
        let late = nearest.map_or(0, |v| earliest(&v) - stop.latest_s());
        Finding {
            reason: UnplannedReason::WindowUnreachable,
            explanation: format!(
                "its last window closes {} before any vehicle can be there",
                minutes(late)
            ),
            vehicle: nearest,
        }
    }

    /// Why none of the vehicles that could serve the stop alone takes it beside its other stops.
    fn in_company(&self, index: usize, able: &[usize]) -> Finding {
        let stop = &self.day.stops[index];
        let room = |v: &usize| {
            missing_room(stop, &self.day.vehicles[*v], |dimension| {
                self.load(*v, dimension)
            })
        };
        let with_room: Vec<usize> = able.iter().copied().filter(|v| room(v).is_none()).collect();
        if with_room.is_empty() {
            let nearest = able
                .iter()
                .filter_map(|v| room(v).map(|m| (*v, m)))
                .min_by(|a, b| a.1.1.total_cmp(&b.1.1));
            return Finding {
                reason: UnplannedReason::FleetFull,
                explanation: nearest
                    .as_ref()
                    .map_or_else(String::new, |(_, (dimension, by))| {
                        format!("all able vehicles are full; the nearest lacks {by:.1} {dimension}")
                    }),
                vehicle: nearest.map(|(v, _)| v),
            };
        }
        let tried: Vec<(usize, Schedule)> = with_room
            .iter()
            .flat_map(|v| self.insertions(*v, index))
            .collect();
        let fitting = tried
            .iter()
            .filter(|(v, s)| s.keeps_limits(&self.day.vehicles[*v]))
            .map(|(v, _)| (*v, self.extra_cost(*v, index)))
            .min_by(|a, b| a.1.total_cmp(&b.1));
        match fitting {
            Some((vehicle, extra)) => fits_at_a_price(stop, vehicle, extra),
            None => {
                let nearest = tried.iter().min_by_key(|(_, s)| s.late_s);
                Finding {
                    reason: UnplannedReason::NoTimeLeft,
                    explanation: format!(
                        "there is room, but every place in a route makes it or a later stop late, at best by {}",
                        minutes(nearest.map_or(0, |(_, s)| s.late_s.max(0)))
                    ),
                    vehicle: nearest.map(|(v, _)| *v),
                }
            }
        }
    }

    /// The vehicle's route with the stop at every position, leaving as early as allowed.
    fn insertions(&self, vehicle: usize, index: usize) -> Vec<(usize, Schedule)> {
        let resolved = &self.day.vehicles[vehicle];
        self.orders_with(vehicle, index)
            .into_iter()
            .map(|order| {
                (
                    vehicle,
                    walk(self.day, resolved, &order, resolved.shift_s.0),
                )
            })
            .collect()
    }

    /// Least extra cost of the stop in the vehicle's route, in currency units.
    fn extra_cost(&self, vehicle: usize, index: usize) -> f64 {
        let resolved = &self.day.vehicles[vehicle];
        let cost = |order: &[usize]| {
            let schedule = walk_leaving_late(self.day, resolved, order);
            if schedule.keeps_limits(resolved) {
                schedule.cost(resolved).total()
            } else {
                f64::INFINITY
            }
        };
        let before = self.stops_of.get(&vehicle).map_or(0.0, |stops| cost(stops));
        let orders = self.orders_with(vehicle, index);
        let after = orders
            .iter()
            .map(|order| cost(order))
            .fold(f64::INFINITY, f64::min);
        after - before
    }

    fn orders_with(&self, vehicle: usize, index: usize) -> Vec<Vec<usize>> {
        let stops = self.stops_of.get(&vehicle).copied().unwrap_or_default();
        let with = |position: usize| {
            let (before, after) = stops.split_at(position);
            [before, &[index], after].concat()
        };
        (0..=stops.len()).map(with).collect()
    }

    fn load(&self, vehicle: usize, dimension: &str) -> f64 {
        let stops = self.stops_of.get(&vehicle).copied().unwrap_or_default();
        let quantity = |stop: &usize| self.day.stops[*stop].stop.quantities.get(dimension);
        stops.iter().filter_map(quantity).sum()
    }
}

fn fits_at_a_price(stop: &DayStop, vehicle: usize, extra: f64) -> Finding {
    let (reason, explanation) = match stop.stop.penalty {
        Some(penalty) if extra > penalty => (
            UnplannedReason::CostsMoreThanPenalty,
            format!("serving it would cost {extra:.2}, leaving it out {penalty:.2}"),
        ),
        _ => (
            UnplannedReason::SearchEnded,
            format!("it would fit for {extra:.2}; the search ended first: allow it more time"),
        ),
    };
    Finding {
        reason,
        explanation,
        vehicle: Some(vehicle),
    }
}

/// The dimension that a stop lacks most room in, and how much; `None` if it fits.
fn missing_room<'a>(
    stop: &'a DayStop,
    vehicle: &DayVehicle,
    load: impl Fn(&str) -> f64,
) -> Option<(&'a str, f64)> {
    stop.stop
        .quantities
        .iter()
        .map(|(d, quantity)| (d.as_str(), load(d) + quantity - vehicle.capacity(d)))
        .filter(|(_, missing)| *missing > 1e-9)
        .max_by(|a, b| a.1.total_cmp(&b.1))
}

fn minutes(seconds: i64) -> String {
    format!("{} min", (seconds as f64 / 60.0).ceil())
}
