//! What is known of a customer's rhythm on the eve of a day, carried from day to day so that
//! nothing later can enter.

use chrono::{Datelike, NaiveDate};

/// Longest silence that has a hazard of its own, in days; longer ones share it.
const LONGEST_GAP: usize = 63;
/// Days of observation that pooled knowledge counts for beside a customer's own.
const PRIOR_DAYS: f64 = 4.0;
/// Days after which an observation counts half in the recent share.
const HALF_LIFE_DAYS: f64 = 42.0;

/// Order shares of all customers by weekday, from Monday.
pub(super) type WeekdayShares = [f64; 7];

/// Probabilities that one customer's history suggests for a day, each by another view of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Views {
    /// Its plain share of this weekday.
    pub plain_share: f64,
    /// That share, drawn towards its level and everybody's weekdays.
    pub shrunk_share: f64,
    /// Likewise, with older days counting less.
    pub recent_share: f64,
    /// Orders after as many days of silence, drawn towards its level (discrete hazard).
    pub hazard: f64,
    /// Days since its last order times its orders per day.
    pub intervals_since_last: f64,
}

/// Counts up to a day.
#[derive(Debug, Clone)]
pub(super) struct OrderState {
    with: [f64; 7],
    days: [f64; 7],
    recent_with: [f64; 7],
    recent_days: [f64; 7],
    at_risk: Vec<f64>,
    ended: Vec<f64>,
    gap: usize,
}

impl OrderState {
    pub fn new() -> Self {
        Self {
            with: [0.0; 7],
            days: [0.0; 7],
            recent_with: [0.0; 7],
            recent_days: [0.0; 7],
            at_risk: vec![0.0; LONGEST_GAP + 1],
            ended: vec![0.0; LONGEST_GAP + 1],
            gap: 0,
        }
    }

    /// Takes a day in; days come without gaps, the first order's day first.
    pub fn take(&mut self, day: NaiveDate, ordered: bool) {
        let weekday = day.weekday().num_days_from_monday() as usize;
        let outcome = f64::from(u8::from(ordered));
        let is_first = self.days.iter().all(|d| *d == 0.0);
        let keep = 0.5_f64.powf(1.0 / HALF_LIFE_DAYS);
        self.recent_with.iter_mut().for_each(|v| *v *= keep);
        self.recent_days.iter_mut().for_each(|v| *v *= keep);
        self.with[weekday] += outcome;
        self.days[weekday] += 1.0;
        self.recent_with[weekday] += outcome;
        self.recent_days[weekday] += 1.0;
        if !is_first {
            let silence = (self.gap + 1).min(LONGEST_GAP);
            self.at_risk[silence] += 1.0;
            self.ended[silence] += outcome;
        }
        self.gap = if ordered { 0 } else { self.gap + 1 };
    }

    /// What the days so far suggest for the next one; `everybody` are pooled shares.
    pub fn views(&self, day: NaiveDate, everybody: &WeekdayShares) -> Views {
        let weekday = day.weekday().num_days_from_monday() as usize;
        let pooled = everybody.iter().sum::<f64>() / 7.0;
        let level = |with: &[f64; 7], days: &[f64; 7]| {
            let (with, days) = (with.iter().sum::<f64>(), days.iter().sum::<f64>());
            (with + PRIOR_DAYS * pooled) / (days + PRIOR_DAYS)
        };
        let factor = if pooled > 0.0 {
            everybody[weekday] / pooled
        } else {
            1.0
        };
        let shrunk = |with: &[f64; 7], days: &[f64; 7]| {
            let prior = (level(with, days) * factor).min(0.99);
            (with[weekday] + PRIOR_DAYS * prior) / (days[weekday] + PRIOR_DAYS)
        };
        let silence = (self.gap + 1).min(LONGEST_GAP);
        let usual = level(&self.with, &self.days);
        let recent = level(&self.recent_with, &self.recent_days);
        Views {
            plain_share: self.with[weekday] / self.days[weekday].max(1.0),
            shrunk_share: shrunk(&self.with, &self.days),
            recent_share: shrunk(&self.recent_with, &self.recent_days),
            hazard: (self.ended[silence] + PRIOR_DAYS * recent)
                / (self.at_risk[silence] + PRIOR_DAYS),
            intervals_since_last: (self.gap + 1) as f64 * usual,
        }
    }
}
