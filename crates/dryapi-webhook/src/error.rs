//! What is wrong with a delivery, or with the secrets.

use std::fmt;

use dryapi_types::InvalidEvent;

/// One of the two headers that prove where a delivery came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureHeader {
    /// `X-dryAPI-Signature`
    Signature,
    /// `X-dryAPI-Timestamp`
    Timestamp,
}

impl fmt::Display for SignatureHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Signature => "signature",
            Self::Timestamp => "timestamp",
        })
    }
}

/// Why a delivery is refused. None of these shows a signature or a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// Neither brand has both headers: not from the service, or a proxy dropped them.
    #[error("the {0} header is missing")]
    Missing(SignatureHeader),
    /// The header stands there twice, so nobody can tell which was meant.
    #[error("the {0} header is repeated")]
    Repeated(SignatureHeader),
    /// The header holds bytes that are not ASCII.
    #[error("the {0} header is not ASCII")]
    NotAscii(SignatureHeader),
    /// The signature is written in upper case; the service writes lower-case hex.
    #[error("the signature is not lower-case hex")]
    UpperCase,
    /// The signature is not `sha256=` and 64 digits of hex.
    #[error("the signature is not `sha256=` and 64 hex digits")]
    MalformedSignature,
    /// The timestamp is not Unix seconds in decimal.
    #[error("the timestamp is not Unix seconds in decimal")]
    MalformedTimestamp,
    /// No secret made this signature: another account's secret, or the body was changed on its way
    /// (parsed and written again, decompressed, trimmed).
    #[error("the signature matches no secret and this exact body")]
    WrongSignature,
    /// Signed genuinely, but longer ago than is tolerated: replayed, or our clock is ahead.
    #[error("the delivery is older than is tolerated")]
    TooOld,
    /// Signed genuinely, but further in the future than is tolerated: our clock is behind.
    #[error("the delivery is further in the future than is tolerated")]
    TooNew,
    /// Signed genuinely and just now, but its body is no event.
    #[error("the delivery is genuine, but no event: {0}")]
    NotAnEvent(#[source] InvalidEvent),
}

/// Secrets that would verify nothing, or anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSecrets {
    /// There is none.
    #[error("no webhook secret was given")]
    None,
    /// One is empty: everybody could sign with it.
    #[error("a webhook secret is empty")]
    Empty,
}
