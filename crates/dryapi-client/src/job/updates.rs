//! A job's status again and again until nothing more will happen.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use dryapi_types::{JobStatus, Meta};
use futures_core::Stream;

use super::waiting::{Suffices, Waiting};
use crate::error::Error;
use crate::hub::Hub;
use crate::ticket::JobTicket;
use crate::unfold::Unfold;

/// The updates of one job: everything new that push, webhooks or looks tell of it, ending after it
/// is done or failed. It only moves forward, and one who reads slowly sees the latest only. Limits,
/// 5xx and a broken network are waited out; they never fail a job. Errors end the stream: 401 and 403
/// with the job's id, a deadline that passed as `WaitTimedOut`.
///
/// # Cancel safety
/// Dropping the stream stops the looking; the job goes on.
#[must_use = "nothing is asked until the stream is read"]
pub struct Updates {
    inner: Unfold<State, Result<JobStatus, Error>>,
}

/// A wait that starts when it is read.
enum State {
    New(Box<New>),
    Waiting(Box<Waiting>),
    Over,
}

struct New {
    hub: Arc<Hub>,
    ticket: JobTicket,
    meta: &'static Meta,
    suffices: Suffices,
}

impl Updates {
    pub(super) fn new(
        hub: &Arc<Hub>,
        ticket: &JobTicket,
        meta: &'static Meta,
        suffices: Suffices,
    ) -> Self {
        let new = New {
            hub: Arc::clone(hub),
            ticket: ticket.clone(),
            meta,
            suffices,
        };
        Self {
            inner: Unfold::new(State::New(Box::new(new)), |state| {
                Box::pin(async move {
                    let mut waiting = match state {
                        State::Waiting(waiting) => waiting,
                        State::New(new) => {
                            let New {
                                hub,
                                ticket,
                                meta,
                                suffices,
                            } = *new;
                            match Waiting::start(&hub, &ticket, meta, suffices, true, None) {
                                Ok(waiting) => Box::new(waiting),
                                Err(error) => return Some((Err(error), State::Over)),
                            }
                        }
                        State::Over => return None,
                    };
                    let seen = waiting.next().await?;
                    let status = seen.map(|seen| seen.whole());
                    // After the last, nothing is held any more.
                    let state = if waiting.is_over() {
                        State::Over
                    } else {
                        State::Waiting(waiting)
                    };
                    Some((status, state))
                })
            }),
        }
    }

    /// The next update; `None` after the last.
    ///
    /// # Errors
    /// Kind `WaitTimedOut`, `Unauthorized`, `Forbidden` or `NotFound`; `Config` outside a tokio
    /// runtime. It is the last item. A job that failed is no error here: its status says so.
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
