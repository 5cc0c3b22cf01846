//! What a job's last status means: its output, or an error that says what became of it.

use std::sync::Arc;

use dryapi_types::{ApiError, JobState, JobStatus, MissingOutput, ResultFile, Task};

use super::content;
use crate::error::{Charge, Error, ErrorKind};
use crate::hub::{Hub, Seen, known_job};
use crate::ticket::JobTicket;

/// The output of a job, from the answer's bytes where it came inline.
pub(super) async fn conclude<T: Task>(
    hub: &Arc<Hub>,
    ticket: &JobTicket,
    seen: &Seen,
) -> Result<T::Output, Error> {
    let Some(answer) = &seen.answer else {
        return output::<T>(hub, ticket, &seen.status).await;
    };
    let read = T::read(200, &[], answer);
    let unreadable = |why: ApiError| error(ticket, ErrorKind::Decode, why.message);
    match read.map_err(unreadable)? {
        (_, Some(output)) => Ok(output),
        (status, None) => output::<T>(hub, ticket, &status).await,
    }
}

/// The output of a job, from its status or from the file that the status names.
pub(super) async fn output<T: Task>(
    hub: &Arc<Hub>,
    ticket: &JobTicket,
    status: &JobStatus,
) -> Result<T::Output, Error> {
    match &status.state {
        JobState::Done => match T::output(status) {
            Ok(output) => Ok(output),
            Err(missing) => elsewhere::<T>(hub, ticket, status, missing).await,
        },
        JobState::Error => Err(failed(ticket, status)),
        state => Err(error(
            ticket,
            ErrorKind::WaitTimedOut,
            format!("the job is {state}"),
        )),
    }
}

/// An output that is content and not in the status is in the file.
async fn elsewhere<T: Task>(
    hub: &Arc<Hub>,
    ticket: &JobTicket,
    status: &JobStatus,
    missing: MissingOutput,
) -> Result<T::Output, Error> {
    let none = |missing: MissingOutput| error(ticket, ErrorKind::Decode, missing.to_string());
    let is_content = T::output_of(&[]).is_some();
    let Some(file) = ResultFile::of(status).ok().filter(|_| is_content) else {
        return Err(none(missing));
    };
    let content = content::fetch(hub, ticket, &file).await?;
    T::output_of(&content).unwrap_or(Err(missing)).map_err(none)
}

fn failed(ticket: &JobTicket, status: &JobStatus) -> Error {
    let failure = status.failure.clone();
    let said = failure.message.clone();
    let code = failure.code.as_ref().map(ToString::to_string);
    let message = said.or_else(|| code.clone());
    let message = message.unwrap_or_else(|| "the service gave no reason".to_owned());
    error(ticket, ErrorKind::JobFailed, message).with(|inner| {
        inner.code = code;
        inner.failure = Some(failure);
        // Whether failed jobs are refunded is nowhere stated.
        inner.charge = Charge::Maybe;
    })
}

/// An error about this job.
pub(super) fn error(ticket: &JobTicket, kind: ErrorKind, message: impl Into<String>) -> Error {
    known_job(Error::new(kind, ticket.operation(), message), ticket)
}
