//! The names of things: request ids given by the service, intents given by the caller.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The id of an accepted job, as the service gave it. Seen as UUID text; treated as opaque.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(String);

impl RequestId {
    /// Takes any text as an id.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id as one segment of a URL path: everything but unreserved characters is escaped, so
    /// that an id from a hostile server cannot leave its place in the path.
    #[must_use]
    pub fn path_segment(&self) -> String {
        // A segment of only dots would be resolved away, so its dots are escaped too.
        let dots = self.0.bytes().all(|byte| byte == b'.');
        let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        // As the service's own are.
        if !dots && self.0.bytes().all(is_unreserved) {
            return self.0.clone();
        }
        let mut segment = String::with_capacity(self.0.len());
        for byte in self.0.bytes() {
            if is_unreserved(byte) && !dots {
                segment.push(char::from(byte));
            } else {
                segment.push_str(&format!("%{byte:02X}"));
            }
        }
        segment
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestId({:?})", self.0)
    }
}

impl From<&str> for RequestId {
    fn from(id: &str) -> Self {
        Self::new(id)
    }
}

impl From<String> for RequestId {
    fn from(id: String) -> Self {
        Self(id)
    }
}

impl From<&RequestId> for RequestId {
    fn from(id: &RequestId) -> Self {
        id.clone()
    }
}

/// The name of one wish to pay: 1 to 128 visible ASCII characters, chosen before the first
/// attempt. It is sent as `Idempotency-Key` and stands on every job, error and log line.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Intent(String);

/// A text that cannot name an intent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an intent is 1 to 128 visible ASCII characters without spaces, not {given:?}")]
pub struct InvalidIntent {
    given: String,
}

impl Intent {
    /// Names an intent.
    ///
    /// # Errors
    /// [`InvalidIntent`] unless the name is 1 to 128 visible ASCII characters.
    pub fn new(name: impl Into<String>) -> Result<Self, InvalidIntent> {
        let name = name.into();
        if (1..=128).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(name))
        } else {
            Err(InvalidIntent {
                given: name.chars().take(140).collect(),
            })
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Intent {
    type Err = InvalidIntent;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::new(name)
    }
}

impl fmt::Display for Intent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Intent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Intent({:?})", self.0)
    }
}

impl Serialize for Intent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Intent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_cannot_leave_its_path_segment() {
        assert_eq!(
            RequestId::from("c08a339c-73e5").path_segment(),
            "c08a339c-73e5"
        );
        assert_eq!(
            RequestId::from("../../x?y#z").path_segment(),
            "..%2F..%2Fx%3Fy%23z"
        );
        assert_eq!(RequestId::from("..").path_segment(), "%2E%2E");
    }

    #[test]
    fn an_intent_is_short_and_visible() {
        assert!(Intent::new("order-4711").is_ok());
        for bad in ["", "a b", "é", "a\n", &"x".repeat(129)] {
            assert!(Intent::new(bad).is_err(), "{bad:?}");
        }
    }
}
