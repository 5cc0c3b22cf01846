//! The sandbox's own listener. Faults that touch the connection itself (drop, reset, stall, cut)
//! belong here and not in handlers: this is where a connection can be wrapped.

use std::io;
use std::net::SocketAddr;

use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};

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
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        // axum's own way with errors: transient ones are waited out.
        let (stream, peer) = Listener::accept(&mut self.0).await;
        // Without this, small answers wait for the peer's acknowledgement; failing costs speed only.
        let _ = stream.set_nodelay(true);
        (stream, peer)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.address()
    }
}
