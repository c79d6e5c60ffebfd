//! How customers behave: rhythm, basket, lateness, probability of an order, segment.

use crate::domain::document::Document;
use crate::domain::fleet::Quantities;
use chrono::{NaiveDate, NaiveTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Behaviour of all customers (sites) as known before a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CustomerReport {
    /// The day that probabilities are of; orders due on it or later are not looked at.
    pub date: NaiveDate,
    /// The dimension that volumes count, such as `kg`.
    pub volume_dimension: String,
    /// Local time on the day before the due day after which an order is late.
    pub cut_off: NaiveTime,
    /// How the probability of an order was chosen.
    pub probability: ProbabilityBacktest,
    /// Segments, the one with most volume first.
    pub segments: Vec<Segment>,
    /// One entry per customer, in order of `site_id`.
    pub customers: Vec<Customer>,
}

impl Document for CustomerReport {
    const KIND: &'static str = "customers";
    const VERSION: u32 = 1;
}

/// Candidates for the probability of an order, each judged on days it was not fitted on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProbabilityBacktest {
    /// The candidate with the smallest log loss, which gave the probabilities.
    pub chosen: String,
    /// Customer-days that the candidates were judged on; 0 if the history is too short to judge.
    pub customer_days: u64,
    /// All candidates.
    pub candidates: Vec<ProbabilityScore>,
}

/// Errors of one candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProbabilityScore {
    /// The candidate.
    pub name: String,
    /// Mean negative log likelihood, in nats.
    pub log_loss: f64,
    /// Mean squared difference of probability and outcome (Brier 1950).
    pub brier: f64,
}

/// Customers that behave alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Segment {
    /// Name for people, unique within the report.
    pub name: String,
    /// How many customers it has.
    pub customers: u32,
    /// Orders per week, of all its customers together, each since its first order.
    pub orders_per_week: f64,
    /// Mean volume of an order.
    pub mean_order: f64,
    /// Its share of all volume, 0 to 1.
    pub volume_share: f64,
}

/// Where a customer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CustomerState {
    /// Its first order is recent.
    New,
    /// Orders as it used to.
    Active,
    /// Orders significantly less than it used to.
    Fading,
    /// Has stopped ordering.
    Lapsed,
}

/// One customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Customer {
    /// The site.
    pub site_id: String,
    /// Name of its segment.
    pub segment: String,
    /// Orders so far.
    pub orders: u32,
    /// Due day of its first order.
    pub first_order: NaiveDate,
    /// Due day of its last order.
    pub last_order: NaiveDate,
    /// Median of the days between days with an order; none with fewer than two such days.
    pub usual_interval_days: Option<f64>,
    /// 1 / (1 + squared coefficient of variation of the intervals): 1 like clockwork, 0.5 as if
    /// by chance; none with fewer than three days with an order.
    pub regularity: Option<f64>,
    /// Weekdays that it prefers, such as `Mon`, from Monday.
    pub weekdays: Vec<String>,
    /// Days from its last order to the day of the report.
    pub days_since_last: u32,
    /// Those days as a multiple of its usual interval.
    pub intervals_since_last: Option<f64>,
    /// Where it stands.
    pub state: CustomerState,
    /// Mean quantities of an order by dimension.
    pub mean_quantities: Quantities,
    /// Standard deviation of the quantities by dimension; 0 with one order.
    pub quantity_spread: Quantities,
    /// Share of its orders by product class; empty if the orders name none.
    pub product_classes: BTreeMap<String, f64>,
    /// Median hours from placing an order to local midnight at the start of its due day; negative
    /// if it orders during that day. None if no order says when it was placed.
    pub lead_h: Option<f64>,
    /// Share of its orders placed after the cut-off of the day before, 0 to 1.
    pub late_share: Option<f64>,
    /// Probability of an order due on the day of the report, 0 to 1.
    pub p_order: f64,
    /// Why somebody should look at it, if so.
    pub attention: Option<String>,
}

impl CustomerState {
    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Active => "active",
            Self::Fading => "fading",
            Self::Lapsed => "lapsed",
        }
    }
}
