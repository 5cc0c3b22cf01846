//! The struct of a request, what makes one, and what changes one.

use std::fmt::Write as _;

use super::quoted::quoted;
use super::types::{
    argument, doc, gate, initial, is_optional, is_plain, is_seed, is_written, stored, visible,
};
use crate::spec::Description;
use crate::spec::model::{Field, Kind, Operation};

pub(super) fn render(description: &Description, operation: &Operation) -> String {
    let mut text = String::new();
    if operation.fields.iter().any(is_seed) && operation.task.is_some() {
        text += "/// The seed that asks the service to draw one.\nconst RANDOM_SEED: i64 = -1;\n\n";
    }
    let fields: Vec<&Field> = visible(operation).collect();
    let derived = fields
        .iter()
        .all(|field| is_plain(field) && field.kind != Kind::RequestId);
    text += &structure(description, operation, &fields, derived);
    if !derived && fields.iter().all(|field| field.kind != Kind::RequestId) {
        text += &default(operation, &fields);
    }
    text += &methods(operation, &fields);
    text
}

fn structure(
    description: &Description,
    operation: &Operation,
    fields: &[&Field],
    derived: bool,
) -> String {
    let mut about = match description.priced_by(operation) {
        Some(owner) => format!(
            "Asks what a [`{0}`](crate::{0}) would cost",
            owner.type_name
        ),
        None => operation.summary.clone(),
    };
    let _ = write!(about, " (`{}`).", operation.name);
    let mut text = doc(&about);
    if let Some(more) = &operation.description {
        let _ = write!(text, "///\n{}", doc(more));
    }
    if operation.extended {
        text += "///\n/// The service's published reference does not list it; a sibling service knows it.\n";
    }
    if !operation.is_price() {
        let _ = writeln!(text, "#[doc(alias = {})]", quoted(&operation.name));
    }
    let mut derives = vec!["Clone", "Debug"];
    if derived {
        derives.push("Default");
    }
    derives.push("PartialEq");
    if is_written(operation) {
        derives.push("Serialize");
    }
    if operation.task.is_some() {
        derives.push("Deserialize");
    }
    let _ = writeln!(text, "#[derive({})]", derives.join(", "));
    if operation.task.is_some() {
        text += "#[serde(default)]\n";
    }
    let _ = writeln!(
        text,
        "#[non_exhaustive]\npub struct {} {{",
        operation.type_name
    );
    for field in fields {
        text += &doc(&field.doc);
        text += gate(operation, field);
        if is_written(operation) {
            text += &attributes(field);
        }
        let _ = writeln!(text, "pub {}: {},", field.rust, stored(field));
    }
    text += "}\n\n";
    text
}

fn attributes(field: &Field) -> String {
    let mut keys = Vec::new();
    if field.rust != field.wire {
        keys.push(format!("rename = {}", quoted(&field.wire)));
    }
    if let Some(several) = &field.several {
        keys.push(format!("alias = {}", quoted(several)));
        keys.push("with = \"crate::encode::one_or_many\"".to_owned());
    }
    let empty = match field.kind {
        Kind::Loras | Kind::Files => Some("Vec::is_empty"),
        _ if is_optional(field) && !field.always => Some("Option::is_none"),
        _ => None,
    };
    keys.extend(empty.map(|empty| format!("skip_serializing_if = {}", quoted(empty))));
    match keys.is_empty() {
        true => String::new(),
        false => format!("#[serde({})]\n", keys.join(", ")),
    }
}

fn default(operation: &Operation, fields: &[&Field]) -> String {
    let mut text = format!(
        "impl Default for {} {{\n    fn default() -> Self {{\n        Self {{\n",
        operation.type_name
    );
    for field in fields {
        let value = match initial(operation, field) {
            value if value == "RANDOM_SEED" && operation.task.is_none() => "-1".to_owned(),
            value => value,
        };
        let _ = writeln!(text, "{}{}: {value},", gate(operation, field), field.rust);
    }
    text += "        }\n    }\n}\n\n";
    text
}

/// `new`, and a `with_` for everything `new` does not take.
fn methods(operation: &Operation, fields: &[&Field]) -> String {
    let taken: Vec<&Field> = match operation.input.as_deref() {
        None => Vec::new(),
        Some(input) => fields
            .iter()
            .filter(|field| field.wire == input)
            .chain(
                fields
                    .iter()
                    .filter(|field| field.wire == "model" && !is_optional(field)),
            )
            .copied()
            .collect(),
    };
    let mut text = format!("impl {} {{\n", operation.type_name);
    text += &new(fields, &taken);
    let mut sized = false;
    for field in fields {
        if field.several.is_some() {
            text += &one_more(operation, field);
        }
        if taken.iter().any(|taken| taken.wire == field.wire) {
            continue;
        }
        let is_size = |wire: &str| {
            fields
                .iter()
                .any(|field| field.wire == wire && field.kind == Kind::U32)
        };
        if matches!(field.wire.as_str(), "width" | "height")
            && is_size("width")
            && is_size("height")
        {
            if !sized {
                text += &size(operation, fields);
            }
            sized = true;
        } else if field.several.is_none() {
            text += &with(operation, field);
        }
    }
    text += "}\n\n";
    text
}

fn new(fields: &[&Field], taken: &[&Field]) -> String {
    let mut text = String::new();
    if taken.is_empty() {
        text += "/// With nothing set but what has a documented value.\n#[must_use]\npub fn new() -> Self {\nSelf::default()\n}\n";
        return text;
    }
    for (index, field) in taken.iter().enumerate() {
        let separate = if index == 0 { "" } else { "///\n" };
        let _ = write!(
            text,
            "{separate}{}",
            doc(&format!("`{}`: {}", field.rust, lower_first(&field.doc)))
        );
    }
    text += "pub fn new(";
    for field in taken {
        let _ = write!(text, "{}: {},", field.rust, argument(field).0);
    }
    text += ") -> Self {\nSelf {\n";
    for field in taken {
        let value = argument(field).1;
        let value = if is_optional(field) {
            format!("Some({value})")
        } else {
            value
        };
        let _ = match value == field.rust {
            true => writeln!(text, "{value},"),
            false => writeln!(text, "{}: {value},", field.rust),
        };
    }
    if taken.len() < fields.len() {
        text += "..Self::default()\n";
    }
    text += "}\n}\n";
    text
}

fn lower_first(doc: &str) -> String {
    let mut chars = doc.chars();
    let first = chars.next();
    // An abbreviation stays as it is.
    let second_is_upper = chars.clone().next().is_some_and(char::is_uppercase);
    match first {
        Some(first) if !second_is_upper => first.to_lowercase().chain(chars).collect(),
        _ => doc.to_owned(),
    }
}

fn with(operation: &Operation, field: &Field) -> String {
    let mut text = format!(
        "\n{}{}#[must_use]\n",
        doc(&field.doc),
        gate(operation, field)
    );
    let name = &field.rust;
    if field.kind == Kind::Loras {
        let _ = writeln!(
            text,
            "pub fn with_lora(mut self, name: impl Into<String>, weight: f64) -> Self {{\nself.{name}.push(Lora::new(name, weight));\nself\n}}"
        );
        return text;
    }
    let (takes, value) = argument(field);
    let value = if is_optional(field) {
        format!("Some({value})")
    } else {
        value
    };
    let constant = if takes.starts_with("impl") {
        ""
    } else {
        "const "
    };
    let others = cleared(operation, field);
    let constant = if others.is_empty() { constant } else { "" };
    let _ = writeln!(
        text,
        "pub {constant}fn with_{name}(mut self, {name}: {takes}) -> Self {{\nself.{name} = {value};\n{others}self\n}}"
    );
    text
}

/// Of what is given instead of one another, the last one counts.
fn cleared(operation: &Operation, field: &Field) -> String {
    let groups = &operation.exactly_one;
    if operation.task.is_none() || !groups.iter().any(|group| group.contains(&field.wire)) {
        return String::new();
    }
    let mut text = String::new();
    for group in groups.iter().filter(|group| !group.contains(&field.wire)) {
        for other in group.iter().filter_map(|wire| operation.field(wire)) {
            if is_optional(other) {
                let _ = writeln!(text, "self.{} = None;", other.rust);
            }
        }
    }
    text
}

fn one_more(operation: &Operation, field: &Field) -> String {
    let one = &field.wire;
    format!(
        "\n/// One more of [`{0}`](Self::{0}).\n{1}#[must_use]\npub fn with_{one}(mut self, {one}: impl Into<Source>) -> Self {{\nself.{0}.push({one}.into());\nself\n}}\n",
        field.rust,
        gate(operation, field),
    )
}

fn size(operation: &Operation, fields: &[&Field]) -> String {
    let optional = fields
        .iter()
        .find(|field| field.wire == "width")
        .is_some_and(|field| is_optional(field));
    let (width, height) = match optional {
        true => ("Some(width)", "Some(height)"),
        false => ("width", "height"),
    };
    let gate = fields
        .iter()
        .find(|field| field.wire == "width")
        .map_or("", |field| gate(operation, field));
    format!(
        "\n/// Width and height in pixels.\n{gate}#[must_use]\npub const fn with_size(mut self, width: u32, height: u32) -> Self {{\nself.width = {width};\nself.height = {height};\nself\n}}\n"
    )
}
