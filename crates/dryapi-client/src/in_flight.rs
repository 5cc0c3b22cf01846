//! Paid requests on their way. The service cannot cancel, so nothing of ours abandons one.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::error::Error;

/// The paid requests of one client that are on their way.
#[derive(Debug, Default)]
pub(crate) struct InFlight {
    count: AtomicUsize,
    ended: Notify,
}

/// Counts one request until it is dropped, however its task ends.
struct Ticket(Arc<InFlight>);

impl Drop for Ticket {
    fn drop(&mut self) {
        self.0.count.fetch_sub(1, Ordering::AcqRel);
        self.0.ended.notify_waiters();
    }
}

impl InFlight {
    /// Drives a request to its end in a task of its own, whoever stops waiting for it.
    ///
    /// # Errors
    /// Kind `Config` outside a tokio runtime; nothing is started then.
    pub(crate) fn drive<F>(self: &Arc<Self>, request: F) -> Result<JoinHandle<F::Output>, Error>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let runtime = tokio::runtime::Handle::try_current()
            .map_err(|error| Error::config("a tokio runtime is needed").caused_by(error))?;
        self.count.fetch_add(1, Ordering::AcqRel);
        let ticket = Ticket(Arc::clone(self));
        // Boxed, since a task is moved in memory several times before its first step and after its last.
        let request = Box::pin(request);
        Ok(runtime.spawn(async move {
            let _ticket = ticket;
            request.await
        }))
    }

    /// How many are on their way.
    pub(crate) fn count(&self) -> usize {
        self.count.load(Ordering::Acquire)
    }

    /// Waits until none is on its way.
    ///
    /// # Cancel safety
    /// Dropping the future stops the waiting, not the requests.
    pub(crate) async fn none_left(&self) {
        loop {
            let ended = self.ended.notified();
            tokio::pin!(ended);
            // Listening first: one that ends between the look and the wait is not missed.
            ended.as_mut().enable();
            if self.count() == 0 {
                return;
            }
            ended.await;
        }
    }
}
