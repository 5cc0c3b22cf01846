//! stub
use std::collections::VecDeque;
use std::time::Instant;

use super::auth::AuthAnswer;
use super::backoff::Random;
use super::frame::Command;
use crate::channel_name::ChannelName;
use crate::error::Error;
use crate::signal::Signal;

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
    /// The server closed the connection, with a code or without, and a reason, perhaps empty.
    Closed {
        /// The close code.
        code: Option<u16>,
        /// The reason.
        reason: &'a str,
    },
    /// The connection broke: how, for people.
    Broken(&'a str),
    /// The answer to [`Action::Authorize`].
    Authorized(AuthAnswer),
}

/// What is to be done, in this order.
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

/// stub
pub struct Machine {
    actions: VecDeque<Action>,
    _channel: ChannelName,
    _random: Random,
}

impl Machine {
    /// A machine that has not begun.
    #[must_use]
    pub fn new(channel: ChannelName, random: Random) -> Self {
        Self {
            actions: VecDeque::new(),
            _channel: channel,
            _random: random,
        }
    }
    /// Tells what happened.
    pub fn handle(&mut self, _now: Instant, _input: Input<'_>) {}
    /// What is to be done next.
    pub fn next_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }
    /// When to tell [`Input::Tick`].
    #[must_use]
    pub fn wake_at(&self) -> Option<Instant> {
        None
    }
}
