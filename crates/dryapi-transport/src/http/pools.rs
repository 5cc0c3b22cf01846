//! Connections kept for reuse: one reqwest client for each pairing of what is per client there and
//! per request here. Made when first needed, so that an http request needs no TLS roots.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::proxy::{Address, Proxy};
use super::resolve::PublicOnly;
use super::target::Target;
use super::tls::Tls;
use crate::error::{TransportError, TransportErrorKind};
use crate::message::{Reach, Reuse};

/// What a client is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Purpose {
    pub(super) https: bool,
    pub(super) reuse: Reuse,
    pub(super) reach: Reach,
}

/// How long a connection may have been idle to be used again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Idle {
    pub(super) usual: Duration,
    pub(super) careful: Duration,
}

/// The clients.
pub(super) struct Pools {
    proxy: Proxy,
    idle: Idle,
    tls: Tls,
    clients: Mutex<HashMap<Purpose, reqwest::Client>>,
}

impl Pools {
    pub(super) fn new(proxy: Proxy, idle: Idle, tls: Tls) -> Self {
        Self {
            proxy,
            idle,
            tls,
            clients: Mutex::default(),
        }
    }

    /// The proxy set for a target.
    pub(super) fn proxy(&self, target: &Target) -> Option<&Address> {
        self.proxy.address(target.is_https())
    }

    /// Closes all idle connections. Requests on their way are not touched.
    pub(super) fn forget_connections(&self) {
        self.clients
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// The client for a purpose.
    pub(super) async fn client(&self, purpose: Purpose) -> Result<reqwest::Client, TransportError> {
        let known = self
            .clients
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&purpose)
            .cloned();
        match known {
            Some(client) => Ok(client),
            // Boxed, since the future of every request would be large with it.
            None => Box::pin(self.new_client(purpose)).await,
        }
    }

    async fn new_client(&self, purpose: Purpose) -> Result<reqwest::Client, TransportError> {
        let through_tls = self
            .proxy
            .address(purpose.https)
            .is_some_and(|proxy| proxy.is_https());
        let builder = reqwest::Client::builder();
        let needed = purpose.https || through_tls;
        let builder = self.tls.set_up(builder, needed).await?;
        let made = self.make(purpose, builder)?;
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        // Another request may have been faster; its client has connections already.
        Ok(clients.entry(purpose).or_insert(made).clone())
    }

    fn make(
        &self,
        purpose: Purpose,
        builder: reqwest::ClientBuilder,
    ) -> Result<reqwest::Client, TransportError> {
        let proxy = self.proxy.for_targets(purpose.https).map_err(cannot_make)?;
        let idle = match purpose.reuse {
            Reuse::Usual => self.idle.usual,
            Reuse::Careful => self.idle.careful,
        };
        let mut builder = builder
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            // Another crate of the program may have switched these features of reqwest on.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .no_hickory_dns()
            // Switches reading the environment off; ours is added below.
            .no_proxy()
            .pool_idle_timeout(idle);
        if cfg!(not(feature = "http2")) {
            builder = builder.http1_only();
        }
        #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
        {
            // It would tear a slow upload after 30 s without an acknowledgement; timers are ours.
            builder = builder.tcp_user_timeout(None);
        }
        if purpose.reach == Reach::Public {
            let host = self
                .proxy
                .address(purpose.https)
                .and_then(|proxy| proxy.host());
            builder = builder.dns_resolver(PublicOnly::except(host));
        }
        if let Some(proxy) = proxy {
            builder = builder.proxy(proxy);
        }
        builder.build().map_err(cannot_make)
    }
}

fn cannot_make(error: reqwest::Error) -> TransportError {
    let message = "the HTTP client could not be set up";
    // Without its address: that may be a proxy's, with its password.
    TransportError::new(TransportErrorKind::Config, message).with_source(error.without_url())
}

impl fmt::Debug for Pools {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pools")
            .field("proxy", &self.proxy)
            .field("idle", &self.idle)
            .finish_non_exhaustive()
    }
}
