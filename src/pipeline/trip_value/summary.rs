//! Means of a period by basis, with intervals from resampled days.
//!
//! All bases meet the same days, so a day is drawn with all its results (paired bootstrap, Efron &
//! Tibshirani 1993): what days differ by cancels out of differences, ratios and regret.

use super::super::value::BASES;
use crate::domain::plan::{CostParts, PlanBasis};
use crate::domain::value_of_forecast::{BasisResult, DayValue};
use crate::runtime::random;
use rand::Rng;

/// Resamples of the days.
const RESAMPLES: usize = 2_000;

/// A figure with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The figure on the days as they are.
    pub value: f64,
    /// 2.5 % quantile of the resamples.
    pub low: f64,
    /// 97.5 % quantile of the resamples.
    pub high: f64,
}

/// A period on one basis; amounts are means per day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BasisSummary {
    /// The knowledge.
    pub basis: PlanBasis,
    /// Realised cost with lateness, in currency units.
    pub cost: Interval,
    /// Realised cost without lateness.
    pub driving_cost: Interval,
    /// Stops served late.
    pub late_stops: Interval,
    /// Minutes of lateness.
    pub late_min: Interval,
    /// Kilometres.
    pub distance_km: Interval,
    /// Minutes of overtime.
    pub overtime_min: Interval,
    /// Stops left out.
    pub unserved: Interval,
    /// (realised − perfect) / perfect cost of the period.
    pub regret: Interval,
    /// Share of the cost between static and perfect that this basis saves.
    pub gap_closed: Interval,
    /// Late stops over those of static plans.
    pub late_ratio: Interval,
}

/// A period on all bases.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Days with all bases.
    pub days: usize,
    /// In the order of [`BASES`].
    pub bases: Vec<BasisSummary>,
}

/// What is added up of a result.
type Amounts = [f64; 7];

fn amounts(result: &BasisResult) -> Amounts {
    [
        result.total(),
        result.realised.total(),
        f64::from(result.late_stops),
        result.late_s as f64 / 60.0,
        result.distance_m as f64 / 1_000.0,
        result.overtime_s as f64 / 60.0,
        f64::from(result.unserved_stops),
    ]
}

/// A day by basis.
type Row = [Amounts; BASES.len()];

/// The mean of a day's draws; `None` where a basis is missing.
fn row(draws: &[DayValue]) -> Option<Row> {
    let mut row = [[0.0; 7]; BASES.len()];
    for draw in draws {
        for (sums, basis) in row.iter_mut().zip(BASES) {
            for (sum, amount) in sums.iter_mut().zip(amounts(draw.of(basis)?)) {
                *sum += amount / draws.len() as f64;
            }
        }
    }
    (!draws.is_empty()).then_some(row)
}

/// The mean of a day's draws as one day, counts and seconds rounded; `None` without draws.
pub(super) fn average(draws: &[DayValue]) -> Option<DayValue> {
    let first = draws.first()?;
    let mean = |basis: PlanBasis, value: &dyn Fn(&BasisResult) -> f64| {
        let values = draws.iter().filter_map(|day| day.of(basis)).map(value);
        values.sum::<f64>() / draws.len() as f64
    };
    let results = first.results.iter().map(|r| {
        let of = |value: &dyn Fn(&BasisResult) -> f64| mean(r.basis, value);
        BasisResult {
            basis: r.basis,
            planned_cost: r.planned_cost,
            realised: CostParts {
                fixed: of(&|r| r.realised.fixed),
                distance: of(&|r| r.realised.distance),
                duration: of(&|r| r.realised.duration),
                unplanned: of(&|r| r.realised.unplanned),
            },
            late_cost: of(&|r| r.late_cost),
            late_stops: of(&|r| f64::from(r.late_stops)).round() as u32,
            late_s: of(&|r| r.late_s as f64).round() as u64,
            unserved_stops: of(&|r| f64::from(r.unserved_stops)).round() as u32,
            overtime_s: of(&|r| r.overtime_s as f64).round() as u64,
            distance_m: of(&|r| r.distance_m as f64).round() as u64,
        }
    });
    Some(DayValue {
        date: first.date,
        results: results.collect(),
    })
}

/// Figures of one basis: means, regret, gap closed, ratio of late stops.
type Figures = [f64; 10];

impl Summary {
    /// Adds up days that were planned on all bases; of each, the draws of its noise are averaged.
    pub fn of(days: &[Vec<DayValue>], seed: u64) -> Self {
        let rows: Vec<Row> = days.iter().filter_map(|draws| row(draws)).collect();
        let own = figures(rows.iter());
        let mut random = random::generator(seed, "bootstrap of days");
        let resampled: Vec<[Figures; BASES.len()]> = (0..RESAMPLES)
            .filter(|_| !rows.is_empty())
            .map(|_| figures((0..rows.len()).map(|_| &rows[random.random_range(0..rows.len())])))
            .collect();
        let bases = BASES.into_iter().enumerate();
        Self {
            days: rows.len(),
            bases: bases
                .map(|(b, basis)| {
                    let interval = |figure: usize| {
                        interval(own[b][figure], resampled.iter().map(|r| r[b][figure]))
                    };
                    BasisSummary {
                        basis,
                        cost: interval(0),
                        driving_cost: interval(1),
                        late_stops: interval(2),
                        late_min: interval(3),
                        distance_km: interval(4),
                        overtime_min: interval(5),
                        unserved: interval(6),
                        regret: interval(7),
                        gap_closed: interval(8),
                        late_ratio: interval(9),
                    }
                })
                .collect(),
        }
    }

    /// The summary of one basis.
    pub fn of_basis(&self, basis: PlanBasis) -> Option<&BasisSummary> {
        self.bases.iter().find(|b| b.basis == basis)
    }
}

fn figures<'a>(rows: impl Iterator<Item = &'a Row>) -> [Figures; BASES.len()] {
    let (mut sums, mut count) = ([[0.0; 7]; BASES.len()], 0.0);
    for row in rows {
        count += 1.0;
        for (sum, amounts) in sums.iter_mut().zip(row) {
            for (total, amount) in sum.iter_mut().zip(amounts) {
                *total += amount;
            }
        }
    }
    let at = |basis: PlanBasis| BASES.iter().position(|b| *b == basis).unwrap_or(0);
    let (fixed, perfect) = (sums[at(PlanBasis::Static)], sums[at(PlanBasis::Perfect)]);
    sums.map(|sum| {
        let mut figures = [f64::NAN; 10];
        for (figure, total) in figures.iter_mut().zip(sum) {
            *figure = total / f64::max(count, 1.0);
        }
        figures[7] = (sum[0] - perfect[0]) / perfect[0];
        figures[8] = (fixed[0] - sum[0]) / (fixed[0] - perfect[0]);
        figures[9] = sum[2] / fixed[2];
        figures
    })
}

/// The figure with the quantiles of its resamples; NaN where there are none.
fn interval(value: f64, resampled: impl Iterator<Item = f64>) -> Interval {
    let mut sorted: Vec<f64> = resampled.filter(|v| v.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let quantile = |share: f64| {
        let at = (share * sorted.len() as f64) as usize;
        let last = sorted.len().saturating_sub(1);
        sorted.get(at.min(last)).copied().unwrap_or(f64::NAN)
    };
    Interval {
        value,
        low: quantile(0.025),
        high: quantile(0.975),
    }
}
