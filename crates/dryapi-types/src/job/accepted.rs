//! The answer to a task: the job's id.

use crate::error::{ApiError, request_id_in};
use crate::headers::Headers;
use crate::id::RequestId;
use crate::lenient;

/// The service took a job. It goes on, and is billed, whatever happens to us.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Accepted {
    /// The job's id: keep it, there is no list of jobs to find it again.
    pub request_id: RequestId,
    /// Why the answer was odd, when only the id could be read from it.
    pub warning: Option<String>,
}

impl Accepted {
    /// An accepted job.
    pub fn new(request_id: impl Into<RequestId>) -> Self {
        Self {
            request_id: request_id.into(),
            warning: None,
        }
    }

    /// Reads the answer to a task. From a 2xx any complete id counts, at any depth, even in a cut
    /// body or beside an error: the job was paid for, so its id is not thrown away.
    pub(crate) fn decode(
        status: u16,
        headers: &Headers<'_>,
        body: &[u8],
    ) -> Result<Self, ApiError> {
        let checked = ApiError::check(status, headers, body);
        if let Ok(root) = &checked {
            let data = root.get("data").unwrap_or(root);
            if let Some(id) = data.get("request_id").and_then(lenient::text) {
                return Ok(Self::new(id));
            }
        }
        let error = match checked {
            Ok(_) => ApiError::unreadable(status, headers, body, "the answer holds no request_id"),
            Err(error) => error,
        };
        match request_id_in(body) {
            Some(id) if (200..300).contains(&status) => Ok(Self {
                request_id: id,
                warning: Some(format!("the answer was damaged: {}", error.message)),
            }),
            _ => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_id_is_never_thrown_away() {
        let decode = |body: &[u8]| Accepted::decode(200, &[], body);
        assert_eq!(
            decode(br#"{"data":{"request_id":"a-1"}}"#).unwrap(),
            Accepted::new("a-1")
        );
        for body in [
            br#"{"data":{"request_id":"a-1""#.as_slice(),
            br#"{"success":false,"job":{"x":[{"request_id":"a-1"}]}}"#,
            b"<html>\"request_id\" : \"a-1\" </html>",
        ] {
            let accepted = decode(body).unwrap();
            assert_eq!(accepted.request_id.as_str(), "a-1");
            assert!(accepted.warning.is_some());
        }
        for body in [
            br#"{"data":{"request_id":"a-"#.as_slice(),
            b"{}",
            b"",
            b"null",
        ] {
            assert!(decode(body).is_err());
        }
        assert!(Accepted::decode(500, &[], br#"{"request_id":"a-1"}"#).is_err());
    }

    proptest! {
        #[test]
        fn decoding_is_total(status in 0u16..1000, body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Accepted::decode(status, &[], &body);
        }
    }
}
