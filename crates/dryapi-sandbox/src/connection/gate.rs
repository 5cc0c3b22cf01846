//! The sandbox's own listener.

use std::io;
use std::net::SocketAddr;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::net::TcpListener;

use super::line::Line;
use super::wire::Wire;

/// Accepts connections.
#[derive(Debug)]
pub(crate) struct Gate(TcpListener);

impl Gate {
    pub(crate) async fn bind(host: &str, port: u16) -> io::Result<Self> {
        TcpListener::bind((host, port)).await.map(Self)
    }

    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl Listener for Gate {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        // axum's own way with errors: transient ones are waited out.
        let (stream, peer) = Listener::accept(&mut self.0).await;
        // Without this, small answers wait for the peer's acknowledgement; failing costs speed only.
        let _ = stream.set_nodelay(true);
        (Wire::new(stream), peer)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.address()
    }
}

impl Connected<IncomingStream<'_, Gate>> for Line {
    fn connect_info(stream: IncomingStream<'_, Gate>) -> Self {
        stream.io().line()
    }
}
