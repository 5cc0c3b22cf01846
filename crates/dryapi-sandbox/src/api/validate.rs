//! The service's validation: the operation's fields first, then the model's limits. Driven by the
//! operation table.

use dryapi_types::{CardRule, FieldKind, FieldMeta, Meta, Required};

use super::fields::Fields;
use super::media;
use super::refusal::{FieldErrors, Refusal};
use super::upload::Upload;
use crate::catalogue::{self, Model};

/// What holds for every model. Source: Errors page.
const SIDE: (f64, f64) = (64.0, 2048.0);

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
        return check_files(field, &words, fields, model);
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
        FieldKind::Loras => check_loras(value),
        _ => Ok(()),
    };
    fits?;
    if let Some(text) = value.as_str()
        && !field.choices.is_empty()
        && !field.choices.contains(&text)
    {
        return Err(format!("The selected {words} is invalid."));
    }
    if name == "webhook_url"
        && !fields
            .text(name)
            .is_some_and(|url| url.starts_with("https://"))
    {
        return Err(format!("The {words} must start with https://."));
    }
    check_length(field, &words, fields)?;
    check_range(field, &words, fields, model)?;
    check_names(field, &words, fields, model)
}

/// Characters of a text, items of a list.
fn check_length(field: &FieldMeta, words: &str, fields: &Fields) -> Result<(), String> {
    let (length, what) = match field.kind {
        FieldKind::Text => {
            let text = fields.text(field.name).unwrap_or_default();
            (text.chars().count(), "characters")
        }
        FieldKind::Texts => (fields.texts(field.name).unwrap_or_default().len(), "items"),
        _ => return Ok(()),
    };
    let length = length as f64;
    if let Some(most) = field.max.filter(|most| length > *most) {
        return Err(format!(
            "The {words} may not be greater than {most} {what}."
        ));
    }
    match field.min.filter(|least| length < *least) {
        Some(least) => Err(format!("The {words} must be at least {least} {what}.")),
        None => Ok(()),
    }
}

/// The operation's bounds, the model's `min_*` and `max_*`, and the service's own for width and
/// height.
fn check_range(
    field: &FieldMeta,
    words: &str,
    fields: &Fields,
    model: Option<&Model>,
) -> Result<(), String> {
    let (value, unit) = match field.kind {
        FieldKind::Integer | FieldKind::Number => (fields.number(field.name), ""),
        FieldKind::Text
            if field
                .card
                .is_some_and(|card| card.rule == CardRule::Characters) =>
        {
            let text = fields.text(field.name).unwrap_or_default();
            (Some(text.chars().count() as f64), " characters")
        }
        _ => return Ok(()),
    };
    let Some(value) = value else { return Ok(()) };
    let key = field.card.map_or(field.name, |card| card.key);
    let limit = |end: &str| model.and_then(|m| m.number("limits", &format!("{end}_{key}")));
    let side = matches!(field.name, "width" | "height") && field.card.is_some();
    let number = field.kind != FieldKind::Text;
    let low = limit("min").or(field.min.filter(|_| number));
    let high = limit("max").or(field.max.filter(|_| number));
    let low = low.or(side.then_some(SIDE.0));
    let high = high.or(side.then_some(SIDE.1));
    let message = match (low, high) {
        (Some(low), Some(high)) if value < low || value > high => {
            format!("The {words} must be between {low} and {high}{unit}.")
        }
        (Some(low), None) if value < low => format!("The {words} must be at least {low}{unit}."),
        (None, Some(high)) if value > high => {
            format!("The {words} may not be greater than {high}{unit}.")
        }
        _ => return Ok(()),
    };
    Err(message)
}

/// Languages, voices and other values of the model's card.
fn check_names(
    field: &FieldMeta,
    words: &str,
    fields: &Fields,
    model: Option<&Model>,
) -> Result<(), String> {
    let (Some(card), Some(model)) = (field.card, model) else {
        return Ok(());
    };
    let given = fields.text(field.name).unwrap_or_default();
    let known = match card.rule {
        CardRule::Language => model.languages(),
        CardRule::Voice => fields
            .text("lang")
            .map_or_else(Vec::new, |lang| model.voices(lang)),
        CardRule::OneOf => {
            let allowed = model.numbers("limits", card.key).unwrap_or_default();
            let fits = match fields.number(field.name) {
                Some(number) => allowed.is_empty() || allowed.contains(&number),
                None => true,
            };
            return match fits {
                true => Ok(()),
                false => Err(format!("The selected {words} is invalid.")),
            };
        }
        _ => return Ok(()),
    };
    match known.is_empty() || known.contains(&given) {
        true => Ok(()),
        false => Err(format!("The selected {words} is invalid.")),
    }
}

fn check_loras(value: &serde_json::Value) -> Result<(), String> {
    let Some(list) = value.as_array() else {
        return Err("The loras must be an array.".to_owned());
    };
    for (at, lora) in list.iter().enumerate() {
        if !lora.get("name").is_some_and(serde_json::Value::is_string) {
            return Err(format!("The loras.{at}.name field is required."));
        }
        let weight = lora.get("weight").and_then(|weight| match weight {
            serde_json::Value::String(text) => text.parse().ok(),
            other => other.as_f64(),
        });
        if !weight.is_some_and(|weight| weight >= 0.0) {
            return Err(format!("The loras.{at}.weight must be at least 0."));
        }
    }
    Ok(())
}

fn check_files(
    field: &FieldMeta,
    words: &str,
    fields: &Fields,
    model: Option<&Model>,
) -> Result<(), String> {
    let files: Vec<&Upload> = fields.files(field.name, field.several).collect();
    if files.is_empty() {
        let named = [Some(field.name), field.several];
        let value = named
            .into_iter()
            .flatten()
            .any(|name| fields.value(name).is_some());
        return match (value, field.required) {
            (true, _) => Err(format!("The {words} field must be a file.")),
            (false, Required::Yes) => Err(format!("The {words} field is required.")),
            (false, _) => Ok(()),
        };
    }
    let most = model.and_then(|model| model.number("limits", "max_input_images"));
    if field.several.is_some() && files.len() as f64 > most.unwrap_or(1.0) {
        let most = most.unwrap_or(1.0);
        return Err(format!("The {words} may not have more than {most} items."));
    }
    for file in files {
        check_file(field, words, file, model)?;
    }
    Ok(())
}

/// A file of the right kind and size. Of pictures the bytes decide; what sounds and films there are
/// only the service knows.
fn check_file(
    field: &FieldMeta,
    words: &str,
    file: &Upload,
    model: Option<&Model>,
) -> Result<(), String> {
    let Some(rule) = field.file else {
        return Ok(());
    };
    if let Some(most) = rule.max_bytes.filter(|most| file.length > *most) {
        let kilobytes = most / 1024;
        return Err(format!(
            "The {words} may not be greater than {kilobytes} kilobytes."
        ));
    }
    if file.length == 0 {
        return Err(format!("The {words} field must not be empty."));
    }
    let picture = rule.formats.contains(&"png");
    let formats = || {
        format!(
            "The {words} must be a file of type: {}.",
            rule.formats.join(", ")
        )
    };
    let size = media::pixels(&file.first);
    if picture && size.is_none() && !rule.formats.contains(&"svg") {
        return Err(formats());
    }
    let named = !rule.formats.is_empty();
    if named && !picture && size.is_some() && imagesize::image_type(&file.first).is_ok() {
        return Err(formats());
    }
    if let Some((width, height)) = size.filter(|_| picture) {
        let limit = |key: &str| model.and_then(|model| model.number("limits", key));
        let usual = || model.map(|_| SIDE.1);
        let own = field.several.is_none();
        let most_x = limit("max_width").filter(|_| own).or_else(usual);
        let most_y = limit("max_height").filter(|_| own).or_else(usual);
        if let (Some(most_x), Some(most_y), true) = (most_x, most_y, own)
            && (f64::from(width) > most_x || f64::from(height) > most_y)
        {
            return Err(format!(
                "The {words} may not be larger than {most_x} x {most_y} pixels."
            ));
        }
    }
    Ok(())
}

/// A task as the service's messages name it.
fn title(task: &Meta) -> String {
    match task.name {
        "txt2img" => "Text To Image".to_owned(),
        "img-upscale" => "Image Upscale".to_owned(),
        other => other.to_owned(),
    }
}
