//! Is it a transport? What everything above a [`Transport`] relies on, for one of your own.
//!
//! ```no_run
//! use dryapi_testkit::conformance;
//! # use dryapi_transport::{
//! #     Request, Response, Transport, TransportError, TransportErrorKind, async_trait,
//! # };
//! # #[derive(Debug)]
//! # struct MyTransport;
//! # impl MyTransport { fn new() -> Self { Self } }
//! # #[async_trait]
//! # impl Transport for MyTransport {
//! #     async fn send(&self, _: Request) -> Result<Response, TransportError> { Err(TransportError::new(TransportErrorKind::Config, "not yet")) }
//! # }
//!
//! # /*
//! #[tokio::test]
//! # */
//! async fn it_is_a_transport() {
//!     conformance::transport(MyTransport::new).await;
//! }
//! ```
//!
//! The suite starts servers of bare sockets on 127.0.0.1, in threads of their own, so it runs on
//! any runtime. It asks for a transport that reaches them over plain HTTP/1.1, without a proxy.
//!
//! | what | why |
//! |---|---|
//! | method, path, query, headers and body arrive as given, and compression is not asked for | what is signed and measured is what is sent |
//! | a response of any status is a response; redirects are not followed | the key stays with its host, and nothing is paid for twice |
//! | one request is sent, whatever the answer | only who knows what it costs may send it again |
//! | headers and body come as sent, piece by piece, never decompressed | results are large, and checked by length |
//! | of a cut body what came is given, and then an error | it may hold the id of what was paid for |
//! | `provably_not_sent` after a refused connection, a body of ours that broke, an address out of [`Reach`](dryapi_transport::Reach) | it may be sent again |
//! | not `provably_not_sent` after the whole request was sent | it may have been paid for |
//! | the timeouts for the first byte and for silence end the waiting | nobody waits for ever |
//! | errors show neither `Authorization` nor the address's query | they are logged |

mod checks;
mod dechunk;
mod pieces;
mod server;
mod sockets;
mod stage;

use dryapi_transport::Transport;

use sockets::Sockets;

/// Holds a transport against everything above. `make` makes a fresh one for each check.
///
/// It takes a fraction of a second. A transport that ignores its timeouts keeps it waiting for 10 s
/// a rule.
///
/// # Panics
/// When the transport breaks a rule; the message lists all that it breaks. Also when this machine
/// has no loopback to listen on.
///
/// # Cancel safety
/// Dropping the future ends the suite.
pub async fn transport<T: Transport>(make: impl Fn() -> T) {
    let stage = Sockets::new(make);
    let mut broken = checks::anywhere(&stage).await;
    broken.extend(checks::over_sockets(&stage).await);
    assert!(
        broken.is_empty(),
        "this transport breaks {} rules:\n{}",
        broken.len(),
        broken.join("\n")
    );
}

#[cfg(test)]
mod tests;
