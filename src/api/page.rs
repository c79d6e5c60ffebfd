//! Lists in pages. A cursor is opaque to callers: number and text of the last row's key.

use crate::app::rows::{After, Page};
use crate::domain::InputError;
use axum::Json;
use schemars::JsonSchema;
use serde::Serialize;

/// Most items of a page.
pub const MOST_ITEMS: u32 = 1_000;

/// One page of a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "{T}Page")]
pub struct ListPage<T> {
    /// The items.
    pub items: Vec<T>,
    /// Give it as `cursor` to get the next page; `null`: this is the last one.
    pub next_cursor: Option<String>,
}

/// A page as an answer.
pub fn list<T, V: From<T>>(page: Page<T>) -> Json<ListPage<V>> {
    Json(ListPage {
        items: page.items.into_iter().map(V::from).collect(),
        next_cursor: page.next.as_ref().map(write_cursor),
    })
}

fn write_cursor(after: &After) -> String {
    let hex: String = after.text.bytes().map(|b| format!("{b:02x}")).collect();
    format!("{}_{hex}", after.number)
}

/// Reads a cursor that [`list`] gave.
pub fn read_cursor(cursor: &str) -> Result<After, InputError> {
    parse(cursor).ok_or_else(|| {
        let remedy = "give `next_cursor` of the page before as it is, or none";
        InputError::new("query", "not a cursor", remedy)
            .field("cursor")
            .value(cursor)
    })
}

fn parse(cursor: &str) -> Option<After> {
    let (number, hex) = cursor.split_once('_')?;
    if !hex.is_ascii() || hex.len() % 2 != 0 {
        return None;
    }
    let bytes: Option<Vec<u8>> = (0..hex.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(hex.get(i..i + 2)?, 16).ok())
        .collect();
    let text = String::from_utf8(bytes?).ok()?;
    // PostgreSQL takes no NUL in a text.
    (!text.contains('\0')).then_some(After {
        number: number.parse().ok()?,
        text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn cursors_come_back(number: i64, text in "[^\0]{0,40}") {
            let after = After { number, text };
            prop_assert_eq!(read_cursor(&write_cursor(&after)).unwrap(), after);
        }

        #[test]
        fn anything_else_is_refused_or_read(cursor in ".{0,40}") {
            if let Ok(after) = read_cursor(&cursor) {
                prop_assert!(read_cursor(&write_cursor(&after)).is_ok());
            }
        }
    }
}
