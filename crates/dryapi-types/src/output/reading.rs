//! What was read from a picture.

use std::fmt;

use serde_json::Value;

use super::inline::{inline, structure, text};
use super::missing::MissingOutput;
use crate::job::JobStatus;

/// The text in a picture: the output of `img2txt`. With `format=json` it is a JSON text, whose
/// layout the service's pages leave open.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TextReading {
    /// The text as the service gave it; empty where the picture holds none.
    pub text: String,
}

impl TextReading {
    /// This text, for tests of code that uses results.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    /// Reads what came inline.
    ///
    /// # Errors
    /// [`MissingOutput`] where nothing came inline: the result may be a file, see
    /// [`from_content`](Self::from_content).
    pub fn of(status: &JobStatus) -> Result<Self, MissingOutput> {
        let result = inline(status).ok_or(MissingOutput::new("text"))?;
        Ok(Self::from_value(result))
    }

    /// Reads the result's file. Every content is a text; what is no UTF-8 becomes U+FFFD.
    ///
    /// # Errors
    /// None today.
    pub fn from_content(content: &[u8]) -> Result<Self, MissingOutput> {
        Ok(Self::new(text(content)))
    }

    pub(super) fn from_value(result: &Value) -> Self {
        Self::new(match result {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    }

    /// The JSON object or list it is, where the service gave one.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        structure(&self.text)
    }
}

impl fmt::Display for TextReading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::JobState;
    use serde_json::json;

    fn of(result: Value) -> TextReading {
        let mut status = JobStatus::new(JobState::Done);
        status.result = Some(result);
        TextReading::of(&status).unwrap()
    }

    #[test]
    fn text_stays_text_and_json_is_both() {
        let text = of(json!("12 apples"));
        assert_eq!((text.text.as_str(), text.json()), ("12 apples", None));
        // A number is JSON, too, but nobody meant it as such.
        assert_eq!(of(json!("12")).json(), None);
        assert_eq!(of(json!("[sic]")).json(), None);
        let value = json!({"lines": ["a"]});
        assert_eq!(of(value.clone()).json(), Some(value.clone()));
        assert_eq!(of(json!(value.to_string())).json(), Some(value.clone()));
        let file = TextReading::from_content(value.to_string().as_bytes()).unwrap();
        assert_eq!(file.json(), Some(value));
        let marked = TextReading::from_content(b"\xEF\xBB\xBFa\xFF").unwrap();
        assert_eq!(marked.to_string(), "a\u{FFFD}");
        assert_eq!(TextReading::from_content(b"").unwrap().text, "");
    }

    #[test]
    fn the_files_address_is_no_text() {
        let url = "https://s/a.txt?sig=x";
        let mut status = JobStatus::new(JobState::Done).with_result_url(url);
        for result in [json!(url), json!(""), Value::Null] {
            status.result = Some(result);
            let missing = TextReading::of(&status).unwrap_err();
            assert!(!missing.to_string().contains("sig="), "{missing}");
        }
        status.result = Some(json!("a"));
        assert_eq!(TextReading::of(&status).unwrap().text, "a");
    }
}
