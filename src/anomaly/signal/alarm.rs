//! When a score becomes an alert: once per anomaly.

/// Greatest share of rows that may be false alarms, however many a day are accepted.
const MOST_SHARE: f64 = 0.05;
/// Rows, and seasons, without a reason after which an alert is over.
const QUIET: (f64, f64) = (4.0, 0.25);

#[derive(Debug, Clone)]
pub(super) struct Alarm {
    bar: f64,
    patience: f64,
    /// Rows since there last was a reason, while an alert is open.
    quiet: Option<f64>,
}

impl Alarm {
    /// `row_share`: share of rows that may be false alarms.
    pub(super) fn new(row_share: f64, season: f64) -> Self {
        Self {
            bar: -row_share.clamp(1e-12, MOST_SHARE).ln(),
            patience: QUIET.0.max(QUIET.1 * season),
            quiet: None,
        }
    }

    /// Whether an alert opens with a row of this score.
    pub(super) fn opens(&mut self, score: f64) -> bool {
        if score > self.bar {
            return self.quiet.replace(0.0).is_none();
        }
        self.quiet = self.quiet.map(|rows| rows + 1.0);
        self.quiet = self.quiet.filter(|rows| *rows <= self.patience);
        false
    }
}
