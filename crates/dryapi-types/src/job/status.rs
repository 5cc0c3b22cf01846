//! A job's status as the service answers it.

use std::marker::PhantomData;

use serde::de::{DeserializeSeed, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::envelope;
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

    /// With a result that came inline.
    #[must_use]
    pub fn with_result(mut self, result: Value) -> Self {
        self.result = Some(result);
        self
    }

    /// Reads the answer to a look at a job without its result, and whether it has one: for whoever
    /// hands the bytes on to somebody who knows what the result is.
    ///
    /// # Errors
    /// [`ApiError`] for every refusal and everything that is not a status; total, never panics.
    pub fn without_result(
        status: u16,
        headers: &Headers<'_>,
        body: &[u8],
    ) -> Result<(Self, bool), ApiError> {
        let (read, result) = Self::read(status, headers, body, IsSome)?;
        Ok((read, result == Some(true)))
    }

    pub(crate) fn decode(
        status: u16,
        headers: &Headers<'_>,
        body: &[u8],
    ) -> Result<Self, ApiError> {
        let (mut read, result) = Self::read(status, headers, body, PhantomData::<Value>)?;
        read.result = result.filter(|result| !result.is_null());
        Ok(read)
    }

    /// Reads a status whose result is read by `seed` as it comes, in one pass over the bytes.
    ///
    /// # Errors
    /// [`ApiError`] for a refusal, for what is no status, and for what the seed refuses.
    pub(crate) fn read<'de, S: DeserializeSeed<'de> + Copy>(
        status: u16,
        headers: &Headers<'_>,
        body: &'de [u8],
        seed: S,
    ) -> Result<(Self, Option<S::Value>), ApiError> {
        let unreadable = |why: &str| ApiError::unreadable(status, headers, body, why);
        if !(200..300).contains(&status) {
            return Err(ApiError::decode(status, headers, body));
        }
        let envelope = envelope::read(body, seed)
            .map_err(|error| unreadable(&format!("the answer is not JSON ({error})")))?;
        let told = |data: &Object| data.get("status").and_then(lenient::text);
        let Some((mut data, state, result)) = envelope.and_then(|envelope| {
            let state = told(&envelope.members)?;
            Some((envelope.members, state, envelope.result))
        }) else {
            // A failed job's status has an `error` of its own, so the envelope rule that reads a
            // 2xx with `error` as a refusal only applies where there is no status.
            ApiError::check(status, headers, body)?;
            return Err(unreadable("the answer holds no status"));
        };
        data.remove("status");
        let alternatives = alternatives(&lenient::object(data.get("results_alt_formats")));
        data.remove("results_alt_formats");
        let read = Self {
            state: JobState::from(state.as_str()),
            progress: take(&mut data, "progress", lenient::number)
                .map(|percent| percent.clamp(0.0, 100.0)),
            preview: take(&mut data, "preview", Preview::read),
            result_url: take(&mut data, "result_url", lenient::text).map(ResultUrl::new),
            alternatives,
            result: None,
            failure: failure(&mut data),
            extra: data,
        };
        Ok((read, result))
    }
}

/// Reads whether there is anything but null.
#[derive(Clone, Copy)]
struct IsSome;

impl<'de> DeserializeSeed<'de> for IsSome {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<bool, D::Error> {
        Option::<IgnoredAny>::deserialize(from).map(|result| result.is_some())
    }
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

    #[test]
    fn a_result_is_passed_over_and_told_of() {
        let read = |body: &str| JobStatus::without_result(200, &[], body.as_bytes()).unwrap();
        let (status, has) = read(r#"{"data":{"status":"done","result":[[1,2],{"a":null}]}}"#);
        assert_eq!(
            (status.state, status.result, has),
            (JobState::Done, None, true)
        );
        assert!(!read(r#"{"data":{"status":"done","result":null}}"#).1);
        assert!(!read(r#"{"data":{"status":"done"}}"#).1);
        assert!(read(r#"{"result":"","status":"done"}"#).1);
        assert!(
            JobStatus::without_result(200, &[], br#"{"data":{"status":"done","result":[1,}}"#)
                .is_err()
        );
    }

    #[test]
    fn the_result_is_kept_as_it_came() {
        for (body, result) in [
            (r#"{"data":{"status":"done","result":[[1,2]]}}"#, "[[1,2]]"),
            (r#"{"result":"a","status":"done"}"#, "\"a\""),
            (
                r#"{"result":"root","data":{"status":"done","result":{}}}"#,
                "{}",
            ),
            (r#"{"data":null,"status":"done","result":0}"#, "0"),
        ] {
            assert_eq!(decode(body).result.unwrap().to_string(), result, "{body}");
        }
        for body in [
            r#"{"data":{"status":"done","result":null}}"#,
            r#"{"result":"root","data":{"status":"done"}}"#,
        ] {
            let status = decode(body);
            assert_eq!((status.result, status.extra.len()), (None, 0), "{body}");
        }
        for body in [
            "[]",
            "7",
            "null",
            r#"{"data":[]}"#,
            r#"{"status":"done"} x"#,
        ] {
            assert!(
                JobStatus::decode(200, &[], body.as_bytes()).is_err(),
                "{body}"
            );
        }
        let refused = br#"{"success":false,"message":"No.","statusCode":404}"#;
        let error = JobStatus::decode(200, &[], refused).unwrap_err();
        assert_eq!(error.kind, crate::ApiErrorKind::NotFound);
    }

    proptest! {
        #[test]
        fn decoding_is_total(status in 0u16..1000, body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = JobStatus::decode(status, &[], &body);
        }
    }
}
