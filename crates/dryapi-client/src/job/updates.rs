//! A job's status again and again until nothing more will happen.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use dryapi_types::{JobStatus, Meta};
use futures_core::Stream;

use super::look::Plain;
use super::poller::Poller;
use crate::error::Error;
use crate::shared::Shared;
use crate::ticket::JobTicket;
use crate::unfold::Unfold;

/// The updates of one job: every look at its status that shows something new, ending after the
/// look that shows it done or failed. Limits, 5xx and a broken network are waited out; they never
/// fail a job. Errors end the stream: 401 and 403 with the job's id, a deadline that passed as
/// `WaitTimedOut`.
///
/// # Cancel safety
/// Dropping the stream stops the looking; the job goes on.
#[must_use = "nothing is asked until the stream is read"]
pub struct Updates {
    inner: Unfold<Poller<Plain>, Result<JobStatus, Error>>,
}

impl Updates {
    pub(super) fn new(
        shared: Arc<Shared>,
        ticket: JobTicket,
        meta: &Meta,
        limit: Option<Duration>,
    ) -> Self {
        let poller = Poller::new(shared, ticket, meta, limit);
        Self {
            inner: Unfold::new(poller, |mut poller| {
                Box::pin(async move {
                    let seen = poller.next().await?;
                    Some((seen.map(|(status, _)| status), poller))
                })
            }),
        }
    }

    /// The next update; `None` after the last.
    ///
    /// # Errors
    /// As the stream's.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<JobStatus, Error>> {
        std::future::poll_fn(|cx| Pin::new(&mut self.inner).poll_next(cx)).await
    }
}

impl Stream for Updates {
    type Item = Result<JobStatus, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.inner).poll_next(cx)
    }
}

impl fmt::Debug for Updates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Updates")
    }
}
