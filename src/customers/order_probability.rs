//! Probability of an order on the day after the history: candidates, judged on the last weeks.
//!
//! The plain weekday share, that share shrunk towards everybody's, a discrete hazard of the days
//! since the last order (Cox 1972, §6) shrunk alike, and a logistic regression over all of them.
//! The last weeks of the history choose by log loss; then the chosen one learns from all of it.

use super::error::CustomerError;
use super::order_state::{OrderState, Views, WeekdayShares};
use crate::domain::customers::{ProbabilityBacktest, ProbabilityScore};
use crate::features::FeatureMatrix;
use crate::features::customers::{CustomerOrders, OrderHistory};
use crate::onnx::graph::Linear;
use crate::regression::logistic;
use crate::runtime::Cancel;
use chrono::{Datelike, Days, NaiveDate};
use std::collections::HashSet;

/// Days at the end of the history that candidates are judged on.
const HELD_BACK_DAYS: u64 = 28;
/// Days before them that the regression learns from, at most; older ones only fill the counts.
const LEARNED_DAYS: u64 = 182;
/// Customer-days that the regression learns from, at most, about.
const MOST_ROWS: usize = 200_000;
/// Probabilities stay this far from 0 and 1 where their logarithm is taken.
const LEAST: f64 = 1e-4;

/// Ways to the probability, simplest first; of equals the first is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Candidate {
    WeekdayShare,
    ShrunkShare,
    Hazard,
    Regression,
}

const CANDIDATES: [Candidate; 4] = [
    Candidate::WeekdayShare,
    Candidate::ShrunkShare,
    Candidate::Hazard,
    Candidate::Regression,
];

impl Candidate {
    fn name(self) -> &'static str {
        match self {
            Self::WeekdayShare => "weekday share",
            Self::ShrunkShare => "shrunk weekday share",
            Self::Hazard => "hazard of silence",
            Self::Regression => "logistic regression",
        }
    }

    fn probability(self, views: &Views, regression: Option<&Linear>) -> f64 {
        match (self, regression) {
            (Self::WeekdayShare, _) => views.plain_share,
            (Self::Hazard, _) => views.hazard,
            (Self::Regression, Some(model)) => {
                logistic::probability(f64::from(model.evaluate(&columns(views))))
            }
            (Self::ShrunkShare | Self::Regression, _) => views.shrunk_share,
        }
    }
}

/// Probability by customer, in their order, and how it was chosen.
pub(super) fn order_probability(
    history: &OrderHistory,
    cancel: &Cancel,
) -> Result<(Vec<f64>, ProbabilityBacktest), CustomerError> {
    let date = history.date;
    let days_before = |day: NaiveDate, days| day.checked_sub_days(Days::new(days)).unwrap_or(day);
    let held_from = days_before(date, HELD_BACK_DAYS);
    let past = Fit::of(
        history,
        days_before(held_from, LEARNED_DAYS),
        held_from,
        cancel,
    )?;
    let backtest = judge(history, &past, held_from);
    let chosen = CANDIDATES.into_iter().find(|c| c.name() == backtest.chosen);
    let chosen = chosen.unwrap_or(Candidate::ShrunkShare);
    let whole = Fit::of(history, days_before(date, LEARNED_DAYS), date, cancel)?;
    let of_customer = |customer: &CustomerOrders| {
        let state = walk(customer, date, &whole.everybody, |_, _, _| ());
        let views = state.views(date, &whole.everybody);
        let p = chosen.probability(&views, whole.regression.as_ref());
        p.clamp(0.0, 1.0)
    };
    let probabilities = history.customers.iter().map(of_customer).collect();
    Ok((probabilities, backtest))
}

/// What is learned of all customers together.
struct Fit {
    everybody: WeekdayShares,
    /// None without a customer-day to learn from.
    regression: Option<Linear>,
}

impl Fit {
    /// Learns from the days before `end`; the regression from those since `start`.
    fn of(
        history: &OrderHistory,
        start: NaiveDate,
        end: NaiveDate,
        cancel: &Cancel,
    ) -> Result<Self, CustomerError> {
        let everybody = weekday_shares(history, end);
        let most = history.customers.len() * LEARNED_DAYS as usize;
        let every = most.div_ceil(MOST_ROWS).max(1);
        let names = ["share", "recent", "hazard", "silence", "overdue"].map(String::from);
        let mut matrix = FeatureMatrix::with_capacity(names.into(), most / every);
        let mut outcomes = Vec::new();
        for customer in history.customers.iter().step_by(every) {
            cancel.check()?;
            walk(customer, end, &everybody, |day, ordered, views| {
                if day >= start {
                    matrix.push_row(&columns(views));
                    outcomes.push(ordered);
                }
            });
        }
        let regression = match outcomes.is_empty() {
            true => None,
            false => Some(logistic::fit(&matrix, &outcomes)?),
        };
        Ok(Self {
            everybody,
            regression,
        })
    }
}

/// Log odds of the views, and how overdue an order is.
fn columns(views: &Views) -> [f32; 5] {
    let log_odds = |p: f64| {
        let p = p.clamp(LEAST, 1.0 - LEAST);
        (p / (1.0 - p)).ln() as f32
    };
    let silence = views.intervals_since_last;
    [
        log_odds(views.shrunk_share),
        log_odds(views.recent_share),
        log_odds(views.hazard),
        silence.ln_1p() as f32,
        (silence - 3.0).max(0.0).ln_1p() as f32,
    ]
}

/// Goes through a customer's days from its first order to before `end` with what was known on the
/// eve of each but the first, and gives what is known in the end.
fn walk(
    customer: &CustomerOrders,
    end: NaiveDate,
    everybody: &WeekdayShares,
    mut visit: impl FnMut(NaiveDate, bool, &Views),
) -> OrderState {
    let mut state = OrderState::new();
    let mut is_first = true;
    walk_days(customer, end, |day, ordered| {
        if !std::mem::take(&mut is_first) {
            visit(day, ordered, &state.views(day, everybody));
        }
        state.take(day, ordered);
    });
    state
}

/// A customer's days from its first order to before `end`, each with whether it has an order.
fn walk_days(customer: &CustomerOrders, end: NaiveDate, mut visit: impl FnMut(NaiveDate, bool)) {
    let days: HashSet<NaiveDate> = customer.orders.iter().map(|o| o.due).collect();
    let Some(first) = customer.orders.first() else {
        return;
    };
    for day in first.due.iter_days().take_while(|day| *day < end) {
        visit(day, days.contains(&day));
    }
}

/// Share of customer-days before `end` with an order, by weekday; a customer's days start with
/// its first order.
fn weekday_shares(history: &OrderHistory, end: NaiveDate) -> WeekdayShares {
    let (mut with, mut all) = ([0.0; 7], [0.0; 7]);
    for customer in &history.customers {
        walk_days(customer, end, |day, ordered| {
            let weekday = day.weekday().num_days_from_monday() as usize;
            all[weekday] += 1.0;
            with[weekday] += f64::from(u8::from(ordered));
        });
    }
    std::array::from_fn(|i| if all[i] > 0.0 { with[i] / all[i] } else { 0.0 })
}

/// Errors of all candidates on the days since `held_from`.
fn judge(history: &OrderHistory, fit: &Fit, held_from: NaiveDate) -> ProbabilityBacktest {
    let mut customer_days = 0_u64;
    let mut sums = [(0.0, 0.0); CANDIDATES.len()];
    for customer in &history.customers {
        walk(
            customer,
            history.date,
            &fit.everybody,
            |day, ordered, views| {
                if day < held_from {
                    return;
                }
                customer_days += 1;
                let outcome = f64::from(u8::from(ordered));
                for (candidate, (log_loss, brier)) in CANDIDATES.iter().zip(&mut sums) {
                    let p = candidate.probability(views, fit.regression.as_ref());
                    *brier += (p - outcome).powi(2);
                    let of_outcome = if ordered { p } else { 1.0 - p };
                    *log_loss -= of_outcome.clamp(LEAST, 1.0).ln();
                }
            },
        );
    }
    let days = customer_days.max(1) as f64;
    let candidates: Vec<ProbabilityScore> = CANDIDATES
        .iter()
        .zip(&sums)
        .map(|(candidate, (log_loss, brier))| ProbabilityScore {
            name: candidate.name().to_owned(),
            log_loss: log_loss / days,
            brier: brier / days,
        })
        .collect();
    let least = candidates
        .iter()
        .min_by(|a, b| a.log_loss.total_cmp(&b.log_loss));
    // Without days to judge on, the shrunk share: the plain one is certain after a single order.
    let chosen = least.filter(|_| customer_days > 0);
    ProbabilityBacktest {
        chosen: chosen
            .map_or(Candidate::ShrunkShare.name(), |c| &c.name)
            .to_owned(),
        customer_days,
        candidates,
    }
}
