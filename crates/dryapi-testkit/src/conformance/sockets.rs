//! The stage with servers that listen.

use std::sync::Arc;

use dryapi_transport::Transport;

use super::server::Server;
use super::stage::{Act, Log, Scene, Stage};

/// Makes transports, and servers for them.
pub(super) struct Sockets<F> {
    make: F,
}

impl<F> Sockets<F> {
    pub(super) fn new(make: F) -> Self {
        Self { make }
    }
}

impl<T: Transport, F: Fn() -> T> Stage for Sockets<F> {
    type Transport = T;

    #[expect(
        clippy::expect_used,
        reason = "without loopback there is nothing to say about the transport"
    )]
    fn set(&self, act: Act) -> Scene<T> {
        let log = Arc::new(Log::default());
        let server = Server::start(act, Arc::clone(&log)).expect("a server on 127.0.0.1");
        Scene {
            transport: (self.make)(),
            base: format!("http://{}", server.address),
            seen: Arc::new(move || log.read()),
            other_end: Box::new(server),
        }
    }
}
