//! The service's validation: the operation's fields first, then the model's limits.

use dryapi_types::{FieldKind, FieldMeta, Meta, Required};
use serde_json::Value;

use super::content::Fields;
use super::refusal::{FieldErrors, Refusal};
use crate::catalogue::{self, Model};

/// Largest picture upload. Source: Limits page.
const LARGEST_IMAGE: usize = 10 << 20;

/// What holds for every model. Source: Errors page.
const SIDE: (i64, i64) = (64, 2048);

impl Fields {
    /// A value, unless it is absent, null or empty (which forms send for null).
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.values
            .get(name)
            .filter(|value| !value.is_null() && value.as_str() != Some(""))
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.value(name).and_then(Value::as_str)
    }

    /// A whole number, also where it is written as text.
    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        match self.value(name)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        match self.value(name)? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok().filter(|n: &f64| n.is_finite()),
            _ => None,
        }
    }
}

/// Checks the fields against the table and the model against the task.
///
/// All field errors come together, as the Errors page shows them; a model that cannot do the task
/// is refused alone, as the published description shows it.
pub(crate) fn check(meta: &Meta, task: &str, fields: &Fields) -> Result<&'static Model, Refusal> {
    let mut errors = FieldErrors::new();
    let model = fields.text("model").and_then(catalogue::find);
    for field in meta.fields {
        if let Err(message) = check_field(field, fields, model) {
            errors.push((field.name.to_owned(), message));
        }
    }
    if fields.text("model").is_some() && model.is_none() {
        errors.push((
            "model".to_owned(),
            "The selected model does not exist.".to_owned(),
        ));
    }
    // The model's own entry comes last on the Errors page.
    match model {
        Some(model) if errors.is_empty() && model.does(task) => Ok(model),
        Some(model) if !model.does(task) => {
            let message = format!("The selected model does not support {}.", title(task));
            Err(Refusal::native("model", &message))
        }
        _ => Err(Refusal::validation(errors)),
    }
}

fn check_field(field: &FieldMeta, fields: &Fields, model: Option<&Model>) -> Result<(), String> {
    let name = field.name;
    let words = name.replace('_', " ");
    if field.kind == FieldKind::File {
        return match fields.files.get(name) {
            Some(file) => check_image(&words, file),
            None if fields.value(name).is_some() => {
                Err(format!("The {words} field must be a file."))
            }
            None if field.required == Required::Yes => {
                Err(format!("The {words} field is required."))
            }
            None => Ok(()),
        };
    }
    let Some(value) = fields.value(name) else {
        return match field.required {
            Required::Yes => Err(format!("The {words} field is required.")),
            _ => Ok(()),
        };
    };
    let fits = match field.kind {
        FieldKind::Text if !value.is_string() => Err(format!("The {words} must be a string.")),
        FieldKind::Integer if fields.integer(name).is_none() => {
            Err(format!("The {words} must be an integer."))
        }
        FieldKind::Number if fields.number(name).is_none() => {
            Err(format!("The {words} must be a number."))
        }
        FieldKind::Loras => check_loras(value),
        _ => Ok(()),
    };
    fits?;
    if name == "webhook_url" {
        let url = value.as_str().unwrap_or_default();
        if !url.starts_with("https://") {
            return Err(format!("The {words} must start with https://."));
        }
        if url.len() > 2048 {
            return Err(format!(
                "The {words} may not be greater than 2048 characters."
            ));
        }
    }
    check_range(name, &words, fields, model)
}

/// `min_*` and `max_*` of the model, and the service's own bounds for width and height.
fn check_range(
    name: &str,
    words: &str,
    fields: &Fields,
    model: Option<&Model>,
) -> Result<(), String> {
    let limit = |end: &str| model.and_then(|m| m.number("limits", &format!("{end}_{name}")));
    let side = matches!(name, "width" | "height");
    let low = limit("min").or(side.then_some(SIDE.0 as f64));
    let high = limit("max").or(side.then_some(SIDE.1 as f64));
    let Some(value) = fields.number(name) else {
        return Ok(());
    };
    let message = match (low, high) {
        (Some(low), Some(high)) if value < low || value > high => {
            format!("The {words} must be between {low} and {high}.")
        }
        (Some(low), None) if value < low => format!("The {words} must be at least {low}."),
        (None, Some(high)) if value > high => {
            format!("The {words} may not be greater than {high}.")
        }
        _ => return Ok(()),
    };
    Err(message)
}

fn check_loras(value: &Value) -> Result<(), String> {
    let Some(list) = value.as_array() else {
        return Err("The loras must be an array.".to_owned());
    };
    for (at, lora) in list.iter().enumerate() {
        if !lora.get("name").is_some_and(Value::is_string) {
            return Err(format!("The loras.{at}.name field is required."));
        }
        if !lora
            .get("weight")
            .and_then(Value::as_f64)
            .is_some_and(|weight| weight >= 0.0)
        {
            return Err(format!("The loras.{at}.weight must be at least 0."));
        }
    }
    Ok(())
}

fn check_image(words: &str, file: &[u8]) -> Result<(), String> {
    if file.len() > LARGEST_IMAGE {
        return Err(format!(
            "The {words} may not be greater than 10240 kilobytes."
        ));
    }
    match imagesize::blob_size(file) {
        Ok(size) if size.width > 0 && size.height > 0 => Ok(()),
        _ => Err(format!(
            "The {words} must be a file of type: jpg, jpeg, png, gif, bmp, webp."
        )),
    }
}

/// The size of an uploaded picture within the model's limits, or what is wrong with it.
pub(crate) fn image_size(file: &[u8], model: &Model) -> Result<(u32, u32), Refusal> {
    let refuse = |message: String| Refusal::validation(vec![("image".to_owned(), message)]);
    let size = imagesize::blob_size(file)
        .map_err(|_| refuse("The image has invalid dimensions.".to_owned()))?;
    let limit = |key: &str| model.number("limits", key).unwrap_or(SIDE.1 as f64) as usize;
    let (most_x, most_y) = (limit("max_width"), limit("max_height"));
    if size.width > most_x || size.height > most_y {
        let message = format!("The image may not be larger than {most_x} x {most_y} pixels.");
        return Err(refuse(message));
    }
    let side = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    Ok((side(size.width), side(size.height)))
}

/// A task as the service's messages name it.
fn title(task: &str) -> String {
    match task {
        "txt2img" => "Text To Image".to_owned(),
        "img-upscale" => "Image Upscale".to_owned(),
        other => other.to_owned(),
    }
}
