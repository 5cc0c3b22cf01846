//! Finding a job's id in an answer that cannot be read otherwise.

use serde_json::Value;

use crate::id::RequestId;

/// The first complete `"request_id": "…"` in the bytes, at any depth, even where the rest is cut
/// off or no JSON at all. An id whose closing quote is missing may be cut and is no id.
pub(crate) fn request_id_in(body: &[u8]) -> Option<RequestId> {
    const KEY: &[u8] = b"\"request_id\"";
    let mut rest = body;
    while let Some(at) = rest.windows(KEY.len()).position(|window| window == KEY) {
        rest = rest.get(at + KEY.len()..)?;
        let mut value = rest.trim_ascii_start();
        let Some(after_colon) = value.strip_prefix(b":") else {
            continue;
        };
        value = after_colon.trim_ascii_start();
        // The streaming reader stops after the first value and does not mind what follows.
        let first = serde_json::Deserializer::from_slice(value)
            .into_iter::<Value>()
            .next();
        if let Some(Ok(Value::String(id))) = first
            && !id.is_empty()
        {
            return Some(RequestId::new(id));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(body: &str) -> Option<String> {
        request_id_in(body.as_bytes()).map(|id| id.to_string())
    }

    #[test]
    fn only_a_complete_id_counts() {
        assert_eq!(
            find(r#"{"data":{"request_id":"ab"}}"#).as_deref(),
            Some("ab")
        );
        assert_eq!(
            find(r#"{"a":[{"request_id" : "ab","#).as_deref(),
            Some("ab")
        );
        assert_eq!(
            find(r#"{"request_id":null,"x":{"request_id":"ab"}}"#).as_deref(),
            Some("ab")
        );
        assert_eq!(find(r#"{"request_id":"a\/b"}"#).as_deref(), Some("a/b"));
        for body in [
            "",
            r#"{"request_id":"ab"#,
            r#"{"request_id":"#,
            r#""request_id""#,
            "{}",
        ] {
            assert_eq!(find(body), None, "{body}");
        }
    }
}
