//! What `--help` says of a field beyond its summary.

use dryapi_types::{FieldKind, FieldMeta, FileRule, Meta, Required};

use super::kind::{dashed, is_file, repeats};
use crate::rules;

/// Everything that is known of a field, in sentences.
pub(super) fn field(meta: &Meta, field: &FieldMeta) -> String {
    let mut said = vec![format!("{}.", field.summary)];
    said.extend(bounds(field));
    said.extend(field.file.and_then(files));
    if is_file(field) {
        said.push("A path, `-` for stdin, or an https address.".to_owned());
    }
    if repeats(field) && !field.summary.contains("several times") {
        said.push("May be given several times.".to_owned());
    }
    said.extend(company(meta, field));
    said.extend(when_left_out(meta, field));
    said.join(" ")
}

/// The bounds, where the summary does not say them already.
fn bounds(field: &FieldMeta) -> Option<String> {
    let unsaid = |bound: &f64| !field.summary.contains(&bound.to_string());
    if field.max.is_some_and(|max| !unsaid(&max)) {
        return None;
    }
    let of = match field.kind {
        FieldKind::Text => " characters",
        FieldKind::Texts | FieldKind::Files | FieldKind::Loras => " of them",
        _ => "",
    };
    match (field.min.filter(unsaid), field.max) {
        (Some(min), Some(max)) => Some(format!("From {min} to {max}{of}.")),
        (Some(min), None) => Some(format!("At least {min}{of}.")),
        (None, Some(max)) => Some(format!("At most {max}{of}.")),
        (None, None) => None,
    }
}

fn files(rule: FileRule) -> Option<String> {
    let formats = (!rule.formats.is_empty()).then(|| rule.formats.join(", "));
    let size = rule
        .max_bytes
        .map(|bytes| format!("at most {} MB", bytes >> 20));
    let both: Vec<String> = formats.into_iter().chain(size).collect();
    (!both.is_empty()).then(|| format!("Published formats and size: {}.", both.join(", ")))
}

/// The fields it goes with.
fn company(meta: &Meta, field: &FieldMeta) -> Vec<String> {
    let mut said = Vec::new();
    for needs in meta.needs.iter().filter(|needs| needs.needs == field.name) {
        let flag = dashed(needs.field);
        let absent = match needs.or_absent {
            true => format!(", also where --{flag} is left out"),
            false => String::new(),
        };
        said.push(format!("Needed for --{flag} {}{absent}.", needs.is));
    }
    let others = |group: &[&str]| {
        let others = group.iter().filter(|name| **name != field.name);
        let others: Vec<String> = others.map(|name| format!("--{}", dashed(name))).collect();
        others.join(" and ")
    };
    let groups = |groups: &[&'static [&'static str]]| {
        let mine = groups.iter().filter(|group| group.contains(&field.name));
        mine.copied().collect::<Vec<_>>()
    };
    for group in groups(meta.together) {
        said.push(format!("Only together with {}.", others(group)));
    }
    if !groups(meta.exactly_one).is_empty() {
        let rest = meta.exactly_one.iter().copied();
        let rest = rest.filter(|group| !group.contains(&field.name));
        let rest: Vec<String> = rest.map(others).collect();
        said.push(format!("Either this or {}.", rest.join(" or ")));
    }
    said
}

fn when_left_out(meta: &Meta, field: &FieldMeta) -> Option<String> {
    let is_task = meta.task.is_some();
    let said = match (field.name, field.default, field.required) {
        ("model", _, _) if is_task => "Left out, the first model that offers the task is taken.",
        ("seed", _, _) if is_task => "Left out, one is drawn and told.",
        ("format", _, _) if rules::is_format_of_sound(meta, field) => {
            "Left out, the name after -o chooses it, else the model."
        }
        (_, Some(default), _) => return Some(format!("[default: {default}]")),
        _ if rules::fills(field) && field.required == Required::ByModel => {
            "Left out, it is taken from the model where that has one."
        }
        _ if rules::fills(field) && rules::may_be_needed(meta, field) => {
            "Left out, it is taken from the model."
        }
        (_, _, Required::Yes) if Some(field.name) == meta.input && field.choices.is_empty() => {
            "Required, so or as INPUT."
        }
        (_, _, Required::Yes) => "Required.",
        _ => return None,
    };
    Some(said.to_owned())
}
