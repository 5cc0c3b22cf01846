//! What a channel needs before it is opened.

use std::fmt;
use std::sync::Arc;

use dryapi_transport::{Clock, Transport};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue, Uri};

use crate::authorize::Authorizer;
use crate::channel::{Channel, Parts};
use crate::channel_name::ChannelName;
use crate::endpoint::{Endpoint, is_loopback};
use crate::error::Error;
use crate::protocol::{Machine, Random};

/// What a [`Channel`] needs before it is opened: made by [`Channel::builder`].
#[must_use]
pub struct ChannelBuilder {
    endpoint: Endpoint,
    client_id: String,
    auth_url: Option<Uri>,
    headers: HeaderMap,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    random: Option<Random>,
    roots: Vec<Vec<u8>>,
    allow_plain: bool,
}

impl Channel {
    /// What a channel needs before it is opened. `client_id` is the one the dashboard shows, or the
    /// whole name of a private channel.
    pub fn builder(endpoint: Endpoint, client_id: impl Into<String>) -> ChannelBuilder {
        ChannelBuilder::new(endpoint, client_id.into())
    }
}

impl ChannelBuilder {
    fn new(endpoint: Endpoint, client_id: String) -> Self {
        Self {
            endpoint,
            client_id,
            auth_url: None,
            headers: HeaderMap::new(),
            transport: None,
            clock: None,
            random: None,
            roots: Vec::new(),
            allow_plain: false,
        }
    }

    /// Where the channel is authorised: `{base_url}/broadcasting/auth`, at the host's root. Needed.
    pub fn auth_url(mut self, url: Uri) -> Self {
        self.auth_url = Some(url);
        self
    }

    /// The `Authorization` of the request that authorises the channel: `Bearer <API key>`. It never
    /// travels on the socket, and is never shown.
    pub fn authorization(self, value: HeaderValue) -> Self {
        self.header(AUTHORIZATION, value)
    }

    /// Another header of that request, in place of others of its name.
    pub fn header(mut self, name: HeaderName, mut value: HeaderValue) -> Self {
        if name == AUTHORIZATION {
            value.set_sensitive(true);
        }
        self.headers.insert(name, value);
        self
    }

    /// What moves that request. Needed.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// What tells the time. Needed.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// What gives fractions from 0 up to 1, so that clients which lost their server together do not
    /// come back together. Needed.
    pub fn random(mut self, random: Arc<dyn Fn() -> f64 + Send + Sync>) -> Self {
        self.random = Some(random);
        self
    }

    /// Trusts the authorities of a PEM file, beside the system's. Read by [`open`](Self::open).
    pub fn root_certificate_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots.push(pem.into());
        self
    }

    /// Allows `ws://` and `http://` to another machine. Default: to this machine only.
    ///
    /// The API key does not travel on the socket, only a signature for one channel of one
    /// connection; but the signed addresses of results do, and whoever reads them can fetch them.
    /// Over plain http, the request that authorises the channel shows the key itself.
    pub const fn allow_plain(mut self, allow: bool) -> Self {
        self.allow_plain = allow;
        self
    }

    /// Checks everything. Nothing is sent before the channel is polled.
    ///
    /// # Errors
    /// [`Error`] of kind [`Config`](crate::ErrorKind::Config): something needed is missing, the
    /// endpoint or the client id is none, `ws://` or `http://` to another machine, `wss://` without
    /// the feature `tls`, or a root certificate that is none.
    pub fn open(self) -> Result<Channel, Error> {
        let missing = |what: &str| Error::Config(format!("no {what} was given"));
        self.endpoint.check()?;
        let name = ChannelName::new(&self.client_id)?;
        let auth_url = self.auth_url.ok_or_else(|| missing("auth_url"))?;
        let transport = self.transport.ok_or_else(|| missing("transport"))?;
        let clock = self.clock.ok_or_else(|| missing("clock"))?;
        let random = self.random.ok_or_else(|| missing("random"))?;
        if !(self.allow_plain || self.endpoint.is_tls() || self.endpoint.is_loopback()) {
            return Err(Error::Config(
                "ws:// to another machine would show the addresses of results on the way; use \
                 wss://, or allow_plain"
                    .to_owned(),
            ));
        }
        let host = auth_url.host().unwrap_or_default();
        match auth_url.scheme_str() {
            Some("https") => {}
            Some("http") if self.allow_plain || is_loopback(host) => {}
            Some("http") => {
                return Err(Error::Config(
                    "an auth_url of plain http would show the API key on the way; use https, or \
                     allow_plain"
                        .to_owned(),
                ));
            }
            _ => {
                return Err(Error::Config(
                    "the auth_url must be a whole address, https://…/broadcasting/auth".to_owned(),
                ));
            }
        }
        let connector = crate::connect::Connector::new(self.endpoint, &self.roots, &clock)?;
        Ok(Channel::new(Parts {
            machine: Machine::new(name, random),
            authorizer: Authorizer::new(transport, Arc::clone(&clock), auth_url, self.headers),
            connector,
            clock,
        }))
    }
}

impl fmt::Debug for ChannelBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChannelBuilder")
            .field("endpoint", &self.endpoint)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}
