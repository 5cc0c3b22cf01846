//! Why the push channel will not come, or not come back.

use crate::channel_name::InvalidClientId;
use crate::endpoint::InvalidEndpoint;

/// Why the push channel cannot be opened, or will not come back unchanged. None of these shows a
/// key or a signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Something was not set, or this machine is not set up for it.
    #[error("the push channel cannot be opened: {0}")]
    Config(String),
    /// The address of the push server is none.
    #[error(transparent)]
    InvalidEndpoint(#[from] InvalidEndpoint),
    /// The client id, or the channel's name, is none.
    #[error(transparent)]
    InvalidClientId(#[from] InvalidClientId),
    /// The service did not authorise the channel: the client id does not belong to the key, or the
    /// key is wrong or revoked (401, 403), or the address is not the service's (404).
    #[error(
        "the service does not authorise the push channel (HTTP {status}): {message}; does the \
         client id belong to this API key?"
    )]
    Unauthorized {
        /// The status of the answer.
        status: u16,
        /// What the service said.
        message: String,
    },
    /// The push server refused the subscription although the service had just authorised it: the
    /// application's key is another's, or the channel's name is not allowed.
    #[error("the push server refuses the channel{}: {message}", coded(*code))]
    Refused {
        /// The status or Pusher code, where told.
        code: Option<u16>,
        /// What the server said.
        message: String,
    },
    /// The push server will not take this connection unchanged: Pusher codes 4000 to 4099, for
    /// instance 4001 for an application key it does not know.
    #[error("the push server refuses the connection ({code}): {message}")]
    Rejected {
        /// The Pusher code.
        code: u16,
        /// What the server said, else what the code means.
        message: String,
    },
}

/// What kind of [`Error`] it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// [`Error::Config`], [`Error::InvalidEndpoint`], [`Error::InvalidClientId`]: wrong before
    /// anything was sent.
    Config,
    /// [`Error::Unauthorized`]
    Unauthorized,
    /// [`Error::Refused`]
    Refused,
    /// [`Error::Rejected`]
    Rejected,
}

impl Error {
    /// What kind it is.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Config(_) | Self::InvalidEndpoint(_) | Self::InvalidClientId(_) => {
                ErrorKind::Config
            }
            Self::Unauthorized { .. } => ErrorKind::Unauthorized,
            Self::Refused { .. } => ErrorKind::Refused,
            Self::Rejected { .. } => ErrorKind::Rejected,
        }
    }

    /// The HTTP status or Pusher code, where there is one.
    #[must_use]
    pub const fn code(&self) -> Option<u16> {
        match self {
            Self::Unauthorized { status, .. } => Some(*status),
            Self::Refused { code, .. } => *code,
            Self::Rejected { code, .. } => Some(*code),
            _ => None,
        }
    }
}

fn coded(code: Option<u16>) -> String {
    code.map(|code| format!(" ({code})")).unwrap_or_default()
}
