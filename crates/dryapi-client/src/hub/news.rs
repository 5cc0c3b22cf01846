//! What was heard of a job, and from whom.

use std::fmt;
use std::sync::Arc;

use dryapi_types::{
    Event, EventKind, Failure, GetJobStatus, JobState, JobStatus, Operation, RequestId, Update,
};

/// Who told what is known of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Origin {
    /// The push channel: fast, and silent about failures.
    Push,
    /// A webhook's delivery: knows failures; late, twice or never.
    Webhook,
    /// The job's status, asked for: the truth, but rationed.
    Poll,
}

impl Origin {
    /// `push`, `webhook` or `poll`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Webhook => "webhook",
            Self::Poll => "poll",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A status as bytes, where its result came inline: each waiter reads its own output from them.
pub(crate) type Answer = Arc<[u8]>;

/// Something heard of a job.
#[derive(Clone, Debug)]
pub(crate) struct News {
    pub(crate) origin: Origin,
    /// Without its result.
    pub(crate) status: JobStatus,
    /// The whole status, where a result came inline.
    pub(crate) answer: Option<Answer>,
}

impl News {
    pub(crate) fn polled(status: JobStatus, answer: Option<Answer>) -> Self {
        Self {
            origin: Origin::Poll,
            status,
            answer,
        }
    }

    /// The status with its result.
    pub(crate) fn whole(self) -> JobStatus {
        let answer = self.answer;
        let read = answer.and_then(|body| GetJobStatus::decode(200, &[], &body).ok());
        read.unwrap_or(self.status)
    }

    pub(crate) fn pushed(update: Update) -> Self {
        Self {
            origin: Origin::Push,
            status: update.into(),
            answer: None,
        }
    }

    /// What a delivery says of a job's state; none where it says nothing of it.
    pub(crate) fn delivered(event: &Event) -> Option<(RequestId, Self)> {
        let id = event.request_id.clone()?;
        let status = match &event.kind {
            EventKind::JobProcessing => JobStatus::new(JobState::Processing),
            EventKind::JobCompleted { result_url, .. } => {
                let mut status = JobStatus::new(JobState::Done);
                status.result_url = result_url.clone();
                status
            }
            EventKind::JobFailed { code, message, .. } => {
                let failure = Failure::new(code.clone(), message.clone());
                JobStatus::new(JobState::Error).with_failure(failure)
            }
            _ => return None,
        };
        let news = Self {
            origin: Origin::Webhook,
            status,
            answer: None,
        };
        Some((id, news))
    }
}
