//! The orders of a date: a pure function of seed, date and sites.

use super::calendar::{is_closed, is_promotion};
use super::operator::Site;
use super::truth::{DayTruth, RealisedOrder};
use crate::domain::stop::TimeWindow;
use crate::runtime::random::generator;
use chrono::{
    DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday,
};
use chrono_tz::Tz;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use std::collections::BTreeMap;

/// Largest order in kg.
const LARGEST_KG: f64 = 900.0;
/// Local hour of the day before at which the plan is made; orders after it are late.
pub const PLANNING_HOUR: f64 = 16.0;
/// Local hour of the delivery day until which late orders are taken, before vehicles leave.
const LAST_ORDER_HOUR: f64 = 5.25;

/// What is really ordered for a date, by average drivers.
pub fn of_day(seed: u64, zone: Tz, sites: &[Site], date: NaiveDate) -> DayTruth {
    let mut random = generator(seed, &format!("orders/{date}"));
    let day_effect = log_normal(&mut random, 0.07);
    let orders = sites
        .iter()
        .filter_map(|site| {
            // One stream per site and day: a site's habits do not shift the others' orders.
            let mut random = generator(seed, &format!("orders/{date}/{}", site.id));
            order(&mut random, seed, zone, site, date, day_effect)
        })
        .collect();
    DayTruth {
        date,
        orders,
        service_factors: BTreeMap::new(),
    }
}

fn order(
    random: &mut ChaCha8Rng,
    seed: u64,
    zone: Tz,
    site: &Site,
    date: NaiveDate,
    day_effect: f64,
) -> Option<RealisedOrder> {
    if is_closed(date) || !site.is_active(date) || site.is_away(date) {
        return None;
    }
    let weekday = date.weekday();
    let catching_up = is_closed(date - Days::new(1)) && weekday != Weekday::Mon;
    let promotion = is_promotion(seed, date);
    let mut chance = site.order_chance[weekday.num_days_from_monday() as usize];
    if catching_up {
        chance *= 1.25;
    }
    if promotion {
        chance *= 1.08;
    }
    if !random.random_bool(chance.min(0.99)) {
        return None;
    }
    let expected_kg = site.usual_kg * level(site, date, promotion, catching_up) * day_effect;
    let kg = (expected_kg * log_normal(random, 0.3)).clamp(3.0, LARGEST_KG);
    let m3 = kg / site.kg_per_m3 * log_normal(random, 0.08);
    let usual_service_s = site.service_base_s + kg * site.service_s_per_kg;
    let known = !random.random_bool(site.late_order_share);
    Some(RealisedOrder {
        site_id: site.id.clone(),
        place: site.place,
        quantities: [
            ("kg".to_owned(), (kg * 10.0).round() / 10.0),
            (
                "m3".to_owned(),
                ((m3 * 1_000.0).round() / 1_000.0).max(0.001),
            ),
        ]
        .into(),
        service_s: (usual_service_s * log_normal(random, 0.22))
            .round()
            .max(60.0) as u32,
        usual_service_s: usual_service_s.round() as u32,
        known,
        ordered_at: ordered_at(random, zone, date, known),
        windows: windows(site, zone, date),
        skills: site.skills.clone(),
        penalty: site.penalty,
    })
}

/// Expected quantity of a date relative to the usual one.
fn level(site: &Site, date: NaiveDate, promotion: bool, catching_up: bool) -> f64 {
    let by_weekday = [1.15, 0.95, 0.95, 1.0, 1.12, 0.7, 0.0];
    let turn = std::f64::consts::TAU * (f64::from(date.ordinal()) - site.season_peak) / 365.25;
    let years = (date - site.active_from).num_days() as f64 / 365.25;
    by_weekday[date.weekday().num_days_from_monday() as usize]
        * (1.0 + site.season * turn.cos())
        * (1.0 + site.growth * years).max(0.3)
        * if promotion {
            site.promotion_factor
        } else {
            1.0
        }
        * if catching_up { 1.3 } else { 1.0 }
}

fn ordered_at(random: &mut ChaCha8Rng, zone: Tz, date: NaiveDate, known: bool) -> DateTime<Utc> {
    let hours = if known {
        let days_before = f64::from(random.random_range(1..4_u32));
        random.random_range(7.0..PLANNING_HOUR) - 24.0 * days_before
    } else {
        random.random_range(PLANNING_HOUR - 24.0..LAST_ORDER_HOUR)
    };
    let midnight = date.and_time(NaiveTime::MIN);
    instant(
        zone,
        midnight + TimeDelta::seconds((hours * 3_600.0) as i64),
    )
}

fn windows(site: &Site, zone: Tz, date: NaiveDate) -> Vec<TimeWindow> {
    let at = |time: NaiveTime| instant(zone, date.and_time(time));
    let window = |(start, end): &(NaiveTime, NaiveTime)| TimeWindow {
        start: at(*start),
        end: at(*end),
    };
    site.windows.iter().map(window).collect()
}

/// The instant of a local time: the first one if the clocks go back over it, an hour later if they
/// go forward over it.
pub fn instant(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    let later = || {
        (local + TimeDelta::hours(1))
            .and_local_timezone(zone)
            .earliest()
    };
    match local.and_local_timezone(zone).earliest().or_else(later) {
        Some(instant) => instant.to_utc(),
        None => local.and_utc(),
    }
}

/// A factor with mean 1.
fn log_normal(random: &mut ChaCha8Rng, sigma: f64) -> f64 {
    let normal: f64 = StandardNormal.sample(random);
    (sigma * normal - sigma * sigma / 2.0).exp()
}
