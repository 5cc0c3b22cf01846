//! How an [`HttpTransport`] is set up.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::Uri;

use super::clock::SystemClock;
use super::pools::{Idle, Pools};
use super::proxy::Proxy;
use super::tls::{Backend, Tls};
use super::transport::HttpTransport;
use crate::clock::Clock;
use crate::error::TransportError;

type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Sets up an [`HttpTransport`].
///
/// # TLS
/// With the feature `reqwest` (default) TLS is rustls' with the `ring` provider; a provider that the
/// program installed as rustls' default is taken instead. `rustls-no-provider` leaves `ring` out:
/// install one before the first request. `native-tls` speaks it by the system's own library; where
/// both are built in, rustls does, unless `native_tls()` is called.
#[derive(Clone)]
#[must_use]
pub struct HttpTransportBuilder {
    proxy: Choice,
    root_certificates: Vec<Vec<u8>>,
    backend: Backend,
    clock: Arc<dyn Clock>,
    idle: Idle,
    environment: Environment,
}

#[derive(Clone)]
enum Choice {
    Environment,
    None,
    Given(Uri),
}

impl HttpTransport {
    /// A transport with the defaults.
    ///
    /// # Errors
    /// [`Config`](crate::TransportErrorKind::Config) when the environment names a proxy that is
    /// none.
    pub fn new() -> Result<Self, TransportError> {
        Self::builder().build()
    }

    /// Sets a transport up.
    pub fn builder() -> HttpTransportBuilder {
        HttpTransportBuilder {
            proxy: Choice::Environment,
            root_certificates: Vec::new(),
            backend: Backend::default(),
            clock: Arc::new(SystemClock::new()),
            idle: Idle {
                usual: Duration::from_secs(15),
                careful: Duration::from_secs(3),
            },
            environment: Arc::new(|name| std::env::var(name).ok()),
        }
    }
}

impl HttpTransportBuilder {
    /// Sends everything through an HTTP proxy, `http://[user:password@]host:port` or `https://…`.
    ///
    /// By default the environment is asked when the transport is built, and for https requests
    /// only: `HTTPS_PROXY`, `https_proxy`, `ALL_PROXY`, `all_proxy` in this order, with the
    /// exceptions in `NO_PROXY` or `no_proxy`. `HTTP_PROXY` is not read: requests to a server on
    /// this machine would go to the proxy with their key.
    ///
    /// Through a proxy, names are looked up there: [`Reach::Public`](crate::Reach::Public) can only
    /// check addresses that stand in the request itself.
    pub fn proxy(mut self, uri: Uri) -> Self {
        self.proxy = Choice::Given(uri);
        self
    }

    /// Uses no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Choice::None;
        self
    }

    /// Trusts the certificate authorities in a PEM file in addition to the system's.
    pub fn add_root_certificate_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Speaks TLS by the system's own library, also where rustls is built in: OpenSSL on Linux,
    /// Schannel on Windows, Security on a Mac.
    #[cfg(feature = "native-tls")]
    #[cfg_attr(docsrs, doc(cfg(feature = "native-tls")))]
    pub fn native_tls(mut self) -> Self {
        self.backend = Backend::Native;
        self
    }

    /// Runs the timers of [`Timeouts`](crate::Timeouts) on this clock instead of the machine's.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// How long a connection may have been idle to be used again, for
    /// [`Reuse::Usual`](crate::Reuse::Usual) (default 15 s) and
    /// [`Reuse::Careful`](crate::Reuse::Careful) (default 3 s). Counted on the machine's own clock.
    pub fn idle_connections(mut self, usual: Duration, careful: Duration) -> Self {
        self.idle = Idle { usual, careful };
        self
    }

    /// Reads environment variables here instead of from the process.
    pub fn environment(
        mut self,
        variable: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.environment = Arc::new(variable);
        self
    }

    /// The transport. Nothing is connected yet, and the TLS roots are read with the first https
    /// request.
    ///
    /// # Errors
    /// [`Config`](crate::TransportErrorKind::Config) when a proxy's address is none or an
    /// additional certificate cannot be read.
    pub fn build(self) -> Result<HttpTransport, TransportError> {
        let proxy = match &self.proxy {
            Choice::Environment => Proxy::from_environment(&*self.environment)?,
            Choice::None => Proxy::None,
            Choice::Given(uri) => Proxy::all(uri)?,
        };
        let tls = Tls::new(self.backend, &self.root_certificates)?;
        Ok(HttpTransport::over(
            Pools::new(proxy, self.idle, tls),
            self.clock,
        ))
    }
}

impl fmt::Debug for HttpTransportBuilder {
    /// Without the proxy's address: there may be a password in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let proxy = match self.proxy {
            Choice::Environment => "from the environment",
            Choice::None => "none",
            Choice::Given(_) => "given",
        };
        f.debug_struct("HttpTransportBuilder")
            .field("proxy", &proxy)
            .field("root_certificates", &self.root_certificates.len())
            .field("clock", &self.clock)
            .field("idle", &self.idle)
            .finish_non_exhaustive()
    }
}
