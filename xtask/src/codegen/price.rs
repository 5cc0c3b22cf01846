//! From a request to the request for its price.

use std::fmt::Write as _;

use super::types::{gate, initial, is_copy, is_optional, visible};
use crate::spec::extension::Measure;
use crate::spec::model::{Field, Kind, Operation};

/// `Priced` for an operation whose price `quote` says.
///
/// # Errors
/// A price that measures a field the operation does not have.
pub(super) fn render(operation: &Operation, quote: &Operation) -> Result<String, String> {
    let mut lines = String::new();
    let mut uses_measured = false;
    for field in visible(quote) {
        let value = value(operation, quote, field)?;
        uses_measured |= value.contains("measured");
        let name = &field.rust;
        let _ = match value == *name {
            true => writeln!(lines, "{}{name},", gate(quote, field)),
            false => writeln!(lines, "{}{name}: {value},", gate(quote, field)),
        };
    }
    let measured = if uses_measured {
        "measured"
    } else {
        "_measured"
    };
    Ok(format!(
        "impl Priced for {} {{
    type Quote = {};
{}
    fn quote(&self, {measured}: Measured) -> {} {{
        {} {{
{lines}
        }}
    }}
}}

",
        operation.type_name,
        quote.type_name,
        source(operation, quote),
        quote.type_name,
        quote.type_name,
    ))
}

/// The file whose measure decides.
fn source(operation: &Operation, quote: &Operation) -> String {
    let file = quote
        .fields
        .iter()
        .filter_map(|field| field.measured.as_ref())
        .filter_map(|key| operation.field(&key.of))
        .find(|field| field.kind == Kind::File);
    let Some(file) = file else {
        return String::new();
    };
    let place = match is_optional(file) {
        true => format!("self.{}.as_ref()", file.rust),
        false => format!("Some(&self.{})", file.rust),
    };
    format!("\n    fn measured(&self) -> Option<&Source> {{\n{place}\n}}\n")
}

fn value(operation: &Operation, quote: &Operation, field: &Field) -> Result<String, String> {
    if let Some(key) = &field.measured {
        let of = operation
            .field(&key.of)
            .ok_or_else(|| format!("{}: {} has no field {}", quote.name, operation.name, key.of))?;
        return Ok(match key.what {
            Measure::Width => "measured.pixels.map(|(width, _)| width)".to_owned(),
            Measure::Height => "measured.pixels.map(|(_, height)| height)".to_owned(),
            Measure::Seconds if field.kind == Kind::U32 => {
                // A started second is a whole one.
                "measured.seconds.map(|seconds| seconds.ceil() as u32)".to_owned()
            }
            Measure::Seconds => "measured.seconds".to_owned(),
            Measure::Characters => {
                format!("u32::try_from(self.{}.chars().count()).ok()", of.rust)
            }
        });
    }
    // What is measured is not sent as well.
    let measure = quote
        .fields
        .iter()
        .filter_map(|other| other.measured.as_ref())
        .find(|key| key.of == field.wire);
    let own = operation.field(&field.wire);
    match (measure, own) {
        (Some(key), _) if key.what == Measure::Characters => Ok("None".to_owned()),
        (Some(key), Some(own)) => {
            let unknown = match key.what {
                Measure::Seconds => "measured.seconds.is_none()",
                _ => "measured.pixels.is_none()",
            };
            Ok(match is_optional(own) {
                true => format!("self.{}.clone().filter(|_| {unknown})", own.rust),
                false => format!("{unknown}.then(|| self.{}.clone())", own.rust),
            })
        }
        (_, Some(own)) => Ok(copied(own, field)),
        (_, None) => Ok(initial(quote, field)),
    }
}

fn copied(own: &Field, field: &Field) -> String {
    let clone = if is_copy(own) { "" } else { ".clone()" };
    let place = format!("self.{}{clone}", own.rust);
    match (is_optional(own), is_optional(field)) {
        (true, true) | (false, false) => place,
        (false, true) => format!("Some({place})"),
        (true, false) => format!("{place}.unwrap_or_default()"),
    }
}
