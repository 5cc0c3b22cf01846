//! From a field of the description to the type, and the value, it has in Rust.

use std::fmt::Write as _;

use super::names::screaming;
use super::quoted::quoted;
use crate::spec::extension::CardRule;
use crate::spec::model::{Body, Default, Field, Kind, Operation};

/// The fields of the struct: all but those that repeat another.
pub(super) fn visible(operation: &Operation) -> impl Iterator<Item = &Field> {
    operation
        .fields
        .iter()
        .filter(|field| field.copies.is_none())
}

/// Whether a request is ever written as JSON.
pub(super) fn is_written(operation: &Operation) -> bool {
    operation.task.is_some() || matches!(operation.body, Body::Json | Body::JsonUnlessFile)
}

/// Whether a field may be unset in its struct.
pub(super) fn is_optional(field: &Field) -> bool {
    match field.kind {
        Kind::Files | Kind::Loras | Kind::Texts | Kind::RequestId => false,
        _ if field.default.is_some() => false,
        Kind::Text if field.open_enum.is_none() && field.required => is_filled(field),
        Kind::File => !field.required,
        _ => true,
    }
}

/// Whether a model's card fills a field that was left out.
pub(super) fn is_filled(field: &Field) -> bool {
    use CardRule::{Guidance, Language, Number, OneOf, Size, Steps, Voice};
    matches!(
        field.card,
        Some((
            Size | Number | Steps | Guidance | Language | Voice | OneOf,
            _
        ))
    )
}

/// The type of a field's value.
pub(super) fn value(field: &Field) -> &str {
    match field.kind {
        Kind::Text => field.open_enum.as_deref().unwrap_or("String"),
        Kind::Texts => "Texts",
        Kind::U32 => "u32",
        Kind::U64 => "u64",
        Kind::I64 => "i64",
        Kind::F64 => "f64",
        Kind::Bool => "bool",
        Kind::File => "Source",
        Kind::Files => "Vec<Source>",
        Kind::Loras => "Vec<Lora>",
        Kind::RequestId => "RequestId",
    }
}

/// The type of a field in its struct.
pub(super) fn stored(field: &Field) -> String {
    match is_optional(field) {
        true => format!("Option<{}>", value(field)),
        false => value(field).to_owned(),
    }
}

/// Whether a value is copied rather than cloned.
pub(super) fn is_copy(field: &Field) -> bool {
    matches!(
        field.kind,
        Kind::U32 | Kind::U64 | Kind::I64 | Kind::F64 | Kind::Bool
    )
}

/// How a `with_` method or `new` takes a value, and how it is stored from the argument.
pub(super) fn argument(field: &Field) -> (String, String) {
    let name = &field.rust;
    match field.kind {
        Kind::U32 | Kind::U64 | Kind::I64 | Kind::F64 | Kind::Bool => {
            (value(field).to_owned(), name.clone())
        }
        Kind::Files => (
            "impl Into<Source>".to_owned(),
            format!("vec![{name}.into()]"),
        ),
        _ => (
            format!("impl Into<{}>", value(field)),
            format!("{name}.into()"),
        ),
    }
}

/// What a field holds before anybody says anything.
pub(super) fn initial(operation: &Operation, field: &Field) -> String {
    match &field.default {
        Some(_) if is_optional(field) => "None".to_owned(),
        Some(Default::Text(text)) => format!("{}.to_owned()", quoted(text)),
        Some(Default::Bool(on)) => on.to_string(),
        Some(Default::Whole(whole)) if field.kind == Kind::F64 => format!("{whole}.0"),
        Some(Default::Whole(-1)) if is_seed(field) => "RANDOM_SEED".to_owned(),
        Some(Default::Whole(whole)) => whole.to_string(),
        Some(Default::Number(number)) => number.to_string(),
        None if is_optional(field) => "None".to_owned(),
        None => match field.kind {
            Kind::Text => "String::new()".to_owned(),
            Kind::Texts => "Texts::default()".to_owned(),
            Kind::File => "Source::default()".to_owned(),
            Kind::Files | Kind::Loras => "Vec::new()".to_owned(),
            Kind::Bool => "false".to_owned(),
            _ => format!("{}_has_no_initial_value", screaming(&operation.name)),
        },
    }
}

/// Whether `initial` is what `Default` gives anyway.
pub(super) fn is_plain(field: &Field) -> bool {
    match &field.default {
        None | Some(Default::Bool(false)) => true,
        Some(_) => is_optional(field),
    }
}

/// The seed, whose -1 means that the service draws one.
pub(super) fn is_seed(field: &Field) -> bool {
    field.wire == "seed" && field.kind == Kind::I64
}

/// An expression: whether a field of `of` was given.
pub(super) fn given(of: &str, field: &Field) -> String {
    let place = format!("{of}.{}", field.rust);
    match field.kind {
        _ if is_optional(field) => format!("{place}.is_some()"),
        Kind::Text | Kind::Files | Kind::Loras | Kind::Texts => format!("!{place}.is_empty()"),
        _ => "true".to_owned(),
    }
}

/// Lines that only hold with the feature for what is not published.
pub(super) fn gate(operation: &Operation, field: &Field) -> &'static str {
    if field.extended && !operation.extended && field.copies.is_none() {
        EXTENDED
    } else {
        ""
    }
}

/// The gate of an operation that is not published.
pub(super) fn operation_gate(operation: &Operation) -> &'static str {
    if operation.extended { EXTENDED } else { "" }
}

const EXTENDED: &str = "#[cfg(feature = \"extended\")]\n";

/// A doc comment.
pub(super) fn doc(text: &str) -> String {
    let mut lines = String::new();
    for line in wrapped(text) {
        let _ = writeln!(lines, "/// {line}");
    }
    lines
}

fn wrapped(text: &str) -> Vec<String> {
    const WIDTH: usize = 92;
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().filter(|line| {
            line.is_empty() || line.chars().count() + 1 + word.chars().count() <= WIDTH
        });
        match line {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines
}
