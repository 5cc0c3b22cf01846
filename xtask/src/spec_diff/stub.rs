//! The beginning of an operation's description in our form.

use serde_json::Value;

use super::document::Operation;
use super::node::{Node, Rule};
use super::yaml::Yaml;
use crate::spec::extension::KEY;

/// What nobody but a person can fill in.
const TODO: &str = "TODO";

/// YAML to be pasted below `paths:`.
pub(super) fn stub(operation: &Operation) -> String {
    let mut described = vec![
        pair("operationId", Yaml::text(TODO)),
        pair("summary", Yaml::text(TODO)),
        pair("tags", Yaml::Words(vec![TODO.to_owned()])),
        pair(KEY, todo(&["cost", "bucket", "response"])),
    ];
    let parameters: Vec<_> = parameters(&operation.parameters).collect();
    if !parameters.is_empty() {
        described.push(pair("parameters", Yaml::List(parameters)));
    }
    if !operation.bodies.is_empty() {
        let mut body = Vec::new();
        if operation.needs_body {
            body.push(pair("required", Yaml::Word("true".to_owned())));
        }
        let content = operation.bodies.iter();
        let content = content.map(|(media, node)| (media.clone(), with_schema(node)));
        body.push(pair("content", Yaml::Map(content.collect())));
        described.push(pair("requestBody", Yaml::Map(body)));
    }
    let answers = operation.success.iter();
    let answers = answers.map(|status| (status.clone(), answer(&operation.answer)));
    described.push(pair("responses", Yaml::Map(answers.collect())));
    let method = operation.method.to_lowercase();
    let item = Yaml::Map(vec![(method, Yaml::Map(described))]);
    let mut text = String::new();
    Yaml::Map(vec![(operation.path.clone(), item)]).write(&mut text, 1);
    text.split_off(1) + "\n"
}

fn parameters(node: &Node) -> impl Iterator<Item = Yaml> {
    node.fields.iter().filter_map(|(field, schema_of)| {
        let (place, name) = field.split_once(':')?;
        let required = node.required.contains(field);
        Some(Yaml::Map(vec![
            pair("name", Yaml::text(name)),
            pair("in", Yaml::text(place)),
            pair("required", Yaml::Word(required.to_string())),
            pair("description", Yaml::text(TODO)),
            pair("schema", schema(schema_of, &[])),
        ]))
    })
}

fn answer(node: &Node) -> Yaml {
    let content = Yaml::Map(vec![pair("application/json", with_schema(node))]);
    Yaml::Map(vec![
        pair("description", Yaml::text(TODO)),
        pair("content", content),
    ])
}

fn with_schema(node: &Node) -> Yaml {
    Yaml::Map(vec![pair("schema", schema(node, &[]))])
}

/// A schema; `more` stands behind what it says itself.
fn schema(node: &Node, more: &[(String, Yaml)]) -> Yaml {
    let mut pairs = Vec::new();
    let kinds: Vec<_> = node.kinds.iter().collect();
    match kinds.as_slice() {
        [] => pairs.extend(parts(node)),
        [kind] => {
            pairs.extend(typed(kind));
            pairs.extend(parts(node));
        }
        several => {
            let one_of = several.iter().map(|kind| alone(node, kind));
            pairs.push(pair("oneOf", Yaml::List(one_of.collect())));
        }
    }
    if node.nullable {
        pairs.push(pair("nullable", Yaml::Word("true".to_owned())));
    }
    if !node.values.is_empty() {
        pairs.push(pair(
            "enum",
            Yaml::Words(node.values.iter().cloned().collect()),
        ));
    }
    for (keyword, value) in &node.keywords {
        let value = match value {
            Value::String(text) => Yaml::text(text),
            other => Yaml::Word(other.to_string()),
        };
        pairs.push(pair(keyword, value));
    }
    pairs.extend_from_slice(more);
    if node.is_leaf() {
        Yaml::Line(pairs)
    } else {
        Yaml::Map(pairs)
    }
}

/// One of the types a value may have.
fn alone(node: &Node, kind: &str) -> Yaml {
    let parts_of_it = match kind {
        "object" => Node {
            items: None,
            ..node.clone()
        },
        "array" => Node {
            items: node.items.clone(),
            ..Node::default()
        },
        _ => Node::default(),
    };
    let mut pairs = typed(kind);
    pairs.extend(parts(&parts_of_it));
    Yaml::Map(pairs)
}

fn typed(kind: &str) -> Vec<(String, Yaml)> {
    if kind == "file" {
        return vec![
            pair("type", Yaml::text("string")),
            pair("format", Yaml::text("binary")),
        ];
    }
    vec![pair("type", Yaml::text(kind))]
}

/// What objects and arrays consist of.
fn parts(node: &Node) -> Vec<(String, Yaml)> {
    let mut pairs = Vec::new();
    if !node.required.is_empty() {
        pairs.push(pair("required", Yaml::words(&node.required)));
    }
    let mut rules: Vec<_> = node.rules.iter().map(rule).collect();
    if rules.len() > 1 {
        let all = rules.drain(..).map(|rule| Yaml::Map(vec![rule]));
        pairs.push(pair("allOf", Yaml::List(all.collect())));
    }
    pairs.extend(rules);
    if !node.fields.is_empty() {
        let described = [pair("description", Yaml::text(TODO))];
        let fields = node.fields.iter();
        let fields = fields.map(|(name, field)| (name.clone(), schema(field, &described)));
        pairs.push(pair("properties", Yaml::Map(fields.collect())));
    }
    if let Some(items) = &node.items {
        pairs.push(pair("items", schema(items, &[])));
    }
    if let Some(entries) = &node.entries {
        pairs.push(pair("additionalProperties", schema(entries, &[])));
    }
    pairs
}

fn rule(rule: &Rule) -> (String, Yaml) {
    let groups = rule.groups.iter();
    let groups = groups.map(|group| Yaml::Line(vec![pair("required", Yaml::words(group))]));
    let keyword = if rule.exactly_one { "oneOf" } else { "anyOf" };
    pair(keyword, Yaml::List(groups.collect()))
}

fn todo(keys: &[&str]) -> Yaml {
    Yaml::Map(keys.iter().map(|key| pair(key, Yaml::text(TODO))).collect())
}

fn pair(key: &str, value: Yaml) -> (String, Yaml) {
    (key.to_owned(), value)
}
