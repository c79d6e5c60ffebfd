//! Pages by key: stable while rows are added, and as fast at the end as at the start.

/// One page of rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Key of the last row if there are more.
    pub next: Option<After>,
}

/// Key of the row that a page starts after: a number (an instant in microseconds, or 0 where rows
/// are ordered by text alone) and a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    /// First part of the key.
    pub number: i64,
    /// Second part of the key.
    pub text: String,
}

impl After {
    /// Before every row of a rising order.
    pub(super) fn lowest() -> Self {
        Self {
            number: i64::MIN,
            text: String::new(),
        }
    }

    /// Before every row of a falling order. Texts are ids, days and names, all of which sort
    /// before the highest character.
    pub(super) fn highest() -> Self {
        Self {
            number: i64::MAX,
            text: char::MAX.to_string(),
        }
    }
}

/// Makes a page of rows that were asked for with a limit of `limit + 1`.
pub(super) fn page<T>(mut items: Vec<T>, limit: u32, key: impl Fn(&T) -> After) -> Page<T> {
    let limit = limit as usize;
    let more = items.len() > limit;
    items.truncate(limit);
    let next = if more { items.last().map(key) } else { None };
    Page { items, next }
}

/// The limit that reveals whether there are more rows.
pub(super) fn one_more(limit: u32) -> i64 {
    i64::from(limit) + 1
}
