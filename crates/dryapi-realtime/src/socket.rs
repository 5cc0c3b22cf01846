//! What a WebSocket is spoken over, and why there may be none.

use tokio::io::{AsyncRead, AsyncWrite};

use crate::error::Error;

/// What a WebSocket is spoken over.
pub(crate) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// Why there is no WebSocket.
#[derive(Debug)]
pub(crate) enum NoSocket {
    /// Not now.
    Unreachable(String),
    /// Not from this machine, as it is set up.
    #[cfg_attr(
        not(feature = "tls"),
        expect(dead_code, reason = "only TLS needs more than a network")
    )]
    Impossible(Error),
}
