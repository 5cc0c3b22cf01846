//! What the table says of a request's fields: which must be there, and which a model can fill in.

use dryapi_types::{CardRule, FieldMeta, Meta, OutputKind, Required};
use serde_json::{Map, Value};

/// Whether a model's card can fill it in.
pub(crate) const fn fills(field: &FieldMeta) -> bool {
    match field.card {
        Some(card) => matches!(
            card.rule,
            CardRule::Size
                | CardRule::Number
                | CardRule::Steps
                | CardRule::Guidance
                | CardRule::Language
                | CardRule::Voice
                | CardRule::OneOf
        ),
        None => false,
    }
}

/// Whether some request must have it.
pub(crate) fn may_be_needed(meta: &Meta, field: &FieldMeta) -> bool {
    field.required == Required::Yes || meta.needs.iter().any(|needs| needs.needs == field.name)
}

/// Whether this request must have it.
pub(crate) fn is_needed(meta: &Meta, field: &FieldMeta, fields: &Map<String, Value>) -> bool {
    let by_another = meta.needs.iter().any(|needs| {
        let other = fields.get(needs.field).and_then(Value::as_str);
        needs.needs == field.name && other.map_or(needs.or_absent, |other| other == needs.is)
    });
    by_another || (field.required == Required::Yes && field.default.is_none())
}

/// Whether something of a model is to be asked for it.
pub(crate) fn is_left_to_the_model(
    meta: &Meta,
    field: &FieldMeta,
    fields: &Map<String, Value>,
) -> bool {
    let wanted = field.required == Required::ByModel || is_needed(meta, field, fields);
    wanted && fills(field) && field.default.is_none() && is_missing(fields, field.name)
}

/// Whether it is not there, or empty, which is the same to the service.
pub(crate) fn is_missing(fields: &Map<String, Value>, name: &str) -> bool {
    match fields.get(name) {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(list)) => list.is_empty(),
        Some(_) => false,
    }
}

/// Whether it is the format of a sound that a task makes: the name of its file may choose it.
pub(crate) fn is_format_of_sound(meta: &Meta, field: &FieldMeta) -> bool {
    let makes = meta.task.map(|task| task.output);
    field.name == "format" && makes == Some(OutputKind::Audio)
}
