//! `HttpTransport` keeps the rules of the trait, and the suite knows when it would not.

#![allow(
    clippy::unwrap_used,
    reason = "tests panic; clippy only knows it of the functions marked as tests"
)]

use dryapi_testkit::conformance;
use dryapi_transport::{
    HttpTransport, Reach, Request, Response, Transport, TransportError, async_trait,
};
use http::HeaderValue;

/// One that knows nothing of this machine's environment: no proxy.
fn make() -> HttpTransport {
    HttpTransport::builder()
        .environment(|_| None)
        .build()
        .unwrap()
}

#[tokio::test]
async fn it_is_a_transport() {
    conformance::transport(make).await;
}

/// The servers of the suite stand in nobody's way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_one_on_several_threads() {
    conformance::transport(make).await;
}

/// `HttpTransport`, but for a change to what it is given.
#[derive(Debug)]
struct Changed(HttpTransport, fn(&mut Request));

#[async_trait]
impl Transport for Changed {
    async fn send(&self, mut request: Request) -> Result<Response, TransportError> {
        (self.1)(&mut request);
        self.0.send(request).await
    }
}

#[tokio::test]
#[should_panic(expected = "loopback, where only public addresses are allowed: nothing was sent")]
async fn one_that_reaches_everywhere_is_none() {
    conformance::transport(|| Changed(make(), |request| request.reach = Reach::Any)).await;
}

#[tokio::test]
#[should_panic(expected = "compression is not asked for")]
async fn one_that_asks_for_compression_is_none() {
    let ask = |request: &mut Request| {
        let gzip = HeaderValue::from_static("gzip");
        request.headers.insert("accept-encoding", gzip);
    };
    conformance::transport(|| Changed(make(), ask)).await;
}
