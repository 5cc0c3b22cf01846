//! Jobs that nobody claims: heard of on the push channel, and fetched as orphans.

use std::path::{Path, PathBuf};
use std::time::Duration;

use dryapi_client::{AnyOutput, AnyTask, Clock, Completed, ErrorKind, Job, RequestId};
use dryapi_ledger::{Entry, EvidenceKind, Filter, Ledger};
use dryapi_types::meta;

use crate::await_job::wait;
use crate::commands::feed::Feed;
use crate::duration;
use crate::names;
use crate::report::{End, Failure};
use crate::session::{Session, unrecorded};

/// Jobs of the account that no entry has, as the push channel tells of them while they run.
pub(super) async fn unclaimed(
    session: &Session,
    ledger: &Ledger,
    unknown: &[Entry],
) -> Result<Vec<RequestId>, End> {
    let mut found: Vec<RequestId> = Vec::new();
    let running = unknown.iter().filter_map(|entry| may_run(session, entry));
    let running: Vec<Duration> = running.collect();
    let Some(longest) = running.iter().copied().max() else {
        return Ok(found);
    };
    if session.given.client_id.is_none() {
        session.screen.progress(
            "without a client id (--client-id) it cannot be heard whether a job of it runs",
        );
        return Ok(found);
    }
    let shown = duration::show(Duration::from_secs(longest.as_secs().max(1)));
    session.screen.progress(&format!(
        "listening for jobs that nobody claims, for {shown} at most"
    ));
    let mut feed = Feed::open(session)?;
    while found.len() < running.len() {
        let news = tokio::select! {
            biased;
            news = feed.next() => news,
            () = session.clock.sleep(longest) => break,
            () = session.time_is_up(Duration::ZERO) => break,
            () = session.stop.asked(1) => break,
        };
        let id = match news {
            Ok(news) => news.ticket.request_id().clone(),
            Err(End::Failed(failure)) => {
                session
                    .screen
                    .note(&format!("warning: {}", failure.in_short()));
                break;
            }
            Err(end) => return Err(end),
        };
        if !found.contains(&id) && !is_claimed(ledger, &id).await? {
            found.push(id);
        }
    }
    let mut unclaimed = Vec::new();
    for id in found {
        // Another process may have been told of it before it had written it down.
        if !is_claimed(ledger, &id).await? {
            unclaimed.push(id);
        }
    }
    Ok(unclaimed)
}

async fn is_claimed(ledger: &Ledger, id: &RequestId) -> Result<bool, End> {
    let of_job = Filter::default().with_request_id(id.clone());
    let entries = ledger.entries(&of_job).await;
    let entries = entries.map_err(|error| unrecorded(error.into()))?;
    Ok(!entries.is_empty())
}

/// How much longer a job of it may run, if it can still and nothing was heard of one.
fn may_run(session: &Session, entry: &Entry) -> Option<Duration> {
    let heard = |note: &dryapi_ledger::Evidence| note.kind == EvidenceKind::Push;
    if entry.evidence.iter().any(heard) {
        return None;
    }
    let task = meta(&entry.operation)?.task?;
    let passed = session.clock.wall().duration_since(entry.created);
    let left = task.deadline.checked_sub(passed.unwrap_or_default())?;
    (!left.is_zero()).then_some(left)
}

/// Fetches the result of a job that nobody claims, beside where one was wanted.
pub(super) async fn fetch(
    session: &Session,
    unknown: &[Entry],
    id: &RequestId,
) -> Result<PathBuf, End> {
    let job: Job<AnyTask> = session.client.any_job(id.clone());
    let completed = wait(session, &job).await?;
    session.screen.clear();
    let folder = unknown
        .iter()
        .find_map(|entry| folder(entry.target.as_deref()?));
    let folder = folder.unwrap_or_default();
    let path = |extension: &str| names::orphan(&folder, id.as_str(), extension);
    save(&completed, path).await
}

async fn save(
    completed: &Completed<AnyTask>,
    path: impl Fn(&str) -> PathBuf,
) -> Result<PathBuf, End> {
    match &**completed {
        AnyOutput::Inline(value) => {
            let path = path("json");
            let written = tokio::fs::write(&path, value.to_string()).await;
            written.map_err(|error| {
                let message = format!("{}: {error}", path.display());
                Failure::new(ErrorKind::File, message)
            })?;
            Ok(path)
        }
        AnyOutput::File(file) => {
            let extension = names::extension_of(file.url.as_str());
            let path = path(extension.as_deref().unwrap_or("bin"));
            completed.save(&path).await?;
            Ok(path)
        }
        _ => Ok(PathBuf::new()),
    }
}

fn folder(target: &str) -> Option<PathBuf> {
    let path = Path::new(target);
    let folder = match target.ends_with(std::path::is_separator) {
        true => path,
        false => path.parent()?,
    };
    folder.is_dir().then(|| folder.to_owned())
}
