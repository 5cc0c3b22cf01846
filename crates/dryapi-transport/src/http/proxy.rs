//! Which proxy is used: the builder's for everything, else the environment's for https.
//!
//! `HTTP_PROXY` is never read: a request to a server on this machine, with its key, would go to the
//! proxy.

use std::fmt;

use http::Uri;

use crate::error::{TransportError, TransportErrorKind};

/// The proxy to use.
#[derive(Clone, Default)]
pub(super) enum Proxy {
    /// None.
    #[default]
    None,
    /// One for everything.
    All(Address),
    /// One for https, with what `NO_PROXY` says.
    Https(Address, String),
}

/// A proxy's address, credentials included. Not shown.
#[derive(Clone)]
pub(super) struct Address(Uri);

impl Proxy {
    pub(super) fn all(uri: &Uri) -> Result<Self, TransportError> {
        Address::parse(&uri.to_string(), "the proxy's address").map(Self::All)
    }

    pub(super) fn from_environment(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, TransportError> {
        let set = |name: &&str| variable(name).filter(|value| !value.trim().is_empty());
        let mut names = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"].iter();
        let Some((name, value)) = names.find_map(|name| set(name).map(|value| (name, value)))
        else {
            return Ok(Self::None);
        };
        let except = ["NO_PROXY", "no_proxy"]
            .iter()
            .find_map(set)
            .unwrap_or_default();
        Ok(Self::Https(Address::parse(value.trim(), name)?, except))
    }

    /// The address used for https or http targets.
    pub(super) fn address(&self, https: bool) -> Option<&Address> {
        match self {
            Self::All(address) => Some(address),
            Self::Https(address, _) if https => Some(address),
            Self::None | Self::Https(..) => None,
        }
    }

    /// Reqwest's own form.
    pub(super) fn for_targets(
        &self,
        https: bool,
    ) -> Result<Option<reqwest::Proxy>, reqwest::Error> {
        let Some(address) = self.address(https) else {
            return Ok(None);
        };
        let proxy = reqwest::Proxy::all(address.0.to_string())?;
        Ok(Some(match self {
            Self::Https(_, except) => proxy.no_proxy(reqwest::NoProxy::from_string(except)),
            Self::None | Self::All(_) => proxy,
        }))
    }
}

impl Address {
    fn parse(text: &str, whose: &str) -> Result<Self, TransportError> {
        // Neither the text nor the parser's message is shown: there may be a password in it.
        let wrong =
            |why: &str| TransportError::new(TransportErrorKind::Config, format!("{whose} {why}"));
        let text = if text.contains("://") {
            text.to_owned()
        } else {
            format!("http://{text}")
        };
        let uri: Uri = text.parse().map_err(|_| wrong("is not a valid address"))?;
        match uri.scheme_str() {
            Some("http" | "https") => {}
            _ => {
                return Err(wrong(
                    "is neither http nor https, which are all that is spoken",
                ));
            }
        }
        if uri.host().is_none_or(str::is_empty) || reqwest::Url::parse(&text).is_err() {
            return Err(wrong("names no host"));
        }
        Ok(Self(uri))
    }

    pub(super) fn is_https(&self) -> bool {
        self.0.scheme_str() == Some("https")
    }

    pub(super) fn host(&self) -> Option<&str> {
        self.0.host()
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.host().unwrap_or_default())?;
        self.0
            .port_u16()
            .map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::All(address) => f.debug_tuple("All").field(address).finish(),
            Self::Https(address, except) => {
                f.debug_tuple("Https").field(address).field(except).finish()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Result<Proxy, TransportError> {
        Proxy::from_environment(|name| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_environment_is_for_https_only() {
        let proxy = environment(&[("HTTP_PROXY", "http://a:1"), ("http_proxy", "http://b:1")]);
        assert!(matches!(proxy, Ok(Proxy::None)));
        let proxy = environment(&[("ALL_PROXY", "c:3128"), ("NO_PROXY", "x.test")]).unwrap();
        assert_eq!(format!("{proxy:?}"), r#"Https(c:3128, "x.test")"#);
        assert!(proxy.address(true).is_some());
        assert!(proxy.address(false).is_none());
        assert!(proxy.for_targets(false).unwrap().is_none());
    }

    #[test]
    fn the_specific_name_wins_and_an_empty_one_is_none() {
        let both = [
            ("all_proxy", "http://all:1"),
            ("https_proxy", "http://one:1"),
        ];
        assert_eq!(
            format!("{:?}", environment(&both).unwrap()),
            r#"Https(one:1, "")"#
        );
        assert!(matches!(
            environment(&[("HTTPS_PROXY", " ")]),
            Ok(Proxy::None)
        ));
    }

    #[test]
    fn a_password_is_not_shown() {
        let proxy = environment(&[("HTTPS_PROXY", "http://me:hunter2@proxy.test:3128")]).unwrap();
        assert!(!format!("{proxy:?}").contains("hunter2"));
        for bad in [
            "http://me:hunter2@",
            "http://me:hunter2@ho st",
            "socks5://me:hunter2@s:1",
        ] {
            let error = environment(&[("HTTPS_PROXY", bad)]).unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::Config);
            assert!(error.message().starts_with("HTTPS_PROXY "), "{error}");
            assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        }
    }
}
