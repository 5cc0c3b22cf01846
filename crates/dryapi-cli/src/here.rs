//! A result that was paid for and fetched before, and is where it is wanted.

use std::path::{Path, PathBuf};

use dryapi_ledger::Entry;
use serde_json::{Map, Value};

use crate::report::{End, json};
use crate::session::Session;
use crate::target::Target;

/// The file of a recorded job, if it is where it is wanted, and still what was fetched.
pub(crate) async fn here(target: &Target, entry: &Entry) -> Option<PathBuf> {
    let path = target.holds(Path::new(&entry.file.as_ref()?.path))?;
    still(entry).await.map(|_| path)
}

/// The file of a recorded job, if it still is what was fetched.
pub(crate) async fn still(entry: &Entry) -> Option<PathBuf> {
    let file = entry.file.clone()?;
    let path = PathBuf::from(&file.path);
    let same = tokio::task::spawn_blocking(move || file.is_there()).await;
    // One that cannot be read is fetched again.
    let same = same.is_ok_and(|same| same.unwrap_or(false));
    same.then_some(path)
}

/// Prints what a script wants to know of it. Nothing is sent.
pub(crate) fn show(
    session: &Session,
    entry: &Entry,
    path: &Path,
    request: Option<Map<String, Value>>,
) -> Result<(), End> {
    let path = path.display().to_string();
    let screen = &session.screen;
    if !screen.json() {
        screen.progress("it is here already; nothing was sent");
        return screen.result(&path);
    }
    screen.result(&json::line(&json::Finished {
        request_id: entry
            .request_id
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        task: Some(entry.operation.clone()),
        intent: Some(entry.intent.to_string()),
        status: "done",
        result_url: None,
        files: vec![path],
        result: None,
        request,
        sandbox: false,
    }))
}
