//! Stops of the day: the orders that are in, and the ones that are to be expected.

use super::demand::Level;
use crate::domain::fleet::Quantities;
use crate::domain::forecast::Quantiles;
use crate::domain::stop::{Stop, StopOrigin, TimeWindow};
use crate::features::sites::SiteHabits;
use crate::planning::local_instant;
use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use std::collections::{HashMap, HashSet};

/// Least expected amount, as a share of the site's usual order, that is worth a stop. Whether a stop
/// above it pays is for the search to say: its penalty is the expected loss of not coming.
const LEAST_SHARE_OF_ORDER: f64 = 0.1;

/// What is expected of sites that have not ordered.
#[derive(Debug, Clone)]
pub enum Expectation {
    /// Nothing: only what is ordered is planned.
    Nothing,
    /// The usual order wherever an order on that weekday is more likely than not: what a planner
    /// does without a forecast.
    Average,
    /// What a model forecasts, in the unit of `dimension`.
    Forecast {
        /// Forecast by site.
        by_site: HashMap<String, Quantiles>,
        /// The amount to plan for.
        level: Level,
        /// The dimension that the demand series count.
        dimension: String,
    },
}

/// Adds stops for sites that have not ordered and are expected to. Their penalty is `penalty`
/// times the probability of an order: the expected loss of not coming.
pub fn with_expected(
    ordered: Vec<Stop>,
    habits: &[SiteHabits],
    expectation: &Expectation,
    penalty: f64,
    date: NaiveDate,
    time_zone: Tz,
) -> Vec<Stop> {
    let weekday = date.weekday().num_days_from_monday() as usize;
    let has_ordered: HashSet<String> = ordered.iter().map(|s| s.site_id.clone()).collect();
    let mut stops = ordered;
    for site in habits
        .iter()
        .filter(|site| !has_ordered.contains(&site.site_id))
    {
        let Some((share, probability)) = expected_order(site, expectation, weekday) else {
            continue;
        };
        let quantities: Quantities = site
            .quantities
            .iter()
            .map(|(dimension, usual)| (dimension.clone(), round(usual * share)))
            .collect();
        let window = |(start, end): &(_, _)| TimeWindow {
            start: local_instant(date, *start, time_zone),
            end: local_instant(date, *end, time_zone),
        };
        stops.push(Stop {
            id: format!("expected-{}", site.site_id),
            site_id: site.site_id.clone(),
            place: site.place,
            quantities,
            service_s: site.service_s.round() as u32,
            service_sd_s: None,
            windows: site.windows.iter().map(window).collect(),
            skills: site.skills.clone(),
            penalty: Some(penalty * probability),
            origin: StopOrigin::Forecast,
        });
    }
    stops
}

/// The expected order as a share of the site's usual one, and the probability of any; `None` if it
/// is not worth a stop.
fn expected_order(
    site: &SiteHabits,
    expectation: &Expectation,
    weekday: usize,
) -> Option<(f64, f64)> {
    match expectation {
        Expectation::Nothing => None,
        Expectation::Average => {
            let probability = site.order_share[weekday];
            (probability > 0.5).then_some((1.0, probability))
        }
        Expectation::Forecast {
            by_site,
            level,
            dimension,
        } => {
            let usual = *site
                .quantities
                .get(dimension)
                .filter(|usual| **usual > 0.0)?;
            let forecast = by_site.get(&site.site_id)?;
            let share = level.of(forecast) / usual;
            // The mean counts days without an order as 0, the usual order does not.
            let probability = (forecast.mean / usual).clamp(0.0, 1.0);
            (share >= LEAST_SHARE_OF_ORDER).then_some((share, probability))
        }
    }
}

/// To the thousandth, so that files stay readable.
fn round(amount: f64) -> f64 {
    (amount * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::LatLon;
    use chrono::NaiveTime;

    fn site(id: &str, share: f64) -> SiteHabits {
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        SiteHabits {
            site_id: id.into(),
            place: LatLon {
                lat: 52.0,
                lon: 13.0,
            },
            windows: vec![(time(8), time(10))],
            skills: vec![],
            service_s: 299.6,
            quantities: [("kg".to_owned(), 40.0), ("m3".to_owned(), 0.5)].into(),
            order_share: [share; 7],
        }
    }

    fn stops(expectation: &Expectation, ordered: Vec<Stop>) -> Vec<Stop> {
        let date = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap();
        let sites = [site("often", 0.9), site("seldom", 0.1)];
        with_expected(
            ordered,
            &sites,
            expectation,
            50.0,
            date,
            chrono_tz::Europe::Berlin,
        )
    }

    #[test]
    fn averages_expect_those_that_usually_order() {
        let stops = stops(&Expectation::Average, vec![]);
        assert_eq!(stops.len(), 1);
        assert_eq!(stops[0].site_id, "often");
        assert_eq!(stops[0].quantities["kg"], 40.0);
        assert_eq!(stops[0].service_s, 300);
        assert_eq!(stops[0].penalty, Some(45.0));
        assert_eq!(
            stops[0].windows[0].start.to_rfc3339(),
            "2026-07-01T06:00:00+00:00"
        );
    }

    #[test]
    fn forecasts_scale_the_usual_order_and_skip_small_change() {
        let forecast = |mean, p50| Quantiles {
            p10: 0.0,
            p50,
            p90: 90.0,
            mean,
        };
        let by_site = [
            ("often".to_owned(), forecast(30.0, 60.0)),
            ("seldom".to_owned(), forecast(3.0, 2.0)),
        ];
        let expectation = Expectation::Forecast {
            by_site: by_site.into(),
            level: Level::P50,
            dimension: "kg".into(),
        };
        let stops = stops(&expectation, vec![]);
        assert_eq!(stops.len(), 1);
        assert_eq!(stops[0].quantities["m3"], 0.75);
        assert_eq!(stops[0].penalty, Some(37.5));
    }

    #[test]
    fn a_site_that_ordered_is_not_expected_again() {
        let first = stops(&Expectation::Average, vec![]);
        assert_eq!(stops(&Expectation::Average, first.clone()), first);
        assert!(stops(&Expectation::Nothing, vec![]).is_empty());
    }
}
