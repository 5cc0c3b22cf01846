//! One who listens to every job of the account.

use std::sync::Arc;

use super::core::Hub;
use super::driver::ensure_driven;
use super::inbox::{Change, Inbox};
use crate::error::Error;

/// A hold on the account's news. Dropping it drops what it costs.
#[derive(Debug)]
pub(crate) struct Listener {
    hub: Arc<Hub>,
    inbox: Result<Arc<Inbox>, Error>,
    over: bool,
}

impl Listener {
    pub(crate) fn new(hub: &Arc<Hub>) -> Self {
        let refused = hub.push_refused(hub.now().at);
        let inbox = match (&hub.push, refused) {
            (Some(_), None) => Ok(hub.board().listeners.add()),
            (Some(_), Some((error, _))) => Err(error),
            (None, _) => Err(Error::config(
                "no push channel: give the builder the client id that the dashboard shows",
            )),
        };
        Self {
            hub: Arc::clone(hub),
            inbox,
            over: false,
        }
    }

    /// The next change; an error once, and nothing after it.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub(crate) async fn next(&mut self) -> Option<Result<Change, Error>> {
        if self.over {
            return None;
        }
        let change = self.wait().await;
        if let Err(error) = &change {
            self.over = true;
            // Nothing more will be read: nothing more is kept, or kept open.
            self.inbox = Err(error.clone());
            self.hub.nudge();
        }
        Some(change)
    }

    async fn wait(&self) -> Result<Change, Error> {
        let inbox = self.inbox.as_ref().map_err(Clone::clone)?;
        loop {
            let arrived = inbox.arrived();
            tokio::pin!(arrived);
            // Listening first: what arrives between the look and the wait is not missed.
            arrived.as_mut().enable();
            if let Some(change) = inbox.take() {
                return change;
            }
            ensure_driven(&self.hub)?;
            arrived.await;
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Ok(inbox) = std::mem::replace(&mut self.inbox, Err(Error::config("over"))) {
            drop(inbox);
            self.hub.nudge();
        }
    }
}
