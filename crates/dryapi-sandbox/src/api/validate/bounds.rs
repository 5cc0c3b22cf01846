//! Whether values lie within the operation's bounds and the model's card.

use dryapi_types::{CardRule, FieldKind, FieldMeta};
use serde_json::Value;

use crate::api::fields::Fields;
use crate::catalogue::Model;

/// What holds for every model. Source: Errors page.
const SIDE: (f64, f64) = (64.0, 2048.0);

/// Characters of a text, items of a list.
pub(super) fn length(field: &FieldMeta, words: &str, fields: &Fields) -> Result<(), String> {
    let (length, what) = match field.kind {
        FieldKind::Text => {
            let text = fields.text(field.name).unwrap_or_default();
            (text.chars().count(), "characters")
        }
        FieldKind::Texts => (fields.texts(field.name).unwrap_or_default().len(), "items"),
        _ => return Ok(()),
    };
    let length = length as f64;
    if let Some(most) = field.max.filter(|most| length > *most) {
        return Err(format!(
            "The {words} may not be greater than {most} {what}."
        ));
    }
    match field.min.filter(|least| length < *least) {
        Some(least) => Err(format!("The {words} must be at least {least} {what}.")),
        None => Ok(()),
    }
}

/// The operation's bounds, the model's `min_*` and `max_*`, and the service's own for width and
/// height.
pub(super) fn range(
    field: &FieldMeta,
    words: &str,
    fields: &Fields,
    model: Option<&Model>,
) -> Result<(), String> {
    let (value, unit) = match field.kind {
        FieldKind::Integer | FieldKind::Number => (fields.number(field.name), ""),
        FieldKind::Text
            if field
                .card
                .is_some_and(|card| card.rule == CardRule::Characters) =>
        {
            let text = fields.text(field.name).unwrap_or_default();
            (Some(text.chars().count() as f64), " characters")
        }
        _ => return Ok(()),
    };
    let Some(value) = value else { return Ok(()) };
    let key = field.card.map_or(field.name, |card| card.key);
    let limit = |end: &str| model.and_then(|m| m.number("limits", &format!("{end}_{key}")));
    let side = matches!(field.name, "width" | "height") && field.card.is_some();
    let number = field.kind != FieldKind::Text;
    let low = limit("min").or(field.min.filter(|_| number));
    let high = limit("max").or(field.max.filter(|_| number));
    let low = low.or(side.then_some(SIDE.0));
    let high = high.or(side.then_some(SIDE.1));
    let message = match (low, high) {
        (Some(low), Some(high)) if value < low || value > high => {
            format!("The {words} must be between {low} and {high}{unit}.")
        }
        (Some(low), None) if value < low => format!("The {words} must be at least {low}{unit}."),
        (None, Some(high)) if value > high => {
            format!("The {words} may not be greater than {high}{unit}.")
        }
        _ => return Ok(()),
    };
    Err(message)
}

/// Languages, voices and other values of the model's card.
pub(super) fn names(
    field: &FieldMeta,
    words: &str,
    fields: &Fields,
    model: Option<&Model>,
) -> Result<(), String> {
    let (Some(card), Some(model)) = (field.card, model) else {
        return Ok(());
    };
    let given = fields.text(field.name).unwrap_or_default();
    let known = match card.rule {
        CardRule::Language => model.languages(),
        CardRule::Voice => fields
            .text("lang")
            .map_or_else(Vec::new, |lang| model.voices(lang)),
        CardRule::OneOf => {
            let allowed = model.numbers("limits", card.key).unwrap_or_default();
            let fits = match fields.number(field.name) {
                Some(number) => allowed.is_empty() || allowed.contains(&number),
                None => true,
            };
            return match fits {
                true => Ok(()),
                false => Err(format!("The selected {words} is invalid.")),
            };
        }
        _ => return Ok(()),
    };
    match known.is_empty() || known.contains(&given) {
        true => Ok(()),
        false => Err(format!("The selected {words} is invalid.")),
    }
}

/// Each with a name and a strength.
pub(super) fn loras(value: &Value) -> Result<(), String> {
    let Some(list) = value.as_array() else {
        return Err("The loras must be an array.".to_owned());
    };
    for (at, lora) in list.iter().enumerate() {
        if !lora.get("name").is_some_and(Value::is_string) {
            return Err(format!("The loras.{at}.name field is required."));
        }
        let weight = lora.get("weight").and_then(|weight| match weight {
            Value::String(text) => text.parse().ok(),
            other => other.as_f64(),
        });
        if !weight.is_some_and(|weight| weight >= 0.0) {
            return Err(format!("The loras.{at}.weight must be at least 0."));
        }
    }
    Ok(())
}
