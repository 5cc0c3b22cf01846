//! From a schema as it is written to a [`Node`].

use std::collections::BTreeSet;

use serde_json::Value;

use super::node::{Node, Rule};
use crate::spec::extension::KEY;

/// The keywords that are compared by their value.
const KEYWORDS: &[&str] = &[
    "default",
    "format",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];

/// Formats that only say how wide a number is. The published description gives a price a `float`
/// and a balance a `double`; ours gives a seed an `int64`, for the Rust type's sake. JSON has one
/// kind of number, so nothing on the wire hangs on it.
const WIDTHS: &[&str] = &["int32", "int64", "float", "double"];

/// A document's schemas.
#[derive(Clone, Copy)]
pub(super) struct Schemas<'a> {
    document: &'a Value,
}

impl<'a> Schemas<'a> {
    pub(super) const fn new(document: &'a Value) -> Self {
        Self { document }
    }

    /// What a reference leads to; anything else is itself.
    ///
    /// # Errors
    /// The reference leads out of the document, nowhere, or in a circle.
    pub(super) fn resolve(&self, value: &'a Value) -> Result<&'a Value, String> {
        let mut value = value;
        for _ in 0..16 {
            let Some(reference) = reference(value) else {
                return Ok(value);
            };
            value = self.target(reference)?;
        }
        Err("a reference leads in a circle".to_owned())
    }

    /// Reads a schema.
    ///
    /// # Errors
    /// As [`resolve`](Self::resolve).
    pub(super) fn node(&self, schema: &'a Value) -> Result<Node, String> {
        self.read(schema, &mut Vec::new())
    }

    fn target(&self, reference: &str) -> Result<&'a Value, String> {
        let pointer = reference.strip_prefix('#');
        let found = pointer.and_then(|pointer| self.document.pointer(pointer));
        found.ok_or_else(|| format!("the reference {reference} leads nowhere in this document"))
    }

    /// `within` are the references that led here: a schema may hold itself.
    fn read(&self, schema: &'a Value, within: &mut Vec<&'a str>) -> Result<Node, String> {
        if let Some(reference) = reference(schema) {
            if within.contains(&reference) {
                return Ok(Node::of("recursive"));
            }
            within.push(reference);
            let node = self.read(self.target(reference)?, within);
            within.pop();
            return node;
        }
        let mut node = own(schema);
        for (name, field) in map(schema, "properties") {
            node.fields.insert(name.clone(), self.read(field, within)?);
        }
        if let Some(items) = schema.get("items") {
            node.items = Some(Box::new(self.read(items, within)?));
        }
        if let Some(entries) = schema
            .get("additionalProperties")
            .filter(|it| it.is_object())
        {
            node.entries = Some(Box::new(self.read(entries, within)?));
        }
        for part in list(schema, "allOf") {
            node.and(self.read(part, within)?);
        }
        for (keyword, exactly_one) in [("oneOf", true), ("anyOf", false)] {
            let variants = list(schema, keyword).map(|variant| self.read(variant, within));
            let variants = variants.collect::<Result<Vec<_>, _>>()?;
            if !variants.is_empty() {
                unite(&mut node, variants, exactly_one);
            }
        }
        Ok(node)
    }
}

/// What a schema says of itself, without its parts.
fn own(schema: &Value) -> Node {
    let text = |key| schema.get(key).and_then(Value::as_str);
    let mut node = Node::default();
    let kind = match (text("type"), text("format")) {
        (Some("string"), Some("binary")) => Some("file"),
        (Some(kind), _) => Some(kind),
        (None, _) if schema.get("properties").is_some() => Some("object"),
        (None, _) if schema.get("required").is_some() => Some("object"),
        (None, _) if schema.get("items").is_some() => Some("array"),
        (None, _) => None,
    };
    node.kinds.extend(kind.map(str::to_owned));
    node.nullable = schema.get("nullable").and_then(Value::as_bool) == Some(true);
    node.extended = is_extended(schema);
    let values = list(schema, "enum").filter(|value| !value.is_null());
    node.values = values.map(|value| plain(value).to_string()).collect();
    // Of a text "required" means nothing; the published answer to a task has it there.
    if kind == Some("object") {
        let names = list(schema, "required").filter_map(Value::as_str);
        node.required = names.map(str::to_owned).collect();
    }
    for &keyword in KEYWORDS {
        let Some(value) = schema.get(keyword) else {
            continue;
        };
        let silent = match value {
            Value::Null => true,
            Value::Bool(on) => keyword != "default" && !on,
            Value::String(text) => {
                keyword == "format" && (text == "binary" || WIDTHS.contains(&text.as_str()))
            }
            _ => false,
        };
        if !silent {
            node.keywords.insert(keyword, plain(value));
        }
    }
    node
}

/// Whether something is marked as ours alone.
pub(super) fn is_extended(value: &Value) -> bool {
    let ours = value.get(KEY).and_then(|keys| keys.get("extended"));
    ours.and_then(Value::as_bool) == Some(true)
}

/// Takes in the variants. Those of an object may repeat all fields or only say what they require:
/// either way the fields are united, what all require is required, and the rest is a rule.
fn unite(node: &mut Node, variants: Vec<Node>, exactly_one: bool) {
    let of_objects = variants.iter().all(Node::is_object);
    let shared = variants
        .iter()
        .map(|variant| variant.required.clone())
        .reduce(|all, next| &all & &next)
        .unwrap_or_default();
    node.required.extend(shared);
    let groups: BTreeSet<_> = variants
        .iter()
        .map(|variant| &variant.required - &node.required)
        .collect();
    let mut any = Node::default();
    for variant in variants {
        any.or(variant);
    }
    if of_objects && groups.iter().any(|group| !group.is_empty()) {
        node.rules.insert(Rule {
            exactly_one,
            groups,
        });
    }
    node.and(any);
}

/// A number as JSON writes it best: openapiv3 keeps a bound of 1 as 1.0.
fn plain(value: &Value) -> Value {
    match value.as_f64() {
        Some(number) if number.fract() == 0.0 && number.abs() < 9e15 => Value::from(number as i64),
        _ => value.clone(),
    }
}

fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn map<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value
        .get(key)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}
