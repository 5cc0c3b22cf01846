//! From a response to an operation's answer, or to a fault.

use bytes::Bytes;
use dryapi_transport::{Response, TransportError};
use dryapi_types::{ApiError, CostClass, Meta, Operation, RateLimit};
use http::HeaderMap;

use crate::key::ApiKey;
use crate::retry::Fault;

/// An error's body is read to this and one byte more.
const ERROR_LIMIT: usize = 64 * 1024;
/// A status may hold a result.
const STATUS_LIMIT: usize = 64 * 1024 * 1024;
/// Everything else.
const LIMIT: usize = 1024 * 1024;

/// Reads an answer. Of one that was cut off, what came is read: it may hold a job's id.
pub(crate) async fn decode<O: Operation>(
    meta: &Meta,
    key: &ApiKey,
    mut response: Response,
) -> Result<O::Response, Fault> {
    let status = response.status.as_u16();
    let limit = match response.status.is_success() {
        true if matches!(meta.name, "request-status" | "raw") => STATUS_LIMIT,
        true => LIMIT,
        false => ERROR_LIMIT,
    };
    let read = response.read(limit).await;
    let body = key.redact_body(read.bytes);
    let pairs = pairs(&response.headers);
    match (O::decode(status, &pairs, &body), read.error) {
        (Ok(answer), None) => Ok(answer),
        // A cut answer only counts where it gave an id: the job was paid for.
        (Ok(answer), Some(_)) if meta.cost == CostClass::Paid && O::accepted(&answer).is_some() => {
            Ok(answer)
        }
        (Ok(_), Some(error)) => Err(Fault::Transport(error)),
        (Err(_), Some(error)) if response.status.is_success() => Err(Fault::Transport(error)),
        (Err(error), _) => Err(Fault::Answer(redacted(error, key), body)),
    }
}

/// What the headers of an answer say of the account's limits.
pub(crate) fn limits(response: &Response) -> Option<RateLimit> {
    RateLimit::read(&pairs(&response.headers))
}

/// Texts are decoded from JSON, where any character may be written as an escape: what came out is
/// searched once more.
fn redacted(mut error: ApiError, key: &ApiKey) -> ApiError {
    error.map_text(|text| key.redact(text));
    error
}

fn pairs(headers: &HeaderMap) -> Vec<(&str, &str)> {
    headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
        .collect()
}

/// A fault that stands for an attempt whose task was lost with its runtime.
pub(crate) fn lost(source: impl std::error::Error + Send + Sync + 'static) -> Fault {
    let kind = dryapi_transport::TransportErrorKind::Other;
    let message = "the runtime stopped while the request was on its way";
    Fault::Transport(TransportError::new(kind, message).with_source(source))
}

/// An answer's body for people who want to see it: bounded, without the key.
pub(crate) fn raw(fault: &Fault) -> Option<Bytes> {
    match fault {
        Fault::Answer(_, body) => Some(body.clone()),
        Fault::Transport(_) => None,
    }
}
