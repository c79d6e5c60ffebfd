//! What was learned of customers and drivers, as it stands in a manifest's `parameters`: the graph
//! takes it as columns, so that a new customer needs no new graph.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What prediction needs beside the graph. Logarithms are natural, of seconds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Parameters {
    /// The quantity that service takes longer for, without `qty_`; `None`: none does.
    pub dimension: Option<String>,
    /// The amount that takes as long as the set-up of a visit does.
    pub quantity_unit: f64,
    /// Variance of customers around the population.
    pub customer_variance: f64,
    /// Variance of drivers around the population.
    pub driver_variance: f64,
    /// Variance of visits of a usual customer.
    pub noise_variance: f64,
    /// Median over all visits.
    pub median_log_s: f64,
    /// By site.
    pub customers: BTreeMap<String, CustomerEffect>,
    /// By driver, or by vehicle where visits name no drivers.
    pub drivers: BTreeMap<String, DriverEffect>,
    /// Trees of the graph.
    pub trees: usize,
}

/// How a customer differs from the population.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CustomerEffect {
    /// Visits that were learned from.
    pub visits: u32,
    /// Added to the logarithm: shrunk towards 0, the less the more visits there are.
    pub effect: f64,
    /// Variance that is left in the effect.
    pub effect_variance: f64,
    /// Variance of its visits, shrunk towards that of all.
    pub noise_variance: f64,
    /// Median of its visits.
    pub median_log_s: f64,
}

/// How a driver differs from the average driver.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DriverEffect {
    /// Visits that were learned from.
    pub visits: u32,
    /// Added to the logarithm: shrunk towards 0.
    pub effect: f64,
    /// Variance that is left in the effect.
    pub effect_variance: f64,
}

impl Parameters {
    /// As the entries of a manifest.
    pub fn to_map(&self) -> serde_json::Result<BTreeMap<String, Value>> {
        match serde_json::to_value(self)? {
            Value::Object(map) => Ok(map.into_iter().collect()),
            _ => Ok(BTreeMap::new()),
        }
    }

    /// From the entries of a manifest.
    pub fn from_map(map: &BTreeMap<String, Value>) -> serde_json::Result<Self> {
        serde_json::from_value(map.clone().into_iter().collect())
    }
}
