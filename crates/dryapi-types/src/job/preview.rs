//! A picture of the unfinished work.

use std::fmt;

use serde_json::Value;

use crate::lenient;
use crate::result_url::ResultUrl;

/// A picture of the unfinished work, in whichever of three forms the service sent it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Preview {
    /// An address to fetch it from (the published description).
    Url(ResultUrl),
    /// A data URI (the push channel).
    DataUri(String),
    /// Bare base64 of a JPEG (seen when polling).
    Base64(String),
}

impl Preview {
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let text = lenient::text(value)?;
        Some(if text.starts_with("http") {
            Self::Url(ResultUrl::new(text))
        } else if text.starts_with("data:") {
            Self::DataUri(text)
        } else {
            Self::Base64(text)
        })
    }

    /// The base64 text of the picture, where it came inline.
    #[must_use]
    pub fn base64(&self) -> Option<&str> {
        match self {
            Self::Url(_) => None,
            Self::DataUri(uri) => uri.split_once("base64,").map(|(_, data)| data),
            Self::Base64(data) => Some(data),
        }
    }
}

impl fmt::Debug for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => write!(f, "Preview({url:?})"),
            Self::DataUri(text) => write!(f, "Preview(data URI, {} bytes)", text.len()),
            Self::Base64(text) => write!(f, "Preview(base64, {} bytes)", text.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn previews_in_three_forms() {
        let preview = |text: &str| Preview::read(&Value::from(text)).unwrap();
        assert!(matches!(preview("https://s/p.jpg"), Preview::Url(_)));
        assert_eq!(
            preview("data:image/jpeg;base64,/9j/").base64(),
            Some("/9j/")
        );
        assert_eq!(preview("/9j/").base64(), Some("/9j/"));
    }
}
