//! Forecasts of areas, depots or classes that agree with those of their series.
//!
//! Means add up. Quantiles do not: series of one day move together, and that is learned from their
//! past. Every past step ranks how much each series was above or below the season before; samples
//! of the series' own forecasts are put into these orders and added up (empirical copulas, Ben
//! Taieb, Taylor and Hyndman 2017), so that every sample of a group is the sum of its parts'.

use crate::domain::forecast::{DemandForecast, GroupForecast, Quantiles, Z90};
use crate::domain::hierarchy::Hierarchy;
use crate::features::demand::{Panel, Series};
use chrono::NaiveDateTime;
use std::collections::BTreeMap;

/// Past steps that joint movements are learned from at most.
const MOST_STEPS: i64 = 200;
/// Fewer say nothing: series are then taken to move together fully, the cautious case for loads.
const LEAST_STEPS: usize = 20;

/// Forecasts of every group of every level, by level, group and time.
/// Series of the hierarchy without a forecast are left out of the sums.
pub fn reconcile(
    hierarchy: &Hierarchy,
    panel: &Panel,
    forecasts: &[DemandForecast],
) -> Vec<GroupForecast> {
    let mut by_series: BTreeMap<&str, Vec<&DemandForecast>> = BTreeMap::new();
    for forecast in forecasts {
        let list = by_series.entry(forecast.series_id.as_str()).or_default();
        list.push(forecast);
    }
    let orders = Orders::of(panel);
    let mut found = Vec::new();
    for level in &hierarchy.levels {
        for (group, members) in &level.groups {
            let mut steps: BTreeMap<NaiveDateTime, Vec<(&str, Quantiles)>> = BTreeMap::new();
            for id in members {
                for forecast in by_series.get(id.as_str()).into_iter().flatten() {
                    let step = steps.entry(forecast.ts).or_default();
                    step.push((id, forecast.quantiles));
                }
            }
            found.extend(steps.into_iter().map(|(ts, parts)| GroupForecast {
                level: level.name.clone(),
                group: group.clone(),
                ts,
                quantiles: orders.sum(&parts),
            }));
        }
    }
    found
}

/// How series moved together: ranks between 0 and 1 by series, over the same past steps.
struct Orders<'a> {
    ranks: BTreeMap<&'a str, Vec<f64>>,
    count: usize,
}

impl<'a> Orders<'a> {
    fn of(panel: &'a Panel) -> Self {
        let end = panel.end().unwrap_or(0);
        let season = panel.frequency.season();
        let begin = panel.series.iter().map(|s| s.start).min().unwrap_or(end);
        let steps: Vec<i64> = ((begin + season).max(end - MOST_STEPS)..end).collect();
        let ranks = panel.series.iter().map(|series| {
            let ranks = ranks(series, &steps, season);
            (series.id.as_str(), ranks)
        });
        Self {
            ranks: ranks.collect(),
            count: steps.len(),
        }
    }

    /// The forecast of a sum.
    fn sum(&self, parts: &[(&str, Quantiles)]) -> Quantiles {
        let mean: f64 = parts.iter().map(|(_, q)| q.mean).sum();
        let plain = |of: fn(&Quantiles) -> f64| parts.iter().map(|(_, q)| of(q)).sum::<f64>();
        if self.count < LEAST_STEPS || parts.len() < 2 {
            return Quantiles {
                p10: plain(|q| q.p10),
                p50: plain(|q| q.p50),
                p90: plain(|q| q.p90),
                mean,
            };
        }
        let mut sums = vec![0.0; self.count];
        for (id, quantiles) in parts {
            let Some(ranks) = self.ranks.get(id) else {
                continue;
            };
            let drawn: Vec<f64> = ranks.iter().map(|rank| at(quantiles, *rank)).collect();
            // Every part keeps its mean, so that the sum keeps the sum of them.
            let shift = quantiles.mean - drawn.iter().sum::<f64>() / drawn.len() as f64;
            for (sum, value) in sums.iter_mut().zip(drawn) {
                *sum += value + shift;
            }
        }
        sums.sort_by(f64::total_cmp);
        let quantile = |share: f64| {
            let place = share * (sums.len() - 1) as f64;
            let (below, within) = (place.floor() as usize, place.fract());
            let above = (below + 1).min(sums.len() - 1);
            sums[below] + within * (sums[above] - sums[below])
        };
        // No group needs less than nothing if none of its parts can.
        let floor = if parts.iter().all(|(_, q)| q.p10 >= 0.0) {
            0.0
        } else {
            f64::NEG_INFINITY
        };
        Quantiles {
            p10: quantile(0.1).max(floor),
            p50: quantile(0.5).max(floor),
            p90: quantile(0.9).max(floor),
            mean,
        }
    }
}

/// Ranks of a series' changes against the season before over some steps; where there is none, the
/// middle.
fn ranks(series: &Series, steps: &[i64], season: i64) -> Vec<f64> {
    let changes: Vec<f64> = steps
        .iter()
        .map(|&step| f64::from(series.value(step) - series.value(step - season)))
        .collect();
    let mut order: Vec<usize> = (0..steps.len())
        .filter(|&k| changes[k].is_finite())
        .collect();
    order.sort_by(|&a, &b| changes[a].total_cmp(&changes[b]));
    let mut ranks = vec![0.5; steps.len()];
    let count = order.len() as f64;
    let mut first = 0;
    while first < order.len() {
        let same = |k: &&usize| changes[**k] == changes[order[first]];
        let equal = order[first..].iter().take_while(same).count();
        // Equal changes share the middle of their ranks.
        let rank = (first as f64 + equal as f64 / 2.0) / count;
        order[first..first + equal]
            .iter()
            .for_each(|&k| ranks[k] = rank);
        first += equal;
    }
    ranks
}

/// The value that is not exceeded with a probability: between the quantiles a line, beyond them a
/// normal tail.
fn at(q: &Quantiles, share: f64) -> f64 {
    if share < 0.1 {
        let spread = (q.p50 - q.p10) / Z90;
        return q.p50 + spread * normal_quantile(share);
    }
    if share > 0.9 {
        let spread = (q.p90 - q.p50) / Z90;
        return q.p50 + spread * normal_quantile(share);
    }
    match share <= 0.5 {
        true => q.p10 + (share - 0.1) / 0.4 * (q.p50 - q.p10),
        false => q.p50 + (share - 0.5) / 0.4 * (q.p90 - q.p50),
    }
}

/// Quantile of the standard normal distribution; absolute error below 4.5e-4 (Abramowitz & Stegun
/// 1964, 26.2.23).
fn normal_quantile(share: f64) -> f64 {
    if share > 0.5 {
        return -normal_quantile(1.0 - share);
    }
    let t = (-2.0 * share.max(1e-9).ln()).sqrt();
    let upper = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let lower = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    upper / lower - t
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hierarchy::Level;
    use crate::features::demand::Frequency;
    use rand::Rng;

    /// Two series and their forecasts; `joint` is how much they move together.
    fn pair(joint: f64) -> (Panel, Vec<DemandForecast>, Hierarchy) {
        let mut draw = crate::runtime::random::generator(5, "reconcile");
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for _ in 0..210 {
            let (common, own): (f64, f64) = (draw.random(), draw.random());
            a.push((100.0 + 20.0 * common) as f32);
            b.push((100.0 + 20.0 * (joint * common + (1.0 - joint) * own)) as f32);
        }
        let series = |id: &str, values: Vec<f32>| Series {
            id: id.into(),
            start: 0,
            last_row: values.len() as i64 - 1,
            values,
            covariates: Vec::new(),
        };
        let panel = Panel {
            source: "test".into(),
            frequency: Frequency::Daily,
            weekday: 0,
            covariates: Vec::new(),
            series: vec![series("a", a), series("b", b)],
        };
        let quantiles = Quantiles {
            p10: 102.0,
            p50: 110.0,
            p90: 118.0,
            mean: 111.0,
        };
        let forecasts = ["a", "b"].map(|id| DemandForecast {
            series_id: id.into(),
            ts: panel.time(210),
            quantiles,
        });
        let groups = [("all".to_owned(), vec!["a".to_owned(), "b".to_owned()])];
        let level = Level {
            name: "depot".into(),
            groups: groups.into(),
        };
        let levels = vec![level];
        (panel, forecasts.to_vec(), Hierarchy { levels })
    }

    #[test]
    fn means_add_up_and_widths_follow_how_series_move_together() {
        let width = |joint: f64| {
            let (panel, forecasts, hierarchy) = pair(joint);
            let found = reconcile(&hierarchy, &panel, &forecasts);
            let [sum] = found.as_slice() else {
                panic!("{found:?}");
            };
            assert_eq!((sum.level.as_str(), sum.group.as_str()), ("depot", "all"));
            let q = sum.quantiles;
            assert!((q.mean - 222.0).abs() < 1e-9, "{q:?}");
            assert!(q.p10 <= q.p50 && q.p50 <= q.p90, "{q:?}");
            q.p90 - q.p10
        };
        // Fully together the widths add up; apart they add up like independent errors.
        let (together, apart) = (width(1.0), width(0.0));
        assert!((together - 32.0).abs() < 2.0, "{together}");
        assert!((apart - 16.0 * 2_f64.sqrt()).abs() < 3.0, "{apart}");
    }

    #[test]
    fn quantiles_of_the_normal_distribution_match_tables() {
        for (share, z) in [
            (0.5, 0.0),
            (0.1, -Z90),
            (0.975, 1.959_964),
            (0.001, -3.090_232),
        ] {
            assert!((normal_quantile(share) - z).abs() < 5e-4, "{share}");
        }
    }
}
