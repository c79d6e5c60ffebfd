//! A visit as a row of numbers: its amount and hour, and what was learned of its customer and driver.

use super::parameters::Parameters;
use crate::features::FeatureMatrix;
use crate::features::visits::{VisitQuery, Visits};
use chrono::{DateTime, Datelike, Timelike};
use chrono_tz::Tz;
use std::f64::consts::TAU;

/// Version of the columns; a model is refused by code of another version.
pub const VERSION: u32 = 1;

/// The columns, in order of [`COLUMNS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// ln(1 + amount / unit): proportional to the logarithm of set-up and handling together.
    LogQuantity,
    /// Sine and cosine of the local time of day, once and twice round the clock.
    DaySin,
    DayCos,
    HalfDaySin,
    HalfDayCos,
    /// Local hour of the start.
    Hour,
    /// Monday 0 to Sunday 6.
    Weekday,
    /// Median logarithm of the customer's visits; missing for a new one.
    CustomerMedian,
    /// Effect of the customer; 0 for a new one.
    CustomerEffect,
    /// Effect of the driver; 0 for an average or a new one.
    DriverEffect,
    /// Standard deviation of the logarithm, what is not known of customer and driver included.
    Sd,
}

/// Names of the columns.
pub const COLUMNS: [&str; 11] = [
    "log_quantity",
    "day_sin",
    "day_cos",
    "half_day_sin",
    "half_day_cos",
    "hour",
    "weekday",
    "customer_median",
    "customer_effect",
    "driver_effect",
    "sd",
];

/// Columns of the time of day.
pub(super) const HOURS: [Column; 4] = [
    Column::DaySin,
    Column::DayCos,
    Column::HalfDaySin,
    Column::HalfDayCos,
];

/// Rows of visits that took place.
pub(super) fn matrix(visits: &Visits, learned: &Parameters) -> FeatureMatrix {
    let queries: Vec<VisitQuery> = (0..visits.len()).map(|visit| visits.query(visit)).collect();
    matrix_of(&queries, learned)
}

/// Rows of questions, of [`COLUMNS`].
pub fn matrix_of(queries: &[VisitQuery], learned: &Parameters) -> FeatureMatrix {
    let names = COLUMNS.map(str::to_owned).to_vec();
    let mut matrix = FeatureMatrix::with_capacity(names, queries.len());
    for query in queries {
        matrix.push_row(&row(query, learned));
    }
    matrix
}

fn row(query: &VisitQuery, learned: &Parameters) -> [f32; COLUMNS.len()] {
    let customer = learned.customers.get(&query.site_id);
    let driver = query.driver.as_ref().map(|name| learned.drivers.get(name));
    let (driver_effect, driver_variance) = match driver {
        // An average driver has no effect, for certain.
        None => (0.0, 0.0),
        Some(Some(known)) => (known.effect, known.effect_variance),
        Some(None) => (0.0, learned.driver_variance),
    };
    let (of_customer, noise) = customer.map_or(
        (learned.customer_variance, learned.noise_variance),
        |known| (known.effect_variance, known.noise_variance),
    );
    let [sin, cos, half_sin, half_cos, hour, weekday] = time(query.start.as_ref());
    [
        log_quantity(query, learned),
        sin,
        cos,
        half_sin,
        half_cos,
        hour,
        weekday,
        customer.map_or(f64::NAN, |c| c.median_log_s),
        customer.map_or(0.0, |c| c.effect),
        driver_effect,
        (noise + of_customer + driver_variance).sqrt(),
    ]
    .map(|value| value as f32)
}

fn log_quantity(query: &VisitQuery, learned: &Parameters) -> f64 {
    let dimension = learned.dimension.as_ref();
    let amount = dimension.and_then(|d| query.quantities.get(d).copied());
    (amount.unwrap_or(0.0).max(0.0) / learned.quantity_unit.max(f64::MIN_POSITIVE)).ln_1p()
}

/// Time of day and weekday; missing without a time.
fn time(start: Option<&DateTime<Tz>>) -> [f64; 6] {
    let Some(start) = start else {
        return [f64::NAN; 6];
    };
    let angle = TAU * f64::from(start.num_seconds_from_midnight()) / 86_400.0;
    [
        angle.sin(),
        angle.cos(),
        (2.0 * angle).sin(),
        (2.0 * angle).cos(),
        f64::from(start.hour()),
        f64::from(start.weekday().num_days_from_monday()),
    ]
}
