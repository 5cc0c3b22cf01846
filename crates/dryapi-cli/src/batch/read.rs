//! From a file to rows that are ready to be sent; every row that is not is named.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use dryapi_client::ErrorKind;
use dryapi_types::FieldError;

use super::draft::draft;
use super::files::Folder;
use super::identity::Names;
use super::input::{self, Bad, Written};
use super::options::Options;
use super::ready::{cards, ready};
use super::row::Row;
use super::sidecar;
use crate::report::{End, Failure, terminal};
use crate::session::Session;

/// So many bad rows are named.
const NAMED: usize = 20;

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

fn refused(mut bad: Vec<Bad>) -> Failure {
    bad.sort_by_key(|(line, _)| *line);
    let count = bad.len();
    let rows = if count == 1 { "row is" } else { "rows are" };
    let message = format!("{count} {rows} not usable; nothing was sent");
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
