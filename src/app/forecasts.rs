//! Demand forecasts of series and of the groups they add up to.

use super::{App, AppError};
use crate::domain::InputError;
use crate::domain::forecast::{DemandForecast, GroupForecast, Quantiles};
use crate::domain::hierarchy::Hierarchy;
use crate::store::{After, ForecastRows, GroupFilter, Page, TenantScope};
use chrono::{NaiveDate, NaiveDateTime};
use std::collections::HashMap;

/// Most forecasts in one request, of series and of groups each.
pub const MOST_FORECASTS: usize = 50_000;
/// How far a group's mean may be off the sum, as a share of the sum of the absolute means.
const TOLERANCE: f64 = 1e-6;

impl App {
    /// Takes in forecasts in place of those of the same step; returns how many of series. Groups
    /// come with all their series, and their means are the sums of theirs; forecasts of other
    /// groups that are sums no longer are forgotten.
    pub async fn import_forecasts(
        &self,
        scope: TenantScope,
        series: &[DemandForecast],
        groups: &[GroupForecast],
    ) -> Result<usize, AppError> {
        check(series, groups)?;
        let mut hierarchy = None;
        if !groups.is_empty() {
            let stored = self.store().hierarchy(scope).await?;
            check_sums(series, groups, &stored)?;
            hierarchy = Some(stored);
        }
        let rows = ForecastRows {
            series,
            groups,
            hierarchy: hierarchy.as_ref(),
        };
        Ok(self.store().put_forecasts(scope, rows).await?)
    }

    /// Forecasts of one series or of all, days `from` to `to` included, by series and time.
    pub async fn forecasts(
        &self,
        scope: TenantScope,
        series_id: Option<&str>,
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
        after: Option<After>,
        limit: u32,
    ) -> Result<Page<DemandForecast>, AppError> {
        Ok(self
            .store()
            .forecasts(scope, series_id, from, to, after, limit)
            .await?)
    }

    /// Forecasts of groups, by level, group and time.
    pub async fn group_forecasts(
        &self,
        scope: TenantScope,
        filter: GroupFilter<'_>,
        after: Option<After>,
        limit: u32,
    ) -> Result<Page<GroupForecast>, AppError> {
        let store = self.store();
        Ok(store.group_forecasts(scope, filter, after, limit).await?)
    }
}

/// Refuses a name that is empty or holds control characters; the caller adds where it stands.
pub(super) fn check_id(id: &str) -> Result<(), InputError> {
    if !id.is_empty() && !id.chars().any(char::is_control) {
        return Ok(());
    }
    let remedy = "give printable characters";
    Err(InputError::new("request body", "not a name", remedy))
}

fn fault(field: impl Into<String>, problem: impl Into<String>, remedy: &str) -> InputError {
    InputError::new("request body", problem, remedy).field(field)
}

/// Checks forecasts one by one; names the first fault.
fn check(series: &[DemandForecast], groups: &[GroupForecast]) -> Result<(), InputError> {
    for (field, found, least) in [("forecasts", series.len(), 1), ("groups", groups.len(), 0)] {
        if !(least..=MOST_FORECASTS).contains(&found) {
            let remedy = format!("give {least} to {MOST_FORECASTS}");
            return Err(fault(field, "wrong number of forecasts", &remedy).value(found));
        }
    }
    for (i, forecast) in series.iter().enumerate() {
        let id = &forecast.series_id;
        check_id(id).map_err(|e| e.field(format!("forecasts[{i}].series_id")).value(id))?;
        check_quantiles(&format!("forecasts[{i}]"), &forecast.quantiles)?;
    }
    for (i, forecast) in groups.iter().enumerate() {
        check_quantiles(&format!("groups[{i}]"), &forecast.quantiles)?;
    }
    Ok(())
}

fn check_quantiles(path: &str, q: &Quantiles) -> Result<(), InputError> {
    for (name, value) in [
        ("p10", q.p10),
        ("p50", q.p50),
        ("p90", q.p90),
        ("mean", q.mean),
    ] {
        if !value.is_finite() {
            let field = format!("{path}.{name}");
            return Err(fault(field, "not a finite number", "give a number").value(value));
        }
    }
    if q.p10 > q.p50 || q.p50 > q.p90 {
        let value = format!("{}, {}, {}", q.p10, q.p50, q.p90);
        return Err(fault(path, "quantiles cross", "give p10 <= p50 <= p90").value(value));
    }
    Ok(())
}

/// Checks that every group comes with its series and is their sum; names the first fault.
fn check_sums(
    series: &[DemandForecast],
    groups: &[GroupForecast],
    hierarchy: &Hierarchy,
) -> Result<(), InputError> {
    let means: HashMap<(&str, NaiveDateTime), f64> = series
        .iter()
        .map(|f| ((f.series_id.as_str(), f.ts), f.quantiles.mean))
        .collect();
    for (i, forecast) in groups.iter().enumerate() {
        let (level, group) = (&forecast.level, &forecast.group);
        let found = hierarchy.levels.iter().find(|l| l.name == *level);
        let members = found.and_then(|level| level.groups.get(group));
        let members = members.ok_or_else(|| {
            let remedy = "give one of the hierarchy: GET /api/v1/hierarchy";
            let error = fault(format!("groups[{i}]"), "no such group", remedy);
            error.value(format!("{level} {group}"))
        })?;
        let (mut sum, mut size) = (0.0, 0.0);
        for id in members {
            let mean = means.get(&(id.as_str(), forecast.ts)).ok_or_else(|| {
                let problem = format!("its series {id} has no forecast of this step here");
                let remedy = "send a group together with all its series";
                fault(format!("groups[{i}]"), problem, remedy).value(forecast.ts)
            })?;
            sum += mean;
            size += mean.abs();
        }
        let mean = forecast.quantiles.mean;
        if (mean - sum).abs() > TOLERANCE * size.max(1.0) {
            let problem = format!("not the sum of its series' means, {sum}");
            let error = fault(format!("groups[{i}].mean"), problem, "give the sum");
            return Err(error.value(mean));
        }
    }
    Ok(())
}
