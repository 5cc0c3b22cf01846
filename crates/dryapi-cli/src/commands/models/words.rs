//! Parts of a card in words.

use std::fmt::Display;

use dryapi_types::ModelInfo;
use serde_json::Value;

/// The ranges a card names, for instance `width 256-2048, steps 1-10`.
pub(super) fn limits(info: &ModelInfo) -> String {
    let mut ranges = Vec::new();
    let mut names: Vec<&str> = info
        .limits
        .keys()
        .filter_map(|key| {
            key.strip_prefix("max_")
                .or_else(|| key.strip_prefix("min_"))
        })
        .collect();
    // Sizes first: that is what one looks for.
    names.sort_by_key(|name| {
        (
            !matches!(*name, "width" | "height"),
            *name == "height",
            *name,
        )
    });
    names.dedup();
    for name in names {
        let of = |bound: &str| info.limits.get(&format!("{bound}_{name}")).map(shown);
        let bounds = (of("min"), of("max"));
        let (name, unit) = match name {
            "text" => ("text".to_owned(), " characters"),
            name => (name.replace('_', " "), ""),
        };
        ranges.push(match bounds {
            (Some(min), Some(max)) if min == max => format!("{name} {max}{unit}"),
            (Some(min), Some(max)) => format!("{name} {min}-{max}{unit}"),
            (None, Some(max)) => format!("{name} <={max}{unit}"),
            (Some(min), None) => format!("{name} >={min}{unit}"),
            (None, None) => continue,
        });
    }
    ranges.join(", ")
}

/// A value without quotes; of a list its items.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => joined(list.iter().map(shown), "/"),
        other => other.to_string(),
    }
}

/// A list in a line.
pub(super) fn joined(list: impl IntoIterator<Item = impl Display>, by: &str) -> String {
    let list: Vec<String> = list.into_iter().map(|item| item.to_string()).collect();
    list.join(by)
}
