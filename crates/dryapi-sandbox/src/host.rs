//! Which hosts a caller may name: a page in a browser must not reach the admin interface through
//! a name that resolves to this machine.

use std::net::IpAddr;

use http::HeaderMap;
use http::header::{HOST, ORIGIN};
use http::uri::Authority;

/// Whether a host name or address is this machine's own loopback.
pub(crate) fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

fn is_ours(authority: &Authority, own: &str) -> bool {
    is_loopback(authority.host()) || authority.host().eq_ignore_ascii_case(own)
}

/// The `Host` a caller named, if it is loopback or the sandbox's `own` host.
pub(crate) fn named(headers: &HeaderMap, own: &str) -> Option<Authority> {
    let authority: Authority = headers.get(HOST)?.to_str().ok()?.parse().ok()?;
    (is_ours(&authority, own) && !authority.as_str().contains('@')).then_some(authority)
}

/// Whether a request comes from here: its host is ours, and so is the page it was sent by, if any.
pub(crate) fn is_local(headers: &HeaderMap, own: &str) -> bool {
    let page = headers.get(ORIGIN).map(|origin| {
        let origin = origin
            .to_str()
            .ok()
            .and_then(|origin| origin.split_once("://"));
        origin.and_then(|(_, authority)| authority.parse::<Authority>().ok())
    });
    let page_is_ours = match page {
        Some(Some(authority)) => is_ours(&authority, own),
        Some(None) => false,
        None => true,
    };
    named(headers, own).is_some() && page_is_ours
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(host: &str, origin: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(ORIGIN, origin.parse().unwrap());
        }
        headers
    }

    #[test]
    fn only_this_machine_may_name_itself() {
        for host in [
            "127.0.0.1:4000",
            "localhost",
            "LOCALHOST:1",
            "[::1]:80",
            "127.8.8.8",
            "box:3",
        ] {
            assert!(is_local(&headers(host, None), "box"), "{host}");
        }
        for host in [
            "evil.example",
            "127.0.0.1.evil.example",
            "user@localhost",
            "10.0.0.1",
            "",
        ] {
            assert!(!is_local(&headers(host, None), "box"), "{host}");
        }
        assert!(is_local(
            &headers("localhost:1", Some("http://localhost:3000")),
            "box"
        ));
        assert!(!is_local(
            &headers("localhost:1", Some("https://evil.example")),
            "box"
        ));
        assert!(!is_local(&headers("localhost:1", Some("null")), "box"));
        assert!(!is_local(&HeaderMap::new(), "box"));
    }
}
