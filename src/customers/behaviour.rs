//! Everything about all customers, put together.

use super::basket::{self, Basket};
use super::error::CustomerError;
use super::lateness::{self, Lateness};
use super::order_probability::order_probability;
use super::rhythm::{self, Rhythm, median};
use super::segment_names::{Portrait, names};
use super::segments::{TRAITS, segments};
use crate::domain::customers::{Customer, CustomerReport, CustomerState, Segment};
use crate::features::customers::{CustomerOrders, OrderHistory};
use crate::runtime::Cancel;
use chrono::NaiveTime;

/// Days with an order from which on a customer has a rhythm that can be compared.
const LEAST_ORDER_DAYS: usize = 4;
/// Segment of the others.
const FEW_ORDERS: &str = "too few orders to say";
/// Share of orders placed late, and orders that say so, that make a regularly late customer.
const OFTEN_LATE_SHARE: f64 = 0.5;
const LEAST_TIMED_ORDERS: usize = 8;
/// Share of customers, by volume, that are large.
const LARGE_SHARE: f64 = 1.0 / 3.0;

/// Settings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Local time on the day before the due day after which an order is late.
    pub cut_off: NaiveTime,
    /// Seed of the clustering's starts.
    pub seed: u64,
}

impl Default for Settings {
    /// Four in the afternoon, seed 0.
    fn default() -> Self {
        Self {
            cut_off: NaiveTime::from_hms_opt(16, 0, 0).unwrap_or_default(),
            seed: 0,
        }
    }
}

/// What is told of one customer before it has a segment.
struct Traits<'a> {
    orders: &'a CustomerOrders,
    rhythm: Rhythm,
    basket: Basket,
    lateness: Option<Lateness>,
    p_order: f64,
}

impl Traits<'_> {
    /// Mean order, in the dimension of volume.
    fn usual_order(&self, volume: &str) -> f64 {
        self.basket.mean.get(volume).copied().unwrap_or(0.0)
    }

    fn relative_spread(&self, volume: &str) -> f64 {
        let spread = self.basket.spread.get(volume).copied().unwrap_or(0.0);
        spread / self.usual_order(volume).max(1e-9)
    }
}

/// Describes every customer of the history.
///
/// # Errors
/// Cancelled, or a fit failed.
pub fn behaviour(
    history: &OrderHistory,
    settings: &Settings,
    cancel: &Cancel,
) -> Result<CustomerReport, CustomerError> {
    let (probabilities, probability) = order_probability(history, cancel)?;
    let volume = history.dimensions.first().cloned().unwrap_or_default();
    let traits: Vec<Traits> = history
        .customers
        .iter()
        .zip(probabilities)
        .filter_map(|(orders, p_order)| {
            Some(Traits {
                orders,
                rhythm: rhythm::rhythm(orders, history.date)?,
                basket: basket::basket(orders, &history.dimensions),
                lateness: lateness::lateness(orders, settings.cut_off),
                p_order,
            })
        })
        .collect();
    let segment_of = segment_of(&traits, &volume, settings.seed)?;
    let large = large_from(&traits);
    let customers = traits.iter().zip(&segment_of);
    Ok(CustomerReport {
        date: history.date,
        cut_off: settings.cut_off,
        probability,
        segments: summaries(&traits, &segment_of),
        customers: customers.map(|(t, s)| customer(t, s, large)).collect(),
        volume_dimension: volume,
    })
}

/// The name of each customer's segment.
fn segment_of(traits: &[Traits], volume: &str, seed: u64) -> Result<Vec<String>, CustomerError> {
    let has_rhythm = |t: &&Traits| t.rhythm.rate > 0.0 && order_days(t) >= LEAST_ORDER_DAYS;
    let compared: Vec<&Traits> = traits.iter().filter(has_rhythm).collect();
    let points: Vec<[f64; TRAITS]> = compared
        .iter()
        .map(|t| {
            [
                t.rhythm.rate.ln(),
                t.rhythm.regularity.unwrap_or(0.5),
                t.usual_order(volume).max(1e-9).ln(),
                t.relative_spread(volume),
            ]
        })
        .collect();
    let found = segments(&points, seed)?;
    let middle = |of: &[f64]| median(of).unwrap_or(0.0);
    let orders: Vec<f64> = compared.iter().map(|t| t.usual_order(volume)).collect();
    let usual = middle(&orders).max(1e-9);
    let mut clusters: Vec<usize> = found.clone();
    clusters.sort_unstable();
    clusters.dedup();
    let portraits: Vec<Portrait> = clusters
        .iter()
        .map(|cluster| {
            let of = |value: &dyn Fn(&Traits) -> f64| {
                let members = compared.iter().zip(&found).filter(|(_, c)| *c == cluster);
                middle(&members.map(|(t, _)| value(t)).collect::<Vec<_>>())
            };
            Portrait {
                interval_days: 1.0 / of(&|t| t.rhythm.rate).max(1e-9),
                regularity: of(&|t| t.rhythm.regularity.unwrap_or(0.5)),
                relative_order: of(&|t| t.usual_order(volume)) / usual,
                relative_spread: of(&|t| t.relative_spread(volume)),
            }
        })
        .collect();
    let names = names(&portraits);
    let mut found = found.into_iter();
    Ok(traits
        .iter()
        .map(|t| {
            let cluster = if has_rhythm(&t) { found.next() } else { None };
            let at = cluster.and_then(|c| clusters.iter().position(|k| *k == c));
            let name = at.and_then(|at| names.get(at)).map(String::as_str);
            name.unwrap_or(FEW_ORDERS).to_owned()
        })
        .collect())
}

fn order_days(traits: &Traits) -> usize {
    let mut days: Vec<_> = traits.orders.orders.iter().map(|o| o.due).collect();
    days.dedup();
    days.len()
}

/// Segments with their figures, the one with most volume first.
fn summaries(traits: &[Traits], segment_of: &[String]) -> Vec<Segment> {
    let mut names: Vec<&String> = segment_of.iter().collect();
    names.sort();
    names.dedup();
    let all: f64 = traits.iter().map(|t| t.basket.volume).sum();
    let mut segments: Vec<Segment> = names
        .into_iter()
        .map(|name| {
            let members = || traits.iter().zip(segment_of).filter(|(_, s)| *s == name);
            let volume: f64 = members().map(|(t, _)| t.basket.volume).sum();
            let orders: usize = members().map(|(t, _)| t.orders.orders.len()).sum();
            let per_day: f64 = members().map(|(t, _)| t.rhythm.rate).sum();
            Segment {
                name: name.clone(),
                customers: members().count() as u32,
                orders_per_week: 7.0 * per_day,
                mean_order: volume / orders.max(1) as f64,
                volume_share: if all > 0.0 { volume / all } else { 0.0 },
            }
        })
        .collect();
    segments.sort_by(|a, b| {
        b.volume_share
            .total_cmp(&a.volume_share)
            .then(a.name.cmp(&b.name))
    });
    segments
}

/// The volume from which on a customer is large.
fn large_from(traits: &[Traits]) -> f64 {
    let mut volumes: Vec<f64> = traits.iter().map(|t| t.basket.volume).collect();
    volumes.sort_by(|a, b| b.total_cmp(a));
    let count = (volumes.len() as f64 * LARGE_SHARE).ceil() as usize;
    volumes.get(count.saturating_sub(1)).copied().unwrap_or(0.0)
}

fn customer(traits: &Traits, segment: &str, large_from: f64) -> Customer {
    let rhythm = &traits.rhythm;
    let since = rhythm.days_since_last;
    Customer {
        site_id: traits.orders.site_id.clone(),
        segment: segment.to_owned(),
        orders: traits.orders.orders.len() as u32,
        first_order: rhythm.first,
        last_order: rhythm.last,
        usual_interval_days: rhythm.usual_interval_days,
        regularity: rhythm.regularity,
        weekdays: rhythm.weekdays.iter().map(ToString::to_string).collect(),
        days_since_last: since,
        intervals_since_last: rhythm.usual_interval_days.map(|u| f64::from(since) / u),
        state: rhythm.state,
        mean_quantities: traits.basket.mean.clone(),
        quantity_spread: traits.basket.spread.clone(),
        product_classes: traits.basket.product_classes.clone(),
        lead_h: traits.lateness.map(|l| l.lead_h),
        late_share: traits.lateness.map(|l| l.late_share),
        p_order: traits.p_order,
        attention: attention(traits, large_from),
    }
}

/// Why somebody should look at a customer: large ones that stop, and those that order late.
fn attention(traits: &Traits, large_from: f64) -> Option<String> {
    let since = traits.rhythm.days_since_last;
    let is_large = traits.basket.volume >= large_from;
    let late = traits
        .lateness
        .filter(|l| l.orders >= LEAST_TIMED_ORDERS && l.late_share >= OFTEN_LATE_SHARE);
    let lost = match traits.rhythm.state {
        CustomerState::Lapsed if is_large => Some(format!("large, and no order for {since} days")),
        CustomerState::Fading if is_large => {
            Some("large, and orders less than it used to".to_owned())
        }
        _ => None,
    };
    let late = late.map(|l| format!("{:.0} % of its orders come late", 100.0 * l.late_share));
    match (lost, late) {
        (Some(lost), Some(late)) => Some(format!("{lost}; {late}")),
        (lost, late) => lost.or(late),
    }
}
