//! Services and transports in each other's place (feature `tower`).
//!
//! * [`ServiceTransport`] makes a [`Transport`](crate::Transport) of any
//!   [`tower_service::Service`] of HTTP requests: another HTTP client, or middleware.
//! * [`TransportService`] makes such a service of a transport.
//!
//! So middleware stands around our own transport like this, for a header, a limit of concurrency, a
//! trace:
//!
//! ```
//! use dryapi_transport::tower::{ServiceTransport, TransportService};
//! # use dryapi_transport::{Request, Response, Transport, TransportError, async_trait};
//! # #[derive(Clone, Debug)]
//! # struct HttpTransport;
//! # #[async_trait]
//! # impl Transport for HttpTransport {
//! #     async fn send(&self, request: Request) -> Result<Response, TransportError> {
//! #         assert_eq!(request.headers["x-team"], "cats");
//! #         Ok(Response::new(http::StatusCode::OK))
//! #     }
//! # }
//! use http::HeaderValue;
//! use tower::ServiceBuilder;
//!
//! let service = ServiceBuilder::new()
//!     .concurrency_limit(8)
//!     .map_request(|mut request: http::Request<_>| {
//!         let team = HeaderValue::from_static("cats");
//!         request.headers_mut().insert("x-team", team);
//!         request
//!     })
//!     .service(TransportService::new(HttpTransport));
//! let transport = ServiceTransport::new(service);
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let request = Request::new(http::Method::GET, http::Uri::from_static("http://127.0.0.1/"));
//! transport.send(request).await
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What middleware must not do
//!
//! A transport makes one attempt. Middleware that sends a request twice, follows redirects or gives
//! up on a timer of its own takes a decision that is the client's: a paid request that is sent again
//! may be paid for twice, and nothing here can undo that. What can be done is done: a request's body
//! can be read once, so that no middleware can send it again without having kept it; and an error
//! only counts as "not sent" where that is provable.

mod request_body;
mod response_body;
mod sends;
mod service;
mod transport;

pub use request_body::RequestBody;
pub use response_body::ResponseBody;
pub use service::TransportService;
pub use transport::ServiceTransport;

/// Any error, as tower's middleware has it.
type BoxError = Box<dyn std::error::Error + Send + Sync>;
