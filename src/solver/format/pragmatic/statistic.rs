//! Sums of tours, as pragmatic counts them.

use super::document::Costs;
use crate::solver::check::{Activity, CheckedRoute};
use crate::solver::solution::PauseKind;
use serde_json::{Value, json};

/// Sums of a tour, and of all.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Statistic {
    pub cost: f64,
    distance: i64,
    duration: i64,
    driving: i64,
    serving: i64,
    waiting: i64,
    breaks: i64,
}

impl Statistic {
    /// The sums of a tour.
    pub fn of(checked: &CheckedRoute, costs: Costs) -> Self {
        let mut sums = Self {
            distance: checked.distance as i64,
            duration: checked.duration_s(),
            driving: checked.driving_s,
            waiting: checked.waiting_s,
            ..Self::default()
        };
        for activity in &checked.activities {
            let spent_s = activity.end_s - activity.start_s;
            match activity.activity {
                Activity::Stop(_) | Activity::Pause(PauseKind::Reload(_)) => {
                    sums.serving += spent_s
                }
                Activity::Pause(PauseKind::Break(_) | PauseKind::Rest) => sums.breaks += spent_s,
            }
        }
        sums.cost = costs.fixed.unwrap_or(0.0)
            + costs.distance * sums.distance as f64
            + costs.time * sums.duration as f64;
        sums
    }

    pub fn add(&mut self, other: Self) {
        self.cost += other.cost;
        self.distance += other.distance;
        self.duration += other.duration;
        self.driving += other.driving;
        self.serving += other.serving;
        self.waiting += other.waiting;
        self.breaks += other.breaks;
    }

    pub fn show(self) -> Value {
        json!({
            "cost": self.cost,
            "distance": self.distance,
            "duration": self.duration,
            "times": {
                "driving": self.driving,
                "serving": self.serving,
                "waiting": self.waiting,
                "break": self.breaks,
                "commuting": 0,
                "parking": 0,
            },
        })
    }
}
