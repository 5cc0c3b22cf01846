//! The channel: drives the machine over a real WebSocket.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use dryapi_transport::Clock;
use futures_core::Stream;

use crate::authorize::Authorizer;
use crate::builder::ChannelBuilder;
use crate::connect::Connector;
use crate::endpoint::Endpoint;
use crate::protocol::Machine;
use crate::signal::Signal;

/// What a channel is made of.
pub(crate) struct Parts {
    pub(crate) machine: Machine,
    pub(crate) authorizer: Authorizer,
    pub(crate) connector: Connector,
    pub(crate) clock: Arc<dyn Clock>,
}

/// The push channel.
pub struct Channel {
    _parts: Parts,
}

impl Channel {
    /// What a channel needs before it is opened.
    pub fn builder(endpoint: Endpoint, client_id: impl Into<String>) -> ChannelBuilder {
        ChannelBuilder::new(endpoint, client_id.into())
    }

    pub(crate) fn new(parts: Parts) -> Self {
        Self { _parts: parts }
    }

    /// The next signal; `None` after [`Signal::Stopped`].
    pub async fn next(&mut self) -> Option<Signal> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl Stream for Channel {
    type Item = Signal;

    fn poll_next(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Pending
    }
}

impl std::fmt::Debug for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Channel").finish_non_exhaustive()
    }
}
