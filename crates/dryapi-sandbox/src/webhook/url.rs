//! An address that events are sent to.

use std::fmt;

use http::Uri;

use crate::host;

/// A valid webhook address: https, or plain http to this machine. Its query may hold the caller's
/// secrets and is never shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct WebhookUrl(Uri);

impl WebhookUrl {
    /// # Errors
    /// What is wrong, as the rest of a sentence about it.
    pub(crate) fn read(text: &str) -> Result<Self, &'static str> {
        const SCHEME: &str = "must start with https://.";
        const INVALID: &str = "must be a valid URL.";
        let secure = text.starts_with("https://");
        if !secure && !text.starts_with("http://") {
            return Err(SCHEME);
        }
        let uri: Uri = text.parse().map_err(|_| INVALID)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(INVALID)?;
        match secure || host::is_loopback(host) {
            true => Ok(Self(uri)),
            false => Err(SCHEME),
        }
    }

    /// The whole of it.
    pub(crate) const fn uri(&self) -> &Uri {
        &self.0
    }

    /// Without its query and whoever it names before the host.
    pub(crate) fn shown(&self) -> String {
        let authority = self.0.authority().map_or("", |all| all.as_str());
        let host = authority.rsplit('@').next().unwrap_or_default();
        let scheme = self.0.scheme_str().unwrap_or_default();
        format!("{scheme}://{host}{}", self.0.path())
    }
}

impl fmt::Debug for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookUrl({:?})", self.shown())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_goes_to_this_machine_only() {
        for good in [
            "https://a.example/hook?x=1",
            "http://127.0.0.1:80/",
            "http://localhost:1",
            "http://[::1]:9/a",
        ] {
            assert!(WebhookUrl::read(good).is_ok(), "{good}");
        }
        for bad in [
            "http://a.example",
            "ftp://localhost",
            "hook",
            "https://",
            "http://localhost.evil.example",
            "http://localhost@evil.example",
        ] {
            assert!(WebhookUrl::read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_query_is_sent_and_not_shown() {
        let url =
            WebhookUrl::read("https://me:pw@a.example:8443/hook?dryapi_intent=o%2F1").unwrap();
        assert_eq!(url.uri().query(), Some("dryapi_intent=o%2F1"));
        assert_eq!(url.shown(), "https://a.example:8443/hook");
        assert_eq!(
            format!("{url:?}"),
            "WebhookUrl(\"https://a.example:8443/hook\")"
        );
    }
}
