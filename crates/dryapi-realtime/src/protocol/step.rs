//! What a machine is told, and what it says.

use crate::channel_name::ChannelName;
use crate::error::Error;
use crate::signal::Signal;

use super::auth::AuthAnswer;
use super::frame::Command;

/// What happened.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Input<'a> {
    /// Time passed. Also the first input of all: it asks for the first connection.
    Tick,
    /// The connection that was asked for is there, the WebSocket's handshake done.
    Opened,
    /// There is no connection: why not, for people.
    Unreachable(&'a str),
    /// There never will be a connection from this machine.
    Impossible(Error),
    /// A text frame came.
    Text(&'a str),
    /// Something else came that shows that the server is alive: a WebSocket's ping or pong.
    Activity,
    /// The server closed the connection.
    Closed {
        /// Its close code, where it gave one.
        code: Option<u16>,
        /// Its reason, often empty.
        reason: &'a str,
    },
    /// The connection broke: how, for people.
    Broken(&'a str),
    /// The answer to [`Action::Authorize`].
    Authorized(AuthAnswer),
}

/// What is to be done. `Debug` shows no signature.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Action {
    /// Drop the connection, or the attempt at one, and a request to authorise, if there are any.
    Disconnect,
    /// Connect to the push server.
    Connect,
    /// Ask the service for the channel's signature.
    Authorize {
        /// The id of this connection.
        socket_id: String,
        /// The channel.
        channel: ChannelName,
    },
    /// Send a frame.
    Send(Command),
    /// Tell the user.
    Emit(Signal),
}
