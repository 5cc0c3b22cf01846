//! The answer to the request that authorises a channel. Source: WebSockets page.

use std::fmt;
use std::time::{Duration, SystemTime};

use dryapi_types::error::ApiError;
use serde_json::Value;

/// A channel's signature, for one connection. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct ChannelAuth(String);

impl ChannelAuth {
    /// A signature as the service gave it, `key:signature`.
    pub fn new(auth: impl Into<String>) -> Self {
        Self(auth.into())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// What must not be shown: the whole, and what follows the application's key.
    pub(super) fn secrets(&self) -> [&str; 2] {
        let signature = self
            .0
            .split_once(':')
            .map_or("", |(_, signature)| signature);
        [&self.0, signature]
    }
}

impl fmt::Debug for ChannelAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChannelAuth([redacted])")
    }
}

/// What came of asking for a channel's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthAnswer {
    /// It was given.
    Granted(ChannelAuth),
    /// It will not be given: any 4xx but 408, 425 and 429, and any 3xx.
    Refused {
        /// The answer's status.
        status: u16,
        /// What the service said.
        message: String,
    },
    /// Not now: 408, 425, 429, 5xx, an answer that cannot be read, or none at all.
    Later {
        /// The answer's status, where there was one.
        status: Option<u16>,
        /// What the service said, or what went wrong.
        message: String,
        /// Not before this long.
        wait: Duration,
    },
    /// The request cannot be sent from here: its address is none, or this machine is not set up.
    Impossible(String),
}

impl AuthAnswer {
    /// Reads an answer: its status, headers and body. `now` is the time of day, for a `Retry-After`
    /// that is a date and an answer without one.
    #[must_use]
    pub fn read(status: u16, headers: &[(&str, &str)], body: &[u8], now: SystemTime) -> Self {
        if (200..=299).contains(&status) {
            return Self::granted(status, body);
        }
        let error = ApiError::decode(status, headers, body);
        let message = error.message;
        if matches!(status, 408 | 425 | 429 | 500..) || status < 300 {
            let told = error.rate_limit.map(|limit| limit.wait(now));
            let wait = told.unwrap_or_default();
            let status = Some(status);
            return Self::Later {
                status,
                message,
                wait,
            };
        }
        Self::Refused { status, message }
    }

    fn granted(status: u16, body: &[u8]) -> Self {
        let json: Value = serde_json::from_slice(body).unwrap_or_default();
        let auth = json.get("auth").or_else(|| json.pointer("/data/auth"));
        match auth.and_then(Value::as_str).filter(|auth| !auth.is_empty()) {
            Some(auth) => Self::Granted(ChannelAuth::new(auth)),
            None => Self::Later {
                status: Some(status),
                message: "the answer holds no `auth`".to_owned(),
                wait: Duration::ZERO,
            },
        }
    }

    /// The same, its texts changed: shortened, or freed of secrets.
    #[must_use]
    pub fn map_text(self, change: impl Fn(&str) -> String) -> Self {
        match self {
            Self::Refused { status, message } => Self::Refused {
                status,
                message: change(&message),
            },
            Self::Later {
                status,
                message,
                wait,
            } => Self::Later {
                status,
                message: change(&message),
                wait,
            },
            Self::Impossible(message) => Self::Impossible(change(&message)),
            Self::Granted(_) => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, headers: &[(&str, &str)], body: &str) -> AuthAnswer {
        AuthAnswer::read(status, headers, body.as_bytes(), SystemTime::UNIX_EPOCH)
    }

    #[test]
    fn a_signature_is_read_and_not_shown() {
        let answer = read(200, &[], r#"{"auth":"key:secret","channel_data":null}"#);
        assert_eq!(answer, AuthAnswer::Granted(ChannelAuth::new("key:secret")));
        assert!(!format!("{answer:?}").contains("secret"));
        assert_eq!(
            read(200, &[], r#"{"data":{"auth":"a:b"}}"#),
            AuthAnswer::Granted(ChannelAuth::new("a:b"))
        );
    }

    #[test]
    fn a_success_without_a_signature_is_asked_for_again() {
        for body in ["", "<html>", "{}", r#"{"auth":""}"#, r#"{"auth":7}"#, "[]"] {
            assert!(
                matches!(
                    read(200, &[], body),
                    AuthAnswer::Later {
                        status: Some(200),
                        ..
                    }
                ),
                "{body}"
            );
        }
    }

    #[test]
    fn refusals_are_told_from_what_passes() {
        for status in [302, 400, 401, 402, 403, 404, 405, 419, 422] {
            let answer = read(status, &[], r#"{"message":"no"}"#);
            let message = "no".to_owned();
            assert_eq!(answer, AuthAnswer::Refused { status, message }, "{status}");
        }
        for status in [408, 425, 429, 500, 502, 503, 504] {
            assert!(
                matches!(read(status, &[], "x"), AuthAnswer::Later { .. }),
                "{status}"
            );
        }
    }

    #[test]
    fn retry_after_is_honoured() {
        let wait = |status, headers: &[(&str, &str)]| match read(status, headers, "{}") {
            AuthAnswer::Later { wait, .. } => wait.as_secs(),
            other => panic!("{other:?}"),
        };
        assert_eq!(wait(429, &[("Retry-After", "17")]), 17);
        assert_eq!(wait(503, &[("retry-after", "5")]), 5);
        assert_eq!(wait(429, &[]), 60);
        assert_eq!(wait(500, &[]), 0);
    }
}
