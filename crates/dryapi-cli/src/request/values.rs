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
pub(super) struct Read {
    pub(super) fields: Map<String, Value>,
    /// The file field that came on stdin.
    pub(super) from_stdin: Option<&'static str>,
    pub(super) spool: Option<NamedTempFile>,
}

pub(super) async fn read(
    session: &mut Session,
    meta: &'static Meta,
    matches: &ArgMatches,
) -> Result<Read, End> {
    let mut read = Read {
        fields: Map::new(),
        from_stdin: None,
        spool: None,
    };
    let main = meta.input.unwrap_or_default();
    let mut typed = flags::given(meta, matches);
    let input = flags::input(matches);
    let positional = input.is_some();
    typed.extend(input.map(|input| (main.to_owned(), Value::from(input.as_str()))));
    for field in meta.fields {
        let Some(value) = typed.remove(field.name) else {
            continue;
        };
        let value = match (field.kind, value) {
            (FieldKind::File, Value::String(text)) => file(session, &mut read, field, text).await?,
            (FieldKind::Text, Value::String(text)) if text == "-" => {
                match positional && field.name == main {
                    true => Value::from(from_stdin(session).await?),
                    false => Value::from(text),
                }
            }
            (FieldKind::Text, Value::String(text)) => Value::from(from_file(field, text).await?),
            (_, value) => value,
        };
        read.fields.insert(field.name.to_owned(), value);
    }
    if !main.is_empty() && !read.fields.contains_key(main) {
        let message = format!("{} needs its {main}; nothing was sent", meta.name);
        let help = format!("See dryapi {} --help.", meta.name);
        return Err(Failure::invalid(message)
            .operation(meta.name)
            .help(help)
            .into());
    }
    Ok(read)
}

async fn from_stdin(session: &mut Session) -> Result<String, End> {
    let mut stdin = session.take_stdin();
    session.local(stdin.text()).await
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
    field: &'static FieldMeta,
    text: String,
) -> Result<Value, End> {
    if text == "-" {
        let mut stdin = session.take_stdin();
        let spool = session.local(stdin.file()).await?;
        let path = spool.path().to_string_lossy().into_owned();
        read.spool = Some(spool);
        read.from_stdin = Some(field.name);
        return Ok(Value::from(path));
    }
    if !text.starts_with("https://") && !text.starts_with("http://") {
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
