//! The operator's calendar: public holidays of Germany, promotions, each site's works holidays.
//! A pure function of seed and date, so that the coming weeks are known like the past ones.

use super::operator::Site;
use crate::domain::calendar::CalendarDay;
use crate::runtime::random::generator;
use chrono::{Datelike, Days, NaiveDate, Weekday};
use rand::Rng;

/// Share of weeks with a promotion.
const PROMOTION_SHARE: f64 = 0.17;

/// Name of the public holiday, in German law valid in all states.
pub fn public_holiday(date: NaiveDate) -> Option<&'static str> {
    let fixed = match (date.month(), date.day()) {
        (1, 1) => Some("Neujahr"),
        (5, 1) => Some("Tag der Arbeit"),
        (10, 3) => Some("Tag der Deutschen Einheit"),
        (12, 25) => Some("1. Weihnachtstag"),
        (12, 26) => Some("2. Weihnachtstag"),
        _ => None,
    };
    fixed.or_else(|| {
        let easter = easter_sunday(date.year())?;
        match (date - easter).num_days() {
            -2 => Some("Karfreitag"),
            1 => Some("Ostermontag"),
            39 => Some("Christi Himmelfahrt"),
            50 => Some("Pfingstmontag"),
            _ => None,
        }
    })
}

/// Easter Sunday of the Gregorian calendar (Butcher's algorithm, 1876).
fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (b - (b + 8) / 25 + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let l = (32 + 2 * e + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let sum = h + l - 7 * m + 114;
    NaiveDate::from_ymd_opt(year, (sum / 31) as u32, (sum % 31 + 1) as u32)
}

/// Whether the operator delivers nothing at all.
pub fn is_closed(date: NaiveDate) -> bool {
    date.weekday() == Weekday::Sun || public_holiday(date).is_some()
}

/// Whether a promotion runs; promotions last from Monday to Saturday.
pub fn is_promotion(seed: u64, date: NaiveDate) -> bool {
    let week = date.iso_week();
    let stream = format!("promotion/{}-{}", week.year(), week.week());
    date.weekday() != Weekday::Sun && generator(seed, &stream).random_bool(PROMOTION_SHARE)
}

/// Entries of all days from `first` to `last`, both included: closures, holidays, promotions, and
/// the works holidays of single sites.
pub fn entries(seed: u64, sites: &[Site], first: NaiveDate, last: NaiveDate) -> Vec<CalendarDay> {
    let mut days = Vec::new();
    for date in first.iter_days().take_while(|d| *d <= last) {
        let (closed, promotion) = (is_closed(date), is_promotion(seed, date));
        if closed || promotion {
            days.push(CalendarDay {
                date,
                site_id: None,
                closed,
                holiday: public_holiday(date).map(str::to_owned),
                promotion,
            });
        }
        let away = sites.iter().filter(|s| !closed && s.is_away(date));
        days.extend(away.map(|site| CalendarDay {
            date,
            site_id: Some(site.id.clone()),
            closed: true,
            holiday: None,
            promotion,
        }));
    }
    days
}

/// The next working day after `date`, Monday to Friday.
pub fn next_weekday(date: NaiveDate) -> NaiveDate {
    let mut day = date + Days::new(1);
    while is_closed(day) || day.weekday() == Weekday::Sat {
        day = day + Days::new(1);
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holidays_of_a_known_year() {
        let name = |m, d| public_holiday(NaiveDate::from_ymd_opt(2026, m, d).unwrap());
        assert_eq!(name(4, 3), Some("Karfreitag"));
        assert_eq!(name(4, 6), Some("Ostermontag"));
        assert_eq!(name(5, 14), Some("Christi Himmelfahrt"));
        assert_eq!(name(5, 25), Some("Pfingstmontag"));
        assert_eq!(name(9, 17), None);
    }
}
