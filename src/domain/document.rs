//! Documents: JSON with a published, versioned schema.
//!
//! Every document starts with `"schema": "routeforce.<kind>/<version>"`. Reading checks it, so
//! that an old or foreign file is refused by name instead of being misread.

use crate::domain::InputError;
use crate::runtime::atomic_file;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::path::Path;

/// A JSON document with a published schema.
pub trait Document: Serialize + DeserializeOwned + JsonSchema {
    /// Kind, as in `routeforce.<kind>/<version>`.
    const KIND: &'static str;
    /// Version; raised when a reader of the old version would misread the new one.
    const VERSION: u32;

    /// The value of the document's `schema` field.
    fn tag() -> String {
        format!("routeforce.{}/{}", Self::KIND, Self::VERSION)
    }

    /// JSON Schema (2020-12) of the document, its `schema` field included.
    fn json_schema_document() -> Value {
        let mut schema = schemars::schema_for!(Self).to_value();
        if let Some(object) = schema.as_object_mut() {
            let properties = object
                .entry("properties")
                .or_insert_with(|| Value::Object(Map::new()));
            if let Some(properties) = properties.as_object_mut() {
                let id = serde_json::json!({ "const": Self::tag() });
                properties.insert("schema".into(), id);
            }
            let required = object
                .entry("required")
                .or_insert_with(|| Value::Array(Vec::new()));
            if let Some(required) = required.as_array_mut() {
                required.insert(0, Value::String("schema".into()));
            }
        }
        schema
    }

    /// The document as JSON, its `schema` field first.
    fn to_json(&self) -> serde_json::Result<Value> {
        let mut object = Map::new();
        object.insert("schema".into(), Value::String(Self::tag()));
        match serde_json::to_value(self)? {
            Value::Object(body) => object.extend(body),
            other => {
                object.insert("value".into(), other);
            }
        }
        Ok(Value::Object(object))
    }

    /// Reads the document from JSON; `source` names it in errors.
    fn from_json(source: &str, mut json: Value) -> Result<Self, InputError> {
        let remedy = format!("give a document with schema `{}`", Self::tag());
        let found = match json.as_object_mut().map(|o| o.remove("schema")) {
            None => return Err(InputError::new(source, "not a JSON object", remedy)),
            Some(None) => {
                return Err(InputError::new(source, "missing", remedy).field("schema"));
            }
            Some(Some(found)) => found,
        };
        if found != Value::String(Self::tag()) {
            return Err(InputError::new(source, "another schema", remedy)
                .field("schema")
                .value(found));
        }
        // The path of the failing field is in serde's message; typed JSON has no rows.
        serde_json::from_value(json).map_err(|e| {
            InputError::new(
                source,
                e.to_string(),
                format!("see the schema: routeforce schema {}", Self::KIND),
            )
        })
    }

    /// Reads the document from a file.
    fn read(path: &Path) -> Result<Self, InputError> {
        let source = path.display().to_string();
        let text = std::fs::read(path)
            .map_err(|e| InputError::new(&source, e.to_string(), "give a readable file"))?;
        let json = serde_json::from_slice(&text).map_err(|e| {
            InputError::new(&source, format!("not JSON: {e}"), "give a JSON document")
                .row(e.line() as u64)
        })?;
        Self::from_json(&source, json)
    }

    /// Writes the document to a file, aside and then renamed.
    fn write(&self, path: &Path) -> std::io::Result<()> {
        let mut text = serde_json::to_vec_pretty(&self.to_json()?)?;
        text.push(b'\n');
        atomic_file::write(path, &text)
    }
}
