//! From an OpenAPI document to operations. Whatever is not understood is an error that says where.

use openapiv3::{
    AnySchema, OpenAPI, Operation as Described, PathItem, ReferenceOr, Schema, SchemaKind, Type,
};

use super::extension::{self, Cost, OperationKeys};
use super::field::{Property, one_line};
use super::model::{Body, Description, Kind, Operation, PREFIX, Place};
use super::schemas::Schemas;

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
        let schemas = Schemas { document };
        let operation = schemas
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

/// An object's schema, however it is written.
struct Object<'a> {
    properties: Vec<(&'a str, &'a Schema)>,
    required: &'a [String],
    exactly_one: Vec<Vec<String>>,
}

impl<'a> Schemas<'a> {
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
}
