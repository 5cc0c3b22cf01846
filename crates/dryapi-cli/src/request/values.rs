//! The values of fields: as typed, from stdin, from files.

use std::path::Path;

use clap::ArgMatches;
use dryapi_client::ErrorKind;
use dryapi_types::{FieldKind, FieldMeta, Meta};
use serde_json::{Map, Value};
use tempfile::NamedTempFile;

use crate::flags;
use crate::report::{End, Failure};
use crate::session::Session;

/// The fields that were given.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) fields: Map<String, Value>,
    /// The file that came on stdin: its field, and which of the field's files it is.
    from_stdin: Option<(&'static str, usize)>,
    /// Its content; gone when this is dropped.
    spool: Option<NamedTempFile>,
}

impl Read {
    /// Fields as they are shown and recorded: what came on stdin is `-`, not a file of ours.
    pub(super) fn shown(&self, mut fields: Map<String, Value>) -> Map<String, Value> {
        if let Some((name, at)) = self.from_stdin {
            let place = match fields.get_mut(name) {
                Some(Value::Array(list)) => list.get_mut(at),
                one => one,
            };
            if let Some(place) = place {
                *place = Value::from("-");
            }
        }
        fields
    }
}

/// Reads what was typed, and what it points at.
pub(crate) async fn read(
    session: &mut Session,
    meta: &'static Meta,
    matches: &ArgMatches,
) -> Result<Read, End> {
    let mut read = Read::default();
    let main = meta.input.unwrap_or_default();
    for field in meta.fields {
        let input = flags::input(matches).filter(|_| field.name == main);
        let positional = input.is_some();
        let input = input.map(|input| Value::from(input.as_str()));
        let typed = input.into_iter().chain(flags::given(field, matches));
        let mut values = Vec::new();
        for (at, value) in typed.enumerate() {
            let may_be_stdin = positional && at == 0;
            values.push(match (field.kind, value) {
                (FieldKind::File | FieldKind::Files, Value::String(text)) => {
                    file(session, &mut read, (field, at), text).await?
                }
                (FieldKind::Text | FieldKind::Texts, Value::String(text)) => {
                    Value::from(text_of(session, field, text, may_be_stdin).await?)
                }
                (_, value) => value,
            });
        }
        let value = match flags::repeats(field) && !values.is_empty() {
            true => Some(Value::Array(values)),
            false => values.pop(),
        };
        read.fields
            .extend(value.map(|value| (field.name.to_owned(), value)));
    }
    if !main.is_empty() && !read.fields.contains_key(main) {
        let command = flags::command_of(meta);
        let message = format!("{command} needs its {main}; nothing was sent");
        let help = format!("See dryapi {command} --help.");
        return Err(Failure::invalid(message)
            .operation(meta.name)
            .help(help)
            .into());
    }
    Ok(read)
}

/// A text; `-` reads stdin where it stands as the main input.
async fn text_of(
    session: &mut Session,
    field: &FieldMeta,
    text: String,
    may_be_stdin: bool,
) -> Result<String, End> {
    if may_be_stdin && text == "-" {
        let mut stdin = session.take_stdin();
        return session.local(stdin.text()).await;
    }
    from_file(field, text).await
}

/// A text, or the content of the file after `@`; `@@` is a text that starts with `@`.
async fn from_file(field: &FieldMeta, text: String) -> Result<String, End> {
    let Some(path) = text.strip_prefix('@') else {
        return Ok(text);
    };
    if path.starts_with('@') {
        return Ok(path.to_owned());
    }
    let content = tokio::fs::read_to_string(path).await.map_err(|error| {
        let message = format!("{}: {path}: {error}; nothing was sent", field.name);
        let help = "A text that starts with @ is read from a file; write @@ for an @.";
        Failure::new(ErrorKind::File, message).help(help)
    })?;
    let line = content.strip_suffix('\n').unwrap_or(&content);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}

/// A file's path or address; what comes on stdin is kept in a file of its own.
async fn file(
    session: &mut Session,
    read: &mut Read,
    (field, at): (&'static FieldMeta, usize),
    text: String,
) -> Result<Value, End> {
    if text == "-" {
        let mut stdin = session.take_stdin();
        let spool = session.local(stdin.file()).await?;
        let path = spool.path().to_string_lossy().into_owned();
        read.spool = Some(spool);
        read.from_stdin = Some((field.name, at));
        return Ok(Value::from(path));
    }
    if !is_address(&text) {
        let missing = |why: String| {
            let message = format!("{}: {text}: {why}; nothing was sent", field.name);
            Failure::new(ErrorKind::File, message)
        };
        let found = tokio::fs::metadata(Path::new(&text)).await;
        let found = found.map_err(|error| missing(error.to_string()))?;
        if !found.is_file() {
            return Err(missing("not a file".to_owned()).into());
        }
    }
    Ok(Value::from(text))
}

/// Whether a text names something on the web, not on this machine.
pub(super) fn is_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}
