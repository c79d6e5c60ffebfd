//! One feature row: what is known at the origin about a step ahead of it.

use super::history::{History, Window};
use super::local::{self, FAMILIES, Local};
use super::spec::DemandSpec;
use crate::features::FeatureMatrix;

/// Same-season values of the past that are shown one by one.
const SEASONAL_LAGS: i64 = 4;
/// Seasons that averages over the same phase reach back.
const MATCHED_SEASONS: i64 = 12;
/// Steps that averages over the same covariates reach back, in seasons.
const STATE_SEASONS: i64 = 8;
/// Multiples of a series' scale that are shown at most: a level that has just risen from next to
/// nothing must not drown all others in sums.
const MOST_SCALED: f32 = 100.0;
/// Latest values shown one by one.
const LATEST: i64 = 3;

/// Builds feature rows of one model. Demand enters divided by a scale of the series at the origin,
/// so that one model serves small and large series.
#[derive(Debug, Clone)]
pub struct RowBuilder<'a> {
    spec: &'a DemandSpec,
    names: Vec<String>,
}

impl<'a> RowBuilder<'a> {
    /// A builder for a model.
    pub fn new(spec: &'a DemandSpec) -> Self {
        Self {
            spec,
            names: names(spec),
        }
    }

    /// Names of the columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Position of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|n| n == name)
    }

    /// An empty matrix of these columns.
    pub fn matrix(&self, rows: usize) -> FeatureMatrix {
        FeatureMatrix::with_capacity(self.names.clone(), rows)
    }

    /// Scale of a series at an origin: mean absolute value of the third of the frequency's windows;
    /// of the longest, then of all there is, while almost nothing was demanded in that; a floor if
    /// all of it is zero; the panel's median without history.
    pub fn scale(&self, history: &History<'_>, origin: i64) -> f64 {
        let [_, _, recent, long] = self.spec.frequency.windows();
        // At least four values that are not zero.
        let enough = |w: &Window| w.absolute > 0.0 && w.zeros < w.count - 3.5;
        let candidates = [recent, long].map(|length| history.window(origin - length + 1, origin));
        let all = history.window(history.start(), origin);
        let window = candidates.into_iter().find(enough).unwrap_or(all);
        if window.count == 0.0 {
            return self.spec.cold_scale;
        }
        (window.absolute / window.count).max(self.spec.least_scale)
    }

    /// Appends one row per pair of origin (the last step with a known value) and target (a step
    /// behind it) to `into`, and gives the scale of each.
    pub fn build(
        &self,
        history: &History<'_>,
        pairs: &[(i64, i64)],
        into: &mut Vec<f32>,
    ) -> Vec<f64> {
        let locals = local::forecasts(history, self.spec, pairs);
        let rows = pairs.iter().zip(&locals);
        rows.map(|(&pair, local)| self.row(history, local, pair, into))
            .collect()
    }

    /// Appends a row and gives its scale.
    fn row(
        &self,
        history: &History<'_>,
        local: &Local,
        (origin, target): (i64, i64),
        into: &mut Vec<f32>,
    ) -> f64 {
        let begin = into.len();
        let scale = self.scale(history, origin);
        let scaled = |value: f64| ((value / scale) as f32).clamp(-MOST_SCALED, MOST_SCALED);
        into.push((target - origin) as f32);
        for lag in 0..LATEST {
            into.push(scaled(f64::from(history.open_value(origin - lag))));
        }
        self.seasonal(history, origin, target, &scaled, into);
        self.rolling(history, origin, &scaled, into);
        self.long_season(history, origin, target, &scaled, into);
        self.matched(history, origin, target, &scaled, into);
        into.extend(local.families.map(scaled));
        into.extend([scaled(local.combined), scaled(local.error)]);
        let ts = self.spec.frequency.time(target, self.spec.weekday);
        self.spec.frequency.calendar(ts, into);
        self.covariates(history, origin, target, into);
        let all = history.window(history.start(), origin);
        into.push(scale.ln() as f32);
        into.push(all.count.min(1000.0) as f32);
        into.push((all.zeros / all.count) as f32);
        into.push(history.idle(origin));
        // An undefined quotient is a value that is not known.
        for value in into.iter_mut().skip(begin).filter(|v| v.is_infinite()) {
            *value = f32::NAN;
        }
        scale
    }

    /// The latest values of the target's season phase that are known at the origin.
    fn seasonal(
        &self,
        history: &History<'_>,
        origin: i64,
        target: i64,
        scaled: &impl Fn(f64) -> f32,
        into: &mut Vec<f32>,
    ) {
        let season = self.spec.frequency.season();
        let latest = latest_phase(origin, target, season);
        let lag = |k: i64| history.open_value(latest - k * season);
        // Seasonal naive: the last one that there is.
        let naive = (0..MATCHED_SEASONS).map(lag).find(|v| v.is_finite());
        into.push(scaled(naive.map_or(f64::NAN, f64::from)));
        for k in 0..SEASONAL_LAGS {
            into.push(scaled(f64::from(lag(k))));
        }
        for seasons in [SEASONAL_LAGS, 2 * SEASONAL_LAGS] {
            into.push(scaled(mean((0..seasons).map(lag))));
        }
    }

    fn rolling(
        &self,
        history: &History<'_>,
        origin: i64,
        scaled: &impl Fn(f64) -> f32,
        into: &mut Vec<f32>,
    ) {
        let windows = self.spec.frequency.windows();
        let sums = windows.map(|length| history.window(origin - length + 1, origin));
        for sum in &sums {
            into.push(scaled(sum.mean()));
        }
        let [short, medium, long, _] = sums;
        into.push(scaled(medium.deviation()));
        into.push((medium.zeros / medium.count) as f32);
        into.push((short.mean() / long.mean()) as f32);
        into.push(scaled(long.seasonal_error / long.seasonal_count));
    }

    /// The same time one longer season ago, and how it compared with the level of then.
    fn long_season(
        &self,
        history: &History<'_>,
        origin: i64,
        target: i64,
        scaled: &impl Fn(f64) -> f32,
        into: &mut Vec<f32>,
    ) {
        let Some(season) = self.spec.frequency.long_season() else {
            return;
        };
        let half = self.spec.frequency.season() / 2;
        let then = latest_phase(origin, target, season);
        let back = target - then;
        let around = history.window(then - half, (then + half).min(origin));
        let [_, level, ..] = self.spec.frequency.windows();
        let before = history.window(origin - back - level + 1, origin - back);
        into.push(scaled(f64::from(history.open_value(then))));
        into.push(scaled(around.mean()));
        into.push((around.mean() / before.mean()) as f32);
        let lags = (0..SEASONAL_LAGS).map(|k| history.open_value(then - k * season));
        into.push(scaled(mean(lags)));
    }

    /// Averages over past steps whose binary covariates were those of the target.
    fn matched(
        &self,
        history: &History<'_>,
        origin: i64,
        target: i64,
        scaled: &impl Fn(f64) -> f32,
        into: &mut Vec<f32>,
    ) {
        if !self.spec.covariates.iter().any(|c| c.binary) {
            return;
        }
        let season = self.spec.frequency.season();
        let state = history.state(target);
        let like = |index: i64| match state {
            Some(_) if history.state(index) == state => history.open_value(index),
            _ => f32::NAN,
        };
        let latest = latest_phase(origin, target, season);
        into.push(scaled(mean(
            (0..MATCHED_SEASONS).map(|k| like(latest - k * season)),
        )));
        into.push(scaled(mean(
            (0..STATE_SEASONS * season.min(28)).map(|k| like(origin - k)),
        )));
    }

    /// Covariates at the target; binary ones also just before and after it, as far as the horizon
    /// reaches: what lies behind it is not known when a forecast is made.
    fn covariates(&self, history: &History<'_>, origin: i64, target: i64, into: &mut Vec<f32>) {
        let series = history.series();
        for (which, covariate) in self.spec.covariates.iter().enumerate() {
            into.push(series.covariate(which, target));
            if covariate.binary {
                into.push(series.covariate(which, target - 1));
                let known = target < origin + i64::from(self.spec.horizon);
                into.push(if known {
                    series.covariate(which, target + 1)
                } else {
                    f32::NAN
                });
            }
        }
    }
}

/// The latest step at or before the origin of the target's phase.
fn latest_phase(origin: i64, target: i64, season: i64) -> i64 {
    let ahead = (target - origin).max(1);
    target - season * ((ahead + season - 1) / season)
}

/// Mean of the finite values; NaN without any.
fn mean(values: impl Iterator<Item = f32>) -> f64 {
    let (count, sum) = values
        .filter(|v| v.is_finite())
        .fold((0.0, 0.0), |(n, sum), v| (n + 1.0, sum + f64::from(v)));
    sum / count
}

/// Name of the column with the steps ahead.
pub const STEP: &str = "step";
/// Name of the column with the share of zeros in the whole history.
pub const ZERO_SHARE: &str = "zero_share_all";
/// Name of the column with what models of the series alone expect.
pub const LOCAL: &str = "local";
/// Name of the column with their mean absolute error in the past.
pub const LOCAL_ERROR: &str = "local_error";
/// Name of the column that a seasonal naive forecast repeats.
pub const NAIVE: &str = "seasonal_naive";
/// Name of the column with the mean absolute error of a seasonal naive forecast in the past.
pub const NAIVE_ERROR: &str = "seasonal_naive_error";

fn names(spec: &DemandSpec) -> Vec<String> {
    let mut names = vec![STEP.to_owned()];
    names.extend((0..LATEST).map(|lag| format!("latest_{lag}")));
    names.push(NAIVE.into());
    names.extend((0..SEASONAL_LAGS).map(|k| format!("season_lag_{k}")));
    names.extend(["season_mean_4".into(), "season_mean_8".into()]);
    names.extend(spec.frequency.windows().map(|w| format!("mean_{w}")));
    names.extend(["deviation", "zero_share", "trend", NAIVE_ERROR].map(String::from));
    if let Some(season) = spec.frequency.long_season() {
        let parts = ["value", "around", "ratio", "mean_4"];
        names.extend(parts.map(|part| format!("long_season_{season}_{part}")));
    }
    if spec.covariates.iter().any(|c| c.binary) {
        names.extend(["matched_season_mean".into(), "matched_mean".into()]);
    }
    names.extend(FAMILIES.map(|family| format!("local_{family}")));
    names.extend([LOCAL, LOCAL_ERROR].map(String::from));
    names.extend(
        spec.frequency
            .calendar_names()
            .iter()
            .map(|n| (*n).to_owned()),
    );
    for covariate in &spec.covariates {
        names.push(format!("known_{}", covariate.name));
        if covariate.binary {
            names.push(format!("known_{}_before", covariate.name));
            names.push(format!("known_{}_after", covariate.name));
        }
    }
    names.extend(["log_scale", "observations", ZERO_SHARE, "idle"].map(String::from));
    names
}

/// Name of the column of a covariate at the target.
pub fn covariate_column(name: &str) -> String {
    format!("known_{name}")
}
