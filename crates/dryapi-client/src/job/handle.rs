//! One job.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use dryapi_transport::BoxFuture;
use dryapi_types::{Intent, JobState, JobStatus, RequestId, Task};
use serde::{Serialize, Serializer};

use super::completed::Completed;
use super::updates::{Updates, known_job, status};
use crate::error::{Charge, Error, ErrorKind};
use crate::shared::Shared;
use crate::ticket::JobTicket;

/// A job of a task. It goes on, and is billed, whatever happens to this value; serialise it (or
/// its [`ticket`](Self::ticket)) to pick it up another day.
#[must_use = "the job is paid for: wait for it, or keep its id"]
pub struct Job<T> {
    shared: Arc<Shared>,
    ticket: JobTicket,
    warning: Option<String>,
    task: PhantomData<fn() -> T>,
}

impl<T: Task> Job<T> {
    pub(crate) fn new(shared: Arc<Shared>, ticket: JobTicket) -> Self {
        // The name for any task says nothing about this one.
        let named = !T::META.path.is_empty();
        let ticket = if named {
            ticket.of_task(T::META.name)
        } else {
            ticket
        };
        Self {
            shared,
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
        status(&self.shared, &self.ticket, None).await
    }

    /// Its status again and again until nothing more will happen, for as long as its kind of task
    /// takes.
    pub fn updates(&self) -> Updates {
        self.updates_within(None)
    }

    /// Waits for its result, by default for as long as its kind of task takes (pictures 5 minutes,
    /// unknown tasks an hour).
    pub const fn wait(&self) -> Wait<'_, T> {
        Wait {
            job: self,
            deadline: None,
            progress: None,
        }
    }

    /// The result, read from a status that says done.
    ///
    /// # Errors
    /// Kind `JobFailed` for a failed job, `WaitTimedOut` for one that is not done, `Decode` for a
    /// status without a result.
    pub fn completed(&self, status: &JobStatus) -> Result<Completed<T>, Error> {
        let failed = |kind, message: String| {
            known_job(
                Error::new(kind, self.ticket.operation(), message),
                &self.ticket,
            )
        };
        match status.state {
            JobState::Done => match T::output(status) {
                Ok(output) => Ok(Completed::new(
                    Arc::clone(&self.shared),
                    self.ticket.clone(),
                    output,
                )),
                Err(missing) => Err(failed(ErrorKind::Decode, missing.to_string())),
            },
            JobState::Error => {
                let failure = status.failure.clone();
                let said = failure.message.clone();
                let code = failure.code.as_ref().map(ToString::to_string);
                let message = said.or_else(|| code.clone());
                let message = message.unwrap_or_else(|| "the service gave no reason".to_owned());
                Err(failed(ErrorKind::JobFailed, message).with(|inner| {
                    inner.code = code;
                    inner.failure = Some(failure);
                    // Whether failed jobs are refunded is nowhere stated.
                    inner.charge = Charge::Maybe;
                }))
            }
            _ => Err(failed(
                ErrorKind::WaitTimedOut,
                format!("the job is {}", status.state),
            )),
        }
    }

    fn updates_within(&self, limit: Option<Duration>) -> Updates {
        let named = self.ticket.task().and_then(dryapi_types::meta);
        let meta = named.filter(|meta| meta.task.is_some()).unwrap_or(T::META);
        Updates::new(Arc::clone(&self.shared), self.ticket.clone(), meta, limit)
    }
}

impl<T> Clone for Job<T> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
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

/// Called with every status that shows something new.
type Progress<'a> = Box<dyn FnMut(&JobStatus) + Send + 'a>;

/// A wait being prepared.
///
/// # Cancel safety
/// Dropping the future stops the waiting; the job goes on.
#[must_use = "nothing is asked until the wait is awaited"]
pub struct Wait<'a, T> {
    job: &'a Job<T>,
    deadline: Option<Duration>,
    progress: Option<Progress<'a>>,
}

impl<'a, T> Wait<'a, T> {
    /// How long to wait.
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Is shown every status that says something new.
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
            let mut updates = self.job.updates_within(self.deadline);
            let mut last = JobStatus::new(JobState::Pending);
            while let Some(status) = updates.next().await {
                last = status?;
                if let Some(progress) = &mut self.progress {
                    progress(&last);
                }
            }
            self.job.completed(&last)
        })
    }
}

impl<T> fmt::Debug for Wait<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("job", self.job)
            .field("deadline", &self.deadline)
            .finish()
    }
}
