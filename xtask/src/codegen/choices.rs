//! The open enums of fields whose values the service names.

use std::fmt::Write as _;

use super::names::pascal;
use super::quoted::quoted;
use super::types::doc;
use crate::spec::Description;

/// One open enum.
#[derive(Debug, PartialEq)]
pub(super) struct Choice {
    pub(super) name: String,
    values: Vec<String>,
    doc: String,
}

/// Every open enum of a description, in its order.
///
/// # Errors
/// Two fields that give one name different values.
pub(super) fn all(description: &Description) -> Result<Vec<Choice>, String> {
    let mut all: Vec<Choice> = Vec::new();
    for operation in &description.operations {
        for field in &operation.fields {
            let Some(name) = &field.open_enum else {
                continue;
            };
            match all.iter().find(|choice| choice.name == *name) {
                Some(known) if known.values == field.choices => {}
                Some(_) => {
                    return Err(format!(
                        "{} {}: {name} has other values elsewhere",
                        operation.name, field.wire
                    ));
                }
                None => all.push(Choice {
                    name: name.clone(),
                    values: field.choices.clone(),
                    doc: field.doc.clone(),
                }),
            }
        }
    }
    Ok(all)
}

pub(super) fn render(choices: &[Choice]) -> String {
    let mut text = String::new();
    for choice in choices {
        // rustfmt leaves what stands in a macro as it is.
        text += "choice! {\n";
        for line in doc(&choice.doc).lines() {
            let _ = writeln!(text, "    {line}");
        }
        let _ = writeln!(text, "    pub enum {} {{", choice.name);
        for value in &choice.values {
            let _ = writeln!(text, "        {} = {},", pascal(value), quoted(value));
        }
        text += "    }\n}\n\n";
    }
    text
}
