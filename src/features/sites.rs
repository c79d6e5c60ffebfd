//! What a planner knows about each customer site by heart: where it is, when it takes deliveries,
//! how long they take, how often and how much it orders. Averages only; the comparison plans are
//! made with them, and stops that only the forecast knows take place, windows and service time
//! from here.

use super::orders::OrderRows;
use crate::domain::fleet::Quantities;
use crate::domain::{InputError, LatLon};
use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use polars::prelude::{Float64Chunked, StringChunked};
use std::collections::HashSet;
use std::path::Path;

/// One site's habits over the history.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteHabits {
    /// The site; also the id of its demand series.
    pub site_id: String,
    /// Where its last order was delivered.
    pub place: LatLon,
    /// Local delivery windows of its last order; empty: any time.
    pub windows: Vec<(NaiveTime, NaiveTime)>,
    /// Skills its last order needed.
    pub skills: Vec<String>,
    /// Mean service time in seconds.
    pub service_s: f64,
    /// Mean quantities of an order by dimension.
    pub quantities: Quantities,
    /// Share of days with an order, by weekday from Monday, since the site's first order.
    pub order_share: [f64; 7],
}

/// Habits of all sites from a clean orders table, in order of `site_id`. Orders due on or after
/// `before` are not looked at.
pub fn habits(orders: &Path, before: NaiveDate) -> Result<Vec<SiteHabits>, InputError> {
    let rows = OrderRows::read(orders)?;
    let last_day = before.checked_sub_days(Days::new(1)).unwrap_or(before);
    let sites = rows.by_site(before).into_iter();
    Ok(sites
        .filter_map(|(site, found)| rows.habits(site, &found, last_day))
        .collect())
}

impl OrderRows {
    fn habits(&self, site: &str, rows: &[usize], last_day: NaiveDate) -> Option<SiteHabits> {
        let days: HashSet<NaiveDate> = rows.iter().filter_map(|row| self.due(*row)).collect();
        let first = days.iter().min()?;
        let latest = *rows.iter().max_by_key(|row| self.due(**row))?;
        let quantity = |column: &Float64Chunked| mean(rows.iter().filter_map(|r| column.get(*r)));
        Some(SiteHabits {
            site_id: site.to_owned(),
            place: LatLon::new(self.lat.get(latest)?, self.lon.get(latest)?).ok()?,
            windows: self.windows(latest),
            skills: self.skills(latest),
            service_s: mean(rows.iter().filter_map(|row| self.service_s.get(*row))),
            quantities: self
                .quantities
                .iter()
                .map(|(d, c)| (d.clone(), quantity(c)))
                .collect(),
            order_share: order_share(&days, *first, last_day),
        })
    }

    fn windows(&self, row: usize) -> Vec<(NaiveTime, NaiveTime)> {
        let get = |column: &Option<StringChunked>| column.as_ref()?.get(row).map(str::to_owned);
        if let Some(text) = get(&self.windows).filter(|text| !text.trim().is_empty()) {
            let pairs = text.split(';').filter_map(|pair| pair.split_once('-'));
            return pairs
                .filter_map(|(start, end)| Some((time(start)?, time(end)?)))
                .collect();
        }
        let start = get(&self.window_start).and_then(|t| time(&t));
        let end = get(&self.window_end).and_then(|t| time(&t));
        start.zip(end).into_iter().collect()
    }

    fn skills(&self, row: usize) -> Vec<String> {
        let text = self
            .skills
            .as_ref()
            .and_then(|column| column.get(row))
            .unwrap_or("");
        let skills = text.split(';').map(str::trim).filter(|s| !s.is_empty());
        skills.map(str::to_owned).collect()
    }
}

fn time(text: &str) -> Option<NaiveTime> {
    let text = text.trim();
    NaiveTime::parse_from_str(text, "%H:%M")
        .or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S"))
        .ok()
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0_u32);
    for value in values {
        sum += value;
        count += 1;
    }
    if count == 0 {
        0.0
    } else {
        sum / f64::from(count)
    }
}

/// Share of each weekday's dates from `first` to `last` that have an order.
fn order_share(days: &HashSet<NaiveDate>, first: NaiveDate, last: NaiveDate) -> [f64; 7] {
    let (mut with, mut all) = ([0_u32; 7], [0_u32; 7]);
    for day in first.iter_days().take_while(|day| *day <= last) {
        let weekday = day.weekday().num_days_from_monday() as usize;
        all[weekday] += 1;
        with[weekday] += u32::from(days.contains(&day));
    }
    std::array::from_fn(|i| {
        if all[i] == 0 {
            0.0
        } else {
            f64::from(with[i]) / f64::from(all[i])
        }
    })
}
