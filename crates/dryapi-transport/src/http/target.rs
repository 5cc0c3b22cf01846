//! Where a request goes: the address checked, and its name in messages.

use std::fmt;
use std::net::IpAddr;

use http::Uri;

use super::address::is_public;
use crate::error::{TransportError, TransportErrorKind};
use crate::message::Reach;

/// Where a request goes. Shown as host and port only: a path or query may be a secret.
#[derive(Clone, Debug)]
pub(super) struct Target {
    url: reqwest::Url,
}

impl Target {
    pub(super) fn new(uri: &Uri, reach: Reach) -> Result<Self, TransportError> {
        let wrong = |why: &str| TransportError::new(TransportErrorKind::InvalidRequest, why);
        match uri.scheme_str() {
            Some("http" | "https") => {}
            Some(_) => return Err(wrong("only http and https addresses can be requested")),
            None => return Err(wrong("the address is not absolute")),
        }
        let authority = uri
            .authority()
            .ok_or_else(|| wrong("the address names no host"))?;
        if authority.as_str().contains('@') {
            return Err(wrong(
                "an address with user info is refused: it would go out in clear",
            ));
        }
        // The parser's own message is kept out: it may quote the address.
        let url = reqwest::Url::parse(&uri.to_string())
            .map_err(|_| wrong("the address cannot be read as a URL"))?;
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
