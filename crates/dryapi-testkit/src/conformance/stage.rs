//! What a check needs: a transport, and somebody at the other end who does as told.

use std::sync::{Arc, Mutex, PoisonError};

use dryapi_transport::Transport;
use http::{HeaderMap, Method, Uri};

/// What the other end does to every connection.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// Nobody listens.
    Refuse,
    /// The request is read, and the connection closed.
    Drop,
    /// The request is read, these bytes are sent, and the connection is closed.
    Send(Vec<u8>),
    /// The same, and then the connection is silent until the other side closes it.
    SendAndHang(Vec<u8>),
    /// The first bytes are sent; the others when the test says so.
    SendInTwo(Vec<u8>, Vec<u8>),
}

/// A transport, the server's address, and what arrives there.
pub(super) struct Scene<T> {
    pub(super) transport: T,
    /// Without a path.
    pub(super) base: String,
    pub(super) seen: Seen,
    /// Dropped when the scene is over; ends the server.
    pub(super) other_end: Box<dyn OtherEnd>,
}

/// The server, from the test's side.
pub(super) trait OtherEnd: Send {
    /// Lets [`Act::SendInTwo`] send the rest.
    fn go_on(&self) {}
}

/// The whole requests that arrived.
pub(super) type Seen = Arc<dyn Fn() -> Vec<Arrived> + Send + Sync>;

/// One whole request as it arrived.
#[derive(Clone, Debug)]
pub(super) struct Arrived {
    pub(super) method: Method,
    /// Path and query.
    pub(super) target: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// Where checks are played.
pub(super) trait Stage {
    type Transport: Transport;

    fn set(&self, act: Act) -> Scene<Self::Transport>;
}

impl<T> Scene<T> {
    /// An address at the server.
    pub(super) fn uri(&self, target: &str) -> Result<Uri, String> {
        let text = format!("{}{target}", self.base);
        text.parse().map_err(|error| format!("{text}: {error}"))
    }
}

/// A list that several threads write.
#[derive(Debug, Default)]
pub(super) struct Log(Mutex<Vec<Arrived>>);

impl Log {
    pub(super) fn note(&self, arrived: Arrived) {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.push(arrived);
    }

    pub(super) fn read(&self) -> Vec<Arrived> {
        let log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.clone()
    }
}
