//! Moves one HTTP request and brings back one response.
//!
//! [`Transport`] is the seam: one async method, request in, response out. A response of any status
//! is a *response*; a [`TransportError`] means that there was none, and says whether the request
//! provably never left the machine ([`TransportError::provably_not_sent`]), which is what decides
//! whether a paid request may be sent again.
//!
//! The `reqwest` feature (default) brings `HttpTransport`, which speaks HTTP/1.1 over TCP and
//! rustls, and `SystemClock`. Without it, bring your own:
//!
//! ```
//! use dryapi_transport::{Request, Response, Transport, TransportError, async_trait};
//!
//! /// Answers everything with an empty object.
//! #[derive(Debug)]
//! struct Empty;
//!
//! #[async_trait]
//! impl Transport for Empty {
//!     async fn send(&self, _request: Request) -> Result<Response, TransportError> {
//!         Ok(Response::new(http::StatusCode::OK).with_body("{}"))
//!     }
//! }
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]
//!
//! # Features
//!
//! | feature | |
//! |---|---|
//! | `reqwest` (default) | `HttpTransport` over reqwest, HTTP/1.1 and rustls, and `SystemClock` |
//! | `rustls-no-provider` | the same with a rustls provider that the program brings and installs |
//! | `native-tls` | the same with the system's own TLS library |
//! | `http2` | HTTP/2 where a server offers it over TLS |
//! | `tower` | any `tower` service of HTTP requests as a transport, and back |

#[cfg(any(
    feature = "rustls-no-provider",
    feature = "native-tls",
    feature = "tower"
))]
mod address;
mod body;
mod clock;
mod error;
#[cfg(any(feature = "rustls-no-provider", feature = "native-tls"))]
mod http;
mod message;
mod multipart;
#[cfg(feature = "tower")]
#[cfg_attr(docsrs, doc(cfg(feature = "tower")))]
pub mod tower;
mod transport;

#[cfg(any(feature = "rustls-no-provider", feature = "native-tls"))]
pub use self::http::{HttpTransport, HttpTransportBuilder, SystemClock};
pub use async_trait::async_trait;
pub use body::{Body, BodyStream, ByteStream};
pub use clock::{BoxFuture, Clock};
pub use error::{TransportError, TransportErrorKind};
pub use message::{BodyRead, Reach, Request, Response, Reuse, Timeouts};
pub use multipart::{Boundary, Multipart};
pub use transport::Transport;
