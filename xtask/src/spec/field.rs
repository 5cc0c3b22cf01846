//! From a property or parameter to a field.

use std::rc::Rc;

use openapiv3::{
    Parameter, ParameterSchemaOrContent, ReferenceOr, Schema, SchemaKind, StringFormat, Type,
    VariantOrUnknownOrEmpty,
};
use serde_json::Value;

use super::extension::{self, CardKey, FieldKeys};
use super::model::{Default, Field, Kind, Place, first_sentence};
use super::schemas::Schemas;

impl<'a> Schemas<'a> {
    pub(super) fn parameter(&self, parameter: &'a ReferenceOr<Parameter>) -> Result<Field, String> {
        let ReferenceOr::Item(parameter) = parameter else {
            return Err("a parameter is a reference".to_owned());
        };
        let data = parameter.parameter_data_ref();
        let place = match parameter {
            Parameter::Path { .. } => Place::Path,
            Parameter::Query { .. } => Place::Query,
            _ => return Err(format!("{}: should be in path or query", data.name)),
        };
        let ParameterSchemaOrContent::Schema(schema) = &data.format else {
            return Err(format!("{}: has no schema", data.name));
        };
        let read = self.field(&data.name, self.resolve(schema)?, place, data.required);
        match read.map_err(|error| format!("{}: {error}", data.name))? {
            Property::Field(mut field) => {
                if let Some(text) = &data.description {
                    field.doc = one_line(text);
                }
                told(&field.doc).map_err(|error| format!("{}: {error}", data.name))?;
                Ok(*field)
            }
            Property::SeveralOf(_) => Err(format!("{}: cannot be a list form", data.name)),
        }
    }

    pub(super) fn field(
        &self,
        wire: &str,
        schema: &'a Schema,
        place: Place,
        required: bool,
    ) -> Result<Property, String> {
        let data = &schema.schema_data;
        let keys: FieldKeys = extension::read(&data.extensions)?.unwrap_or_default();
        if let Some(one) = keys.several_of {
            return Ok(Property::SeveralOf(one));
        }
        let mut shape = self.shape(wire, schema)?;
        if !keys.choices.is_empty() {
            shape.choices = keys.choices;
        }
        let doc = one_line(data.description.as_deref().unwrap_or_default());
        if place == Place::Body {
            told(&doc)?;
        }
        let card = keys.card.map(|card| match card {
            CardKey::Rule(rule) => (rule, wire.to_owned()),
            CardKey::Keyed { rule, key } => (rule, key),
        });
        let default = data.default.as_ref().and_then(default);
        Ok(Property::Field(Box::new(Field {
            wire: wire.to_owned(),
            rust: keys.name.unwrap_or_else(|| wire.to_owned()),
            place,
            kind: shape.kind,
            required,
            by_model: keys.by_model,
            // Of what may be left out, the service's own default is only told.
            default: default.filter(|_| required || place == Place::Query),
            choices: shape.choices,
            open_enum: keys.open_enum,
            min: shape.min,
            max: shape.max,
            card,
            formats: keys.formats,
            max_bytes: keys.max_bytes,
            always: keys.always,
            extended: keys.extended,
            several: None,
            measured: keys.measured.map(Rc::new),
            copies: keys.copies,
            doc,
        })))
    }

    fn shape(&self, wire: &str, schema: &'a Schema) -> Result<Shape, String> {
        let mut shape = Shape::of(Kind::Text);
        let length = |length: Option<usize>| length.map(|length| length as f64);
        match &schema.schema_kind {
            SchemaKind::Type(Type::String(text)) => {
                let binary = VariantOrUnknownOrEmpty::Item(StringFormat::Binary);
                shape.kind = match wire {
                    _ if text.format == binary => Kind::File,
                    "request_id" => Kind::RequestId,
                    _ => Kind::Text,
                };
                shape.choices = text.enumeration.iter().flatten().cloned().collect();
                (shape.min, shape.max) = (length(text.min_length), length(text.max_length));
            }
            SchemaKind::Type(Type::Integer(number)) => {
                let wide =
                    number.format == VariantOrUnknownOrEmpty::Item(openapiv3::IntegerFormat::Int64);
                shape.kind = match wide {
                    false => Kind::U32,
                    true if number.minimum.is_some_and(|least| least >= 0) => Kind::U64,
                    true => Kind::I64,
                };
                let values = number.enumeration.iter().flatten();
                shape.choices = values.map(ToString::to_string).collect();
                shape.min = number.minimum.map(|least| least as f64);
                shape.max = number.maximum.map(|most| most as f64);
            }
            SchemaKind::Type(Type::Number(number)) => {
                shape.kind = Kind::F64;
                (shape.min, shape.max) = (number.minimum, number.maximum);
            }
            SchemaKind::Type(Type::Boolean(_)) => shape.kind = Kind::Bool,
            SchemaKind::Type(Type::Array(array)) => {
                let items = array.items.as_ref().ok_or("a list of what?")?;
                let items = match items {
                    ReferenceOr::Item(schema) => &**schema,
                    ReferenceOr::Reference { reference } => self.named(reference)?,
                };
                shape.kind = match (&items.schema_kind, wire) {
                    (SchemaKind::Type(Type::Object(_)), "loras") => Kind::Loras,
                    (SchemaKind::Type(Type::String(_)), _) => Kind::Texts,
                    _ => return Err("a list of texts, or loras, is all that is known".to_owned()),
                };
                (shape.min, shape.max) = (length(array.min_items), length(array.max_items));
            }
            SchemaKind::OneOf { one_of } => {
                for branch in one_of {
                    let branch = self.shape(wire, self.resolve(branch)?)?;
                    if branch.kind == Kind::Texts {
                        shape = branch;
                    }
                }
                if shape.kind != Kind::Texts {
                    return Err("one of a text and a list of texts is all that is known".to_owned());
                }
            }
            _ => return Err("a type is missing, or is not known".to_owned()),
        }
        Ok(shape)
    }
}

/// One line of a description.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first sentence is what `--help` and the table show.
fn told(doc: &str) -> Result<(), String> {
    const LONGEST: usize = 84;
    let first = first_sentence(doc);
    match first.chars().count() {
        0 => Err("has no description".to_owned()),
        length if length > LONGEST => Err(format!(
            "the first sentence has {length} characters, more than {LONGEST}: {first}"
        )),
        _ => Ok(()),
    }
}

/// A property: a field, or the list form of one.
pub(super) enum Property {
    Field(Box<Field>),
    SeveralOf(String),
}

struct Shape {
    kind: Kind,
    choices: Vec<String>,
    min: Option<f64>,
    max: Option<f64>,
}

impl Shape {
    const fn of(kind: Kind) -> Self {
        Self {
            kind,
            choices: Vec::new(),
            min: None,
            max: None,
        }
    }
}

fn default(value: &Value) -> Option<Default> {
    match value {
        Value::String(text) => Some(Default::Text(text.clone())),
        Value::Bool(on) => Some(Default::Bool(*on)),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Some(Default::Whole(whole)),
            None => number.as_f64().map(Default::Number),
        },
        _ => None,
    }
}
