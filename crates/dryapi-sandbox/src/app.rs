//! What every handler can reach.

use std::net::SocketAddr;

use http::HeaderMap;

use crate::config::Config;
use crate::host;
use crate::random::{Rng, hash_texts};
use crate::works::Works;
use crate::world::World;

/// The world, its works, and where they are served.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) world: World,
    pub(crate) works: Works,
    pub(crate) signing_key: [u8; 32],
    address: SocketAddr,
}

impl App {
    pub(crate) fn new(config: Config, address: SocketAddr) -> Self {
        let mut rng = Rng::new(hash_texts(&["signing key", &config.seed.to_string()]));
        let signing_key = [(); 32].map(|()| rng.next_u64() as u8);
        Self {
            world: World::new(config),
            works: Works::default(),
            signing_key,
            address,
        }
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
