//! The API key: it cannot be printed, and it is taken out of everything a server echoes.

use std::fmt;

use bytes::Bytes;
use http::HeaderValue;

/// What stands where the key was.
const HIDDEN: &str = "[api key]";

/// An API key. Opaque: its form is never checked beyond what a header can carry.
///
/// ```
/// use dryapi_client::ApiKey;
/// let key = ApiKey::new(" sk-secret \n")?;
/// assert_eq!(format!("{key:?}"), "ApiKey([api key])");
/// assert_eq!(key.redact("bad key sk-secret"), "bad key [api key]");
/// # Ok::<(), dryapi_client::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey {
    text: String,
    /// The key as it is, in JSON and in an address.
    spellings: Vec<String>,
}

impl ApiKey {
    /// A key; white space around it is dropped.
    ///
    /// # Errors
    /// Kind `Config` for an empty key or one that no header can carry.
    pub fn new(key: impl AsRef<str>) -> Result<Self, crate::Error> {
        let text = key.as_ref().trim().to_owned();
        let wrong = |why: &str| Err(crate::Error::config(format!("the API key {why}")));
        if text.is_empty() {
            return wrong("is empty");
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return wrong("holds characters that no key has; was it copied whole?");
        }
        let json = text.replace('\\', "\\\\").replace('"', "\\\"");
        let php = json.replace('/', "\\/");
        let mut spellings = vec![text.clone(), json, php, percent(&text)];
        spellings.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
        spellings.dedup();
        Ok(Self { text, spellings })
    }

    /// The key itself, for its account's fingerprint.
    #[cfg(feature = "ledger")]
    pub(crate) fn expose(&self) -> &str {
        &self.text
    }

    /// A text without the key.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        let mut clean = text.to_owned();
        for spelling in &self.spellings {
            if clean.contains(spelling.as_str()) {
                clean = clean.replace(spelling.as_str(), HIDDEN);
            }
        }
        clean
    }

    /// A body without the key. One that does not hold it is not copied.
    pub(crate) fn redact_body(&self, body: Bytes) -> Bytes {
        let mut body = body;
        for spelling in &self.spellings {
            body = replace(body, spelling.as_bytes());
        }
        body
    }

    /// The value of `Authorization`, which `Debug` does not show.
    pub(crate) fn authorization(&self) -> Result<HeaderValue, crate::Error> {
        let mut value = HeaderValue::try_from(format!("Bearer {}", self.text))
            .map_err(|_| crate::Error::config("the API key does not fit into a header"))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

fn replace(body: Bytes, needle: &[u8]) -> Bytes {
    let find = |from: usize| {
        let rest = body.get(from..)?;
        memchr::memmem::find(rest, needle).map(|at| from + at)
    };
    let Some(mut at) = find(0) else { return body };
    let mut clean = Vec::with_capacity(body.len());
    let mut from = 0;
    loop {
        clean.extend_from_slice(body.get(from..at).unwrap_or_default());
        clean.extend_from_slice(HIDDEN.as_bytes());
        from = at + needle.len();
        match find(from) {
            Some(next) => at = next,
            None => break,
        }
    }
    clean.extend_from_slice(body.get(from..).unwrap_or_default());
    clean.into()
}

fn percent(text: &str) -> String {
    crate::base_url::escape(text)
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({HIDDEN})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_found_in_every_spelling() {
        let key = ApiKey::new("12|ab/cd").unwrap();
        for text in ["x 12|ab/cd y", r"x 12|ab\/cd y", "x 12%7Cab%2Fcd y"] {
            assert_eq!(key.redact(text), "x [api key] y", "{text}");
            let body = key.redact_body(Bytes::copy_from_slice(text.as_bytes()));
            assert_eq!(body, "x [api key] y", "{text}");
        }
        let twice = key.redact_body(Bytes::from_static(b"12|ab/cd12|ab/cd"));
        assert_eq!(twice, "[api key][api key]");
    }

    #[test]
    fn a_key_fits_into_a_header() {
        assert!(ApiKey::new("").is_err());
        assert!(ApiKey::new("a\nb").is_err());
        let value = ApiKey::new("sk-1").unwrap().authorization().unwrap();
        assert!(value.is_sensitive());
        assert_eq!(value, "Bearer sk-1");
    }
}
