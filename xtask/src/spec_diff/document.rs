//! A description of the service as it is compared: its operations.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use openapiv3::OpenAPI;
use serde_json::Value;

use super::node::Node;
use super::schema::{Schemas, is_extended};
use crate::spec::PREFIX;

const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// One operation.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    /// In capitals.
    pub(super) method: String,
    /// The whole path.
    pub(super) path: String,
    /// The parameters of path and query as fields: `query:page`.
    pub(super) parameters: Node,
    /// The body by its media type.
    pub(super) bodies: BTreeMap<String, Node>,
    /// Whether there must be a body.
    pub(super) needs_body: bool,
    /// The statuses of success.
    pub(super) success: BTreeSet<String>,
    /// Every other status.
    pub(super) failures: BTreeSet<String>,
    /// What success answers.
    pub(super) answer: Node,
    /// Whether it is marked as ours alone.
    pub(super) extended: bool,
}

impl Operation {
    /// The path below the service's prefix, or all of it.
    pub(super) fn name(&self) -> &str {
        self.path.strip_prefix(PREFIX).unwrap_or(&self.path)
    }
}

/// Reads a document from a file of JSON or YAML.
///
/// # Errors
/// What cannot be read, and where.
pub(super) fn load(path: &Path) -> Result<Vec<Operation>, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string());
    let read = text.and_then(|text| parse(&text));
    read.map_err(|error| format!("{}: {error}", path.display()))
}

/// Reads a document from JSON or YAML.
///
/// # Errors
/// What cannot be read, and where.
pub(super) fn parse(text: &str) -> Result<Vec<Operation>, String> {
    let document: OpenAPI = if text.trim_start().starts_with('{') {
        serde_json::from_str(text).map_err(|error| error.to_string())?
    } else {
        serde_norway::from_str(text).map_err(|error| error.to_string())?
    };
    if !document.openapi.starts_with("3.0") {
        return Err(format!(
            "OpenAPI {} is not read, only 3.0",
            document.openapi
        ));
    }
    // As values again: openapiv3 has ten types for a schema and one way to write them all.
    let document = serde_json::to_value(&document).map_err(|error| error.to_string())?;
    let mut operations = Vec::new();
    for (path, item) in object(document.get("paths")) {
        for &method in METHODS {
            let Some(described) = item.get(method) else {
                continue;
            };
            let method = method.to_uppercase();
            let read = operation(Schemas::new(&document), path, item, described);
            let operation = read.map_err(|error| format!("{method} {path}: {error}"))?;
            operations.push(Operation {
                method,
                ..operation
            });
        }
    }
    Ok(operations)
}

/// Everything but the method.
fn operation<'a>(
    schemas: Schemas<'a>,
    path: &str,
    item: &'a Value,
    described: &'a Value,
) -> Result<Operation, String> {
    let mut operation = Operation {
        method: String::new(),
        path: path.to_owned(),
        parameters: Node::of("object"),
        bodies: BTreeMap::new(),
        needs_body: false,
        success: BTreeSet::new(),
        failures: BTreeSet::new(),
        answer: Node::default(),
        extended: is_extended(described),
    };
    // The operation's own come last: they replace the path's.
    for source in [item, described] {
        for parameter in array(source.get("parameters")) {
            add_parameter(schemas, &mut operation.parameters, parameter)?;
        }
    }
    if let Some(body) = described.get("requestBody") {
        let body = schemas.resolve(body)?;
        operation.needs_body = is_true(body, "required");
        for (media, content) in object(body.get("content")) {
            let schema = content.get("schema").map(|schema| schemas.node(schema));
            let node = schema.transpose()?.unwrap_or_default();
            operation.bodies.insert(media.clone(), node);
        }
    }
    for (status, response) in object(described.get("responses")) {
        if !status.starts_with('2') {
            operation.failures.insert(status.clone());
            continue;
        }
        operation.success.insert(status.clone());
        let content = schemas.resolve(response)?.get("content");
        for schema in object(content).filter_map(|(_, media)| media.get("schema")) {
            operation.answer.or(schemas.node(schema)?);
        }
    }
    Ok(operation)
}

/// Headers and cookies are left out: Accept and the key are the transport's affair.
fn add_parameter<'a>(
    schemas: Schemas<'a>,
    parameters: &mut Node,
    parameter: &'a Value,
) -> Result<(), String> {
    let parameter = schemas.resolve(parameter)?;
    let text = |key| parameter.get(key).and_then(Value::as_str);
    let (Some(place @ ("query" | "path")), Some(name)) = (text("in"), text("name")) else {
        return Ok(());
    };
    let schema = parameter.get("schema").map(|schema| schemas.node(schema));
    let mut node = schema.transpose()?.unwrap_or_default();
    node.extended |= is_extended(parameter);
    let field = format!("{place}:{name}");
    parameters.required.remove(&field);
    if is_true(parameter, "required") {
        parameters.required.insert(field.clone());
    }
    parameters.fields.insert(field, node);
    Ok(())
}

fn is_true(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool) == Some(true)
}

fn object(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

fn array(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}
