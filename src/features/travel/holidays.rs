//! Public holidays, on which traffic differs.

use crate::domain::calendar::CalendarDay;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// Local dates of public holidays. Empty where no calendar is known: then no day is one, in
/// training and in serving alike.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holidays(BTreeSet<NaiveDate>);

impl Holidays {
    /// The holidays of a calendar; entries of single sites do not count.
    pub fn of_calendar(calendar: &[CalendarDay]) -> Self {
        let days = calendar
            .iter()
            .filter(|day| day.site_id.is_none() && day.holiday.is_some());
        days.map(|day| day.date).collect()
    }

    /// Whether a local date is a holiday.
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.0.contains(&date)
    }

    /// Adds those of another calendar.
    pub fn extend(&mut self, other: &Holidays) {
        self.0.extend(&other.0);
    }

    /// The dates, in order.
    pub fn dates(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        self.0.iter().copied()
    }
}

impl FromIterator<NaiveDate> for Holidays {
    fn from_iter<I: IntoIterator<Item = NaiveDate>>(dates: I) -> Self {
        Self(dates.into_iter().collect())
    }
}
