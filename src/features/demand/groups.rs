//! What the columns of a demand model are about, in words for people.

use super::rows;

/// A group of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The latest values, their averages and their trend; with them the level of the series.
    Recent,
    /// The same phase of past seasons, and the calendar.
    Season,
    /// What the table knows ahead, such as prices, promotions, closures, and past demand under like
    /// circumstances.
    Known,
    /// What models of the series alone expect.
    Local,
    /// Size, age and sparsity of the series.
    Series,
}

impl Group {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Recent,
        Self::Season,
        Self::Known,
        Self::Local,
        Self::Series,
    ];

    /// Its name in tables and documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Recent => "recent_demand",
            Self::Season => "season_and_calendar",
            Self::Known => "known_ahead",
            Self::Local => "models_of_the_series",
            Self::Series => "size_and_age",
        }
    }

    /// The group of a column of [`RowBuilder`](super::RowBuilder).
    pub fn of(column: &str) -> Self {
        let begins = |parts: &[&str]| parts.iter().any(|part| column.starts_with(part));
        if begins(&["known_", "matched_"]) {
            Self::Known
        } else if begins(&["local"]) {
            Self::Local
        } else if ["log_scale", OBSERVATIONS, rows::ZERO_SHARE, "idle"].contains(&column) {
            Self::Series
        } else if begins(&["latest_", "mean_"])
            || ["deviation", "zero_share", "trend"].contains(&column)
        {
            Self::Recent
        } else {
            Self::Season
        }
    }
}

const OBSERVATIONS: &str = "observations";

/// Whether a column changes as time goes by, whatever is demanded: the calendar, the length of the
/// history, the steps ahead.
pub fn runs_with_the_clock(column: &str) -> bool {
    let calendar = super::Frequency::ALL.iter().map(|f| f.calendar_names());
    column == OBSERVATIONS || column == rows::STEP || calendar.flatten().any(|n| *n == column)
}
