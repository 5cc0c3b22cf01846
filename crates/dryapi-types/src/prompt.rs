//! Prompts the service wrote. Source: the pages of the prompt boosters and of the samples.

use serde::Serialize;
use serde_json::Value;

use crate::error::ApiError;
use crate::headers::Headers;
use crate::lenient;

/// A prompt the service improved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EnhancedPrompt {
    /// The prompt to use.
    pub prompt: String,
    /// What to avoid, where the booster has such a thing.
    pub negative_prompt: Option<String>,
}

/// A prompt to begin with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SamplePrompt {
    /// What it is for (`type`), for instance `text2image`; `None` where the service did not say.
    #[doc(alias = "type")]
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The prompt.
    pub prompt: String,
}

impl EnhancedPrompt {
    /// A prompt without a negative one, for tests and other implementations of the service.
    pub fn new(prompt: impl Into<String>) -> Self {
        Self {
            prompt: prompt.into(),
            negative_prompt: None,
        }
    }

    /// With what to avoid.
    #[must_use]
    pub fn with_negative_prompt(mut self, negative_prompt: impl Into<String>) -> Self {
        self.negative_prompt = Some(negative_prompt.into());
        self
    }

    /// Reads `prompt` and `negative_prompt` at the top, as the pages show them, or under `data`.
    pub(crate) fn decode(
        status: u16,
        headers: &Headers<'_>,
        body: &[u8],
    ) -> Result<Self, ApiError> {
        let (prompt, other) = prompt(status, headers, body, "negative_prompt")?;
        Ok(Self {
            prompt,
            negative_prompt: other,
        })
    }
}

impl SamplePrompt {
    /// A sample, for tests and other implementations of the service.
    pub fn new(kind: impl Into<String>, prompt: impl Into<String>) -> Self {
        Self {
            kind: Some(kind.into()),
            prompt: prompt.into(),
        }
    }

    /// Reads `type` and `prompt` under `data`, as the page shows them, or at the top.
    pub(crate) fn decode(
        status: u16,
        headers: &Headers<'_>,
        body: &[u8],
    ) -> Result<Self, ApiError> {
        let (prompt, kind) = prompt(status, headers, body, "type")?;
        Ok(Self { kind, prompt })
    }
}

/// A prompt and the member beside it, from whichever object holds the prompt.
fn prompt(
    status: u16,
    headers: &Headers<'_>,
    body: &[u8],
    beside: &str,
) -> Result<(String, Option<String>), ApiError> {
    let root = ApiError::check(status, headers, body)?;
    let text = |object: &Value, key: &str| object.get(key).and_then(lenient::text);
    let both = |object: &Value| Some((text(object, "prompt")?, text(object, beside)));
    let wrapped = root.get("data").and_then(both);
    wrapped
        .or_else(|| both(&root))
        .ok_or_else(|| ApiError::unreadable(status, headers, body, "the answer holds no prompt"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn prompts_are_read_wrapped_or_not() {
        let bare = r#"{"prompt":"a cat","negative_prompt":"a dog"}"#;
        for body in [
            bare.to_owned(),
            format!(r#"{{"data":{bare}}}"#),
            format!(r#"{{"success":true,"data":{bare}}}"#),
        ] {
            let read = EnhancedPrompt::decode(200, &[], body.as_bytes()).unwrap();
            let expected = EnhancedPrompt::new("a cat").with_negative_prompt("a dog");
            assert_eq!(read, expected, "{body}");
        }
        for body in [
            r#"{"prompt":"a cat"}"#,
            r#"{"prompt":"a cat","negative_prompt":null}"#,
            r#"{"prompt":"a cat","negative_prompt":"","data":[]}"#,
        ] {
            let read = EnhancedPrompt::decode(200, &[], body.as_bytes()).unwrap();
            assert_eq!(read, EnhancedPrompt::new("a cat"), "{body}");
        }
        for body in [
            r#"{"success":true,"data":{"type":"text2image","prompt":"a cat"}}"#,
            r#"{"type":"text2image","prompt":"a cat"}"#,
        ] {
            let read = SamplePrompt::decode(200, &[], body.as_bytes()).unwrap();
            assert_eq!(read, SamplePrompt::new("text2image", "a cat"), "{body}");
        }
        for (status, body) in [
            (200, r#"{"prompt":""}"#),
            (200, r#"{"success":false,"prompt":"a cat"}"#),
            (200, r#"{"data":{"request_id":"c08a339c"}}"#),
            (422, r#"{"prompt":"a cat"}"#),
        ] {
            assert!(EnhancedPrompt::decode(status, &[], body.as_bytes()).is_err());
            assert!(SamplePrompt::decode(status, &[], body.as_bytes()).is_err());
        }
    }

    proptest! {
        #[test]
        fn decoding_is_total(status in 0u16..1000, body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = EnhancedPrompt::decode(status, &[], &body);
            let _ = SamplePrompt::decode(status, &[], &body);
        }
    }
}
