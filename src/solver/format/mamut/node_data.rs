//! The instance file.

use crate::domain::InputError;
use serde::Deserialize;
use serde_json::Value;

/// Most customers: more would need too many functions.
const MOST_CUSTOMERS: usize = 5_000;

/// Largest amount or coordinate.
const LARGEST: f64 = 1e9;

/// Latest time: products of two times in thousandths must fit into 64 bits.
pub(super) const LATEST: f64 = 1e6;

/// An instance, field by field.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub instance_name: String,
    #[serde(rename = "instance_origin")]
    _instance_origin: Value,
    pub benchmark_name: String,
    pub num_customers: usize,
    pub num_vehicles: Option<usize>,
    pub vehicle_capacity: i64,
    pub coordinates: Vec<[f64; 2]>,
    pub demands: Vec<i64>,
    pub service_times: Vec<f64>,
    pub time_windows: Option<Vec<[f64; 2]>>,
    #[serde(default)]
    pub depot: usize,
    #[serde(default, rename = "reference_lla")]
    _reference_lla: Value,
    pub horizon: [f64; 2],
    pub fleet_fixed_cost: Option<f64>,
    pub td: Functions,
    #[serde(default, rename = "metadata")]
    _metadata: Value,
}

/// Where the functions are.
#[derive(Debug, Deserialize)]
pub(super) struct Functions {
    pub model: String,
    #[serde(default)]
    pub atf_path: String,
    pub atf_sha256: Option<String>,
    /// What other models need.
    #[serde(flatten)]
    others: serde_json::Map<String, Value>,
}

impl File {
    /// The functions must be given as such.
    pub fn check_model(&self, source: &str) -> Result<(), InputError> {
        let wrong = |field: &str, value: &str, remedy: &str| {
            let error = InputError::new(source, "not supported", remedy);
            Err(error.field(field).value(value))
        };
        if self.td.model != "atf-ndcpwlf" {
            return wrong("td.model", &self.td.model, "use atf-ndcpwlf");
        }
        if let Some((field, value)) = self.td.others.iter().next() {
            return wrong(&format!("td.{field}"), &value.to_string(), "leave it out");
        }
        let path = &self.td.atf_path;
        if path.is_empty() || path.starts_with('/') || path.split('/').any(|part| part == "..") {
            return wrong("td.atf_path", path, "name a file beside the instance");
        }
        Ok(())
    }

    /// Whether shapes and ranges fit.
    pub fn check(&self, source: &str) -> Result<(), InputError> {
        self.check_model(source)?;
        let wrong = |field: &str, value: String, remedy: &str| {
            let error = InputError::new(source, "not usable", remedy);
            Err(error.field(field).value(value))
        };
        if !(1..=MOST_CUSTOMERS).contains(&self.num_customers) {
            let remedy = "give 1 to 5000 customers";
            return wrong("num_customers", self.num_customers.to_string(), remedy);
        }
        if self.num_vehicles == Some(0) {
            return wrong("num_vehicles", "0".into(), "give at least one, or none");
        }
        let nodes = self.num_customers + 1;
        if self.depot >= nodes {
            return wrong("depot", self.depot.to_string(), "name a node");
        }
        let windows = self.time_windows.as_ref().map_or(nodes, Vec::len);
        for (field, found) in [
            ("coordinates", self.coordinates.len()),
            ("demands", self.demands.len()),
            ("service_times", self.service_times.len()),
            ("time_windows", windows),
        ] {
            if found != nodes {
                let remedy = "give one for each node, the depot too";
                return wrong(field, format!("{found} of {nodes}"), remedy);
            }
        }
        self.check_numbers(source)
    }

    fn check_numbers(&self, source: &str) -> Result<(), InputError> {
        let range = |field: String, value: f64, least: f64, most: f64| {
            if (least..=most).contains(&value) {
                return Ok(());
            }
            let remedy = format!("give {least} to {most}");
            let error = InputError::new(source, "not usable", remedy);
            Err(error.field(field).value(value))
        };
        let at_depot = |node: usize, most: f64| if node == self.depot { 0.0 } else { most };
        let capacity = self.vehicle_capacity as f64;
        range("vehicle_capacity".into(), capacity, 0.0, LARGEST)?;
        range(
            "fleet_fixed_cost".into(),
            self.fleet_fixed_cost.unwrap_or(0.0),
            0.0,
            LARGEST,
        )?;
        for (node, demand) in self.demands.iter().enumerate() {
            range(
                format!("demands[{node}]"),
                *demand as f64,
                0.0,
                at_depot(node, LARGEST),
            )?;
        }
        for (node, service) in self.service_times.iter().enumerate() {
            range(
                format!("service_times[{node}]"),
                *service,
                0.0,
                at_depot(node, LATEST),
            )?;
        }
        for (node, point) in self.coordinates.iter().enumerate() {
            for coordinate in point {
                range(
                    format!("coordinates[{node}]"),
                    *coordinate,
                    -LARGEST,
                    LARGEST,
                )?;
            }
        }
        let [start, end] = self.horizon;
        range("horizon[0]".into(), start, 0.0, LATEST)?;
        range("horizon[1]".into(), end, start, LATEST)?;
        for (node, [open, close]) in self.time_windows.iter().flatten().enumerate() {
            range(format!("time_windows[{node}][0]"), *open, -LATEST, LATEST)?;
            range(format!("time_windows[{node}][1]"), *close, *open, LATEST)?;
        }
        Ok(())
    }
}
