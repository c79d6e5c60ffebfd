//! Where to look for the cause of an alert: who shares it, and when most of it came.

use crate::domain::hierarchy::Hierarchy;
use crate::features::signals::Signal;
use chrono::{Datelike, NaiveDateTime, TimeDelta, Timelike};
use std::collections::{BTreeMap, BTreeSet};

/// Signals named.
const NAMED: usize = 5;
/// Share of a group's signals that makes an alert one of the group.
const OF_GROUP: f64 = 0.5;
/// Share of all signals from which on an alert is one of many: some coincide by chance.
const OF_ALL: f64 = 0.1;
/// Share of the excess from which on one weekday or hour is said to have most of it.
const MOST: f64 = 0.6;

/// An alert among others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent<'a> {
    pub(super) series_id: &'a str,
    pub(super) since: NaiveDateTime,
    pub(super) ts: NaiveDateTime,
    pub(super) above: bool,
}

/// All alerts, to be asked which of them come together.
pub(super) struct Extents<'a> {
    /// By the moment of the alert.
    sorted: Vec<Extent<'a>>,
    /// The longest time from a beginning to its alert.
    longest: TimeDelta,
}

impl<'a> Extents<'a> {
    pub(super) fn of(mut all: Vec<Extent<'a>>) -> Self {
        all.sort_by_key(|extent| extent.ts);
        let longest = all.iter().map(|extent| extent.ts - extent.since).max();
        Self {
            sorted: all,
            longest: longest.unwrap_or_default(),
        }
    }

    /// Other signals that are off in the same direction over some of the same time, by name.
    pub(super) fn sharing(&self, of: &Extent<'_>) -> Vec<&'a str> {
        let first = self.sorted.partition_point(|other| other.ts < of.since);
        let others = self.sorted.iter().skip(first);
        let near = others.take_while(|other| other.ts <= of.ts + self.longest);
        let together = near.filter(|other| other.above == of.above && other.since <= of.ts);
        let names: BTreeSet<&str> = together.map(|other| other.series_id).collect();
        names.into_iter().filter(|id| *id != of.series_id).collect()
    }
}

/// The smallest group of which the signal and at least half of all share it, with how many do and
/// how many there are.
fn group(
    series_id: &str,
    sharing: &[&str],
    hierarchy: Option<&Hierarchy>,
) -> Option<(String, usize, usize)> {
    let levels = hierarchy.iter().flat_map(|h| &h.levels);
    let groups = levels.flat_map(|level| {
        let name = |group: &String| format!("{}:{group}", level.name);
        level
            .groups
            .iter()
            .map(move |(group, ids)| (name(group), ids))
    });
    let shared = groups.filter_map(|(name, ids)| {
        let mine = ids.iter().any(|id| id == series_id);
        let off = 1 + ids
            .iter()
            .filter(|id| sharing.contains(&id.as_str()))
            .count();
        let enough = ids.len() > 1 && off as f64 >= OF_GROUP * ids.len() as f64;
        (mine && enough && off > 1).then_some((name, off, ids.len()))
    });
    shared.min_by_key(|(_, _, count)| *count)
}

/// Where to look, in words.
pub(super) fn told(
    of: &Extent<'_>,
    sharing: &[&str],
    watched: usize,
    hierarchy: Option<&Hierarchy>,
    when: Option<String>,
) -> String {
    let who = match (group(of.series_id, sharing, hierarchy), sharing.len()) {
        (Some((name, off, count)), _) => {
            format!(
                "shared by {off} of the {count} series of {name}: look for what they have in common"
            )
        }
        (None, 0) if watched > 1 => {
            format!(
                "none of the other {} series shares it: look at this one",
                watched - 1
            )
        }
        (None, 0) => "the only series watched".to_owned(),
        (None, count) if ((count + 1) as f64) < OF_ALL * watched as f64 => {
            format!(
                "only {count} of the other {} series are off then, too: look at this one",
                watched - 1
            )
        }
        (None, count) => {
            let named = sharing
                .iter()
                .take(NAMED)
                .copied()
                .collect::<Vec<_>>()
                .join(", ");
            let more = match count.saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!("shared by {named}{more}: look for what they have in common")
        }
    };
    match when {
        Some(when) => format!("{who}; {when}"),
        None => who,
    }
}

/// Whether most of the excess of some rows came on one weekday, or at one hour.
pub(super) fn when(
    signal: &Signal,
    rows: std::ops::RangeInclusive<usize>,
    excess: &[f64],
) -> Option<String> {
    let times: Vec<NaiveDateTime> = signal.times.get(rows)?.to_vec();
    let most = |part: &dyn Fn(NaiveDateTime) -> u32| -> Option<(u32, f64)> {
        let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
        for (time, excess) in times.iter().zip(excess) {
            *sums.entry(part(*time)).or_default() += excess.abs();
        }
        let all: f64 = sums.values().sum();
        let most = sums.iter().max_by(|a, b| a.1.total_cmp(b.1))?;
        let share = most.1 / all;
        (sums.len() > 1 && share >= MOST).then_some((*most.0, share))
    };
    if let Some((hour, share)) = most(&|time| time.hour()) {
        let to = (hour + 1) % 24;
        return Some(format!(
            "{:.0} % of it between {hour}:00 and {to}:00",
            100.0 * share
        ));
    }
    let (day, share) = most(&|time| time.weekday().num_days_from_monday())?;
    let names = [
        "Mondays",
        "Tuesdays",
        "Wednesdays",
        "Thursdays",
        "Fridays",
        "Saturdays",
        "Sundays",
    ];
    let name = usize::try_from(day).ok().and_then(|day| names.get(day))?;
    Some(format!("{:.0} % of it on {name}", 100.0 * share))
}
