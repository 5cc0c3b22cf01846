//! What the hub knows of the push channel: a stream of signals that somebody opens.

use std::fmt::Debug;
use std::pin::Pin;
use std::time::Duration;

use dryapi_types::Update;
use futures_core::Stream;

use crate::error::Error;
use crate::shared::Shared;

/// Something the push channel tells.
#[derive(Debug)]
#[cfg_attr(
    not(any(test, feature = "realtime")),
    expect(dead_code, reason = "nobody opens a channel")
)]
pub(crate) enum Signal {
    /// Jobs' updates are told from now on.
    Connected { gap: bool },
    /// A job's update.
    Heard(Update),
    /// Nothing is told for now.
    Lost { why: String, again_in: Duration },
    /// Nothing will be told: it was refused.
    Stopped(Error),
}

/// An open channel, or one that opens by itself.
pub(crate) type PushStream = Pin<Box<dyn Stream<Item = Signal> + Send>>;

/// Whoever opens the channel.
pub(crate) trait OpensPush: Debug + Send + Sync {
    /// A channel; nothing is sent before it is read.
    ///
    /// # Errors
    /// Kind `Config`, naming the setting.
    fn open(&self, shared: &Shared) -> Result<PushStream, Error>;
}
