//! How a request becomes a query or a body, and what is checked before.

use std::fmt::Write as _;

use super::names::pascal;
use super::quoted::{float, quoted};
use super::types::{gate, given, is_copy, is_optional};
use crate::spec::model::{Body, Field, Kind, Operation, Place};

/// `Operation::query`, where there is one.
pub(super) fn query(operation: &Operation) -> String {
    let mut text = String::new();
    for field in operation
        .fields
        .iter()
        .filter(|field| field.place == Place::Query)
    {
        let source = match &field.copies {
            Some(copied) => operation.field(copied).unwrap_or(field),
            None => field,
        };
        let (wire, rust) = (quoted(&field.wire), &source.rust);
        let _ = match is_optional(source) {
            true => writeln!(
                text,
                "query.extend(self.{rust}.as_ref().map(|value| ({wire}, value.to_string())));"
            ),
            false => writeln!(text, "query.push(({wire}, self.{rust}.to_string()));"),
        };
    }
    if text.is_empty() {
        return text;
    }
    format!(
        "    fn query(&self) -> Vec<(&'static str, String)> {{\nlet mut query = Vec::new();\n{text}query\n}}\n\n"
    )
}

/// `Operation::payload`.
pub(super) fn payload(operation: &Operation) -> String {
    let checks = checks(operation);
    let faults = match checks.is_empty() {
        true => String::new(),
        false => format!("let mut faults = Faults::of(Self::META.name);\n{checks}"),
    };
    let finish = if checks.is_empty() {
        ""
    } else {
        "faults.finish()?;\n"
    };
    let body = match operation.body {
        Body::None => format!("{finish}Ok(Payload::None)"),
        Body::Json => format!("{finish}json(Self::META.name, self)"),
        Body::Multipart => format!("{finish}{}", form(operation)),
        Body::JsonUnlessFile => {
            let files: Vec<_> = operation
                .fields
                .iter()
                .filter(|field| field.is_file())
                .map(|field| format!("!({})", given("self", field)))
                .collect();
            let files = files
                .join(" && ")
                .replace("!(self.", "self.")
                .replace(".is_some())", ".is_none()");
            format!(
                "{finish}if {files} {{\nreturn json(Self::META.name, self);\n}}\n{}",
                form(operation)
            )
        }
    };
    format!("    fn payload(&self) -> Result<Payload, InvalidRequest> {{\n{faults}{body}\n}}\n\n")
}

fn form(operation: &Operation) -> String {
    let mut text = String::from("let mut form = Form::default();\n");
    for field in operation
        .fields
        .iter()
        .filter(|field| field.place == Place::Body)
    {
        let (wire, rust) = (quoted(&field.wire), &field.rust);
        let optional = is_optional(field);
        let value = match (is_copy(field), optional) {
            (true, true) => format!("self.{rust}"),
            (true, false) => format!("Some(self.{rust})"),
            (false, true) => format!("self.{rust}.as_ref()"),
            (false, false) => format!("Some(&self.{rust})"),
        };
        let line = match field.kind {
            Kind::Bool => format!("form.flag({wire}, {value});"),
            Kind::File => format!("form.file({wire}, {value});"),
            Kind::Files => {
                let several = quoted(field.several.as_deref().unwrap_or(&field.wire));
                format!("form.files({wire}, {several}, &self.{rust});")
            }
            Kind::Loras => format!("form.loras({wire}, &self.{rust});"),
            _ if field.always => {
                format!("form.text({wire}, Some(self.{rust}.as_deref().unwrap_or_default()));")
            }
            _ => format!("form.text({wire}, {value});"),
        };
        let _ = writeln!(text, "{}{line}", gate(operation, field));
    }
    text += "Ok(form.into())";
    text
}

/// What is missing or cannot be right, line by line.
fn checks(operation: &Operation) -> String {
    let mut text = String::new();
    for field in operation
        .fields
        .iter()
        .filter(|field| field.copies.is_none())
    {
        for line in field_checks(field) {
            let _ = writeln!(text, "{}{line}", gate(operation, field));
        }
    }
    if !operation.exactly_one.is_empty() {
        let groups: Vec<_> = operation
            .exactly_one
            .iter()
            .map(|group| named_givens(operation, group))
            .collect();
        let _ = writeln!(text, "faults.exactly_one(&[{}]);", groups.join(", "));
    }
    for group in &operation.together {
        let _ = writeln!(
            text,
            "faults.together({});",
            named_givens(operation, group).trim_matches(['(', ')'])
        );
    }
    for rule in &operation.requires {
        let (Some(field), Some(needed)) =
            (operation.field(&rule.field), operation.field(&rule.needs))
        else {
            continue;
        };
        let _ = writeln!(
            text,
            "if {} {{\nfaults.needed({}, {}, {});\n}}",
            condition(field, &rule.is, rule.or_absent),
            quoted(&needed.wire),
            given("self", needed),
            quoted(&format!("{} is {}", rule.field, rule.is)),
        );
    }
    text
}

/// Whether a field has a value, or is left out where that means the same.
pub(super) fn condition(field: &Field, is: &str, or_absent: bool) -> String {
    let of = |name: &str| format!("{name}::{}", pascal(is));
    let value = field.open_enum.as_deref().map_or_else(|| quoted(is), of);
    let absent = if or_absent { "None | " } else { "" };
    format!("matches!(self.{}, {absent}Some({value}))", field.rust)
}

/// `("width and height", &[given, given])`
fn named_givens(operation: &Operation, group: &[String]) -> String {
    let givens: Vec<_> = group
        .iter()
        .filter_map(|wire| operation.field(wire))
        .map(|field| given("self", field))
        .collect();
    format!(
        "({}, &[{}])",
        quoted(&group.join(" and ")),
        givens.join(", ")
    )
}

fn field_checks(field: &Field) -> Vec<String> {
    let mut lines = Vec::new();
    let (wire, rust) = (quoted(&field.wire), &field.rust);
    let optional = is_optional(field);
    let bound = |bound: Option<f64>| match bound {
        Some(bound) => format!("Some({})", float(bound)),
        None => "None".to_owned(),
    };
    let bounds = format!("{}, {}", bound(field.min), bound(field.max));
    let bounded = field.min.is_some() || field.max.is_some();
    if field.required && optional {
        lines.push(format!("faults.given({wire}, {});", given("self", field)));
    }
    match field.kind {
        Kind::Text if field.wire == "webhook_url" => {
            lines.push(format!("faults.webhook({wire}, self.{rust}.as_deref());"));
        }
        Kind::Text if field.open_enum.is_none() => {
            if field.required && !optional {
                lines.push(format!("faults.text({wire}, &self.{rust});"));
            }
            if bounded {
                let value = match optional {
                    true => format!("self.{rust}.as_deref()"),
                    false => format!("Some(&self.{rust})"),
                };
                lines.push(format!("faults.length({wire}, {value}, {bounds});"));
            }
        }
        Kind::Texts => lines.push(format!(
            "faults.texts({wire}, &self.{rust}, {});",
            bound(field.max)
        )),
        Kind::F64 => {
            let value = if optional {
                format!("self.{rust}")
            } else {
                format!("Some(self.{rust})")
            };
            lines.push(format!("faults.range({wire}, {value}, {bounds});"));
        }
        // What the type cannot hold need not be checked.
        Kind::U32 if field.min.is_some_and(|min| min > 0.0) || field.max.is_some() => {
            let value = match optional {
                true => format!("self.{rust}.map(f64::from)"),
                false => format!("Some(f64::from(self.{rust}))"),
            };
            lines.push(format!("faults.range({wire}, {value}, {bounds});"));
        }
        Kind::File => {
            let value = if optional {
                format!("self.{rust}.as_ref()")
            } else {
                format!("Some(&self.{rust})")
            };
            lines.push(format!("faults.file({wire}, {value});"));
        }
        Kind::Files => {
            lines.push(format!("faults.given({wire}, {});", given("self", field)));
            lines.push(format!(
                "for file in &self.{rust} {{\nfaults.file({wire}, Some(file));\n}}"
            ));
        }
        Kind::Loras => lines.push(format!("faults.loras({wire}, &self.{rust});")),
        _ => {}
    }
    lines
}
