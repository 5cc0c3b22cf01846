//! The schemas of a document, references followed.

use openapiv3::{OpenAPI, ReferenceOr, Schema};

/// What schemas are looked up in.
pub(super) struct Schemas<'a> {
    pub(super) document: &'a OpenAPI,
}

impl<'a> Schemas<'a> {
    pub(super) fn resolve(&self, schema: &'a ReferenceOr<Schema>) -> Result<&'a Schema, String> {
        match schema {
            ReferenceOr::Item(schema) => Ok(schema),
            ReferenceOr::Reference { reference } => self.named(reference),
        }
    }

    pub(super) fn named(&self, reference: &str) -> Result<&'a Schema, String> {
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
