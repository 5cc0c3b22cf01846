//! What the push channel tells.

use std::time::Duration;

use dryapi_types::Update;

use crate::error::Error;

/// What the push channel tells.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Signal {
    /// Updates flow from now on.
    Subscribed {
        /// Whether there was a subscription before: something may have been missed since, and
        /// nothing is told again. Read every open job once.
        gap: bool,
    },
    /// News of a job; of any job of the account. Never the same of one job twice in a row.
    Update(Update),
    /// The connection was lost, or could not be made. It will be tried again.
    Lost {
        /// Why.
        why: Loss,
        /// When it is tried again, counted from now.
        again_in: Duration,
    },
    /// The last item: it would not come back unchanged.
    Stopped(Error),
}

/// What the push channel waited for in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// A connection, with TLS and the WebSocket's handshake.
    Connect,
    /// The server's greeting, `pusher:connection_established`.
    Greeting,
    /// The service's answer to the request that authorises the channel.
    Authorization,
    /// The server's answer to `pusher:subscribe`.
    Subscription,
    /// The answer to a ping.
    Pong,
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Connect => "a connection",
            Self::Greeting => "the push server's greeting",
            Self::Authorization => "the channel's authorisation",
            Self::Subscription => "the answer to the subscription",
            Self::Pong => "the answer to a ping",
        })
    }
}

/// Why the connection was lost, or not made. Texts of the server's are cut to 200 characters and
/// show no signature; escape them before they reach a terminal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Loss {
    /// There was no connection: name, refusal, TLS, or an answer that is no WebSocket.
    #[error("the push server cannot be reached: {0}")]
    Unreachable(String),
    /// The connection broke, or ended without a goodbye.
    #[error("the connection to the push server broke: {0}")]
    Broken(String),
    /// The server closed the connection.
    #[error("the push server closed the connection{}{}", coded(*code), said(reason))]
    Closed {
        /// Its close code, where it gave one.
        code: Option<u16>,
        /// Its reason, often empty.
        reason: String,
    },
    /// The server told an error that ends the connection.
    #[error("the push server told an error{}{}", coded(*code), said(message))]
    Told {
        /// Its Pusher code or status, where it gave one.
        code: Option<u16>,
        /// What it said.
        message: String,
    },
    /// An answer did not come in time.
    #[error("{0} did not come in time")]
    Silent(Stage),
    /// The channel could not be authorised now: 429, 5xx, or a fault of the network.
    #[error("the channel could not be authorised{}{}", http(*status), said(message))]
    Authorization {
        /// The status, where there was an answer.
        status: Option<u16>,
        /// What the service said, or what went wrong.
        message: String,
    },
}

fn coded(code: Option<u16>) -> String {
    code.map(|code| format!(" ({code})")).unwrap_or_default()
}

fn http(status: Option<u16>) -> String {
    status
        .map(|status| format!(" (HTTP {status})"))
        .unwrap_or_default()
}

fn said(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!(": {text}")
    }
}
