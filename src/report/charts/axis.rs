//! Axes with chosen ticks: round numbers, local clock times, dates, names.

use crate::report::number::grouped;
use crate::report::zone::Zone;
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use std::ops::Range;

/// Seconds between ticks of a clock axis.
const CLOCK_STEPS: [i64; 7] = [900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600];
/// Days between ticks of a date axis.
const DATE_STEPS: [u64; 8] = [1, 2, 3, 7, 14, 28, 56, 112];

/// One axis: its range, its ticks with labels, its title with unit.
#[derive(Clone)]
pub(super) struct Axis {
    start: f64,
    end: f64,
    ticks: Vec<(f64, String)>,
    pub title: String,
}

impl Axis {
    /// An axis with given ticks.
    pub fn with_ticks(range: Range<f64>, ticks: Vec<(f64, String)>, title: String) -> Self {
        let (start, mut end) = (range.start, range.end);
        if end <= start {
            end = start + 1.0;
        }
        Self {
            start,
            end,
            ticks,
            title,
        }
    }

    /// Numbers from `low` to `high` or a little beyond, with at most about `count` ticks.
    pub fn numbers(low: f64, high: f64, count: usize, title: String) -> Self {
        let span = (high - low).max(1e-9);
        let step = nice_step(span / count.max(1) as f64);
        let (first, last) = ((low / step).floor(), (high / step).ceil());
        let decimals = decimals_of(step);
        let ticks = (0..=(last - first) as usize)
            .map(|i| (first + i as f64) * step)
            .map(|value| (value, grouped(value, decimals)))
            .collect();
        Self::with_ticks(first * step..last * step, ticks, title)
    }

    /// Round numbers strictly inside an exact range, such as degrees on a map.
    pub fn exact(range: Range<f64>, count: usize, unit: &str, title: String) -> Self {
        let mut axis = Self::numbers(range.start, range.end, count, title);
        axis.ticks
            .retain(|(value, _)| *value >= range.start && *value <= range.end);
        for (_, label) in &mut axis.ticks {
            label.push_str(unit);
        }
        Self::with_ticks(range, axis.ticks, axis.title)
    }

    /// Instants as seconds since 1970 with labels in local clock time.
    pub fn instants(start: DateTime<Utc>, end: DateTime<Utc>, count: usize, zone: Zone) -> Self {
        let step = clock_step((end - start).num_seconds(), count);
        let midnight = zone.local(start).date_naive().and_time(NaiveTime::MIN);
        let ticks = (0..)
            .map(|k| midnight + TimeDelta::seconds(k * step))
            .take_while(|local| *local <= zone.local(end).naive_local())
            .filter_map(|local| Some((zone.instant(local)?, local)))
            .filter(|(instant, _)| (start..=end).contains(instant))
            .map(|(instant, local)| {
                (
                    instant.timestamp() as f64,
                    local.format("%H:%M").to_string(),
                )
            })
            .collect();
        let title = format!("Local time ({}) on {}", zone.name(), zone.date);
        Self::with_ticks(
            start.timestamp() as f64..end.timestamp() as f64,
            ticks,
            title,
        )
    }

    /// Clock readings in seconds since local midnight.
    pub fn clock(start_s: f64, end_s: f64, count: usize, title: String) -> Self {
        let step = clock_step((end_s - start_s) as i64, count) as f64;
        let first = (start_s / step).ceil() as i64;
        let ticks = (first..)
            .map(|k| k as f64 * step)
            .take_while(|s| *s <= end_s)
            .map(|s| {
                let minutes = (s / 60.0) as i64;
                let label = format!("{:02}:{:02}", minutes.div_euclid(60) % 24, minutes % 60);
                (s, label)
            })
            .collect();
        Self::with_ticks(start_s..end_s, ticks, title)
    }

    /// Local dates, one tick at the midnight of a day; values as of [`seconds`].
    pub fn dates(start: NaiveDateTime, end: NaiveDateTime, count: usize, title: String) -> Self {
        let days = (end - start).num_days().max(1) as u64;
        let fits = |step: &&u64| days / **step <= count as u64;
        let step = DATE_STEPS.iter().find(fits).copied().unwrap_or(365);
        let mut ticks = Vec::new();
        let mut date = Some(start.date());
        while let Some(day) = date.filter(|d| d.and_time(NaiveTime::MIN) <= end) {
            let midnight = day.and_time(NaiveTime::MIN);
            if midnight >= start {
                ticks.push((seconds(midnight), date_label(day)));
            }
            date = day.checked_add_days(Days::new(step));
        }
        Self::with_ticks(seconds(start)..seconds(end), ticks, title)
    }

    /// Characters of the longest tick label.
    pub fn longest_label(&self) -> &str {
        let longest = self.ticks.iter().max_by_key(|(_, l)| l.chars().count());
        longest.map_or("", |(_, label)| label)
    }

    pub fn tick_count(&self) -> usize {
        self.ticks.len()
    }
}

/// `2 Mar`.
pub(super) fn date_label(date: NaiveDate) -> String {
    date.format("%-d %b").to_string()
}

/// A naive local time as a number on an axis.
pub(super) fn seconds(time: NaiveDateTime) -> f64 {
    time.and_utc().timestamp() as f64
}

fn clock_step(span_s: i64, count: usize) -> i64 {
    let fits = |step: &&i64| span_s / **step <= count as i64;
    CLOCK_STEPS.iter().find(fits).copied().unwrap_or(86_400)
}

/// The next of 1, 2, 2.5, 5 times a power of ten.
fn nice_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let factor = [1.0, 2.0, 2.5, 5.0]
        .into_iter()
        .find(|f| f * power >= least * (1.0 - 1e-9));
    factor.unwrap_or(10.0) * power
}

/// Decimals needed to tell multiples of `step` apart.
fn decimals_of(step: f64) -> usize {
    (0..9)
        .find(|d| {
            let scaled = step * 10_f64.powi(*d);
            (scaled - scaled.round()).abs() < 1e-6 * scaled.max(1.0)
        })
        .unwrap_or(9) as usize
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let share = (value - self.start) / (self.end - self.start);
        // Far outside is as good as a little outside, and stays within whole numbers.
        let share = if share.is_finite() {
            share.clamp(-1.0, 2.0)
        } else {
            0.0
        };
        limit.0 + (share * f64::from(limit.1 - limit.0)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _hint: Hint) -> Vec<f64> {
        self.ticks.iter().map(|(value, _)| *value).collect()
    }

    fn range(&self) -> Range<f64> {
        self.start..self.end
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        let tick = self.ticks.iter().find(|(at, _)| at == value);
        tick.map_or_else(String::new, |(_, label)| label.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover_the_range() {
        let axis = Axis::numbers(3.0, 1_240.0, 6, String::new());
        let labels: Vec<_> = axis.ticks.iter().map(|(_, l)| l.as_str()).collect();
        assert_eq!(labels, ["0", "250", "500", "750", "1,000", "1,250"]);
        let axis = Axis::numbers(0.0, 0.0, 4, String::new());
        assert!(axis.end > axis.start);
    }

    #[test]
    fn skipped_hours_have_no_tick() {
        // On 29 March 2026 the clocks in Berlin go from 02:00 to 03:00.
        let date = NaiveDate::from_ymd_opt(2026, 3, 29).unwrap();
        let tz = chrono_tz::Europe::Berlin;
        let zone = Zone { tz, date };
        let start = zone.instant(date.and_hms_opt(0, 0, 0).unwrap()).unwrap();
        let axis = Axis::instants(start, start + TimeDelta::hours(6), 10, zone);
        let labels: Vec<_> = axis.ticks.iter().map(|(_, l)| l.as_str()).collect();
        assert_eq!(
            labels,
            [
                "00:00", "01:00", "03:00", "04:00", "05:00", "06:00", "07:00"
            ]
        );
        assert!((axis.ticks[2].0 - axis.ticks[1].0 - 3_600.0).abs() < 1e-9);
    }
}
