//! Orders to demand: one daily series per site.
//!
//! `y` is the sum of one quantity over a site's orders of a day. Every site gets every day from
//! the first to the last of the whole table, with 0 where it ordered nothing. Covariates, as 0 or
//! 1: `promotion` (any order of the site and day has it, or the calendar does), and from a
//! calendar `open` (not closed) and `holiday`. An entry without site_id holds for all sites. Days
//! that only the calendar reaches follow with an empty `y`: what is known of the days to forecast.

use super::error::IngestError;
use super::output::ParquetSink;
use crate::domain::InputError;
use crate::domain::calendar::CalendarDay;
use chrono::NaiveDate;
use polars::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// Most days after the last order that a calendar may add.
const MOST_DAYS_AHEAD: i32 = 400;
/// Rows of a row group.
const GROUP_ROWS: usize = 1 << 18;

/// Sums orders into daily demand per site.
#[derive(Debug)]
pub(crate) struct DemandSeries {
    quantity: String,
    sites: BTreeMap<String, BTreeMap<i32, Day>>,
    first: i32,
    last: i32,
    has_promotion: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Day {
    y: f64,
    promotion: bool,
}

/// What the calendar says of one site and day.
#[derive(Debug, Clone, Copy, Default)]
struct Special {
    closed: bool,
    holiday: bool,
    promotion: bool,
}

/// The calendar by site and day.
struct Specials<'a>(HashMap<(Option<&'a str>, i32), Special>);

impl DemandSeries {
    /// Sums the quantity of `dimension`, or of the first quantity column.
    pub fn new<'a>(
        dimension: Option<&str>,
        mut quantities: impl Iterator<Item = &'a str> + Clone,
    ) -> Result<Self, InputError> {
        let known = quantities.clone();
        let chosen = match dimension {
            None => quantities.next(),
            Some(wanted) => quantities.find(|name| name.strip_prefix("qty_") == Some(wanted)),
        };
        let Some(chosen) = chosen else {
            let known: Vec<_> = known.filter_map(|name| name.strip_prefix("qty_")).collect();
            let remedy = format!("give one of: {}", known.join(", "));
            return Err(
                InputError::new("command line", "no such dimension in the orders", remedy)
                    .field("--dimension")
                    .value(dimension.unwrap_or_default()),
            );
        };
        Ok(Self {
            quantity: chosen.to_owned(),
            sites: BTreeMap::new(),
            first: i32::MAX,
            last: i32::MIN,
            has_promotion: false,
        })
    }

    /// Adds orders that are kept.
    pub fn add(&mut self, orders: &DataFrame) -> PolarsResult<()> {
        let sites = orders.column("site_id")?.str()?;
        let days = orders.column("due_date")?.to_physical_repr().i32()?.clone();
        let amounts = orders.column(&self.quantity)?.f64()?;
        let promotions = match orders.column("promotion") {
            Ok(column) => Some(column.bool()?),
            Err(_) => None,
        };
        self.has_promotion |= promotions.is_some();
        for (row, ((site, day), amount)) in sites
            .iter()
            .zip(days.iter())
            .zip(amounts.iter())
            .enumerate()
        {
            let (Some(site), Some(day)) = (site, day) else {
                continue;
            };
            self.first = self.first.min(day);
            self.last = self.last.max(day);
            if !self.sites.contains_key(site) {
                self.sites.insert(site.to_owned(), BTreeMap::new());
            }
            if let Some(series) = self.sites.get_mut(site) {
                let entry = series.entry(day).or_default();
                entry.y += amount.unwrap_or_default();
                entry.promotion |= promotions.is_some_and(|p| p.get(row) == Some(true));
            }
        }
        Ok(())
    }

    /// Writes the series, by site and day.
    pub fn write(
        &self,
        calendar: Option<&[CalendarDay]>,
        sink: &mut ParquetSink,
    ) -> Result<(), IngestError> {
        let specials = calendar.map(Specials::new);
        let last = specials
            .as_ref()
            .map_or(self.last, |s| s.last_day(self.last));
        let days = usize::try_from(last.saturating_sub(self.first)).unwrap_or_default() + 1;
        let sites: Vec<_> = self.sites.iter().collect();
        for group in sites.chunks((GROUP_ROWS / days).max(1)) {
            sink.write(self.frame(group, last, specials.as_ref())?)?;
        }
        Ok(())
    }

    fn frame(
        &self,
        group: &[(&String, &BTreeMap<i32, Day>)],
        last: i32,
        specials: Option<&Specials<'_>>,
    ) -> PolarsResult<DataFrame> {
        let (mut ids, mut dates, mut y) = (Vec::new(), Vec::new(), Vec::new());
        let (mut open, mut holiday, mut promotion) = (Vec::new(), Vec::new(), Vec::new());
        for (site, series) in group {
            for day in self.first..=last {
                let ordered = series.get(&day).copied().unwrap_or_default();
                let special = specials.map_or(Special::default(), |s| s.on(site, day));
                ids.push(site.as_str());
                dates.push(day);
                y.push((day <= self.last).then_some(ordered.y));
                open.push(i32::from(!special.closed));
                holiday.push(i32::from(special.holiday));
                promotion.push(i32::from(ordered.promotion || special.promotion));
            }
        }
        let mut columns = vec![
            Column::new("series_id".into(), ids),
            Int32Chunked::from_vec("ts".into(), dates)
                .into_date()
                .into_column(),
            Column::new("y".into(), y),
        ];
        if specials.is_some() {
            columns.push(Column::new("open".into(), open));
            columns.push(Column::new("holiday".into(), holiday));
        }
        if specials.is_some() || self.has_promotion {
            columns.push(Column::new("promotion".into(), promotion));
        }
        let height = columns.first().map_or(0, Column::len);
        DataFrame::new(height, columns)
    }
}

impl<'a> Specials<'a> {
    fn new(calendar: &'a [CalendarDay]) -> Self {
        let epoch = NaiveDate::default();
        let mut days: HashMap<_, Special> = HashMap::new();
        for entry in calendar {
            let day = entry.date.signed_duration_since(epoch).num_days();
            let Ok(day) = i32::try_from(day) else {
                continue;
            };
            let special = days.entry((entry.site_id.as_deref(), day)).or_default();
            special.closed |= entry.closed;
            special.holiday |= entry.holiday.is_some();
            special.promotion |= entry.promotion;
        }
        Self(days)
    }

    /// The last day with an entry, not before `last` and not unreasonably far after it.
    fn last_day(&self, last: i32) -> i32 {
        let entries = self.0.keys().map(|(_, day)| *day);
        let ahead = entries.filter(|day| day.saturating_sub(last) <= MOST_DAYS_AHEAD);
        ahead.max().unwrap_or(last).max(last)
    }

    fn on(&self, site: &str, day: i32) -> Special {
        let all = self.0.get(&(None, day)).copied().unwrap_or_default();
        let own = self.0.get(&(Some(site), day)).copied().unwrap_or_default();
        Special {
            closed: all.closed || own.closed,
            holiday: all.holiday || own.holiday,
            promotion: all.promotion || own.promotion,
        }
    }
}
