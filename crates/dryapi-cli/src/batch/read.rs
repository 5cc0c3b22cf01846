//! From a file to rows that are ready to be sent; every row that is not is named.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use dryapi_client::{ErrorKind, Model};
use dryapi_ledger::BodyHash;
use dryapi_types::{FieldError, Meta, Operation, Task};
use serde_json::{Map, Value};

use super::files::Folder;
use super::identity::{self, Names};
use super::input::{self, Bad, MAIN, Written};
use super::options::{self, Options};
use super::row::Row;
use super::sidecar;
use super::template::{self, Parts};
use crate::report::{End, Failure, terminal};
use crate::request::{complete, made};
use crate::rules;
use crate::session::Session;

/// So many bad rows are named.
const NAMED: usize = 20;

/// A row whose fields are known.
struct Draft {
    line: u64,
    id: Option<String>,
    meta: &'static Meta,
    fields: Map<String, Value>,
    content: BodyHash,
}

/// Reads the rows. Nothing is sent but, where something is to be filled in, a question to the
/// catalogue for each model.
pub(super) async fn rows(session: &Session, options: &Options) -> Result<Vec<Row>, End> {
    let content = content(session, &options.file).await?;
    let extension = options
        .file
        .extension()
        .unwrap_or_default()
        .to_string_lossy();
    let Some(form) = input::form(&extension, &content) else {
        let message = format!(".{extension} is none of .jsonl, .csv, .tsv and .txt");
        return Err(Failure::invalid(message + "; nothing was sent").into());
    };
    let (written, mut bad) = input::rows(form, &content);
    has_columns(options, &written)?;
    let mut folder = Folder::of(&options.file, options.allow_outside);
    let mut drafts = Vec::new();
    let mut ignored = BTreeSet::new();
    for row in written {
        let line = row.line;
        match draft(options, &mut folder, row, &mut ignored) {
            Ok(draft) => drafts.push(draft),
            Err(why) => bad.push((line, why)),
        }
    }
    if !ignored.is_empty() {
        let names: Vec<_> = ignored.iter().map(String::as_str).collect();
        let names = terminal::line(&names.join(", ")).into_owned();
        session
            .screen
            .note(&format!("columns that are no fields: {names}"));
    }
    let cards = cards(session, &drafts).await?;
    let mut rows = Vec::new();
    let mut names = Names::default();
    let (mut ids, mut paths) = (HashMap::new(), HashMap::new());
    for draft in drafts {
        let line = draft.line;
        match ready(options, draft, &cards, &mut names) {
            Ok(row) => {
                if let Some(other) = ids.insert(row.id.clone(), line) {
                    bad.push((line, format!("the id {} is that of line {other}", row.id)));
                } else if let Some(other) = taken(&mut paths, &row) {
                    let path = row.path.display();
                    bad.push((line, format!("{path} is the result of line {other}, too")));
                }
                rows.push(row);
            }
            Err(why) => bad.push((line, why)),
        }
    }
    if bad.is_empty() {
        Ok(rows)
    } else {
        Err(refused(bad).into())
    }
}

/// The line of another row that writes to the same file, a result or what is beside one.
fn taken(paths: &mut HashMap<String, u64>, row: &Row) -> Option<u64> {
    let sidecar = sidecar::path(&row.path);
    let others = [&row.path, &sidecar].map(|path| {
        let mut path = path.to_string_lossy().into_owned();
        if cfg!(any(windows, target_os = "macos")) {
            path = path.to_lowercase();
        }
        paths.insert(path, row.line)
    });
    others.into_iter().flatten().next()
}

/// Whether the columns that hold fields are there: else what they hold would be left out unsaid.
fn has_columns(options: &Options, rows: &[Written]) -> Result<(), End> {
    for (column, field) in &options.columns {
        if !rows.iter().any(|row| row.fields.contains_key(column)) {
            let message = format!("--field {field}={column}: no row has anything in {column}");
            return Err(Failure::invalid(message + "; nothing was sent").into());
        }
    }
    Ok(())
}

async fn content(session: &Session, file: &Path) -> Result<String, End> {
    if file.as_os_str() == "-" {
        let mut stdin = session.take_stdin();
        return session.local(stdin.text()).await;
    }
    tokio::fs::read_to_string(file).await.map_err(|error| {
        let message = format!("{}: {error}; nothing was sent", file.display());
        Failure::new(ErrorKind::File, message).into()
    })
}

fn draft(
    options: &Options,
    folder: &mut Folder,
    row: Written,
    ignored: &mut BTreeSet<String>,
) -> Result<Draft, String> {
    let mut given = Map::new();
    let mut mapped = Vec::new();
    for (name, value) in row.fields {
        let column = options.columns.iter().find(|(column, _)| *column == name);
        if let Some((_, field)) = column {
            mapped.push(field.clone());
            given.insert(field.clone(), value);
        } else if options.columns.iter().all(|(_, field)| *field != name) {
            given.insert(name, value);
        } else {
            // Another column was said to hold this field.
            ignored.insert(name);
        }
    }
    let task = given.remove("task").or_else(|| given.remove("TASK"));
    let meta = match (task, options.task) {
        (Some(Value::String(name)), _) => options::task(&name)?,
        (Some(_), _) => return Err("task is not a name".to_owned()),
        (None, Some(meta)) => meta,
        (None, None) => return Err("names no task; give --task".to_owned()),
    };
    let id = match given.remove(options.id.as_deref().unwrap_or("id")) {
        Some(Value::String(id)) if !id.is_empty() => Some(id),
        Some(Value::Number(id)) => Some(id.to_string()),
        None if options.id.is_none() => None,
        _ => return Err("has no id".to_owned()),
    };
    let mut fields = options::defaults(options, meta)?;
    for (name, value) in given {
        let name = match (name.as_str(), meta.input) {
            (MAIN, Some(main)) => main.to_owned(),
            _ => name,
        };
        if meta.field(&name).is_none() {
            if row.untyped && !mapped.contains(&name) {
                ignored.insert(name);
                continue;
            }
            return Err(format!("{} has no field {name}", meta.name));
        }
        let value = match value {
            Value::String(text) if row.untyped => options::value(meta, &name, &text)?,
            value => value,
        };
        fields.insert(name, value);
    }
    for field in meta.fields {
        if let Some(value) = fields.remove(field.name) {
            let found = folder.find(field, value);
            let found = found.map_err(|why| format!("{}: {why}", field.name))?;
            fields.insert(field.name.to_owned(), found);
        }
    }
    if meta.field("model").is_some() && rules::is_missing(&fields, "model") {
        return Err("names no model; give --model".to_owned());
    }
    let content = identity::content(meta.name, &folder.content(meta.fields, &fields)?);
    Ok(Draft {
        line: row.line,
        id,
        meta,
        fields,
        content,
    })
}

/// The cards of the models that something must be taken from.
async fn cards(session: &Session, drafts: &[Draft]) -> Result<HashMap<String, Model>, End> {
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

fn ready(
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

fn refused(mut bad: Vec<Bad>) -> Failure {
    bad.sort_by_key(|(line, _)| *line);
    let count = bad.len();
    let rows = if count == 1 { "row is" } else { "rows are" };
    let message = format!("{count} {rows} not as they must be; nothing was sent");
    let mut failure = Failure::invalid(message);
    let named = bad.into_iter().take(NAMED);
    failure.fields = named
        .map(|(line, why)| FieldError::new(format!("line {line}"), why))
        .collect();
    if count > NAMED {
        let more = format!("and {} more", count - NAMED);
        failure.fields.push(FieldError::new("", more));
    }
    failure
}
