//! Servers that do not mean well: every call ends in an error that says why, within its deadline and
//! in little memory, and what may have been paid for is not sent again.

mod answers;
mod downloads;
mod push;
mod server;

use std::sync::Arc;
use std::time::Duration;

use dryapi_client::{ApiKey, Client, TextToImage};
use dryapi_transport::HttpTransport;

use crate::support::fast_clock::FastClock;

/// Seconds in which nothing but a broken promise is still going on, on the busiest machine.
const HANG: Duration = Duration::from_secs(60);

/// What a server gets rid of at most before it is left: the bound of an answer, and what the system
/// holds on the way.
const MOST: u64 = 32 * 1024 * 1024;

const KEY: &str = "sk-abuse-4711";

fn cat() -> TextToImage {
    TextToImage::new("a cat", "Flux1schnell").with_size(512, 512)
}

/// A client whose time passes `speed` times as fast.
fn client(base_url: &str, speed: u32) -> Client {
    let clock = FastClock::new(speed);
    let transport = HttpTransport::builder()
        .clock(Arc::new(clock.clone()))
        .no_proxy()
        .build()
        .unwrap();
    Client::builder()
        .api_key(ApiKey::new(KEY).unwrap())
        .base_url(base_url)
        .transport(transport)
        .clock(clock)
        .attempt_timeout(Duration::from_secs(20))
        .build()
        .unwrap()
}

/// What comes of it; that it hangs is a failed test.
#[expect(clippy::disallowed_methods, reason = "what hangs hangs in real time")]
async fn in_time<F: IntoFuture>(future: F) -> F::Output {
    tokio::time::timeout(HANG, future.into_future())
        .await
        .unwrap()
}
