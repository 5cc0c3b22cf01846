//! Where a request goes: the address checked, and its name in messages.

use std::fmt;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use http::Uri;
use http::uri::Authority;

use crate::address::is_public;
use crate::error::{TransportError, TransportErrorKind};
use crate::message::Reach;

/// Where a request goes. Shown as host and port only: a path or query may be a secret.
#[derive(Clone, Debug)]
pub(super) struct Target {
    url: reqwest::Url,
}

/// The last origin that was asked, read once: reading a host takes longer than a path.
#[derive(Debug, Default)]
pub(super) struct Origin(Mutex<Option<Known>>);

#[derive(Debug)]
struct Known {
    https: bool,
    authority: Authority,
    url: reqwest::Url,
}

impl Origin {
    /// An address as a URL; `None` where it is none.
    fn url(&self, uri: &Uri, https: bool, authority: &Authority) -> Option<reqwest::Url> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.as_ref()
            && known.https == https
            && known.authority == *authority
        {
            let mut url = known.url.clone();
            url.set_path(uri.path());
            url.set_query(uri.query());
            return Some(url);
        }
        let url = reqwest::Url::parse(&uri.to_string()).ok()?;
        *known = Some(Known {
            https,
            authority: authority.clone(),
            url: url.clone(),
        });
        Some(url)
    }
}

impl Target {
    pub(super) fn new(uri: &Uri, reach: Reach, origin: &Origin) -> Result<Self, TransportError> {
        let wrong = |why: &str| TransportError::new(TransportErrorKind::InvalidRequest, why);
        let https = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            Some(_) => return Err(wrong("only http and https addresses can be requested")),
            None => return Err(wrong("the address is not absolute")),
        };
        let authority = uri
            .authority()
            .ok_or_else(|| wrong("the address names no host"))?;
        if authority.as_str().contains('@') {
            return Err(wrong(
                "an address with user info is refused: it would go out in clear",
            ));
        }
        // The parser's own message is kept out: it may quote the address.
        let url = origin
            .url(uri, https, authority)
            .ok_or_else(|| wrong("the address cannot be read as a URL"))?;
        let target = Self { url };
        // The URL's host and not the URI's: `0x7f.1` is an address too, and here it is read.
        if reach == Reach::Public && target.ip().is_some_and(|ip| !is_public(ip)) {
            let message = format!("could not connect to {target}: its address is not a public one");
            return Err(TransportError::new(TransportErrorKind::Connect, message));
        }
        Ok(target)
    }

    pub(super) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    pub(super) fn url(&self) -> reqwest::Url {
        self.url.clone()
    }

    fn ip(&self) -> Option<IpAddr> {
        self.url
            .host_str()?
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse()
            .ok()
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url.host_str().unwrap_or_default())?;
        match self.url.port_or_known_default() {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(uri: &str, origin: &Origin) -> String {
        let uri = uri.parse().unwrap();
        let target = Target::new(&uri, Reach::Any, origin).unwrap();
        target.url().to_string()
    }

    #[test]
    fn an_origin_that_is_known_gives_the_same_address() {
        let paths = [
            "",
            "/",
            "/a/b",
            "/a/../b",
            "/a/./b/",
            "/%2e%2e/x",
            "/a%2Fb",
            "/a\"b",
            "/a?",
            "/a?x=1&y=a%20b",
            "?q=%27'",
            "/a|b?c|d",
            "//x//y",
            "/a;b=c?d[e]=f",
        ];
        for host in [
            "http://127.0.0.1:8080",
            "https://api.dryapi.dev",
            "http://[::1]:1",
        ] {
            let known = Origin::default();
            read(host, &known);
            for path in paths {
                let Ok(_) = format!("{host}{path}").parse::<Uri>() else {
                    continue;
                };
                let uri = format!("{host}{path}");
                assert_eq!(read(&uri, &known), read(&uri, &Origin::default()), "{uri}");
            }
        }
    }

    #[test]
    fn another_origin_is_read_anew() {
        let origin = Origin::default();
        for uri in [
            "http://a.test/x",
            "https://a.test/x",
            "http://b.test/x",
            "http://a.test:81/x",
        ] {
            assert_eq!(read(uri, &origin), uri);
        }
    }
}
