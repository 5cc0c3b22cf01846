//! A result brought to where it is wanted, with the sidecar of what made it.

use std::sync::{Mutex, PoisonError};

use dryapi_client::{AnyOutput, AnyTask, Charge, Completed, Error, ErrorKind, Usd};
use dryapi_ledger::SavedFile;

use super::collect::{Collected, Collection};
use super::row::Row;
use super::sidecar::{self, Sidecar};
use crate::media;
use crate::report::{End, Failure, terminal};
use crate::screen::Screen;
use crate::session::Session;

/// Whether a row's result is a line of the one file, where there is one.
pub(super) fn is_collected(row: &Row) -> bool {
    let kind = row.meta.task.map(|task| task.output);
    kind.is_some_and(crate::target::is_text)
}

/// Whether a row's file is the one that was saved.
pub(super) fn is_here(row: &Row, saved: &SavedFile) -> bool {
    let there = sidecar::FileOf::read(&row.path);
    there.is_ok_and(|file| file.size == saved.size && file.sha256 == saved.sha256)
}

/// Brings a result to where it was wanted.
pub(super) async fn bring(
    collection: Option<&Mutex<Collection>>,
    row: &Row,
    done: &Completed<AnyTask>,
    screen: &Screen,
) -> Result<(), Error> {
    if let Some(collection) = collection.filter(|_| is_collected(row)) {
        let result = done.raw().await?;
        let mut collection = collection.lock().unwrap_or_else(PoisonError::into_inner);
        let line = [Collected {
            id: &row.id,
            content: row.content,
            what: "result",
            value: result,
        }];
        return collection
            .add(line)
            .map_err(|error| local("the collection", &error));
    }
    if let Some(folder) = row.path.parent() {
        let made = tokio::fs::create_dir_all(folder).await;
        made.map_err(|error| local(&folder.display().to_string(), &error))?;
    }
    match &**done {
        AnyOutput::Inline(value) => {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), ToOwned::to_owned);
            let written = tokio::fs::write(&row.path, text).await;
            written.map_err(|error| local(&row.path.display().to_string(), &error))?;
            done.saved_to(&row.path).await;
        }
        _ => {
            let saved = done.save(&row.path).await?;
            if let Some(said) = media::differs(&row.path, saved.media_type.as_deref()) {
                let (shown, is) = (row.path.display(), terminal::line(&said.is));
                screen.note(&format!("{shown} is {is}, not {}", said.wanted));
            }
        }
    }
    Ok(())
}

/// Writes the sidecar of a row that is done.
pub(super) fn beside(
    session: &Session,
    row: &Row,
    intent: Option<String>,
    id: Option<String>,
    cost: Option<Usd>,
) -> Result<(), End> {
    let cost = cost.map(|cost| cost.to_string());
    let sidecar = Sidecar::new(row, intent, id, cost, session.is_sandbox());
    let written = sidecar.and_then(|sidecar| sidecar::write(row, &sidecar));
    written.map_err(|error| {
        let path = sidecar::path(&row.path);
        let message = format!("{}: {error}", path.display());
        Failure::new(ErrorKind::File, message).into()
    })
}

fn local(what: &str, error: &std::io::Error) -> Error {
    Error::builder(ErrorKind::File, "batch")
        .message(format!("{what}: {error}"))
        .charge(Charge::Yes)
        .build()
}
