//! From an OpenAPI document to operations. Whatever is not understood is an error that says where.

use std::rc::Rc;

use openapiv3::{
    AnySchema, OpenAPI, Operation as Described, Parameter, ParameterSchemaOrContent, PathItem,
    ReferenceOr, Schema, SchemaKind, StringFormat, Type, VariantOrUnknownOrEmpty,
};
use serde_json::Value;

use super::extension::{self, CardKey, Cost, FieldKeys, OperationKeys};
use super::model::{
    Body, Default, Description, Field, Kind, Operation, PREFIX, Place, first_sentence,
};

const JSON: &str = "application/json";
const FORM: &str = "multipart/form-data";

/// Reads every operation.
pub(super) fn description(document: &OpenAPI) -> Result<Description, String> {
    let mut operations = Vec::new();
    for (path, item) in &document.paths.paths {
        let ReferenceOr::Item(item) = item else {
            return Err(format!("{path}: a reference"));
        };
        let (method, described) = only_method(item)
            .ok_or_else(|| format!("{path}: there should be one method, get or post"))?;
        let reading = Reading { document };
        let operation = reading
            .operation(path, method, described)
            .map_err(|error| format!("{method} {path}: {error}"))?;
        operations.push(operation);
    }
    let names: Vec<_> = operations
        .iter()
        .map(|operation| operation.name.clone())
        .collect();
    for operation in &mut operations {
        let usual = format!("{}/price-calculation", operation.name);
        if operation.price.is_none() && operation.cost == Cost::Paid {
            operation.price = names.contains(&usual).then_some(usual);
        }
    }
    Ok(Description { operations })
}

fn only_method(item: &PathItem) -> Option<(&'static str, &Described)> {
    match (&item.get, &item.post, item.iter().count()) {
        (Some(get), None, 1) => Some(("GET", get)),
        (None, Some(post), 1) => Some(("POST", post)),
        _ => None,
    }
}

struct Reading<'a> {
    document: &'a OpenAPI,
}

/// An object's schema, however it is written.
struct Object<'a> {
    properties: Vec<(&'a str, &'a Schema)>,
    required: &'a [String],
    exactly_one: Vec<Vec<String>>,
}

impl<'a> Reading<'a> {
    fn operation(
        &self,
        path: &str,
        method: &'static str,
        described: &'a Described,
    ) -> Result<Operation, String> {
        let below = path
            .strip_prefix(PREFIX)
            .ok_or_else(|| format!("should start with {PREFIX}"))?;
        let name = below.split("/{").next().unwrap_or(below).to_owned();
        let keys: OperationKeys = extension::read(&described.extensions)?
            .ok_or_else(|| format!("has no {}", extension::KEY))?;
        let (body, object) = self.body(described)?;
        let mut fields = Vec::new();
        for parameter in &described.parameters {
            fields.push(self.parameter(parameter)?);
        }
        let mut exactly_one = Vec::new();
        if let Some(object) = object {
            for (wire, schema) in &object.properties {
                let required = object.required.iter().any(|name| name == wire);
                let field = self
                    .field(wire, schema, Place::Body, required)
                    .map_err(|error| format!("{wire}: {error}"))?;
                match field {
                    Property::Field(field) => fields.push(*field),
                    Property::SeveralOf(one) => {
                        let field = fields
                            .iter_mut()
                            .find(|field| field.wire == one)
                            .ok_or_else(|| format!("{wire}: there is no {one}"))?;
                        field.kind = Kind::Files;
                        field.rust.push('s');
                        field.several = Some((*wire).to_owned());
                        // One list holds either form, so the rule of one-of is its not being empty.
                        field.required = true;
                    }
                }
            }
            exactly_one = object.exactly_one;
        }
        exactly_one.retain(|group| {
            !fields.iter().any(|field| {
                let several = field.several.as_deref();
                group
                    .iter()
                    .any(|name| several == Some(name) || several.is_some() && *name == field.wire)
            })
        });
        let operation = Operation {
            name,
            method,
            path: below.to_owned(),
            type_name: described.operation_id.clone().ok_or("has no operationId")?,
            summary: described.summary.clone().ok_or("has no summary")?,
            description: described.description.as_deref().map(one_line),
            body,
            fields,
            exactly_one,
            together: keys.together,
            requires: keys.requires,
            cost: keys.cost,
            bucket: keys.bucket,
            input: keys.input,
            response: keys.response,
            extended: keys.extended,
            task: keys.task,
            price: keys.price,
            sandbox: keys.sandbox,
        };
        self.names_exist(&operation)?;
        Ok(operation)
    }

    /// Every field that is spoken of is there.
    fn names_exist(&self, operation: &Operation) -> Result<(), String> {
        let requires = operation
            .requires
            .iter()
            .flat_map(|rule| [&rule.field, &rule.needs]);
        let spoken_of = operation
            .input
            .iter()
            .chain(requires)
            .chain(operation.together.iter().flatten())
            .chain(operation.exactly_one.iter().flatten());
        for name in spoken_of {
            if operation.field(name).is_none() {
                return Err(format!("there is no field {name}"));
            }
        }
        Ok(())
    }

    fn body(&self, described: &'a Described) -> Result<(Body, Option<Object<'a>>), String> {
        let Some(body) = &described.request_body else {
            return Ok((Body::None, None));
        };
        let ReferenceOr::Item(body) = body else {
            return Err("the body is a reference".to_owned());
        };
        let kind = match (
            body.content.contains_key(JSON),
            body.content.contains_key(FORM),
        ) {
            (true, true) => Body::JsonUnlessFile,
            (true, false) => Body::Json,
            (false, true) => Body::Multipart,
            (false, false) => return Err(format!("the body should be {JSON} or {FORM}")),
        };
        let (_, media) = body.content.first().ok_or("the body has no content")?;
        let schema = media.schema.as_ref().ok_or("the body has no schema")?;
        self.object(self.resolve(schema)?)
            .map(|object| (kind, Some(object)))
    }

    fn object(&self, schema: &'a Schema) -> Result<Object<'a>, String> {
        let (properties, required, one_of) = match &schema.schema_kind {
            SchemaKind::Type(Type::Object(object)) => (&object.properties, &object.required, None),
            SchemaKind::Any(AnySchema {
                properties,
                required,
                one_of,
                ..
            }) => (properties, required, Some(one_of)),
            _ => return Err("the body should be an object".to_owned()),
        };
        let mut resolved = Vec::new();
        for (name, property) in properties {
            let schema = match property {
                ReferenceOr::Item(schema) => &**schema,
                ReferenceOr::Reference { reference } => self.named(reference)?,
            };
            resolved.push((name.as_str(), schema));
        }
        let mut exactly_one = Vec::new();
        for branch in one_of.into_iter().flatten() {
            exactly_one.push(self.object(self.resolve(branch)?)?.required.to_vec());
        }
        Ok(Object {
            properties: resolved,
            required,
            exactly_one,
        })
    }

    fn parameter(&self, parameter: &'a ReferenceOr<Parameter>) -> Result<Field, String> {
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

    fn field(
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

    fn resolve(&self, schema: &'a ReferenceOr<Schema>) -> Result<&'a Schema, String> {
        match schema {
            ReferenceOr::Item(schema) => Ok(schema),
            ReferenceOr::Reference { reference } => self.named(reference),
        }
    }

    fn named(&self, reference: &str) -> Result<&'a Schema, String> {
        let missing = || format!("{reference} is not there");
        let name = reference
            .strip_prefix("#/components/schemas/")
            .ok_or_else(missing)?;
        let schemas = &self
            .document
            .components
            .as_ref()
            .ok_or_else(missing)?
            .schemas;
        self.resolve(schemas.get(name).ok_or_else(missing)?)
    }
}

fn one_line(text: &str) -> String {
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

enum Property {
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
