//! The service's validation: the operation's fields first, then the model's limits. Driven by the
//! operation table.

mod bounds;
mod files;

use dryapi_types::{FieldKind, FieldMeta, Meta, Required};

use super::fields::Fields;
use super::refusal::{FieldErrors, Refusal};
use crate::catalogue::{self, Model};
use crate::webhook::WebhookUrl;

/// Checks the fields of an operation against the table, and the model against the task.
///
/// All field errors come together, as the Errors page shows them; a model that cannot do the task
/// is refused alone, as the published description shows it. No model for what takes none.
pub(super) fn check(
    meta: &Meta,
    task: &Meta,
    fields: &Fields,
) -> Result<Option<&'static Model>, Refusal> {
    let mut errors = FieldErrors::new();
    let model = fields.text("model").and_then(catalogue::find);
    for field in meta.fields {
        if let Err(message) = check_field(field, fields, model) {
            errors.push((field.name.to_owned(), message));
        }
    }
    groups(meta, fields, &mut errors);
    if fields.text("model").is_some() && model.is_none() && meta.field("model").is_some() {
        errors.push((
            "model".to_owned(),
            "The selected model does not exist.".to_owned(),
        ));
    }
    if let Some(model) = model
        && !model.does(task)
    {
        let message = format!("The selected model does not support {}.", title(task));
        return Err(Refusal::native("model", &message));
    }
    match errors.is_empty() {
        true => Ok(model),
        false => Err(Refusal::validation(errors)),
    }
}

/// Rules over several fields.
fn groups(meta: &Meta, fields: &Fields, errors: &mut FieldErrors) {
    let several = |name: &str| meta.field(name).and_then(|field| field.several);
    let has = |name: &str| fields.has(name) || several(name).is_some_and(|name| fields.has(name));
    if !meta.exactly_one.is_empty() {
        let whole = |group: &&&[&str]| group.iter().all(|name| has(name));
        let names: Vec<String> = meta
            .exactly_one
            .iter()
            .map(|group| group.join(" and "))
            .collect();
        let field = meta.exactly_one.first().and_then(|group| group.first());
        let field = field.copied().unwrap_or_default().to_owned();
        let names = names.join(", ");
        match meta.exactly_one.iter().filter(whole).count() {
            0 => errors.push((field, format!("One of these fields is required: {names}."))),
            1 => {}
            _ => errors.push((field, format!("Only one of these may be given: {names}."))),
        }
    }
    for group in meta.together {
        let given = group.iter().filter(|name| has(name)).count();
        if given > 0 && given < group.len() {
            for name in group.iter().filter(|name| !has(name)) {
                let with = group.join(" and ");
                let message = format!("The {name} field is required: {with} go together.");
                errors.push(((*name).to_owned(), message));
            }
        }
    }
    for rule in meta.needs {
        let means = match fields.text(rule.field) {
            Some(value) => value == rule.is,
            None => rule.or_absent,
        };
        // What this operation does not have it cannot need: a price knows no file.
        if means && meta.field(rule.needs).is_some() && !has(rule.needs) {
            let words = rule.needs.replace('_', " ");
            let message = format!(
                "The {words} field is required when {} is {}.",
                rule.field, rule.is
            );
            errors.push((rule.needs.to_owned(), message));
        }
    }
}

fn check_field(field: &FieldMeta, fields: &Fields, model: Option<&Model>) -> Result<(), String> {
    let name = field.name;
    let words = name.replace('_', " ");
    if matches!(field.kind, FieldKind::File | FieldKind::Files) {
        return files::check(field, &words, fields, model);
    }
    let Some(value) = fields.value(name) else {
        return match field.required {
            Required::Yes => Err(format!("The {words} field is required.")),
            _ => Ok(()),
        };
    };
    let fits = match field.kind {
        FieldKind::Text if !value.is_string() => Err(format!("The {words} must be a string.")),
        FieldKind::Texts if fields.texts(name).is_none() => Err(format!(
            "The {words} must be a string or an array of strings."
        )),
        FieldKind::Integer if fields.integer(name).is_none() => {
            Err(format!("The {words} must be an integer."))
        }
        FieldKind::Number if fields.number(name).is_none() => {
            Err(format!("The {words} must be a number."))
        }
        FieldKind::Boolean if fields.boolean(name).is_none() => {
            Err(format!("The {words} field must be true or false."))
        }
        FieldKind::Loras => bounds::loras(value),
        _ => Ok(()),
    };
    fits?;
    if let Some(text) = value.as_str()
        && !field.choices.is_empty()
        && !field.choices.contains(&text)
    {
        return Err(format!("The selected {words} is invalid."));
    }
    if name == "webhook_url" {
        let url = fields.text(name).unwrap_or_default();
        WebhookUrl::read(url).map_err(|wrong| format!("The {words} {wrong}"))?;
    }
    bounds::length(field, &words, fields)?;
    bounds::range(field, &words, fields, model)?;
    bounds::names(field, &words, fields, model)
}

/// A task as the service's messages name it.
fn title(task: &Meta) -> String {
    match task.name {
        "txt2img" => "Text To Image".to_owned(),
        "img-upscale" => "Image Upscale".to_owned(),
        other => other.to_owned(),
    }
}
