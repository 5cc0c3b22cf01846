//! Holding an answer back until the test says so.

use std::sync::Arc;

use tokio::sync::watch;

/// Holds back the answer of a [`Step`](crate::Step) until it is opened. Clones are the same gate.
///
/// The request has been taken and recorded by then: a test that drops the caller's future while
/// the gate is shut cancels at the very moment when money may have moved.
#[derive(Clone, Debug)]
pub struct Gate {
    open: Arc<watch::Sender<bool>>,
    arrived: Arc<watch::Sender<usize>>,
}

impl Gate {
    /// A gate that is shut.
    #[must_use]
    pub fn new() -> Self {
        Self {
            open: Arc::new(watch::Sender::new(false)),
            arrived: Arc::new(watch::Sender::new(0)),
        }
    }

    /// Lets everything pass, now and later.
    pub fn open(&self) {
        self.open.send_replace(true);
    }

    /// Waits until at least so many requests have come to the gate, since it was made.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    pub async fn wait_for_arrivals(&self, count: usize) {
        // The sender lives as long as `self`, so there is no error.
        let _ = self
            .arrived
            .subscribe()
            .wait_for(|arrived| *arrived >= count)
            .await;
    }

    pub(super) async fn pass(&self) {
        self.arrived.send_modify(|arrived| *arrived += 1);
        let _ = self.open.subscribe().wait_for(|open| *open).await;
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}
