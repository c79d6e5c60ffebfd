//! Which order each stop of a plan meets on the day.

use super::truth::{DayTruth, RealisedOrder};
use crate::domain::fleet::Quantities;
use crate::domain::stop::{Stop, StopOrigin};
use std::collections::HashMap;

/// What a stop really needs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Need {
    /// What is wanted, by dimension.
    pub(super) quantities: Quantities,
    /// Service time it really takes, in seconds.
    pub(super) service_s: u32,
    /// Cost of leaving it out.
    pub(super) penalty: f64,
}

/// Needs by stop, and the orders that no stop of the plan stands for.
#[derive(Debug)]
pub(super) struct Assignment<'a> {
    /// By stop id; a stop without a need is not needed.
    pub(super) needs: HashMap<&'a str, Need>,
    /// Orders without a stop.
    pub(super) without_stop: Vec<&'a RealisedOrder>,
}

/// Gives every order to at most one stop of its site: first ordered stops take the orders that
/// were known, then the late ones; then expected stops take what is left, late ones first. An
/// ordered stop of which the truth knows nothing is as it was ordered.
pub(super) fn assign<'a>(stops: &'a [Stop], truth: &'a DayTruth) -> Assignment<'a> {
    let mut open: HashMap<&str, Vec<&RealisedOrder>> = HashMap::new();
    for order in &truth.orders {
        open.entry(&order.site_id).or_default().push(order);
    }
    let mut needs = HashMap::new();
    for origin in [StopOrigin::Ordered, StopOrigin::Forecast] {
        for stop in stops.iter().filter(|s| s.origin == origin) {
            let prefer_known = origin == StopOrigin::Ordered;
            let order = open.get_mut(stop.site_id.as_str()).and_then(|orders| {
                let preferred = orders.iter().position(|o| o.known == prefer_known);
                let at = preferred.or((!orders.is_empty()).then_some(0))?;
                Some(orders.remove(at))
            });
            match (order, origin) {
                (Some(order), _) => {
                    needs.insert(stop.id.as_str(), Need::of(order));
                }
                (None, StopOrigin::Ordered) => {
                    needs.insert(stop.id.as_str(), Need::as_ordered(stop));
                }
                (None, StopOrigin::Forecast) => {}
            }
        }
    }
    let mut without_stop: Vec<&RealisedOrder> = open.into_values().flatten().collect();
    without_stop.sort_by(|a, b| a.site_id.cmp(&b.site_id));
    Assignment {
        needs,
        without_stop,
    }
}

impl Need {
    fn of(order: &RealisedOrder) -> Self {
        Self {
            quantities: order.quantities.clone(),
            service_s: order.service_s,
            penalty: order.penalty,
        }
    }

    fn as_ordered(stop: &Stop) -> Self {
        Self {
            quantities: stop.quantities.clone(),
            service_s: stop.service_s,
            penalty: stop.penalty.unwrap_or(0.0),
        }
    }

    /// Share of the need that `available` covers, 0 to 1; all dimensions are cut alike.
    pub(super) fn covered_by(&self, available: &Quantities) -> f64 {
        let shares = self.quantities.iter().filter(|(_, wanted)| **wanted > 0.0);
        shares
            .filter_map(|(dimension, wanted)| Some(available.get(dimension)? / wanted))
            // Sums of many quantities come back a little short of what they were made of.
            .map(|share| {
                if share > 1.0 - 1e-6 {
                    1.0
                } else {
                    share.max(0.0)
                }
            })
            .fold(1.0, f64::min)
    }
}
