//! The two sides of a difference in words.

use std::collections::BTreeSet;

use serde_json::Value;

use super::node::{Node, Rule};

const NONE: &str = "none";

/// `yes` or `no`.
pub(super) fn yes(it: bool) -> String {
    if it { "yes" } else { "no" }.to_owned()
}

/// Names to choose from.
pub(super) fn any<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    joined(names, " or ", NONE)
}

/// A type.
pub(super) fn kind(node: &Node) -> String {
    joined(&node.kinds, " or ", "anything")
}

/// A keyword's value.
pub(super) fn value(value: Option<&Value>) -> String {
    match value {
        None => NONE.to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// The values of an enumeration, given as JSON.
pub(super) fn values(values: &BTreeSet<String>) -> String {
    let plain = |json: &String| json.trim_matches('"').to_owned();
    joined(&values.iter().map(plain).collect::<Vec<_>>(), ", ", NONE)
}

/// The rules about an object's fields.
pub(super) fn rules(node: &Node) -> String {
    let rules: Vec<_> = node.rules.iter().map(rule).collect();
    joined(&rules, "; ", NONE)
}

fn rule(rule: &Rule) -> String {
    let groups = rule
        .groups
        .iter()
        .map(|group| joined(group, "+", "nothing"));
    let groups: Vec<_> = groups.collect();
    if rule.exactly_one {
        joined(&groups, " | ", NONE)
    } else {
        format!("at least {}", joined(&groups, " | ", NONE))
    }
}

fn joined<'a>(words: impl IntoIterator<Item = &'a String>, with: &str, none: &str) -> String {
    let words: Vec<_> = words.into_iter().map(String::as_str).collect();
    if words.is_empty() {
        none.to_owned()
    } else {
        words.join(with)
    }
}
