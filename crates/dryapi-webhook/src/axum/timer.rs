//! The one place that waits.

use std::future::Future;
use std::time::Duration;

/// What a future gives, or nothing if that takes too long.
#[expect(
    clippy::disallowed_methods,
    reason = "tests pause tokio's clock, and there is no other in an axum handler"
)]
pub(super) async fn within<T>(limit: Duration, future: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(limit, future).await.ok()
}
