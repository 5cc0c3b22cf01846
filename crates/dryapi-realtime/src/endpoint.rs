//! Where the push server is. Source: WebSockets page.

use std::fmt;
use std::net::IpAddr;

use http::Uri;

/// The address of a push server: `ws(s)://host[:port]/app/KEY`.
///
/// The application's key is no secret: it names an application of the push server, and everybody's
/// browser shows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Endpoint {
    tls: bool,
    host: String,
    port: u16,
    /// What stands before `/app/`, for a server behind a reverse proxy.
    prefix: String,
    app_key: String,
    cluster: Option<String>,
}

/// A text that is no address of a push server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidEndpoint {
    /// Not an absolute address.
    #[error("the push server's address is none; write wss://host/app/KEY")]
    NotAnAddress,
    /// Neither `wss` nor `ws`.
    #[error("the push server's address must start with wss:// or ws://")]
    Scheme,
    /// It holds a user name or password.
    #[error("the push server's address must not hold a user name or password")]
    UserInfo,
    /// It does not end in `/app/KEY`.
    #[error("the push server's address must end in /app/KEY, the application's key")]
    AppKey,
}

impl Endpoint {
    /// Reads `ws(s)://host[:port]/app/KEY`. A query is dropped: what belongs there is added when
    /// connecting.
    ///
    /// # Errors
    /// [`InvalidEndpoint`] for anything else.
    pub fn parse(text: &str) -> Result<Self, InvalidEndpoint> {
        let uri: Uri = text
            .trim()
            .parse()
            .map_err(|_| InvalidEndpoint::NotAnAddress)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(InvalidEndpoint::NotAnAddress);
        };
        let tls = match scheme {
            "wss" => true,
            "ws" => false,
            _ => return Err(InvalidEndpoint::Scheme),
        };
        if authority.as_str().contains('@') {
            return Err(InvalidEndpoint::UserInfo);
        }
        let path = uri.path().trim_end_matches('/');
        let (before, app_key) = path.rsplit_once('/').ok_or(InvalidEndpoint::AppKey)?;
        let prefix = before.strip_suffix("/app").ok_or(InvalidEndpoint::AppKey)?;
        let endpoint = Self {
            tls,
            host: bare(authority.host()),
            port: authority.port_u16().unwrap_or(if tls { 443 } else { 80 }),
            prefix: prefix.to_owned(),
            app_key: app_key.to_owned(),
            cluster: None,
        };
        endpoint.check()?;
        Ok(endpoint)
    }

    /// The service's own: `wss://soketi.dryapi.dev:443/app/depin-api-prod-key`.
    #[must_use]
    pub fn production() -> Self {
        Self {
            tls: true,
            host: "soketi.dryapi.dev".to_owned(),
            port: 443,
            prefix: String::new(),
            app_key: "depin-api-prod-key".to_owned(),
            cluster: Some("mt1".to_owned()),
        }
    }

    /// The push server that belongs to a base URL: the service's own for `https://api.dryapi.dev`,
    /// none known for any other.
    #[must_use]
    pub fn for_base_url(base_url: &str) -> Option<Self> {
        let uri: Uri = base_url.trim().parse().ok()?;
        let authority = uri.authority()?;
        let own = uri.scheme_str() == Some("https")
            && authority.host().eq_ignore_ascii_case("api.dryapi.dev")
            && !authority.as_str().contains('@')
            && matches!(authority.port_u16(), None | Some(443));
        own.then(Self::production)
    }

    /// With another host. One that is none is refused by
    /// [`ChannelBuilder::open`](crate::ChannelBuilder::open).
    #[must_use]
    pub fn with_host(mut self, host: impl AsRef<str>) -> Self {
        self.host = bare(host.as_ref().trim());
        self
    }

    /// With another port.
    #[must_use]
    pub const fn with_port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// With TLS (`wss`) or without (`ws`). The port stays.
    #[must_use]
    pub const fn with_tls(mut self, tls: bool) -> Self {
        self.tls = tls;
        self
    }

    /// With another application key. One that is none is refused by
    /// [`ChannelBuilder::open`](crate::ChannelBuilder::open).
    #[must_use]
    pub fn with_app_key(mut self, app_key: impl Into<String>) -> Self {
        self.app_key = app_key.into();
        self
    }

    /// With a cluster's name. Stock Pusher clients insist on one; nothing on the wire depends on
    /// it, since the host is known.
    #[must_use]
    pub fn with_cluster(mut self, cluster: impl Into<String>) -> Self {
        self.cluster = Some(cluster.into());
        self
    }

    /// Whether TLS is spoken.
    #[must_use]
    pub const fn is_tls(&self) -> bool {
        self.tls
    }

    /// The host, an IPv6 address without brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The application's key.
    #[must_use]
    pub fn app_key(&self) -> &str {
        &self.app_key
    }

    /// The cluster's name, where one was given.
    #[must_use]
    pub fn cluster(&self) -> Option<&str> {
        self.cluster.as_deref()
    }

    /// Whether it is on this machine: 127.0.0.0/8, `::1` or `localhost`.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }

    pub(crate) fn check(&self) -> Result<(), InvalidEndpoint> {
        let host = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        let ip = self.host.parse::<IpAddr>().is_ok();
        if self.host.is_empty() || !(ip || self.host.chars().all(host)) {
            return Err(InvalidEndpoint::NotAnAddress);
        }
        let key = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        if self.app_key.is_empty() || !self.app_key.chars().all(key) {
            return Err(InvalidEndpoint::AppKey);
        }
        Ok(())
    }

    /// The address to connect to, whole.
    pub(crate) fn address(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        format!("{self}?protocol=7&client=dryapi-rust&version={version}&flash=false")
    }
}

/// The address without its query, the port always told.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "wss" } else { "ws" };
        let Self {
            host,
            port,
            prefix,
            app_key,
            ..
        } = self;
        if host.contains(':') {
            write!(f, "{scheme}://[{host}]:{port}{prefix}/app/{app_key}")
        } else {
            write!(f, "{scheme}://{host}:{port}{prefix}/app/{app_key}")
        }
    }
}

impl std::str::FromStr for Endpoint {
    type Err = InvalidEndpoint;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// A host without the brackets of an IPv6 address.
fn bare(host: &str) -> String {
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned()
}

/// 127.0.0.0/8, `::1` and `localhost`.
pub(crate) fn is_loopback(host: &str) -> bool {
    let host = bare(host);
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_shown_without_their_query() {
        for (text, shown) in [
            ("wss://a.b/app/KEY", "wss://a.b:443/app/KEY"),
            (
                "ws://127.0.0.1:6001/app/k-1/?protocol=7&x=secret",
                "ws://127.0.0.1:6001/app/k-1",
            ),
            ("ws://[::1]/app/k", "ws://[::1]:80/app/k"),
            ("wss://a/push/app/k", "wss://a:443/push/app/k"),
        ] {
            assert_eq!(Endpoint::parse(text).unwrap().to_string(), shown);
        }
        assert_eq!(
            Endpoint::production().to_string(),
            "wss://soketi.dryapi.dev:443/app/depin-api-prod-key"
        );
    }

    #[test]
    fn what_is_no_address_says_why() {
        let error = |text: &str| Endpoint::parse(text).unwrap_err();
        assert_eq!(error("a.b/app/k"), InvalidEndpoint::NotAnAddress);
        assert_eq!(error("/app/k"), InvalidEndpoint::NotAnAddress);
        assert_eq!(error("https://a/app/k"), InvalidEndpoint::Scheme);
        assert_eq!(error("wss://u:p@a/app/k"), InvalidEndpoint::UserInfo);
        for path in ["", "/", "/app", "/app/", "/k", "/app/a/b"] {
            assert_eq!(
                error(&format!("wss://a{path}")),
                InvalidEndpoint::AppKey,
                "{path}"
            );
        }
        let changed = Endpoint::production().with_host("a b");
        assert_eq!(changed.check(), Err(InvalidEndpoint::NotAnAddress));
    }

    #[test]
    fn the_services_push_server_belongs_to_the_services_address_only() {
        for base in [
            "https://api.dryapi.dev",
            "https://API.dryapi.dev:443/api/v1/client/",
        ] {
            assert_eq!(Endpoint::for_base_url(base), Some(Endpoint::production()));
        }
        for base in [
            "http://api.dryapi.dev",
            "https://api.dryapi.dev:8443",
            "https://api.deapi.ai",
            "https://api.dryapi.dev.example.com",
            "https://api.dryapi.dev@example.com",
            "http://127.0.0.1:4010",
            "",
        ] {
            assert_eq!(Endpoint::for_base_url(base), None, "{base}");
        }
    }

    #[test]
    fn every_part_can_be_changed() {
        let endpoint = Endpoint::production()
            .with_host("[::1]")
            .with_port(6001)
            .with_tls(false)
            .with_app_key("app-key")
            .with_cluster("eu");
        assert_eq!(endpoint.to_string(), "ws://[::1]:6001/app/app-key");
        assert!(endpoint.is_loopback());
        assert_eq!(endpoint.cluster(), Some("eu"));
        assert!(!Endpoint::production().is_loopback());
    }
}
