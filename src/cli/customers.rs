//! Tell how customers order.

use super::Context;
use crate::customers::Settings;
use crate::domain::customers::CustomerReport;
use crate::pipeline::customers;
use chrono::{NaiveDate, NaiveTime};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Clean orders, the orders.parquet of `routeforce ingest orders`.
    #[arg(long)]
    orders: PathBuf,
    /// Day of the probabilities, the day after the last due day if not given; orders due on it or
    /// later are not looked at.
    #[arg(long)]
    date: Option<NaiveDate>,
    /// Local time on the day before the due day after which an order is late.
    #[arg(long, default_value_t = Settings::default().cut_off)]
    cut_off: NaiveTime,
    /// Seed of the segments.
    #[arg(long, default_value_t = Settings::default().seed)]
    seed: u64,
    /// One row per customer, as CSV or Parquet, or everything as JSON.
    #[arg(long, default_value = "customers.csv")]
    out: PathBuf,
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    let settings = Settings {
        cut_off: args.cut_off,
        seed: args.seed,
    };
    let report = customers::of_orders(&args.orders, args.date, &settings, &context.cancel)?;
    customers::write(&args.out, &report)?;
    print_segments(&report);
    println!("{}", args.out.display());
    Ok(())
}

/// The segments, and how the probability did, on standard error.
fn print_segments(report: &CustomerReport) {
    let unit = &report.volume_dimension;
    eprintln!(
        "{:>9} {:>11} {:>14} {:>8}  segment",
        "customers",
        "orders/week",
        format!("mean {unit}"),
        "volume"
    );
    for segment in &report.segments {
        eprintln!(
            "{:>9} {:>11.1} {:>14.1} {:>6.1} %  {}",
            segment.customers,
            segment.orders_per_week,
            segment.mean_order,
            100.0 * segment.volume_share,
            segment.name
        );
    }
    let probability = &report.probability;
    for candidate in &probability.candidates {
        let chosen = candidate.name == probability.chosen;
        eprintln!(
            "order probability by {}: log loss {:.4}, Brier score {:.4} on {} customer-days{}",
            candidate.name,
            candidate.log_loss,
            candidate.brier,
            probability.customer_days,
            if chosen { ", chosen" } else { "" }
        );
    }
}
