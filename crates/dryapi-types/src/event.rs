//! What the service tells a webhook. Source: Webhooks page, and what its gateway sends instead.

mod kind;
mod read;
mod write;

pub use kind::EventKind;
pub use read::InvalidEvent;

use std::fmt;
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use crate::id::RequestId;
use crate::job::{Failure, JobState};
use crate::model::TaskName;
use crate::result_url::ResultUrl;

/// What the service told a webhook about a job. Only what happened is certain to be there.
///
/// `Debug` shows neither the query of a result's address nor what [`extra`](Self::extra) holds.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// The id of the delivery, the same at each of its attempts.
    pub delivery_id: Option<String>,
    /// When the event was made.
    pub timestamp: Option<SystemTime>,
    /// What happened.
    pub kind: EventKind,
    /// The job it happened to (`job_request_id`).
    pub request_id: Option<RequestId>,
    /// The task, in the API's spelling (`txt2img`). Open.
    pub job_type: Option<TaskName>,
    /// Where the job stands now.
    pub state: Option<JobState>,
    /// Where it stood before.
    pub previous_state: Option<JobState>,
    /// When the job changed (`started_at`, `completed_at` or `failed_at`).
    pub changed_at: Option<SystemTime>,
    /// Everything else in `data`, a gateway's `surface` and `result` included.
    pub extra: Map<String, Value>,
}

impl Event {
    /// An event that holds nothing but what happened.
    #[must_use]
    pub fn new(kind: EventKind) -> Self {
        let state = |state, previous| (Some(state), Some(previous));
        let (state, previous_state) = match kind {
            EventKind::JobProcessing => state(JobState::Processing, JobState::Pending),
            EventKind::JobCompleted { .. } => state(JobState::Done, JobState::Processing),
            EventKind::JobFailed { .. } => state(JobState::Error, JobState::Processing),
            EventKind::Unknown { .. } => (None, None),
        };
        Self {
            delivery_id: None,
            timestamp: None,
            kind,
            request_id: None,
            job_type: None,
            state,
            previous_state,
            changed_at: None,
            extra: Map::new(),
        }
    }

    /// A worker has the job.
    #[must_use]
    pub fn processing(request_id: impl Into<RequestId>) -> Self {
        Self::new(EventKind::JobProcessing).with_request_id(request_id)
    }

    /// The job is done; without an address where its result is inline.
    #[must_use]
    pub fn completed(request_id: impl Into<RequestId>, result_url: Option<ResultUrl>) -> Self {
        let kind = EventKind::JobCompleted {
            result_url,
            processing_time: None,
        };
        Self::new(kind).with_request_id(request_id)
    }

    /// The job failed.
    #[must_use]
    pub fn failed(request_id: impl Into<RequestId>, failure: Failure) -> Self {
        let kind = EventKind::JobFailed {
            code: failure.code,
            message: failure.message,
        };
        Self::new(kind).with_request_id(request_id)
    }

    /// An event of another name.
    #[must_use]
    pub fn unknown(name: impl Into<String>) -> Self {
        Self::new(EventKind::Unknown { name: name.into() })
    }

    /// With the job it happened to.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<RequestId>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// With the id of its delivery.
    #[must_use]
    pub fn with_delivery_id(mut self, id: impl Into<String>) -> Self {
        self.delivery_id = Some(id.into());
        self
    }

    /// With the time it was made and the job changed.
    #[must_use]
    pub const fn with_timestamp(mut self, at: SystemTime) -> Self {
        self.timestamp = Some(at);
        self.changed_at = Some(at);
        self
    }

    /// With the task's name, in any of its spellings.
    #[must_use]
    pub fn with_job_type(mut self, job_type: &str) -> Self {
        self.job_type = Some(TaskName::from(job_type));
        self
    }

    /// With how long the work took; only a completed job has that.
    #[must_use]
    pub fn with_processing_time(mut self, took: Duration) -> Self {
        if let EventKind::JobCompleted {
            processing_time, ..
        } = &mut self.kind
        {
            *processing_time = Some(took);
        }
        self
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let extra: Vec<&String> = self.extra.keys().collect();
        f.debug_struct("Event")
            .field("delivery_id", &self.delivery_id)
            .field("timestamp", &self.timestamp)
            .field("kind", &self.kind)
            .field("request_id", &self.request_id)
            .field("job_type", &self.job_type)
            .field("state", &self.state)
            .field("previous_state", &self.previous_state)
            .field("changed_at", &self.changed_at)
            .field("extra", &extra)
            .finish()
    }
}
