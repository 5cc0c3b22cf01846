//! One model's card at length.

use std::collections::BTreeSet;

use dryapi_client::Model;
use dryapi_types::{Language, LoraCard};
use serde_json::{Map, Value};

use super::words::{joined, limits, shown};

/// Everything a card says, a line for each thing.
pub(super) fn at_length(model: &Model) -> String {
    let mut lines = vec![model.slug.clone()];
    let info = &model.info;
    let features = info.features.iter().map(|(feature, on)| {
        let name = feature.as_str().trim_start_matches("supports_");
        let not = if *on { "" } else { "no " };
        format!("{not}{}", name.replace('_', " "))
    });
    let ranges = limits(info);
    let others = pairs(&info.limits, |name| {
        !name.starts_with("min_") && !name.starts_with("max_")
    });
    let bounds = [ranges, others].into_iter().filter(|part| !part.is_empty());
    for (name, value) in [
        ("name", model.name.clone()),
        ("tasks", joined(&model.tasks, ", ")),
        ("limits", joined(bounds, ", ")),
        ("defaults", pairs(&info.defaults, |_| true)),
        ("features", joined(features, ", ")),
        ("loras", joined(model.loras.iter().map(lora), ", ")),
    ] {
        if !value.is_empty() {
            lines.push(format!("  {name:<9} {value}"));
        }
    }
    lines.extend(model.languages.iter().flat_map(language));
    lines.join("\n")
}

fn lora(lora: &LoraCard) -> String {
    named(&lora.name, &lora.display_name, None)
}

fn language(language: &Language) -> Vec<String> {
    let head = named(&language.slug, &language.name, None);
    let voices = language.voices.iter().map(|voice| {
        let voice = named(&voice.slug, &voice.name, voice.gender.as_deref());
        format!("    voice   {voice}")
    });
    let head = format!("  {:<9} {head}", "language");
    std::iter::once(head).chain(voices).collect()
}

/// What goes into a request, and what people call it where that is something else.
fn named(slug: &str, name: &str, more: Option<&str>) -> String {
    let name = (name != slug).then_some(name);
    let said: Vec<&str> = name.into_iter().chain(more).collect();
    match said.is_empty() {
        true => slug.to_owned(),
        false => format!("{slug} ({})", said.join(", ")),
    }
}

/// The pairs by name: a card's own order depends on how JSON is read.
fn pairs(object: &Map<String, Value>, which: impl Fn(&str) -> bool) -> String {
    let chosen = object.iter().filter(|(name, _)| which(name));
    let pairs: BTreeSet<String> = chosen
        .map(|(name, value)| format!("{} {}", name.replace('_', " "), shown(value)))
        .collect();
    joined(pairs, ", ")
}
