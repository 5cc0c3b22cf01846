//! What a wish is known by: a hash of what the user asked for.

use dryapi_ledger::BodyHash;
use dryapi_types::{Operation, PartValue, Payload, Source};
use serde_json::{Map, Value};

use super::digest;
use crate::error::Error;

/// The hash of an operation without the fields that somebody else than the user chose, and without
/// the address for webhooks, which says nothing about the result.
///
/// Files count by their content, addresses and slots by their names.
pub(crate) async fn hash<O: Operation>(
    operation: &O,
    chosen: &[String],
) -> Result<BodyHash, Error> {
    let counts = |name: &str| name != "webhook_url" && !chosen.iter().any(|own| own == name);
    let meta = operation.meta();
    let mut wish = Map::new();
    wish.insert("operation".to_owned(), meta.name.into());
    wish.insert("path".to_owned(), operation.path().into());
    let query = operation.query();
    let query = query
        .into_iter()
        .map(|(name, value)| Value::from(vec![name.to_string(), value.to_string()]));
    wish.insert("query".to_owned(), query.collect());
    let body = match operation.payload().map_err(Error::invalid)? {
        Payload::Json(bytes) => match serde_json::from_slice(&bytes) {
            Ok(Value::Object(mut fields)) => {
                fields.retain(|name, _| counts(name));
                Value::Object(fields)
            }
            Ok(other) => other,
            Err(_) => BodyHash::of(&bytes).to_string().into(),
        },
        Payload::Form(parts) => {
            let mut fields = Vec::new();
            for part in parts.iter().filter(|part| counts(&part.name)) {
                let value = match &part.value {
                    PartValue::Text(text) => text.clone(),
                    PartValue::File(source) => of_file(source).await?,
                    _ => String::new(),
                };
                fields.push(Value::from(vec![part.name.to_string(), value]));
            }
            Value::Array(fields)
        }
        _ => Value::Null,
    };
    wish.insert("body".to_owned(), body);
    let mut canonical = String::new();
    write(&Value::Object(wish), &mut canonical);
    Ok(BodyHash::of(canonical))
}

/// The fields that somebody else than the user chose, as sent: numbers and switches, never texts,
/// which may be the user's words.
pub(super) fn drawn<O: Operation>(operation: &O, chosen: &[String]) -> Vec<String> {
    if chosen.is_empty() {
        return Vec::new();
    }
    let said = |name: &str, value: &str| format!("{name}: {value}");
    let is_chosen = |name: &str| chosen.iter().any(|own| own == name);
    match operation.payload() {
        Ok(Payload::Json(bytes)) => {
            let fields: Map<String, Value> = serde_json::from_slice(&bytes).unwrap_or_default();
            let plain = |value: &Value| value.is_number() || value.is_boolean();
            fields
                .iter()
                .filter(|(name, value)| is_chosen(name) && plain(value))
                .map(|(name, value)| said(name, &value.to_string()))
                .collect()
        }
        Ok(Payload::Form(parts)) => parts
            .iter()
            .filter_map(|part| match &part.value {
                PartValue::Text(text) if is_chosen(&part.name) => {
                    let plain = text.parse::<f64>().is_ok() || text.parse::<bool>().is_ok();
                    plain.then(|| said(&part.name, text))
                }
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

async fn of_file(source: &Source) -> Result<String, Error> {
    Ok(match source {
        Source::Bytes { bytes, .. } => format!("sha256 {}", BodyHash::of(bytes)),
        Source::Path(path) => {
            let read = digest::of(path).await;
            let (_, sha256) =
                read.map_err(|error| Error::file(path.display().to_string(), error))?;
            format!("sha256 {}", BodyHash::from_bytes(sha256))
        }
        Source::Url(url) => format!("url {url}"),
        Source::Slot(slot) => format!("slot {slot}"),
        other => other.to_string(),
    })
}

/// JSON with its keys in order, whatever order a map keeps in this build.
fn write(value: &Value, to: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_by_key(|(name, _)| name.as_str());
            to.push('{');
            for (name, value) in sorted {
                to.push_str(&Value::from(name.as_str()).to_string());
                to.push(':');
                write(value, to);
                to.push(',');
            }
            to.push('}');
        }
        Value::Array(list) => {
            to.push('[');
            for value in list {
                write(value, to);
                to.push(',');
            }
            to.push(']');
        }
        other => to.push_str(&other.to_string()),
    }
}
