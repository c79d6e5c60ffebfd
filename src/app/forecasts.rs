//! Demand forecasts.

use super::{App, AppError};
use crate::domain::InputError;
use crate::domain::forecast::DemandForecast;
use crate::store::{After, Page, TenantScope};
use chrono::NaiveDate;

/// Most forecasts in one request.
pub const MOST_FORECASTS: usize = 50_000;

impl App {
    /// Takes in forecasts in place of those of the same series and step; returns how many.
    pub async fn import_forecasts(
        &self,
        scope: TenantScope,
        forecasts: &[DemandForecast],
    ) -> Result<usize, AppError> {
        check(forecasts)?;
        Ok(self.store().put_forecasts(scope, forecasts).await?)
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
}

/// Checks forecasts; names the first fault.
fn check(forecasts: &[DemandForecast]) -> Result<(), InputError> {
    let fault = |field: String, problem: &str, remedy: &str| {
        InputError::new("request body", problem, remedy).field(field)
    };
    if !(1..=MOST_FORECASTS).contains(&forecasts.len()) {
        let remedy = format!("give 1 to {MOST_FORECASTS}");
        let field = "forecasts".to_owned();
        return Err(fault(field, "wrong number of forecasts", &remedy).value(forecasts.len()));
    }
    for (i, forecast) in forecasts.iter().enumerate() {
        let q = forecast.quantiles;
        let id = &forecast.series_id;
        if id.is_empty() || id.chars().any(char::is_control) {
            let field = format!("forecasts[{i}].series_id");
            return Err(fault(field, "not a series id", "give printable characters").value(id));
        }
        for (name, value) in [
            ("p10", q.p10),
            ("p50", q.p50),
            ("p90", q.p90),
            ("mean", q.mean),
        ] {
            if !value.is_finite() {
                let field = format!("forecasts[{i}].{name}");
                return Err(fault(field, "not a finite number", "give a number").value(value));
            }
        }
        if q.p10 > q.p50 || q.p50 > q.p90 {
            let value = format!("{}, {}, {}", q.p10, q.p50, q.p90);
            let field = format!("forecasts[{i}]");
            return Err(fault(field, "quantiles cross", "give p10 <= p50 <= p90").value(value));
        }
    }
    Ok(())
}
