//! Stops of the day: the orders that are in, and the ones that are to be expected.

use crate::domain::fleet::Quantities;
use crate::domain::stop::{Stop, StopOrigin, TimeWindow};
use crate::features::sites::SiteHabits;
use crate::planning::local_instant;
use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use std::collections::{HashMap, HashSet};

/// Least expected amount, as a share of the site's usual order, that is worth a stop.
const LEAST_SHARE_OF_ORDER: f64 = 0.2;

/// What is expected of sites that have not ordered.
#[derive(Debug, Clone)]
pub enum Expectation {
    /// Nothing: only what is ordered is planned.
    Nothing,
    /// The usual order wherever an order on that weekday is more likely than not: what a planner
    /// does without a forecast.
    Average,
    /// Expected amounts by site, in the unit of `dimension`, at the quantile of the caller's
    /// choice.
    Forecast {
        /// Amounts by site.
        amounts: HashMap<String, f64>,
        /// The dimension that the demand series count.
        dimension: String,
    },
}

/// Adds stops for sites that have not ordered and are expected to. Their penalty is `penalty`
/// times the share of such weekdays on which the site did order: the expected loss of not coming.
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
        let Some(share) = share_of_usual_order(site, expectation, weekday) else {
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
            windows: site.windows.iter().map(window).collect(),
            skills: site.skills.clone(),
            penalty: Some(penalty * site.order_share[weekday]),
            origin: StopOrigin::Forecast,
        });
    }
    stops
}

/// The expected order as a share of the site's usual one; `None` if it is not worth a stop.
fn share_of_usual_order(
    site: &SiteHabits,
    expectation: &Expectation,
    weekday: usize,
) -> Option<f64> {
    match expectation {
        Expectation::Nothing => None,
        Expectation::Average => (site.order_share[weekday] > 0.5).then_some(1.0),
        Expectation::Forecast { amounts, dimension } => {
            let usual = *site
                .quantities
                .get(dimension)
                .filter(|usual| **usual > 0.0)?;
            let share = amounts.get(&site.site_id)? / usual;
            (share >= LEAST_SHARE_OF_ORDER).then_some(share)
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
        let amounts = [("often".to_owned(), 60.0), ("seldom".to_owned(), 4.0)].into();
        let stops = stops(
            &Expectation::Forecast {
                amounts,
                dimension: "kg".into(),
            },
            vec![],
        );
        assert_eq!(stops.len(), 1);
        assert_eq!(stops[0].quantities["m3"], 0.75);
    }

    #[test]
    fn a_site_that_ordered_is_not_expected_again() {
        let first = stops(&Expectation::Average, vec![]);
        assert_eq!(stops(&Expectation::Average, first.clone()), first);
        assert!(stops(&Expectation::Nothing, vec![]).is_empty());
    }
}
