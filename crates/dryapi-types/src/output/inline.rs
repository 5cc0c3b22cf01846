//! A result's content, wherever it came from.

use std::borrow::Cow;

use serde_json::Value;

use crate::job::JobStatus;
use crate::result_url::ResultUrl;

/// The result that came inline. An empty text beside a file is none, and neither is the file's own
/// address, which the published description's example shows in its place.
pub(super) fn inline(status: &JobStatus) -> Option<&Value> {
    let result = status.result.as_ref().filter(|result| !result.is_null())?;
    let address = status.result_url.as_ref().map(ResultUrl::as_str);
    match (result.as_str(), address) {
        (Some(text), Some(address)) if text.is_empty() || text == address => None,
        _ => Some(result),
    }
}

/// The text of a file: without a byte order mark; what is no UTF-8 becomes U+FFFD.
pub(super) fn text(content: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(without_mark(content))
}

/// A file without UTF-8's byte order mark.
pub(super) fn without_mark(content: &[u8]) -> &[u8] {
    content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content)
}

/// The JSON object or list that a text holds; any other JSON is a text like any other.
pub(super) fn structure(text: &str) -> Option<Value> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    serde_json::from_str(text).ok()
}
