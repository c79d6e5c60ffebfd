//! JSON with errors that name the path and the value.

use crate::domain::InputError;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads a document. A field that its type does not know is an error that names it.
pub(super) fn parse<T: DeserializeOwned>(source: &str, content: &str) -> Result<T, InputError> {
    let mut reader = serde_json::Deserializer::from_str(content);
    let result = serde_path_to_error::deserialize(&mut reader);
    let document = result.map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if inner.is_syntax() || inner.is_eof() {
            let row = inner.line() as u64;
            return InputError::new(source, format!("not JSON: {inner}"), "give JSON").row(row);
        }
        refusal(source, content, &path, &inner)
    })?;
    let wrong = |error: serde_json::Error| {
        InputError::new(source, format!("not JSON: {error}"), "give one document")
            .row(error.line() as u64)
    };
    reader.end().map_err(wrong)?;
    Ok(document)
}

fn refusal(source: &str, content: &str, path: &str, error: &serde_json::Error) -> InputError {
    // The message ends with a place in the text, which the row says.
    let message = error.to_string();
    let (message, _) = message.rsplit_once(" at line ").unwrap_or((&message, ""));
    let (problem, remedy) = match message.strip_prefix("unknown field ") {
        Some(rest) => {
            let known = rest
                .split_once(", expected ")
                .map_or("", |(_, known)| known);
            let known = known.trim_start_matches("one of ").replace('`', "");
            (
                "not supported".to_owned(),
                format!("leave it out; supported: {known}"),
            )
        }
        None => (message.to_owned(), "correct it".to_owned()),
    };
    let refused = InputError::new(source, problem, remedy)
        .row(error.line() as u64)
        .field(path);
    let document: Result<Value, _> = serde_json::from_str(content);
    match document
        .ok()
        .as_ref()
        .and_then(|value| at_path(value, path))
    {
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
