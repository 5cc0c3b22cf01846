//! One look at a job's status, read into whatever its task makes.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use dryapi_types::error::InvalidRequest;
use dryapi_types::{ApiError, GetJobStatus, Headers, JobStatus, Meta, Operation, Payload, Task};

use crate::error::{Charge, Delivery, Error};
use crate::exchange::{Options, exchange};
use crate::shared::Shared;
use crate::ticket::JobTicket;

/// A status, and the output in it where it was read along.
pub(super) type Seen<O> = (JobStatus, Option<O>);

/// How the answer is read.
pub(super) trait Reads: 'static {
    type Output: Send + 'static;

    fn read(
        status: u16,
        headers: &Headers<'_>,
        body: &[u8],
    ) -> Result<Seen<Self::Output>, ApiError>;
}

/// As the status it is, its result as JSON.
#[derive(Debug)]
pub(super) enum Plain {}

/// With the output of a task, straight from the answer's bytes.
#[derive(Debug)]
pub(super) struct Typed<T>(PhantomData<fn() -> T>);

impl Reads for Plain {
    type Output = ();

    fn read(status: u16, headers: &Headers<'_>, body: &[u8]) -> Result<Seen<()>, ApiError> {
        GetJobStatus::decode(status, headers, body).map(|status| (status, None))
    }
}

impl<T: Task + 'static> Reads for Typed<T> {
    type Output = T::Output;

    fn read(
        status: u16,
        headers: &Headers<'_>,
        body: &[u8],
    ) -> Result<Seen<Self::Output>, ApiError> {
        T::read(status, headers, body)
    }
}

/// The operation `request-status`, its answer read by `R`.
struct Look<R> {
    request: GetJobStatus,
    reads: PhantomData<fn() -> R>,
}

impl<R: Reads> Operation for Look<R> {
    type Response = Seen<R::Output>;

    const META: &'static Meta = GetJobStatus::META;

    fn path(&self) -> Cow<'static, str> {
        self.request.path()
    }

    fn payload(&self) -> Result<Payload, InvalidRequest> {
        self.request.payload()
    }

    fn decode(status: u16, headers: &Headers<'_>, body: &[u8]) -> Result<Self::Response, ApiError> {
        R::read(status, headers, body)
    }
}

/// Looks at a job once.
pub(super) async fn look<R: Reads>(
    shared: &Arc<Shared>,
    ticket: &JobTicket,
    within: Option<Duration>,
) -> Result<Seen<R::Output>, Error> {
    let request = Look::<R> {
        request: GetJobStatus::new(ticket.request_id()),
        reads: PhantomData,
    };
    let options = Options {
        within,
        ..Options::default()
    };
    let read = exchange(shared, &request, &options).await;
    read.map_err(|error| {
        let ticket = ticket.clone();
        error.with(|inner| inner.job = Some(ticket))
    })
}

/// Reads a job's status once.
pub(super) async fn status(shared: &Arc<Shared>, ticket: &JobTicket) -> Result<JobStatus, Error> {
    let seen = look::<Plain>(shared, ticket, None).await;
    seen.map(|(status, _)| status)
}

/// An error about a job that was accepted: it costs.
pub(super) fn known_job(error: Error, ticket: &JobTicket) -> Error {
    error.with(|inner| {
        inner.intent = ticket.intent().cloned();
        inner.job = Some(ticket.clone());
        inner.delivery = Delivery::Answered;
        inner.charge = Charge::Yes;
    })
}
