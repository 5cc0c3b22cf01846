//! What a field is as a flag.

use dryapi_types::{FieldKind, FieldMeta};

/// The flag of a field, without its dashes.
pub(crate) fn long(field: &FieldMeta) -> String {
    match field.kind {
        FieldKind::Loras => "lora".to_owned(),
        _ => dashed(field.name),
    }
}

pub(super) fn dashed(field: &str) -> String {
    field.replace('_', "-")
}

/// What stands for its value in help.
pub(super) const fn value_name(field: &FieldMeta) -> &'static str {
    match field.kind {
        FieldKind::Integer => "N",
        FieldKind::Number => "NUMBER",
        FieldKind::Boolean => "BOOL",
        FieldKind::Loras => "NAME=WEIGHT",
        FieldKind::File | FieldKind::Files => "FILE",
        _ => "TEXT",
    }
}

/// Whether it is made of files.
pub(super) const fn is_file(field: &FieldMeta) -> bool {
    matches!(field.kind, FieldKind::File | FieldKind::Files)
}

/// Whether it may be given several times.
pub(crate) const fn repeats(field: &FieldMeta) -> bool {
    matches!(
        field.kind,
        FieldKind::Files | FieldKind::Texts | FieldKind::Loras
    )
}
