//! From an endpoint to an open WebSocket.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use dryapi_transport::{BoxFuture, Clock};
use http::Uri;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Error as WsError;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::protocol::MAX_FRAME;
use crate::socket::{Io, NoSocket};
use crate::tls::Tls;

/// How long one of several addresses of a host may take before the next is tried: a host whose
/// IPv6 address leads nowhere is still reached in time.
const ONE_ADDRESS: Duration = Duration::from_secs(3);

/// An open WebSocket.
pub(crate) type Socket = WebSocketStream<Box<dyn Io>>;

/// Opens WebSockets to one endpoint.
#[derive(Clone)]
pub(crate) struct Connector {
    endpoint: Arc<Endpoint>,
    tls: Option<Tls>,
    clock: Arc<dyn Clock>,
}

impl Connector {
    pub(crate) fn new(
        endpoint: Endpoint,
        roots: &[Vec<u8>],
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        let tls = if endpoint.is_tls() {
            Some(Tls::new(roots)?)
        } else {
            None
        };
        Ok(Self {
            endpoint: Arc::new(endpoint),
            tls,
            clock: Arc::clone(clock),
        })
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Opens one. How long it may take altogether is the caller's matter.
    pub(crate) fn open(&self) -> BoxFuture<'static, Result<Socket, NoSocket>> {
        let this = self.clone();
        Box::pin(async move { this.connect().await })
    }

    async fn connect(self) -> Result<Socket, NoSocket> {
        let tcp = self.tcp().await.map_err(unreachable)?;
        // Frames are small and wanted at once.
        tcp.set_nodelay(true).map_err(unreachable)?;
        let io: Box<dyn Io> = match &self.tls {
            Some(tls) => tls.handshake(self.endpoint.host(), tcp).await?,
            None => Box::new(tcp),
        };
        let uri: Uri = self.endpoint.address().parse().map_err(unreachable)?;
        let opened = client_async_with_config(uri, io, Some(config())).await;
        opened.map(|(socket, _)| socket).map_err(|error| {
            NoSocket::Unreachable(match error {
                WsError::Http(answer) => format!("it answered HTTP {}", answer.status().as_u16()),
                error => error.to_string(),
            })
        })
    }

    async fn tcp(&self) -> io::Result<TcpStream> {
        let name = (self.endpoint.host(), self.endpoint.port());
        let addresses: Vec<SocketAddr> = tokio::net::lookup_host(name).await?.collect();
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
        for address in addresses {
            tokio::select! {
                biased;
                connected = TcpStream::connect(address) => match connected {
                    Ok(stream) => return Ok(stream),
                    Err(error) => last = error,
                },
                () = self.clock.sleep(ONE_ADDRESS) => last = io::ErrorKind::TimedOut.into(),
            }
        }
        Err(last)
    }
}

fn unreachable(error: impl std::fmt::Display) -> NoSocket {
    NoSocket::Unreachable(error.to_string())
}

/// Everything is bounded. What we write is small and goes out at once.
fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(16 * 1024)
        .write_buffer_size(0)
        .max_write_buffer_size(64 * 1024)
        .max_message_size(Some(MAX_FRAME))
        .max_frame_size(Some(MAX_FRAME))
}
