//! Why there was no response, and what is known about delivery.

use std::error::Error as StdError;
use std::fmt;

/// What went wrong. Each kind's doc says what is known about delivery; a single error may know
/// more: [`TransportError::provably_not_sent`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The request could not be built, or its address is not one. Never left the machine.
    InvalidRequest,
    /// This machine is not set up for it: no TLS roots, a bad proxy address. Never left the
    /// machine.
    Config,
    /// No connection: name, refusal, TLS handshake, or an address that may not be reached. Never
    /// left the machine.
    Connect,
    /// The request's own body could not be read to its end. Without its last byte the server
    /// cannot have taken it: never delivered.
    RequestBody,
    /// A timer ran out. May have been accepted once the body's last byte was handed out.
    Timeout,
    /// The connection broke. May have been accepted once the body's last byte was handed out.
    Interrupted,
    /// The response broke HTTP, or ended before its length. The request was taken: may have been
    /// accepted.
    InvalidResponse,
    /// The response is larger than allowed. The request was taken: may have been accepted.
    TooLarge,
    /// Anything else. May have been accepted.
    Other,
}

impl TransportErrorKind {
    /// Whether errors of this kind always mean that the request never left the machine, or never
    /// whole ([`RequestBody`](Self::RequestBody)): no server can have accepted it.
    #[must_use]
    pub const fn never_sent(self) -> bool {
        matches!(
            self,
            Self::InvalidRequest | Self::Config | Self::Connect | Self::RequestBody
        )
    }
}

/// There was no response.
///
/// Publicly constructible, so that an own [`Transport`](crate::Transport) can say what it knows:
///
/// ```
/// use dryapi_transport::{TransportError, TransportErrorKind};
/// let error = TransportError::new(TransportErrorKind::Interrupted, "connection reset");
/// assert!(!error.provably_not_sent());
/// assert!(error.not_sent().provably_not_sent());
/// ```
pub struct TransportError {
    kind: TransportErrorKind,
    not_sent: bool,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl TransportError {
    /// An error of a kind, with a message for people (no secret, no signed address).
    pub fn new(kind: TransportErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            not_sent: kind.never_sent(),
            message: message.into(),
            source: None,
        }
    }

    /// With proof that the request never left the machine, or never whole.
    #[must_use]
    pub const fn not_sent(mut self) -> Self {
        self.not_sent = true;
        self
    }

    /// With what caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What went wrong.
    #[must_use]
    pub const fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the server provably cannot have taken the request. `false` means unknown: it may
    /// have been accepted, and charged.
    #[must_use]
    pub const fn provably_not_sent(&self) -> bool {
        self.not_sent
    }

    /// The message for people, without its causes.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportError")
            .field("kind", &self.kind)
            .field("not_sent", &self.not_sent)
            .field("message", &self.message)
            .field("source", &self.source.as_ref().map(ToString::to_string))
            .finish()
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
