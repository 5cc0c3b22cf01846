//! A row whose fields are known, made ready to be sent.

use std::collections::{BTreeSet, HashMap};

use dryapi_client::{ErrorKind, Model};
use dryapi_types::{FieldError, Meta, Operation, Task};
use serde_json::{Map, Value};

use super::draft::Draft;
use super::identity::{self, Names};
use super::options::Options;
use super::row::Row;
use super::template::{self, Parts};
use crate::report::{End, terminal};
use crate::request::{complete, made};
use crate::rules;
use crate::session::Session;

/// The cards of the models that something must be taken from.
pub(super) async fn cards(
    session: &Session,
    drafts: &[Draft],
) -> Result<HashMap<String, Model>, End> {
    let wanted: BTreeSet<&str> = drafts
        .iter()
        .filter(|draft| {
            let mut fields = draft.meta.fields.iter();
            fields.any(|field| rules::is_left_to_the_model(draft.meta, field, &draft.fields))
        })
        .filter_map(|draft| draft.fields.get("model")?.as_str())
        .collect();
    let mut cards = HashMap::new();
    for slug in wanted {
        match session.free(session.client.model(slug)).await {
            Ok(model) => drop(cards.insert(slug.to_owned(), model)),
            Err(End::Failed(failure)) if failure.kind == ErrorKind::NotFound.into() => {
                let said = terminal::line(&failure.message).into_owned();
                session.screen.note(&format!("warning: {said}"));
            }
            Err(end) => return Err(end),
        }
    }
    Ok(cards)
}

/// Takes the model's defaults, draws what is left out, checks it, and names its result.
pub(super) fn ready(
    options: &Options,
    draft: Draft,
    cards: &HashMap<String, Model>,
    names: &mut Names,
) -> Result<Row, String> {
    let Draft {
        line,
        id,
        meta,
        mut fields,
        content,
    } = draft;
    let id = id.unwrap_or_else(|| names.name(content));
    let mut chosen = Vec::new();
    if meta.field("seed").is_some() && !fields.contains_key("seed") {
        let seed = identity::seed(&options.folder.to_string_lossy(), &id);
        fields.insert("seed".to_owned(), Value::from(seed));
        chosen.push("seed".to_owned());
    }
    let embeds = options.collect.is_some() && meta.field("return_result_in_response").is_some();
    if embeds && !fields.contains_key("return_result_in_response") {
        fields.insert("return_result_in_response".to_owned(), Value::Bool(true));
    }
    let card = fields
        .get("model")
        .and_then(Value::as_str)
        .and_then(|slug| cards.get(slug));
    let mut task = made(meta, fields).map_err(whole)?;
    if let Some(card) = card {
        let filled = task.fill_from(card);
        chosen.extend(filled.into_iter().map(|filled| filled.field.to_string()));
        if options.check {
            task.check(card).map_err(|error| said(&error.fields))?;
        }
    }
    let fields = task.to_fields();
    complete(meta, &fields, |_| true).map_err(whole)?;
    task.payload().map_err(|error| said(&error.fields))?;
    let path = template::name(
        options.name.as_deref(),
        &Parts {
            id: &id,
            line,
            task: meta.name,
            ext: &extension(meta, &fields),
            fields: &fields,
        },
    )?;
    Ok(Row {
        id,
        line,
        meta,
        task,
        fields,
        chosen,
        content,
        path: options.out.join(path),
    })
}

/// The extension of a result: of sounds their format, else the task's own.
fn extension(meta: &Meta, fields: &Map<String, Value>) -> String {
    let sound = meta
        .fields
        .iter()
        .find(|field| rules::is_format_of_sound(meta, field));
    let format = sound.and_then(|field| fields.get(field.name)?.as_str());
    let usual = meta.task.map_or("", |task| task.extension);
    format.unwrap_or(usual).to_owned()
}

fn whole(end: End) -> String {
    match end {
        End::Failed(failure) => said(&failure.fields),
        End::ClosedPipe => String::new(),
    }
}

fn said(faults: &[FieldError]) -> String {
    let faults = faults.iter().map(|fault| {
        let messages = fault.messages.join(", ");
        match fault.field.as_str() {
            "" => messages,
            field => format!("{field}: {messages}"),
        }
    });
    faults.collect::<Vec<_>>().join("; ")
}
