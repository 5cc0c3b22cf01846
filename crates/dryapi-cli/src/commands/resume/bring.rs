//! One job of the ledger to where its result was wanted.

use std::path::Path;

use dryapi_client::{AnyTask, ErrorKind, Job, JobTicket};
use dryapi_ledger::{Entry, Ledger, State};
use dryapi_types::{TaskMeta, meta};

use crate::await_job::wait;
use crate::deliver::Delivery;
use crate::handed_out::Noted;
use crate::here;
use crate::names;
use crate::report::{End, Failure, terminal};
use crate::session::{Session, unrecorded};
use crate::target::{Asked, Target};

/// Waits for a job and fetches its result, unless it is there. `asked` says whether somebody named
/// it.
pub(super) async fn bring(
    session: &Session,
    ledger: &Ledger,
    entry: &Entry,
    asked: bool,
) -> Result<(), End> {
    let screen = &session.screen;
    let Some(ticket) = JobTicket::of_entry(entry) else {
        return without_a_job(session, entry, asked);
    };
    if let Some(path) = here::still(entry).await {
        return here::show(session, entry, &path, None);
    }
    let job: Job<AnyTask> = session.client.resume(ticket);
    let task = meta(&entry.operation).and_then(|meta| meta.task);
    let completed = match wait(session, &job).await {
        Ok(completed) => completed,
        Err(end) => {
            let end = gone(session, &job, end).await;
            let wanted = wanted(session, entry, task);
            let wanted = wanted.ok().and_then(|target| target.for_shell());
            return Err(end.of(wanted, entry.estimate));
        }
    };
    // Whoever submitted it may have been waiting, too.
    let now = ledger.entry(&entry.intent).await;
    let now = now.map_err(|error| unrecorded(error.into()))?;
    if let Some(now) = now.filter(|now| now.version != entry.version)
        && let Some(path) = here::still(&now).await
    {
        screen.clear();
        return here::show(session, &now, &path, None);
    }
    let target = place(session, entry, task);
    let delivery = Delivery {
        job: &job,
        completed,
        kind: task.map(|task| task.output),
        extension: task.map_or("bin", |task| task.extension),
        target: &target,
        request: None,
    };
    let brought = delivery.run(session).await;
    match brought {
        Ok(()) => Ok(()),
        Err(end) => {
            let end = gone(session, &job, end).await;
            Err(end.of(target.for_shell(), entry.estimate))
        }
    }
}

/// Notes that there is nothing to fetch any more, where that is what is wrong.
async fn gone(session: &Session, job: &Job<AnyTask>, end: End) -> End {
    let noted = match &end {
        End::Failed(failure) if failure.kind == ErrorKind::ResultExpired.into() => {
            Some(Noted::Expired)
        }
        End::Failed(failure) if failure.kind == ErrorKind::NotFound.into() => {
            Some(Noted::Forgotten)
        }
        _ => None,
    };
    if let Some(noted) = noted {
        noted.note(session, job.ticket()).await;
    }
    end
}

fn without_a_job(session: &Session, entry: &Entry, asked: bool) -> Result<(), End> {
    let intent = &entry.intent;
    match entry.state {
        State::Prepared | State::Sent => {
            let message = format!("{intent} is being sent by another process; nothing was done");
            if !asked {
                session.screen.progress(&message);
                return Ok(());
            }
            let mut failure = Failure::new(ErrorKind::Timeout, message);
            failure.intent = Some(intent.to_string());
            failure.retryable = true;
            Err(failure.into())
        }
        State::Refused => {
            let why = entry
                .why
                .as_ref()
                .map_or("refused", |why| why.kind.as_str());
            let why = terminal::line(why);
            session.screen.note(&format!(
                "{intent} was not charged ({why}); there is nothing to fetch"
            ));
            Ok(())
        }
        _ => {
            let note = format!("{intent} was answered at once; its answer is not kept");
            session.screen.note(&note);
            Ok(())
        }
    }
}

/// Where the result was wanted.
fn wanted(session: &Session, entry: &Entry, task: Option<TaskMeta>) -> Result<Target, End> {
    Target::check(Asked {
        output: entry.target.as_deref().map(Path::new),
        replace: true,
        kind: task.map(|task| task.output),
        json: session.screen.json(),
        stdout_is_terminal: session.screen.stdout_is_terminal(),
    })
}

/// Where the result goes: where it was wanted; never over a file that is something else.
fn place(session: &Session, entry: &Entry, task: Option<TaskMeta>) -> Target {
    let screen = &session.screen;
    match wanted(session, entry, task) {
        Ok(Target::File(path)) => {
            let free = names::beside(&path);
            if free != path {
                screen.note(&format!(
                    "{} exists; the result goes to {}",
                    path.display(),
                    free.display()
                ));
            }
            Target::File(free)
        }
        Ok(target) => target,
        Err(_) => {
            let shown = entry.target.as_deref().unwrap_or_default();
            screen.note(&format!(
                "{} takes no file any more; the result goes to the current folder",
                terminal::line(shown)
            ));
            Target::Folder(".".into())
        }
    }
}
