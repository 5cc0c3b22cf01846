//! One job.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use dryapi_types::{Intent, JobStatus, Meta, RequestId, Task};
use serde::{Serialize, Serializer};

use super::completed::Completed;
use super::conclude::output;
use super::updates::Updates;
use super::wait::Wait;
use super::waiting::suffices;
use crate::error::Error;
use crate::hub::{Hub, status};
use crate::ticket::JobTicket;

/// A job of a task. It goes on, and is billed, whatever happens to this value; serialise it (or
/// its [`ticket`](Self::ticket)) to pick it up another day.
#[must_use = "the job is paid for: wait for it, or keep its id"]
pub struct Job<T> {
    hub: Arc<Hub>,
    ticket: JobTicket,
    warning: Option<String>,
    task: PhantomData<fn() -> T>,
}

impl<T: Task> Job<T> {
    pub(crate) fn new(hub: Arc<Hub>, ticket: JobTicket) -> Self {
        // The name for any task says nothing about this one.
        let named = !T::META.path.is_empty();
        let ticket = if named {
            ticket.of_task(T::META.name)
        } else {
            ticket
        };
        Self {
            hub,
            ticket,
            warning: None,
            task: PhantomData,
        }
    }

    pub(crate) fn warned(mut self, warning: Option<String>) -> Self {
        self.warning = warning;
        self
    }

    /// What was odd about the answer that accepted the job, although its id could be read.
    #[must_use]
    pub fn warning(&self) -> Option<&str> {
        self.warning.as_deref()
    }

    /// The job's id.
    #[must_use]
    pub const fn id(&self) -> &RequestId {
        self.ticket.request_id()
    }

    /// The intent it was paid for under, where known.
    #[must_use]
    pub const fn intent(&self) -> Option<&Intent> {
        self.ticket.intent()
    }

    /// What to keep of it.
    #[must_use]
    pub const fn ticket(&self) -> &JobTicket {
        &self.ticket
    }

    /// Looks at its status once. Looks are limited: 200 a day on the Basic plan.
    ///
    /// # Errors
    /// Any kind of a free call, with the job's id.
    ///
    /// # Cancel safety
    /// Dropping the future gives the look up; the job goes on.
    pub async fn status(&self) -> Result<JobStatus, Error> {
        status(&self.hub, &self.ticket).await
    }

    /// Its status again and again until nothing more will happen, for as long as its kind of task
    /// takes. All waits of a client share one socket and one poll schedule: many for one job cost
    /// no more than one.
    pub fn updates(&self) -> Updates {
        Updates::new(&self.hub, &self.ticket, self.meta(), suffices::<T>)
    }

    /// Waits for its result, by default for as long as its kind of task takes (pictures 5 minutes,
    /// unknown tasks an hour).
    ///
    /// # Errors
    /// Kind `JobFailed`, `WaitTimedOut`, `Unauthorized` or `Forbidden`; else as
    /// [`completed`](Self::completed). All of them name the job. Kind `Config` outside a tokio
    /// runtime.
    pub fn wait(&self) -> Wait<'_, T> {
        Wait::new(&self.hub, &self.ticket, self.meta())
    }

    /// The result, read from a status that says done. Content that is not in the status (a
    /// transcript, vectors) is fetched from its file, at most 64 MiB.
    ///
    /// # Errors
    /// Kind `JobFailed` for a failed job, `WaitTimedOut` for one that is not done, `Decode` for a
    /// status or file without a result; else as [`Completed::raw`].
    ///
    /// # Cancel safety
    /// Dropping the future gives the fetching up; the job stays done.
    pub async fn completed(&self, status: &JobStatus) -> Result<Completed<T>, Error> {
        self.hub.shared().record.ended(&self.ticket, status).await;
        let output = output::<T>(&self.hub, &self.ticket, status).await?;
        let hub = Arc::clone(&self.hub);
        Ok(Completed::new(hub, self.ticket.clone(), output))
    }

    /// What the wait goes by: the job's task where it is known, else this type's.
    fn meta(&self) -> &'static Meta {
        let named = self.ticket.task().and_then(dryapi_types::meta);
        named.filter(|meta| meta.task.is_some()).unwrap_or(T::META)
    }
}

impl<T> Clone for Job<T> {
    fn clone(&self) -> Self {
        Self {
            hub: Arc::clone(&self.hub),
            ticket: self.ticket.clone(),
            warning: self.warning.clone(),
            task: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Job<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Job").field(&self.ticket).finish()
    }
}

/// As its [`ticket`](Job::ticket).
impl<T> Serialize for Job<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.ticket.serialize(serializer)
    }
}
