//! Filling in what was left out, and saying so.

use dryapi_client::{AnyTask, ErrorKind, Model, OsRandom, Random};
use dryapi_types::{Meta, Task};
use serde_json::{Map, Value};

use crate::report::{End, Failure, terminal};
use crate::rules;
use crate::session::Session;
use crate::target::Target;

/// Draws a seed where the task has one and none was given.
pub(super) fn seed(meta: &Meta, fields: &mut Map<String, Value>) -> Option<u64> {
    if meta.field("seed").is_none() || fields.contains_key("seed") {
        return None;
    }
    // As wide as every known client of the service draws it: 32 bits.
    let seed = OsRandom::default().next_u64() >> 32;
    fields.insert("seed".to_owned(), Value::from(seed));
    Some(seed)
}

/// Takes the format of a sound from the name of its file, where the service knows it.
pub(super) fn format(meta: &Meta, target: &Target, fields: &mut Map<String, Value>) {
    let mut fields_of = meta.fields.iter();
    let Some(format) = fields_of.find(|field| rules::is_format_of_sound(meta, field)) else {
        return;
    };
    if let Target::File(path) = target
        && let Some(extension) = path.extension().and_then(|text| text.to_str())
        && let extension = extension.to_ascii_lowercase()
        && format.choices.contains(&extension.as_str())
        && !fields.contains_key(format.name)
    {
        fields.insert(format.name.to_owned(), Value::from(extension));
    }
}

/// The model's card, where something must be filled in from it; a model that was left out is
/// chosen. The catalogue is not asked when every required field was given.
pub(super) async fn model(
    session: &Session,
    meta: &Meta,
    fields: &mut Map<String, Value>,
) -> Result<Option<Model>, End> {
    let Some(slug) = fields
        .get("model")
        .and_then(Value::as_str)
        .map(str::to_owned)
    else {
        if let Some(slug) = session.given.settings.model(meta.name) {
            let said = terminal::line(slug);
            session
                .screen
                .note(&format!("model {said}, from the config file"));
            fields.insert("model".to_owned(), Value::from(slug));
            return of_card(session, meta, slug, fields).await;
        }
        let model = first(session, meta).await?;
        let slug = terminal::line(&model.slug).into_owned();
        let name = meta.name;
        session
            .screen
            .note(&format!("model {slug}, the first that offers {name}"));
        fields.insert("model".to_owned(), Value::from(model.slug.as_str()));
        return Ok(Some(model));
    };
    of_card(session, meta, &slug, fields).await
}

/// The card of the model that was named, where something must be filled in from it.
async fn of_card(
    session: &Session,
    meta: &Meta,
    slug: &str,
    fields: &Map<String, Value>,
) -> Result<Option<Model>, End> {
    let left_out = meta
        .fields
        .iter()
        .any(|field| rules::is_left_to_the_model(meta, field, fields));
    if !left_out {
        return Ok(None);
    }
    match session.free(session.client.model(slug)).await {
        Ok(model) => Ok(Some(model)),
        Err(End::Failed(failure)) if failure.kind == ErrorKind::NotFound.into() => {
            let said = terminal::line(&failure.message).into_owned();
            session.screen.note(&format!("warning: {said}"));
            Ok(None)
        }
        Err(end) => Err(end),
    }
}

async fn first(session: &Session, meta: &Meta) -> Result<Model, End> {
    let models = session.client.models().task(meta.name).all();
    let models = session.free(models).await?;
    session.remember(&models, false);
    models.into_iter().next().ok_or_else(|| {
        let message = format!("the catalogue lists no model that offers {}", meta.name);
        Failure::new(ErrorKind::NotFound, message)
            .operation(meta.name)
            .help("Name one with --model.")
            .into()
    })
}

/// Takes the model's defaults for what was left out. Gives the fields' names.
pub(super) fn from(session: &Session, task: &mut AnyTask, model: &Model) -> Vec<String> {
    let filled = task.fill_from(model);
    if filled.is_empty() {
        return Vec::new();
    }
    let values: Vec<String> = filled
        .iter()
        .map(|filled| format!("{} {}", filled.field, plain(&filled.value)))
        .collect();
    let slug = terminal::line(&model.slug);
    session
        .screen
        .note(&format!("{}, from {slug}", values.join(", ")));
    filled
        .into_iter()
        .map(|filled| filled.field.to_string())
        .collect()
}

/// A value as people write it: `0`, not `0.0`.
fn plain(value: &Value) -> String {
    match (value, value.as_f64()) {
        (_, Some(number)) => number.to_string(),
        (Value::String(text), _) => terminal::line(text).into_owned(),
        _ => value.to_string(),
    }
}
