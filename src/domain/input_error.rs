//! The one error for bad input: where it stands, what it says, what would be right.

use std::fmt;

/// Longest piece of an offending value that a message repeats, in characters.
const SHOWN_VALUE_CHARS: usize = 80;

/// Input that cannot be used. Names the file, row, field and value, and the remedy; every command
/// that meets one exits with code 2, and the service answers with status 422.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputError {
    /// File, or the name of another source such as `request body`.
    pub source: String,
    /// Row in the source, counted from 1 and including a header row, so that it matches what a
    /// spreadsheet or an editor shows.
    pub row: Option<u64>,
    /// Column, JSON path or option.
    pub field: Option<String>,
    /// The offending value as it was read, shortened.
    pub value: Option<String>,
    /// What is wrong, in lower case.
    pub problem: String,
    /// What would be right.
    pub remedy: String,
}

impl InputError {
    /// An error about a whole source, with what is wrong and what would be right.
    pub fn new(
        source: impl Into<String>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            source: source.into(),
            row: None,
            field: None,
            value: None,
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }

    /// Adds the row, counted from 1 including a header row.
    pub fn row(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }

    /// Adds the column, JSON path or option.
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Adds the offending value; control characters are escaped and long values shortened.
    pub fn value(mut self, value: impl fmt::Display) -> Self {
        let text = value.to_string();
        let mut shown: String = text
            .chars()
            .take(SHOWN_VALUE_CHARS)
            .flat_map(|c| {
                if c.is_control() {
                    c.escape_default().collect::<Vec<_>>()
                } else {
                    vec![c]
                }
            })
            .collect();
        if text.chars().nth(SHOWN_VALUE_CHARS).is_some() {
            shown.push('…');
        }
        self.value = Some(shown);
        self
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.source)?;
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        if let Some(field) = &self.field {
            write!(f, ", field `{field}`")?;
        }
        if let Some(value) = &self.value {
            write!(f, ", value `{value}`")?;
        }
        write!(f, ": {}; {}", self.problem, self.remedy)
    }
}

impl std::error::Error for InputError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_everything_it_knows() {
        let error = InputError::new("orders.csv", "not a number", "give degrees, -90 to 90")
            .row(17)
            .field("lat")
            .value("north\n");
        assert_eq!(
            error.to_string(),
            "orders.csv, row 17, field `lat`, value `north\\n`: not a number; give degrees, -90 to 90"
        );
    }

    #[test]
    fn shortens_long_values() {
        let error = InputError::new("x", "too long", "cut it").value("é".repeat(10_000));
        assert_eq!(error.value.as_deref().map(|v| v.chars().count()), Some(81));
    }
}
