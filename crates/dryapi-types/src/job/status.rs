//! A job's status as the service answers it.

use serde_json::{Map, Value};

use super::failure::{Failure, failure};
use super::preview::Preview;
use super::state::JobState;
use crate::error::ApiError;
use crate::headers::Headers;
use crate::lenient::{self, Object, take};
use crate::result_url::{Alternatives, ResultUrl};

/// A job's status. Source: `GET request-status/{request_id}`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct JobStatus {
    /// Where it stands.
    pub state: JobState,
    /// 0 to 100 percent, where told.
    pub progress: Option<f64>,
    /// A picture of the unfinished work.
    pub preview: Option<Preview>,
    /// Where the result lies; signed, expires.
    pub result_url: Option<ResultUrl>,
    /// The result in other formats.
    pub alternatives: Alternatives,
    /// The result itself, where it was asked for inline.
    pub result: Option<Value>,
    /// Why it failed.
    pub failure: Failure,
    /// Everything else the service sent.
    pub extra: Map<String, Value>,
}

impl JobStatus {
    /// A status that holds nothing but a state.
    #[must_use]
    pub fn new(state: JobState) -> Self {
        Self {
            state,
            progress: None,
            preview: None,
            result_url: None,
            alternatives: Alternatives::default(),
            result: None,
            failure: Failure::default(),
            extra: Map::new(),
        }
    }

    /// With a progress in percent.
    #[must_use]
    pub const fn with_progress(mut self, percent: f64) -> Self {
        self.progress = Some(percent);
        self
    }

    /// With the address of the result.
    #[must_use]
    pub fn with_result_url(mut self, url: impl Into<String>) -> Self {
        self.result_url = Some(ResultUrl::new(url));
        self
    }

    /// With the reason of a failure.
    #[must_use]
    pub fn with_failure(mut self, failure: Failure) -> Self {
        self.failure = failure;
        self
    }

    pub(crate) fn decode(
        status: u16,
        headers: &Headers<'_>,
        body: &[u8],
    ) -> Result<Self, ApiError> {
        let unreadable = |why: &str| ApiError::unreadable(status, headers, body, why);
        // A failed job's status has an `error` of its own, so the envelope rule that reads a 2xx
        // with `error` as a refusal only applies where there is no status.
        let root = match ApiError::json(status, headers, body)? {
            root if has_state(&root) => root,
            _ => ApiError::check(status, headers, body)?,
        };
        let mut data = lenient::data_or_root(root).ok_or_else(|| unreadable("not an object"))?;
        let state = take(&mut data, "status", lenient::text)
            .ok_or_else(|| unreadable("the answer holds no status"))?;
        let alternatives = alternatives(&lenient::object(data.get("results_alt_formats")));
        data.remove("results_alt_formats");
        Ok(Self {
            state: JobState::from(state.as_str()),
            progress: take(&mut data, "progress", lenient::number)
                .map(|percent| percent.clamp(0.0, 100.0)),
            preview: take(&mut data, "preview", Preview::read),
            result_url: take(&mut data, "result_url", lenient::text).map(ResultUrl::new),
            alternatives,
            result: take(&mut data, "result", |value| {
                (!value.is_null()).then(|| value.clone())
            }),
            failure: failure(&mut data),
            extra: data,
        })
    }
}

fn has_state(root: &Value) -> bool {
    root.get("data")
        .unwrap_or(root)
        .get("status")
        .and_then(lenient::text)
        .is_some()
}

fn alternatives(object: &Object) -> Alternatives {
    let url = |key: &str| object.get(key).and_then(lenient::text).map(ResultUrl::new);
    Alternatives {
        jpg: url("jpg").or_else(|| url("jpeg")),
        webp: url("webp"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::failure::FailureCode;
    use super::*;
    use proptest::prelude::*;

    fn decode(body: &str) -> JobStatus {
        JobStatus::decode(200, &[], body.as_bytes()).unwrap()
    }

    #[test]
    fn payloads_seen_in_the_wild() {
        let done = decode(
            r#"{"data":{"status":"done","progress":100.0,"result_url":"https://s/image.png?sig=x","results_alt_formats":{"jpg":"https://s/a.jpg","webp":null},"cost_credits":0.1}}"#,
        );
        assert_eq!(done.state, JobState::Done);
        assert_eq!(
            done.result_url.as_ref().unwrap().as_str(),
            "https://s/image.png?sig=x"
        );
        assert!(!format!("{done:?}").contains("sig=x"));
        assert!(done.alternatives.for_extension("JPG").is_some());
        assert!(done.alternatives.for_extension("webp").is_none());
        assert!(done.extra.contains_key("cost_credits"));

        let flat = decode(r#"{"request_id":"x","status":"in_progress","progress":"45.50"}"#);
        assert_eq!(
            (flat.state, flat.progress),
            (JobState::Processing, Some(45.5))
        );

        let empty =
            decode(r#"{"data":{"status":"pending","results_alt_formats":[],"progress":null}}"#);
        assert_eq!((empty.state, empty.progress), (JobState::Pending, None));
    }

    #[test]
    fn a_failure_is_read_wherever_it_stands() {
        for body in [
            r#"{"data":{"status":"error","error_code":"WORKER_TIMEOUT","error_message":"too slow"}}"#,
            r#"{"data":{"status":"failed","error":{"code":"WORKER_TIMEOUT","message":"too slow"}}}"#,
            r#"{"status":"failed","error":{"code":"WORKER_TIMEOUT","message":"too slow"}}"#,
        ] {
            let status = decode(body);
            assert_eq!(status.state, JobState::Error, "{body}");
            assert_eq!(
                status.failure.code,
                Some(FailureCode::WorkerTimeout),
                "{body}"
            );
            assert_eq!(
                status.failure.message.as_deref(),
                Some("too slow"),
                "{body}"
            );
        }
        assert_eq!(
            decode(r#"{"data":{"status":"error","progress":0.0}}"#).failure,
            Failure::default()
        );
        let text = decode(r#"{"data":{"status":"error","error":"no luck"}}"#);
        assert_eq!(text.failure.message.as_deref(), Some("no luck"));
    }

    proptest! {
        #[test]
        fn decoding_is_total(status in 0u16..1000, body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = JobStatus::decode(status, &[], &body);
        }
    }
}
