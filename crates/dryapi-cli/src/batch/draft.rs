//! A row's fields: what it says itself, and what the options say of all rows.

use std::collections::BTreeSet;

use dryapi_ledger::BodyHash;
use dryapi_types::Meta;
use serde_json::{Map, Value};

use super::files::Folder;
use super::identity;
use super::input::{MAIN, Written};
use super::options::{self, Options};
use crate::rules;

/// A row whose fields are known.
pub(super) struct Draft {
    pub(super) line: u64,
    pub(super) id: Option<String>,
    pub(super) meta: &'static Meta,
    pub(super) fields: Map<String, Value>,
    pub(super) content: BodyHash,
}

/// Reads a row; columns that are no fields are named.
pub(super) fn draft(
    options: &Options,
    folder: &mut Folder,
    row: Written,
    ignored: &mut BTreeSet<String>,
) -> Result<Draft, String> {
    let mut given = Map::new();
    let mut mapped = Vec::new();
    for (name, value) in row.fields {
        let column = options.columns.iter().find(|(column, _)| *column == name);
        if let Some((_, field)) = column {
            mapped.push(field.clone());
            given.insert(field.clone(), value);
        } else if options.columns.iter().all(|(_, field)| *field != name) {
            given.insert(name, value);
        } else {
            // Another column was said to hold this field.
            ignored.insert(name);
        }
    }
    let task = given.remove("task").or_else(|| given.remove("TASK"));
    let meta = match (task, options.task) {
        (Some(Value::String(name)), _) => options::task(&name)?,
        (Some(_), _) => return Err("task is not a name".to_owned()),
        (None, Some(meta)) => meta,
        (None, None) => return Err("names no task; give --task".to_owned()),
    };
    let id = match given.remove(options.id.as_deref().unwrap_or("id")) {
        Some(Value::String(id)) if !id.is_empty() => Some(id),
        Some(Value::Number(id)) => Some(id.to_string()),
        None if options.id.is_none() => None,
        _ => return Err("has no id".to_owned()),
    };
    let mut fields = options::defaults(options, meta)?;
    for (name, value) in given {
        let name = match (name.as_str(), meta.input) {
            (MAIN, Some(main)) => main.to_owned(),
            _ => name,
        };
        if meta.field(&name).is_none() {
            if row.untyped && !mapped.contains(&name) {
                ignored.insert(name);
                continue;
            }
            return Err(format!("{} has no field {name}", meta.name));
        }
        let value = match value {
            Value::String(text) if row.untyped => options::value(meta, &name, &text)?,
            value => value,
        };
        fields.insert(name, value);
    }
    for field in meta.fields {
        if let Some(value) = fields.remove(field.name) {
            let found = folder.find(field, value);
            let found = found.map_err(|why| format!("{}: {why}", field.name))?;
            fields.insert(field.name.to_owned(), found);
        }
    }
    if meta.field("model").is_some() && rules::is_missing(&fields, "model") {
        return Err("names no model; give --model".to_owned());
    }
    let content = identity::content(meta.name, &folder.content(meta.fields, &fields)?);
    Ok(Draft {
        line: row.line,
        id,
        meta,
        fields,
        content,
    })
}
