//! What every handler can reach.

use std::net::SocketAddr;

use http::HeaderMap;
use tokio::sync::watch;

use crate::config::Config;
use crate::deliveries::Deliveries;
use crate::faults::Armed;
use crate::host;
use crate::key::Key;
use crate::limits::Limits;
use crate::push::{Office, client_id};
use crate::random::{Rng, hash_texts};
use crate::rules::InvalidFault;
use crate::webhook::WebhookUrl;
use crate::works::Works;
use crate::world::World;

/// The world, its works, and where they are served.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) world: World,
    pub(crate) works: Works,
    pub(crate) faults: Armed,
    pub(crate) limits: Limits,
    pub(crate) push: Office,
    pub(crate) deliveries: Deliveries,
    /// The account-wide one.
    pub(crate) webhook_url: Option<WebhookUrl>,
    pub(crate) signing_key: [u8; 32],
    address: SocketAddr,
    /// Its other end is dropped when the sandbox stops.
    running: watch::Receiver<()>,
}

impl App {
    pub(crate) fn new(
        config: Config,
        address: SocketAddr,
        running: watch::Receiver<()>,
    ) -> Result<Self, InvalidFault> {
        let mut rng = Rng::new(hash_texts(&["signing key", &config.seed.to_string()]));
        let signing_key = [(); 32].map(|()| rng.next_u64() as u8);
        Ok(Self {
            faults: Armed::new(config.faults.clone())?,
            limits: Limits::new(config.plan),
            push: Office::new(config.seed),
            deliveries: Deliveries::default(),
            webhook_url: config.webhook().ok().flatten(),
            world: World::new(config),
            works: Works::default(),
            signing_key,
            address,
            running,
        })
    }

    /// A fresh account for a key, or for all.
    pub(crate) fn reset(&self, key: Option<&Key>) {
        self.world.reset(key);
        self.limits.reset(key);
        self.faults.reset(key);
        self.deliveries.reset(key);
    }

    /// The client id of a key's account, which its channel is named after.
    pub(crate) fn client_id_of(&self, key: &Key) -> String {
        client_id(key, self.world.main_key())
    }

    /// Until the sandbox stops.
    pub(crate) async fn stopped(&self) {
        // Nothing is ever sent: it ends when the other end is gone.
        let _ = self.running.clone().changed().await;
    }

    /// The sandbox's own address, for instance `http://127.0.0.1:41234`.
    pub(crate) fn base_url(&self) -> String {
        format!("http://{}", self.authority())
    }

    /// The configured host, which callers may name beside loopback.
    pub(crate) fn host(&self) -> &str {
        &self.world.config.host
    }

    /// The origin the caller used, so that its next request takes the same way.
    pub(crate) fn origin_for(&self, headers: &HeaderMap) -> String {
        match host::named(headers, self.host()) {
            Some(authority) => format!("http://{authority}"),
            None => self.base_url(),
        }
    }

    /// Where the server is reached, for instance `127.0.0.1:41234`.
    pub(crate) fn authority(&self) -> String {
        // Bound to every address, it is reached at loopback.
        if self.address.ip().is_unspecified() {
            format!("127.0.0.1:{}", self.address.port())
        } else {
            self.address.to_string()
        }
    }
}
