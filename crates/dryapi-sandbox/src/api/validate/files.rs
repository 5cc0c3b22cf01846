//! Whether uploads are what their field takes.

use dryapi_types::{FieldMeta, Required};

use crate::api::fields::Fields;
use crate::api::media;
use crate::api::upload::Upload;
use crate::catalogue::Model;

/// The longest side of a picture, in pixels, where the model's card says none.
const LONGEST_SIDE: f64 = 2048.0;

/// The files of a field: there, of the right kind and size, and not too many.
pub(super) fn check(
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
        let usual = || model.map(|_| LONGEST_SIDE);
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
