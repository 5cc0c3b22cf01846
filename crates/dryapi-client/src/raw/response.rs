//! A success as it came.

use bytes::Bytes;
use dryapi_types::RequestId;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// A success as it came, without the key should the service echo it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RawResponse {
    /// The status, 200 to 299.
    pub status: StatusCode,
    /// The headers whose values are text.
    pub headers: HeaderMap,
    /// The body, at most 64 MiB.
    pub body: Bytes,
    /// The first complete job id in the body, at any depth.
    pub request_id: Option<RequestId>,
}

impl RawResponse {
    pub(super) fn new(
        status: u16,
        pairs: &[(&str, &str)],
        body: &[u8],
        request_id: Option<RequestId>,
    ) -> Self {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            if let (Ok(name), Ok(value)) =
                (HeaderName::try_from(*name), HeaderValue::try_from(*value))
            {
                headers.append(name, value);
            }
        }
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::OK),
            headers,
            body: Bytes::copy_from_slice(body),
            request_id,
        }
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When it is none, or none of this type.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}
