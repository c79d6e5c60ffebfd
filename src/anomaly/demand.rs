//! Demand far from its forecast: single series, and the day as a whole.

use super::tails;
use super::{Observed, Settings, identity};
use crate::domain::alert::{Alert, AlertKind, Severity};
use crate::domain::forecast::{DemandForecast, Quantiles, Z90};

/// Share of series expected outside p10–p90.
const OUTSIDE: f64 = 0.2;
/// How much series of one day have in common beyond their own chance.
const SERIES_CORRELATION: f64 = 0.02;

/// Series far outside their interval, and more series outside than chance explains.
///
/// Calibration: forecasts' tails are heavier than the normal ones that quantiles suggest, and each
/// day's series show by how much. A series' distance from its median is measured in units of its own
/// interval, and its p-value is the normal tail after dividing by the day's usual distance if that
/// is larger than it should be. The threshold shares the accepted false alarms among the series.
pub(super) fn off_interval(observed: &Observed<'_>, settings: &Settings) -> Vec<Alert> {
    if observed.realised.is_empty() || observed.forecasts.is_empty() {
        return Vec::new();
    }
    let cases: Vec<Case> = observed
        .forecasts
        .iter()
        .map(|f| Case::of(observed, f))
        .collect();
    let inflation = inflation(&cases);
    let threshold = settings.false_alarms_per_day / 2.0 / cases.len() as f64;
    let single = cases.iter().filter_map(|case| {
        let p_value = (2.0 * tails::normal_tail(case.distance.abs() / inflation)).min(1.0);
        (p_value <= threshold).then(|| alert_of_series(observed, case, p_value))
    });
    single
        .chain(of_the_day(observed, settings, &cases))
        .collect()
}

struct Case<'a> {
    forecast: &'a DemandForecast,
    actual: f64,
    /// Signed distance from the median in standard deviations of the interval's half.
    distance: f64,
}

impl<'a> Case<'a> {
    fn of(observed: &Observed<'_>, forecast: &'a DemandForecast) -> Self {
        let actual = observed
            .realised
            .get(&forecast.series_id)
            .copied()
            .unwrap_or(0.0);
        let Quantiles { p10, p50, p90, .. } = forecast.quantiles;
        // A half of no width says nothing about spread: the other half, or a tenth, must do.
        let width = (p90 - p10).max(0.1 * p50.abs()).max(1e-6);
        let half = if actual >= p50 { p90 - p50 } else { p50 - p10 };
        let half = half.max(0.25 * width);
        Self {
            forecast,
            actual,
            distance: (actual - p50) / half * Z90,
        }
    }

    fn is_outside(&self) -> bool {
        let q = self.forecast.quantiles;
        !(q.p10..=q.p90).contains(&self.actual)
    }
}

/// How much wider the day's distances are than normal ones: their 90 % quantile over what it should
/// be, at least 1.
fn inflation(cases: &[Case<'_>]) -> f64 {
    let mut distances: Vec<f64> = cases.iter().map(|c| c.distance.abs()).collect();
    distances.sort_by(f64::total_cmp);
    let usual = distances
        .get(distances.len() * 9 / 10)
        .copied()
        .unwrap_or(0.0);
    (usual / 1.644_854).max(1.0)
}

fn alert_of_series(observed: &Observed<'_>, case: &Case<'_>, p_value: f64) -> Alert {
    let q = case.forecast.quantiles;
    let series = &case.forecast.series_id;
    let above = case.actual > q.p50;
    let stop = observed.plan.stops.iter().find(|s| s.site_id == *series);
    let route = stop.and_then(|stop| {
        let mut routes = observed.plan.routes.iter();
        routes.find(|r| r.visits.iter().any(|v| v.stop_id == stop.id))
    });
    let vehicle = route.map_or("no vehicle".to_owned(), |r| {
        format!("vehicle {}", r.vehicle_id)
    });
    Alert {
        id: identity::id(observed.plan, AlertKind::DemandOffPattern, series, "series"),
        kind: AlertKind::DemandOffPattern,
        severity: Severity::Warning,
        owner: "planner".into(),
        subject: series.clone(),
        detected_at: observed.now,
        since: observed.plan.created_at,
        what: format!(
            "{series} ordered {:.0} against an expected {:.0} (80 % interval {:.0} to {:.0}).",
            case.actual, q.p50, q.p10, q.p90
        ),
        cause: if above {
            "An order far above the site's pattern: a one-off need, a promotion missing from the calendar, or an entry in the wrong unit.".into()
        } else {
            "An order far below the site's pattern, or none: a closure missing from the calendar, a customer leaving, or an order not yet entered.".into()
        },
        consequence: if above {
            format!("Planned on {vehicle}: {:.0} more than the median has to fit, or is delivered in part.", case.actual - q.p50)
        } else {
            format!("Planned on {vehicle}: room and time for {:.0} are kept in vain.", q.p50 - case.actual)
        },
        remedy: "Confirm the amount with the customer, correct the order or the calendar, and plan again if vehicles are still at the depot.".into(),
        p_value,
    }
}

/// More series on one side of their intervals than chance explains.
fn of_the_day(observed: &Observed<'_>, settings: &Settings, cases: &[Case<'_>]) -> Option<Alert> {
    let above = cases
        .iter()
        .filter(|c| c.is_outside() && c.distance > 0.0)
        .count();
    let below = cases
        .iter()
        .filter(|c| c.is_outside() && c.distance < 0.0)
        .count();
    let (hits, side) = if above >= below {
        (above, "above")
    } else {
        (below, "below")
    };
    let p_value = tails::at_least(hits, cases.len(), OUTSIDE / 2.0, SERIES_CORRELATION);
    if cases.len() < 10 || p_value > settings.false_alarms_per_day / 4.0 {
        return None;
    }
    let (actual, expected) = (
        cases.iter().map(|c| c.actual).sum::<f64>(),
        cases.iter().map(|c| c.forecast.quantiles.mean).sum::<f64>(),
    );
    Some(Alert {
        id: identity::id(observed.plan, AlertKind::DemandOffPattern, "all series", side),
        kind: AlertKind::DemandOffPattern,
        severity: Severity::Warning,
        owner: "analyst".into(),
        subject: "all series".into(),
        detected_at: observed.now,
        since: observed.plan.created_at,
        what: format!(
            "{hits} of {} series are {side} their 80 % interval; {:.0} would be usual. In all {actual:.0} came against an expected {expected:.0}.",
            cases.len(),
            OUTSIDE / 2.0 * cases.len() as f64
        ),
        cause: "Something common to many sites that the forecast did not know: a promotion, weather, a holiday nearby, or a change of level since the model was trained.".into(),
        consequence: if side == "above" {
            "Vehicles are fuller and stops take longer than planned on several routes at once.".into()
        } else {
            "Vehicles leave emptier than planned; fewer might have done.".into()
        },
        remedy: "Check the calendar of the day; if the level has changed, train the demand model again.".into(),
        p_value,
    })
}
