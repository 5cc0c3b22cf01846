//! From a delivery's bytes to an event, as tolerant as the senders are different.

use std::time::Duration;

use serde_json::{Map, Value};

use super::Event;
use super::kind::EventKind;
use crate::id::RequestId;
use crate::job::{FailureCode, JobState};
use crate::lenient::{self, Object, take};
use crate::model::TaskName;
use crate::moment;
use crate::result_url::ResultUrl;

/// Bytes that are no event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidEvent {
    /// Not JSON.
    #[error("the body is not JSON (line {line}, column {column})")]
    NotJson {
        /// The line of the first fault, from 1.
        line: usize,
        /// Its column.
        column: usize,
    },
    /// JSON without a text `event`.
    #[error("the body holds no `event`")]
    NoEvent,
    /// An event about a job without the object `data`.
    #[error("the event `{event}` holds no `data`")]
    NoData {
        /// What happened.
        event: &'static str,
    },
}

impl Event {
    /// Reads the body of a delivery. Only `event` and `data` must be there, and of an unknown event
    /// not even `data`; what cannot be read of `data` is left in [`extra`](Self::extra).
    ///
    /// # Errors
    /// [`InvalidEvent`] for anything else; this is total, and never panics.
    pub fn from_json(body: &[u8]) -> Result<Self, InvalidEvent> {
        let json: Value = serde_json::from_slice(body).map_err(|error| InvalidEvent::NotJson {
            line: error.line(),
            column: error.column(),
        })?;
        let Value::Object(mut envelope) = json else {
            return Err(InvalidEvent::NoEvent);
        };
        let name = take(&mut envelope, "event", name).ok_or(InvalidEvent::NoEvent)?;
        let data = match envelope.remove("data") {
            Some(Value::Object(data)) => Some(data),
            _ => None,
        };
        let (kind, mut data) = kind(name, data)?;
        let id = |data: &mut Map<_, _>, key| take(data, key, lenient::text).map(RequestId::from);
        let request_id = id(&mut data, "job_request_id");
        Ok(Self {
            delivery_id: take(&mut envelope, "delivery_id", lenient::text),
            timestamp: take(&mut envelope, "timestamp", moment::read),
            kind,
            request_id: request_id.or_else(|| id(&mut data, "request_id")),
            job_type: take(&mut data, "job_type", task),
            state: take(&mut data, "status", state),
            previous_state: take(&mut data, "previous_status", state),
            changed_at: ["completed_at", "failed_at", "started_at"]
                .into_iter()
                .find_map(|key| take(&mut data, key, moment::read)),
            extra: data,
        })
    }
}

fn kind(name: String, data: Option<Object>) -> Result<(EventKind, Object), InvalidEvent> {
    let known = |event| data.clone().ok_or(InvalidEvent::NoData { event });
    Ok(match name.as_str() {
        "job.processing" => (EventKind::JobProcessing, known("job.processing")?),
        "job.completed" => {
            let mut data = known("job.completed")?;
            let kind = EventKind::JobCompleted {
                result_url: take(&mut data, "result_url", address),
                processing_time: take(&mut data, "processing_time_ms", milliseconds),
            };
            (kind, data)
        }
        "job.failed" => {
            let mut data = known("job.failed")?;
            let code = take(&mut data, "error_code", lenient::text);
            let kind = EventKind::JobFailed {
                code: code.as_deref().map(FailureCode::from),
                message: take(&mut data, "error_message", lenient::text),
            };
            (kind, data)
        }
        _ => (EventKind::Unknown { name }, data.unwrap_or_default()),
    })
}

fn name(value: &Value) -> Option<String> {
    value
        .as_str()
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
}

fn address(value: &Value) -> Option<ResultUrl> {
    name(value).map(ResultUrl::new)
}

fn task(value: &Value) -> Option<TaskName> {
    name(value).map(|name| TaskName::from(name.as_str()))
}

fn state(value: &Value) -> Option<JobState> {
    value.as_str().map(JobState::from)
}

/// Milliseconds, with or without a fraction.
fn milliseconds(value: &Value) -> Option<Duration> {
    let number = lenient::number(value)?;
    // Not a float's thousandth part, which is no whole number of milliseconds any more.
    Duration::try_from_secs_f64(number).ok()?.checked_div(1000)
}

#[cfg(test)]
mod tests;
