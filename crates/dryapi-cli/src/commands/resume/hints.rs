//! What may be known of an unknown: its person decides.

use std::path::{Path, PathBuf};
use std::time::Duration;

use dryapi_client::{AnyOutput, AnyTask, Clock, Completed, ErrorKind, Job, RequestId};
use dryapi_ledger::{Entry, EvidenceKind, Filter, Ledger};
use dryapi_types::meta;

use crate::await_job::wait;
use crate::balances::before;
use crate::commands::feed::Feed;
use crate::commands::jobs::list;
use crate::duration;
use crate::names;
use crate::report::{End, Failure, terminal};
use crate::session::{Session, unrecorded};

/// Shows what is known of each, after a look at what nobody claims.
pub(super) async fn show(session: &Session, ledger: &Ledger, unknown: &[Entry]) -> Result<(), End> {
    for id in unclaimed(session, ledger, unknown).await? {
        let said = match fetch(session, unknown, &id).await {
            Ok(path) => format!("nobody claims job {id}; its result is {}", path.display()),
            Err(End::Failed(failure)) if !failure.is_final() => {
                format!("nobody claims job {id}: {}", failure.message)
            }
            Err(end) => return Err(end),
        };
        for entry in unknown {
            let noted = ledger.note(&entry.intent, EvidenceKind::Push, &said).await;
            noted.map_err(unrecorded)?;
        }
    }
    let mut seen = Vec::new();
    for entry in unknown {
        let entry = ledger.entry(&entry.intent).await;
        seen.extend(entry.map_err(|error| unrecorded(error.into()))?);
    }
    if session.screen.json() {
        return list(session, &seen);
    }
    let balance = match seen.iter().any(|entry| before(entry).is_some()) {
        true => session.free(session.client.balance()).await.ok(),
        false => None,
    };
    let now = balance.map(|balance| balance.balance.to_string());
    for entry in &seen {
        in_words(session, entry, now.as_deref());
    }
    Ok(())
}

fn in_words(session: &Session, entry: &Entry, balance: Option<&str>) {
    let say = |line: String| session.screen.note(&terminal::line(&line));
    let intent = names::quoted(entry.intent.as_str());
    let at = jiff::Timestamp::try_from(entry.created);
    let at = at.map_or_else(
        |_| String::new(),
        |at| format!(" of {}", at.strftime("%Y-%m-%d %H:%M UTC")),
    );
    let task = &entry.operation;
    say(format!(
        "{intent}: {task}{at}, unknown: it may have been charged"
    ));
    for note in &entry.evidence {
        if note.kind != EvidenceKind::Drawn {
            say(format!("  {}", note.text));
        }
    }
    if let (Some(_), Some(now)) = (before(entry), balance) {
        say(format!("  now: {now} USD"));
    }
    say(format!(
        "  It is a job you know:  dryapi resume {intent} --is ID"
    ));
    say(format!(
        "  It was not charged:    dryapi resume {intent} --not-charged"
    ));
}

/// Jobs of the account that no entry has, as the push channel tells of them while they run.
async fn unclaimed(
    session: &Session,
    ledger: &Ledger,
    unknown: &[Entry],
) -> Result<Vec<RequestId>, End> {
    let mut found: Vec<RequestId> = Vec::new();
    let listening = unknown.iter().filter_map(|entry| may_run(session, entry));
    let Some(longest) = listening.max() else {
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
    while found.len() < unknown.len() {
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
async fn fetch(session: &Session, unknown: &[Entry], id: &RequestId) -> Result<PathBuf, End> {
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
