//! Visits as plain vectors, and questions about visits to come.

use crate::domain::fleet::Quantities;
use crate::features::events::{self, pick};
use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;

/// A visit whose service time is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct VisitQuery {
    /// The customer's site.
    pub site_id: String,
    /// Who serves it: the name of a driver, or of a vehicle that stands for its driver. `None`: an
    /// average driver.
    pub driver: Option<String>,
    /// What is delivered, by dimension.
    pub quantities: Quantities,
    /// When service starts; `None`: at any hour.
    pub start: Option<DateTime<Tz>>,
}

/// Visits that took place, one entry per visit in every vector, in order of their start.
#[derive(Debug, Clone, PartialEq)]
pub struct Visits {
    /// File they came from.
    pub source: String,
    /// Time zone of the starts.
    pub time_zone: Tz,
    /// Unique name of each visit.
    pub visit_id: Vec<String>,
    /// The customer's site.
    pub site_id: Vec<String>,
    /// Who served: the driver where the table names one, else the vehicle; empty if unknown.
    pub driver: Vec<String>,
    /// When service started.
    pub start: Vec<DateTime<Utc>>,
    /// How long it took, in seconds; above 0.
    pub service_s: Vec<f64>,
    /// What was delivered: dimension, and amounts of at least 0.
    pub quantities: Vec<(String, Vec<f64>)>,
    /// What each is meant for (`train`, `valid`, `test`), if the table has the column.
    pub split: Option<Vec<String>>,
}

impl Visits {
    /// Number of visits.
    pub fn len(&self) -> usize {
        self.start.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.start.is_empty()
    }

    /// Start of a visit in local time.
    pub fn local_start(&self, visit: usize) -> DateTime<Tz> {
        self.start[visit].with_timezone(&self.time_zone)
    }

    /// A visit as a question.
    pub fn query(&self, visit: usize) -> VisitQuery {
        let amounts = self.quantities.iter();
        VisitQuery {
            site_id: self.site_id[visit].clone(),
            driver: Some(self.driver[visit].clone()).filter(|d| !d.is_empty()),
            quantities: amounts.map(|(d, v)| (d.clone(), v[visit])).collect(),
            start: Some(self.local_start(visit)),
        }
    }

    /// Indices of the visits of one of these splits, in order of their start.
    pub fn of_split(&self, names: &[&str]) -> Vec<usize> {
        events::of_split(self.split.as_deref(), names)
    }

    /// The visits at `indices`, in that order.
    pub fn select(&self, indices: &[usize]) -> Self {
        let quantities = self.quantities.iter();
        Self {
            source: self.source.clone(),
            time_zone: self.time_zone,
            visit_id: pick(&self.visit_id, indices),
            site_id: pick(&self.site_id, indices),
            driver: pick(&self.driver, indices),
            start: pick(&self.start, indices),
            service_s: pick(&self.service_s, indices),
            quantities: quantities
                .map(|(name, values)| (name.clone(), pick(values, indices)))
                .collect(),
            split: self.split.as_ref().map(|v| pick(v, indices)),
        }
    }

    /// First and last start in local time; `None` if there are no visits.
    pub fn window(&self) -> Option<(NaiveDateTime, NaiveDateTime)> {
        events::window(&self.start, self.time_zone)
    }
}
