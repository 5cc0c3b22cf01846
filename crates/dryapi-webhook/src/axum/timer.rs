//! The one place that waits.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

/// What a future gives, or nothing if that takes too long.
#[expect(
    clippy::disallowed_methods,
    reason = "tests pause tokio's clock, and there is no other in an axum handler"
)]
pub(super) async fn within<T>(limit: Duration, future: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(limit, future).await.ok()
}

/// Waits.
#[expect(
    clippy::disallowed_methods,
    reason = "tests pause tokio's clock, and there is no other in an axum handler"
)]
pub(super) async fn sleep(duration: Duration) {
    tokio::time::sleep(duration).await;
}

/// What `work` gives; `chore` goes on beside it, and ends with it.
pub(super) async fn beside<T>(
    work: impl Future<Output = T>,
    chore: impl Future<Output = Infallible>,
) -> T {
    let (mut work, mut chore) = (pin!(work), pin!(chore));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(done),
        Poll::Pending => match chore.as_mut().poll(context) {
            Poll::Ready(never) => match never {},
            Poll::Pending => Poll::Pending,
        },
    })
    .await
}
