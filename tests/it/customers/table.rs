//! Orders tables for these tests, and what a table must not change.

use chrono::{Days, NaiveDate};
use polars::prelude::*;
use polars_io::parquet::write::ParquetWriter;
use rand::Rng;
use rand::seq::SliceRandom;
use routeforce::customers::Settings;
use routeforce::domain::customers::{Customer, CustomerReport};
use routeforce::pipeline::PipelineError;
use routeforce::pipeline::customers::of_orders;
use routeforce::runtime::Cancel;
use routeforce::runtime::random::generator;
use std::path::Path;

/// One row of an orders table.
#[derive(Debug, Clone)]
pub struct Row {
    pub id: String,
    pub site: String,
    pub due: NaiveDate,
    pub kg: f64,
    /// Hours from the order to local midnight at the start of the due day.
    pub lead_h: Option<f64>,
    pub class: Option<&'static str>,
}

/// A Monday.
pub fn monday() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 5).unwrap()
}

pub fn row(site: &str, day: u64, kg: f64) -> Row {
    Row {
        id: format!("{site}-{day}"),
        site: site.into(),
        due: monday() + Days::new(day),
        kg,
        lead_h: None,
        class: None,
    }
}

pub fn write(path: &Path, rows: &[Row]) {
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
    let days = |r: &Row| (r.due - epoch).num_days();
    let due: Vec<i32> = rows.iter().map(|r| days(r) as i32).collect();
    let text = |name: &str, values: Vec<String>| Column::new(name.into(), values);
    let number = |name: &str, values: Vec<f64>| Column::new(name.into(), values);
    let mut columns = vec![
        text("order_id", rows.iter().map(|r| r.id.clone()).collect()),
        text("site_id", rows.iter().map(|r| r.site.clone()).collect()),
        number("lat", vec![52.0; rows.len()]),
        number("lon", vec![13.0; rows.len()]),
        Column::new("due_date".into(), due)
            .cast(&DataType::Date)
            .unwrap(),
        number("service_s", vec![300.0; rows.len()]),
        number("qty_kg", rows.iter().map(|r| r.kg).collect()),
    ];
    if rows.iter().any(|r| r.class.is_some()) {
        let classes: Vec<Option<&str>> = rows.iter().map(|r| r.class).collect();
        columns.push(Column::new("product_class".into(), classes));
    }
    if rows.iter().any(|r| r.lead_h.is_some()) {
        // Berlin is an hour ahead of UTC in winter.
        let placed = |r: &Row| {
            let hours = days(r) as f64 * 24.0 - r.lead_h? - 1.0;
            Some((hours * 3_600e6) as i64)
        };
        let zone = TimeZone::opt_try_new(Some("Europe/Berlin")).unwrap();
        let placed: Vec<Option<i64>> = rows.iter().map(placed).collect();
        let column = Column::new("ordered_at".into(), placed);
        let instants = DataType::Datetime(TimeUnit::Microseconds, zone);
        columns.push(column.cast(&instants).unwrap());
    }
    let mut frame = DataFrame::new(rows.len(), columns).unwrap();
    let file = std::fs::File::create(path).unwrap();
    ParquetWriter::new(file).finish(&mut frame).unwrap();
}

pub fn try_report(rows: &[Row], date: Option<NaiveDate>) -> Result<CustomerReport, PipelineError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.parquet");
    write(&path, rows);
    of_orders(&path, date, &Settings::default(), &Cancel::new())
}

pub fn report(rows: &[Row], date: NaiveDate) -> CustomerReport {
    try_report(rows, Some(date)).unwrap()
}

pub fn customer<'a>(report: &'a CustomerReport, site: &str) -> &'a Customer {
    report.customers.iter().find(|c| c.site_id == site).unwrap()
}

/// Forty customers over half a year, some like clockwork, some by chance.
pub fn mixed(seed: u64) -> Vec<Row> {
    let mut random = generator(seed, "customers");
    let mut rows = Vec::new();
    for site in 0..40_u64 {
        let chance: f64 = random.random_range(0.02..0.5);
        for day in 0..182 {
            let ordered = match site % 2 {
                0 => (day + site) % 7 == 0,
                _ => random.random_bool(chance),
            };
            if ordered {
                let kg = random.random_range(10.0..30.0) * if site % 4 < 2 { 10.0 } else { 1.0 };
                let lead_h = random.random_range(-3.0..40.0);
                rows.push(Row {
                    lead_h: Some(lead_h),
                    class: Some(if kg > 50.0 { "bulk" } else { "parcel" }),
                    ..row(&format!("S{site:02}"), day, kg)
                });
            }
        }
    }
    rows
}

#[test]
fn neither_the_order_of_rows_nor_the_future_matters_and_repeats_count_once() {
    let date = monday() + Days::new(170);
    let mut rows = mixed(1);
    let expected = report(&rows, date);
    assert_eq!(report(&rows, date), expected);
    rows.shuffle(&mut generator(2, "shuffle"));
    assert_eq!(report(&rows, date), expected);
    let repeated: Vec<Row> = rows.iter().step_by(3).cloned().collect();
    rows.extend(repeated);
    assert_eq!(report(&rows, date), expected);
    let past: Vec<Row> = rows.iter().filter(|r| r.due < date).cloned().collect();
    assert!(past.len() < rows.len());
    assert_eq!(report(&past, date), expected);
}

#[test]
fn tables_without_orders_before_the_day_are_refused_by_name() {
    let empty = try_report(&[], None).unwrap_err();
    let late = try_report(&[row("A", 3, 1.0)], Some(monday())).unwrap_err();
    for error in [empty, late] {
        let PipelineError::Input(error) = error else {
            panic!("{error}");
        };
        assert_eq!(error.field.as_deref(), Some("due_date"));
        assert!(error.to_string().contains("orders.parquet"), "{error}");
    }
}

#[test]
fn a_foreign_table_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.parquet");
    std::fs::write(&path, "no table").unwrap();
    let found = of_orders(&path, None, &Settings::default(), &Cancel::new());
    assert!(matches!(found, Err(PipelineError::Input(_))));
}
