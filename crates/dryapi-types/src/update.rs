//! What the push channel tells of a job. Source: WebSockets page (`request.status.updated`).

use std::fmt;

use serde_json::{Map, Value, json};

use crate::id::RequestId;
use crate::job::{JobState, JobStatus, Preview};
use crate::lenient::{self, take};
use crate::result_url::ResultUrl;

/// A job's news from the push channel. Failures are never told there, nor are a result that is
/// inline, its other formats, or anything that happened while nobody listened.
///
/// `Debug` shows neither the query of a result's address nor a preview's bytes.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Update {
    /// The job it is about.
    pub request_id: RequestId,
    /// Where the job stands.
    pub state: JobState,
    /// 0 to 100 percent, where told.
    pub progress: Option<f64>,
    /// A picture of the unfinished work; image jobs only.
    pub preview: Option<Preview>,
    /// Where the result lies, once it is done; signed, expires.
    pub result_url: Option<ResultUrl>,
}

/// Bytes that are no update.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidUpdate {
    /// Not JSON.
    #[error("the update is not JSON (line {line}, column {column})")]
    NotJson {
        /// The line of the first fault, from 1.
        line: usize,
        /// Its column.
        column: usize,
    },
    /// JSON without the id of a job.
    #[error("the update holds no `request_id`")]
    NoRequestId,
    /// JSON that does not say where the job stands.
    #[error("the update holds no `status`")]
    NoStatus,
}

impl Update {
    /// News that hold nothing but where a job stands.
    pub fn new(request_id: impl Into<RequestId>, state: JobState) -> Self {
        Self {
            request_id: request_id.into(),
            state,
            progress: None,
            preview: None,
            result_url: None,
        }
    }

    /// With a progress in percent.
    #[must_use]
    pub const fn with_progress(mut self, percent: f64) -> Self {
        self.progress = Some(percent);
        self
    }

    /// With a picture of the unfinished work.
    #[must_use]
    pub fn with_preview(mut self, preview: Preview) -> Self {
        self.preview = Some(preview);
        self
    }

    /// With the address of the result.
    #[must_use]
    pub fn with_result_url(mut self, url: impl Into<String>) -> Self {
        self.result_url = Some(ResultUrl::new(url));
        self
    }

    /// Reads the data of an event: members at the top, or wrapped in `data`; a number as text, as a
    /// number, or not at all.
    ///
    /// # Errors
    /// [`InvalidUpdate`] for anything else; this is total, and never panics.
    pub fn from_json(data: &[u8]) -> Result<Self, InvalidUpdate> {
        let json: Value = serde_json::from_slice(data).map_err(|error| InvalidUpdate::NotJson {
            line: error.line(),
            column: error.column(),
        })?;
        Self::from_value(json)
    }

    /// Reads JSON that is already parsed, as [`from_json`](Self::from_json).
    ///
    /// # Errors
    /// As `from_json`.
    pub fn from_value(json: Value) -> Result<Self, InvalidUpdate> {
        let Value::Object(mut object) = json else {
            return Err(InvalidUpdate::NoRequestId);
        };
        if let Some(Value::Object(inner)) = object.get_mut("data") {
            object = std::mem::take(inner);
        }
        let request_id = take(&mut object, "request_id", lenient::text)
            .or_else(|| take(&mut object, "job_request_id", lenient::text))
            .ok_or(InvalidUpdate::NoRequestId)?;
        let state = take(&mut object, "status", lenient::text).ok_or(InvalidUpdate::NoStatus)?;
        Ok(Self {
            request_id: RequestId::from(request_id),
            state: JobState::from(state.as_str()),
            progress: take(&mut object, "progress", lenient::number)
                .map(|percent| percent.clamp(0.0, 100.0)),
            preview: take(&mut object, "preview", Preview::read),
            result_url: take(&mut object, "result_url", lenient::text).map(ResultUrl::new),
        })
    }

    /// The update as the service's JSON: progress as text with two decimals, null for what there is
    /// not. For tests, and for whoever pretends to be the service.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        object.insert("request_id".to_owned(), json!(self.request_id.as_str()));
        object.insert("status".to_owned(), json!(self.state.as_str()));
        let preview = self.preview.as_ref().map(|preview| match preview {
            Preview::Url(url) => url.as_str(),
            Preview::DataUri(text) | Preview::Base64(text) => text,
        });
        object.insert("preview".to_owned(), json!(preview));
        let url = self.result_url.as_ref().map(ResultUrl::as_str);
        object.insert("result_url".to_owned(), json!(url));
        let progress = self.progress.map(|percent| format!("{percent:.2}"));
        object.insert("progress".to_owned(), json!(progress));
        Value::Object(object)
    }
}

/// A status as far as the push channel tells it.
impl From<Update> for JobStatus {
    fn from(update: Update) -> Self {
        let mut status = Self::new(update.state);
        status.progress = update.progress;
        status.preview = update.preview;
        status.result_url = update.result_url;
        status
    }
}

/// The state and, in percent, the progress.
impl fmt::Display for Update {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}", self.request_id, self.state)?;
        self.progress
            .map_or(Ok(()), |percent| write!(f, ", {percent} %"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_published_example_is_read_and_written_back() {
        let text = r#"{"request_id":"123e4567-e89b-12d3-a456-426614174000","status":"in_progress","preview":"data:image/jpeg;base64,/9j/4AAQ","result_url":null,"progress":"45.50"}"#;
        let update = Update::from_json(text.as_bytes()).unwrap();
        assert_eq!(update.state, JobState::Processing);
        assert_eq!(update.progress, Some(45.5));
        assert_eq!(update.preview.as_ref().unwrap().base64(), Some("/9j/4AAQ"));
        let written = update.to_json();
        assert_eq!(written["progress"], "45.50");
        assert_eq!(Update::from_value(written).unwrap(), update);
    }

    #[test]
    fn what_is_left_out_or_wrapped_is_read() {
        for text in [
            r#"{"request_id":"a","status":"done"}"#,
            r#"{"data":{"request_id":"a","status":"done","progress":null}}"#,
            r#"{"job_request_id":"a","status":"DONE","progress":"soon"}"#,
        ] {
            let update = Update::from_json(text.as_bytes()).unwrap();
            assert_eq!(update, Update::new("a", JobState::Done), "{text}");
        }
    }

    #[test]
    fn what_is_no_update_says_why() {
        let read = |text: &str| Update::from_json(text.as_bytes()).unwrap_err();
        assert!(matches!(read("{"), InvalidUpdate::NotJson { .. }));
        assert_eq!(read("[]"), InvalidUpdate::NoRequestId);
        assert_eq!(read(r#"{"status":"done"}"#), InvalidUpdate::NoRequestId);
        assert_eq!(read(r#"{"request_id":"a"}"#), InvalidUpdate::NoStatus);
    }

    #[test]
    fn no_secret_is_shown() {
        let update = Update::new("a", JobState::Done).with_result_url("https://s/x.png?sig=secret");
        assert!(!format!("{update:?} {update}").contains("secret"));
    }

    proptest! {
        #[test]
        fn reading_is_total(data in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Update::from_json(&data);
        }
    }
}
