//! The `use` lines of a generated file: for every name it mentions.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What generated code may mention, and where it lives.
const KNOWN: &[(&str, &str)] = &[
    ("Accepted", "crate::job::Accepted"),
    ("AnyOutput", "crate::output::AnyOutput"),
    ("ApiError", "crate::error::ApiError"),
    ("AudioOutput", "crate::output::AudioOutput"),
    ("Balance", "crate::account::Balance"),
    ("BodyKind", "crate::meta::BodyKind"),
    ("Bucket", "crate::meta::Bucket"),
    ("CardRule", "crate::field::CardRule"),
    ("Check", "crate::model::Check"),
    ("CostClass", "crate::meta::CostClass"),
    ("Cow", "std::borrow::Cow"),
    ("Deserialize", "serde::Deserialize"),
    ("Duration", "std::time::Duration"),
    ("Embeddings", "crate::output::Embeddings"),
    ("EnhancedPrompt", "crate::prompt::EnhancedPrompt"),
    ("Faults", "crate::encode::Faults"),
    ("FieldError", "crate::error::FieldError"),
    ("FieldKind", "crate::field::FieldKind"),
    ("FieldMeta", "crate::field::FieldMeta"),
    ("Fill", "crate::model::Fill"),
    ("Filled", "crate::model::Filled"),
    ("Form", "crate::encode::Form"),
    ("Headers", "crate::headers::Headers"),
    ("ImageOutput", "crate::output::ImageOutput"),
    ("InvalidRequest", "crate::error::InvalidRequest"),
    ("JobStatus", "crate::job::JobStatus"),
    ("Lora", "crate::source::Lora"),
    ("Makes", "crate::recipe::Makes"),
    ("Map", "serde_json::Map"),
    ("Measured", "crate::operation::Measured"),
    ("Meta", "crate::meta::Meta"),
    ("Method", "crate::meta::Method"),
    ("MissingOutput", "crate::output::MissingOutput"),
    ("Model", "crate::model::Model"),
    ("ModelPage", "crate::model::ModelPage"),
    ("Needs", "crate::meta::Needs"),
    ("Operation", "crate::operation::Operation"),
    ("OutputKind", "crate::meta::OutputKind"),
    ("Payload", "crate::operation::Payload"),
    ("Price", "crate::account::Price"),
    ("Priced", "crate::operation::Priced"),
    ("Recipe", "crate::recipe::Recipe"),
    ("RequestId", "crate::id::RequestId"),
    ("Required", "crate::field::Required"),
    ("SamplePrompt", "crate::prompt::SamplePrompt"),
    ("Serialize", "serde::Serialize"),
    ("Source", "crate::source::Source"),
    ("Task", "crate::operation::Task"),
    ("TaskMeta", "crate::meta::TaskMeta"),
    ("TextReading", "crate::output::TextReading"),
    ("Texts", "crate::texts::Texts"),
    ("Transcript", "crate::output::Transcript"),
    ("Value", "serde_json::Value"),
    ("VideoOutput", "crate::output::VideoOutput"),
    ("choice", "crate::choice::choice"),
    ("fields_of", "crate::encode::fields_of"),
    ("from_task", "crate::registry::from_task"),
    ("json", "crate::encode::json"),
];

/// The `use` lines for what `body` mentions outside comments and texts: names of the crate, and of
/// the open enums.
pub(super) fn of(body: &str, enums: &[String]) -> String {
    let words = words(body);
    let mut paths: Vec<String> = KNOWN
        .iter()
        .filter(|(name, _)| words.iter().any(|word| word == name))
        .map(|(_, path)| (*path).to_owned())
        .collect();
    let defined = |name: &str| body.contains(&format!("pub enum {name} "));
    let mentioned = enums
        .iter()
        .filter(|name| words.contains(name) && !defined(name));
    paths.extend(mentioned.map(|name| format!("super::choices::{name}")));
    grouped(&paths)
}

/// One line a module: the standard library, then others, then ours.
fn grouped(paths: &[String]) -> String {
    let mut modules: BTreeMap<(u8, &str), Vec<&str>> = BTreeMap::new();
    for path in paths {
        let (module, name) = path.rsplit_once("::").unwrap_or((path, ""));
        let rank = match module.split("::").next() {
            Some("std") => 0,
            Some("crate" | "super") => 2,
            _ => 1,
        };
        modules.entry((rank, module)).or_default().push(name);
    }
    let mut text = String::new();
    let mut last = None;
    for ((rank, module), names) in modules {
        if last.is_some_and(|last| last != rank) {
            text.push('\n');
        }
        last = Some(rank);
        let _ = writeln!(text, "use {module}::{{{}}};", names.join(", "));
    }
    text
}

/// Identifiers that are not behind `::` or `.`, without comments and texts.
fn words(body: &str) -> Vec<String> {
    let mut words = Vec::new();
    for line in body.lines() {
        let line = line.trim_start();
        if line.starts_with("//") {
            continue;
        }
        // Every second piece lies between quotes.
        for code in line.split('"').step_by(2) {
            let mut before = ' ';
            let mut word = String::new();
            for char in code.chars().chain([' ']) {
                if char.is_alphanumeric() || char == '_' {
                    word.push(char);
                    continue;
                }
                if !word.is_empty() {
                    let used_as_function = word.chars().next().is_some_and(char::is_lowercase);
                    let called = matches!(char, '(' | '!');
                    if !matches!(before, ':' | '.') && (!used_as_function || called) {
                        words.push(std::mem::take(&mut word));
                    }
                    word.clear();
                }
                before = char;
            }
        }
    }
    words
}
