//! Every change of every job of the account.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;

use crate::error::Error;
use crate::hub::{Change, Hub, Listener};
use crate::unfold::Unfold;

/// The changes of all jobs of an account, and of the connection that tells them. One who reads
/// slowly sees the latest of each job only. An error ends it: the push channel was refused, or none
/// was configured.
///
/// # Cancel safety
/// Dropping the stream stops the listening; the jobs go on.
#[must_use = "nothing is listened to until the stream is read"]
pub struct Changes {
    inner: Unfold<Listener, Result<Change, Error>>,
}

impl Changes {
    pub(crate) fn new(hub: &Arc<Hub>) -> Self {
        Self {
            inner: Unfold::new(Listener::new(hub), |mut listener| {
                Box::pin(async move {
                    let change = listener.next().await?;
                    Some((change, listener))
                })
            }),
        }
    }

    /// The next change; `None` after an error.
    ///
    /// # Errors
    /// Kind `Config` where no push channel was configured; else why it was refused, `Unauthorized`
    /// or `Forbidden` for instance. It is the last item.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<Change, Error>> {
        std::future::poll_fn(|cx| Pin::new(&mut self.inner).poll_next(cx)).await
    }
}

impl Stream for Changes {
    type Item = Result<Change, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.inner).poll_next(cx)
    }
}

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Changes")
    }
}
