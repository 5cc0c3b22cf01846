//! Where the service is: the one origin the key goes to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::Uri;

use crate::error::Error;

/// The service's own address.
pub const DEFAULT_BASE_URL: &str = "https://api.dryapi.dev";

const API: &str = "/api/v1/client";

/// A checked base address, without its trailing slash and without `/api/v1/client`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    text: String,
    host: String,
}

impl BaseUrl {
    /// Checks an address. Plain http goes to this machine only, unless allowed.
    pub(crate) fn parse(text: &str, allow_http: bool) -> Result<Self, Error> {
        let wrong = |why: &str| Err(Error::config(format!("the base URL {why}")));
        let Ok(uri) = text.trim().parse::<Uri>() else {
            return wrong("is not an address; write https://api.dryapi.dev");
        };
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return wrong("needs a scheme and a host; write https://api.dryapi.dev");
        };
        if authority.as_str().contains('@') {
            return wrong("must not hold a user name or password; the key goes into --api-key");
        }
        if uri.query().is_some() {
            return wrong("must not hold a query");
        }
        let host = uri.host().unwrap_or_default().to_owned();
        match scheme {
            "https" => {}
            "http" if allow_http || is_loopback(&host) => {}
            "http" => {
                return wrong(
                    "is plain http to another machine, which would show the API key on the way; \
                     use https, or allow it with allow_http (--allow-http)",
                );
            }
            _ => return wrong("must start with https://"),
        }
        let mut path = uri.path().trim_end_matches('/');
        for suffix in [API, "/api/v1"] {
            path = path
                .strip_suffix(suffix)
                .unwrap_or(path)
                .trim_end_matches('/');
        }
        Ok(Self {
            text: format!("{scheme}://{authority}{path}"),
            host,
        })
    }

    /// The address.
    #[cfg(any(feature = "ledger", any(feature = "ledger", feature = "realtime")))]
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The address of an operation: below `/api/v1/client/`, or of a path that begins with `/` below
    /// the base address itself.
    pub(crate) fn operation(&self, path: &str, query: &[(&str, String)]) -> Result<Uri, Error> {
        let mut address = match path.strip_prefix('/') {
            Some(path) => format!("{}/{path}", self.text),
            None => format!("{}{API}/{path}", self.text),
        };
        let mut separator = if path.contains('?') { '&' } else { '?' };
        for (name, value) in query {
            address.push(std::mem::replace(&mut separator, '&'));
            address.push_str(&escape(name));
            address.push('=');
            address.push_str(&escape(value));
        }
        address
            .parse()
            .map_err(|_| Error::config("the request's address is too long or not valid"))
    }

    /// Whether the configured service is on this machine: then its results may be, over http.
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }

    /// Whether the configured service is itself at an address of a private network.
    pub(crate) fn is_private(&self) -> bool {
        self.is_loopback() || host_ip(&self.host).is_some_and(is_private)
    }
}

/// Everything but unreserved characters as `%XX`.
pub(crate) fn escape(text: &str) -> String {
    dryapi_types::RequestId::from(text).path_segment()
}

fn host_ip(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .parse()
        .ok()
}

/// 127.0.0.0/8, `::1` and `localhost`.
pub(crate) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host_ip(host).is_some_and(|ip| ip.is_loopback())
}

fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => Ipv4Addr::is_private(&ip) || ip.is_link_local(),
        IpAddr::V6(ip) => Ipv6Addr::is_unique_local(&ip) || ip.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation(base: &str) -> String {
        let base = BaseUrl::parse(base, false).unwrap();
        base.operation("balance", &[]).unwrap().to_string()
    }

    #[test]
    fn a_prefix_is_kept_and_nothing_is_doubled() {
        let expected = "https://api.dryapi.dev/api/v1/client/balance";
        for base in [
            "https://api.dryapi.dev",
            "https://api.dryapi.dev/",
            "https://api.dryapi.dev/api/v1",
            "https://api.dryapi.dev/api/v1/client/",
        ] {
            assert_eq!(operation(base), expected, "{base}");
        }
        assert_eq!(
            operation("http://127.0.0.1:8080/proxy/"),
            "http://127.0.0.1:8080/proxy/api/v1/client/balance"
        );
        assert_eq!(
            operation("http://[::1]:1"),
            "http://[::1]:1/api/v1/client/balance"
        );
    }

    #[test]
    fn what_would_show_the_key_is_refused() {
        for base in [
            "http://api.dryapi.dev",
            "http://192.168.1.7",
            "http://127.0.0.1.example.com",
            "https://user:pass@api.dryapi.dev",
            "https://api.dryapi.dev?x=1",
            "ftp://api.dryapi.dev",
            "api.dryapi.dev",
            "",
        ] {
            assert!(BaseUrl::parse(base, false).is_err(), "{base}");
        }
        assert!(BaseUrl::parse("http://192.168.1.7", true).is_ok());
    }

    #[test]
    fn queries_are_escaped() {
        let base = BaseUrl::parse(DEFAULT_BASE_URL, false).unwrap();
        let uri = base.operation("models", &[("filter[inference_types]", "a,b&c".into())]);
        let expected = "filter%5Binference_types%5D=a%2Cb%26c";
        assert_eq!(uri.unwrap().query(), Some(expected));
    }
}
