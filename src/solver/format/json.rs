//! JSON with errors that name the path and the value.

use crate::domain::InputError;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads a document. A field that its type does not know is an error that names it.
pub(super) fn parse<T: DeserializeOwned>(source: &str, content: &str) -> Result<T, InputError> {
    serde_json::from_str(content).map_err(|error| {
        let row = error.line() as u64;
        // Once more, slower, for what is wrong and where.
        let document: Value = match serde_json::from_str(content) {
            Ok(document) => document,
            Err(error) => {
                let problem = format!("not JSON: {error}");
                let error_row = error.line() as u64;
                return InputError::new(source, problem, "give one JSON document").row(error_row);
            }
        };
        let again: Result<T, _> = serde_path_to_error::deserialize(&document);
        match again {
            Err(error) => {
                let path = error.path().to_string();
                refusal(source, &document, &path, &error.into_inner()).row(row)
            }
            Ok(_) => InputError::new(source, error.to_string(), "correct it").row(row),
        }
    })
}

fn refusal(source: &str, document: &Value, path: &str, error: &serde_json::Error) -> InputError {
    let message = error.to_string();
    let (problem, remedy) = match message.strip_prefix("unknown field ") {
        Some(rest) => {
            let known = rest
                .split_once(", expected ")
                .map_or("", |(_, known)| known);
            let known = known.trim_start_matches("one of ").replace('`', "");
            let remedy = format!("leave it out; supported: {known}");
            ("not supported".to_owned(), remedy)
        }
        None => (message, "correct it".to_owned()),
    };
    let refused = InputError::new(source, problem, remedy).field(path);
    match at_path(document, path) {
        Some(value) => refused.value(value),
        None => refused,
    }
}

/// The value at a path such as `jobs[3].setup`.
fn at_path<'v>(document: &'v Value, path: &str) -> Option<&'v Value> {
    let keys = path.split(['.', '[']).map(|key| key.trim_end_matches(']'));
    let mut keys = keys.filter(|key| !key.is_empty());
    keys.try_fold(document, |value, key| match value {
        Value::Array(all) => all.get(key.parse::<usize>().ok()?),
        Value::Object(fields) => fields.get(key),
        _ => None,
    })
}
