//! One look at a job's status: one attempt, read as far as everybody needs it.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use dryapi_types::error::InvalidRequest;
use dryapi_types::{
    ApiError, GetJobStatus, Headers, JobState, JobStatus, Meta, Operation, Payload, RateLimit,
};

use super::board::Looked;
use super::news::News;
use crate::error::{Charge, Delivery, Error, ErrorKind};
use crate::exchange::{Options, exchange};
use crate::retry::RetryPolicy;
use crate::shared::Shared;
use crate::ticket::JobTicket;

/// How long one look may take.
const LONGEST: Duration = Duration::from_secs(30);

/// The operation `request-status`, its result left as bytes: every waiter reads its own output
/// from them, and a result of millions of numbers is not read into JSON values first.
struct Look(GetJobStatus);

impl Operation for Look {
    type Response = Looked;

    const META: &'static Meta = GetJobStatus::META;

    fn path(&self) -> Cow<'static, str> {
        self.0.path()
    }

    fn payload(&self) -> Result<Payload, InvalidRequest> {
        self.0.payload()
    }

    fn decode(status: u16, headers: &Headers<'_>, body: &[u8]) -> Result<Looked, ApiError> {
        let (read, has_result) = JobStatus::without_result(status, headers, body)?;
        let inline = has_result && read.state == JobState::Done;
        Ok(Looked {
            news: News::polled(read, inline.then(|| Arc::from(body))),
            limit: RateLimit::read(headers),
        })
    }
}

/// Looks at a job once; the board decides when to look again.
pub(super) async fn look(shared: &Arc<Shared>, ticket: &JobTicket) -> Result<Looked, Error> {
    let options = Options {
        deadline: Some(LONGEST),
        retry: Some(RetryPolicy::never()),
        ..Options::default()
    };
    ask(shared, ticket, &options).await
}

pub(super) async fn ask(
    shared: &Arc<Shared>,
    ticket: &JobTicket,
    options: &Options,
) -> Result<Looked, Error> {
    let request = Look(GetJobStatus::new(ticket.request_id()));
    let asked = exchange(shared, &request, options).await;
    asked.map_err(|error| {
        let ticket = ticket.clone();
        error.with(|inner| inner.job = Some(ticket))
    })
}

/// An error about a job that was accepted: it costs. A bare id that the service does not know is
/// nobody's job.
pub(crate) fn known_job(error: Error, ticket: &JobTicket) -> Error {
    let was_accepted = ticket.accepted_at().is_some() || error.kind() != ErrorKind::NotFound;
    error.with(|inner| {
        inner.intent = ticket.intent().cloned();
        inner.job = Some(ticket.clone());
        if !was_accepted {
            return;
        }
        inner.delivery = Delivery::Answered;
        inner.charge = Charge::Yes;
    })
}
