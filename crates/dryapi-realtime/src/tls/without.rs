//! No TLS: the feature `tls` is off.

use tokio::net::TcpStream;

use crate::error::Error;
use crate::socket::{Io, NoSocket};

/// There is none.
#[derive(Clone, Debug)]
pub(crate) enum Tls {}

impl Tls {
    pub(crate) fn new(_roots: &[Vec<u8>]) -> Result<Self, Error> {
        Err(Error::Config(
            "wss:// needs the feature `tls` of dryapi-realtime, which is off".to_owned(),
        ))
    }

    pub(crate) async fn handshake(
        &self,
        _host: &str,
        _tcp: TcpStream,
    ) -> Result<Box<dyn Io>, NoSocket> {
        match *self {}
    }
}
