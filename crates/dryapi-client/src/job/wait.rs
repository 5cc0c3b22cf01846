//! Waiting for a job's output.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use dryapi_transport::BoxFuture;
use dryapi_types::{JobState, JobStatus, Meta, Task};

use super::completed::Completed;
use super::conclude::{conclude, error};
use super::waiting::{Waiting, suffices};
use crate::error::{Error, ErrorKind};
use crate::hub::{Hub, Seen};
use crate::ticket::JobTicket;

/// Called with every status that shows something new.
type Progress<'a> = Box<dyn FnMut(&JobStatus) + Send + 'a>;

/// A wait being prepared.
///
/// # Cancel safety
/// Dropping the future stops the waiting; the job goes on.
#[must_use = "nothing is asked until the wait is awaited"]
pub struct Wait<'a, T> {
    hub: &'a Arc<Hub>,
    ticket: &'a JobTicket,
    meta: &'static Meta,
    deadline: Option<Duration>,
    progress: Option<Progress<'a>>,
    task: PhantomData<fn() -> T>,
}

impl<'a, T> Wait<'a, T> {
    pub(super) const fn new(hub: &'a Arc<Hub>, ticket: &'a JobTicket, meta: &'static Meta) -> Self {
        Self {
            hub,
            ticket,
            meta,
            deadline: None,
            progress: None,
            task: PhantomData,
        }
    }

    /// How long to wait; an output that is content and comes as a file is fetched within it. Default
    /// by the kind of task: pictures 5 minutes, unknown tasks an hour.
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Is shown every status that says something new, without a result that came inline. One who is
    /// slow sees the latest only.
    pub fn on_progress(mut self, progress: impl FnMut(&JobStatus) + Send + 'a) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }
}

impl<'a, T: Task + 'static> IntoFuture for Wait<'a, T> {
    type Output = Result<Completed<T>, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let (hub, ticket) = (self.hub, self.ticket);
            let mut waiting = Waiting::start(
                hub,
                ticket,
                self.meta,
                suffices::<T>,
                self.progress.is_some(),
                self.deadline,
            )?;
            let mut last = None;
            while let Some(seen) = waiting.next().await {
                let seen = seen?;
                if let Some(progress) = &mut self.progress {
                    progress(&seen.status);
                }
                last = Some(seen);
            }
            let seen = last.unwrap_or_else(|| Seen::of(JobStatus::new(JobState::Pending)));
            let left = self.deadline.and_then(|_| waiting.left());
            drop(waiting);
            Box::pin(hub.shared().record.ended(ticket, &seen.status)).await;
            // On the heap, so that a wait of minutes is not as large as the fetching at its end.
            let concluded = Box::pin(conclude::<T>(hub, ticket, &seen));
            let done = |output: T::Output| {
                Completed::<T>::new(Arc::clone(hub), ticket.clone(), output).read(seen.read)
            };
            // A deadline that was asked for covers the fetching, too; the default only the job.
            let Some(left) = left else {
                return Ok(done(concluded.await?));
            };
            tokio::select! {
                biased;
                output = concluded => Ok(done(output?)),
                () = hub.shared().clock.sleep(left) => {
                    let message = "the job is done, but its result did not come down in time";
                    Err(error(ticket, ErrorKind::WaitTimedOut, message))
                }
            }
        })
    }
}

impl<T> fmt::Debug for Wait<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("job", self.ticket)
            .field("deadline", &self.deadline)
            .finish()
    }
}
