//! `dryapi status`, `wait` and `download`: jobs picked up again by their ids.

use std::path::PathBuf;

use clap::ArgMatches;
use dryapi_client::{AnyTask, Job, JobStatus, JobTicket};
use dryapi_ledger::Filter;

use crate::await_job::wait;
use crate::deliver::Delivery;
use crate::report::{End, Failure, json, terminal};
use crate::session::Session;
use crate::target::{Asked, Target};

/// When a result is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// Now, if it is there.
    Now,
    /// Once the job is done.
    Done,
}

pub(super) async fn status(session: &Session, matches: &ArgMatches) -> Result<(), End> {
    let id = matches.get_one::<String>("id").cloned().unwrap_or_default();
    let job = session.client.any_job(id.as_str());
    let status = session.free(job.status()).await?;
    if session.screen.json() {
        let failure = &status.failure;
        return session.screen.result(&json::line(&json::Status {
            request_id: id,
            status: status.state.to_string(),
            progress: status.progress,
            error_code: failure.code.as_ref().map(ToString::to_string),
            error_message: failure.message.clone(),
        }));
    }
    session.screen.result(&in_words(&id, &status))
}

fn in_words(id: &str, status: &JobStatus) -> String {
    let mut words = vec![id.to_owned(), status.state.to_string()];
    if !status.state.is_terminal() {
        words.extend(status.progress.map(|percent| format!("{percent}%")));
    }
    words.extend(status.failure.code.as_ref().map(ToString::to_string));
    words.extend(status.failure.message.clone());
    terminal::line(&words.join(" ")).into_owned()
}

/// Fetches every job in order. One that fails does not keep the others from being fetched; the
/// first failure is what the command ends with.
pub(super) async fn fetch(session: &Session, matches: &ArgMatches, when: When) -> Result<(), End> {
    let ids: Vec<&String> = matches.get_many("id").unwrap_or_default().collect();
    let target = Target::check(Asked {
        output: matches.get_one::<PathBuf>("output").map(PathBuf::as_path),
        replace: true,
        kind: None,
        json: session.screen.json(),
        stdout_is_terminal: session.screen.stdout_is_terminal(),
    })?;
    if ids.len() > 1 && matches!(target, Target::File(_) | Target::Stdout) {
        let message = "several jobs cannot go into one file";
        let help = "Give a folder to -o, with a slash at its end.";
        return Err(Failure::invalid(message).help(help).into());
    }
    let mut first = None;
    for id in ids {
        let job = recorded(session, id).await;
        match one(session, &job, &target, when)
            .await
            .map_err(|end| end.of(target.for_shell(), None))
        {
            Ok(()) => {}
            Err(End::Failed(failure)) if !failure.is_final() => match &first {
                None => first = Some(failure),
                Some(_) => session
                    .screen
                    .note(&format!("error: {}", failure.in_short())),
            },
            Err(end) => return Err(end),
        }
    }
    first.map_or(Ok(()), |failure| Err(End::Failed(failure)))
}

/// A job with what the ledger knows of it: its task, its intent, and that it was accepted.
async fn recorded(session: &Session, id: &str) -> Job<AnyTask> {
    let ticket = async {
        let ledger = session.client.ledger().await.ok()??;
        let found = ledger.entries(&Filter::default().with_request_id(id)).await;
        JobTicket::of_entry(found.ok()?.first()?)
    };
    match ticket.await {
        Some(ticket) => session.client.resume(ticket),
        None => session.client.any_job(id),
    }
}

async fn one(
    session: &Session,
    job: &Job<AnyTask>,
    target: &Target,
    when: When,
) -> Result<(), End> {
    let completed = match when {
        When::Done => wait(session, job).await?,
        When::Now => {
            let status = session.free(job.status()).await?;
            job.completed(&status).await?
        }
    };
    let delivery = Delivery {
        job,
        completed,
        kind: None,
        extension: "bin",
        target,
        request: None,
    };
    delivery.run(session).await
}
