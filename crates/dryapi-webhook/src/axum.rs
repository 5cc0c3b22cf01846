//! Deliveries received with axum 0.8: an extractor, and handlers that answer what the service needs
//! to hear.
//!
//! ```
//! use axum::{Router, routing::post};
//! use dryapi_webhook::axum::Receiver;
//! use dryapi_webhook::{Event, EventKind, Verifier};
//!
//! async fn handle(event: Event) -> Result<(), std::io::Error> {
//!     if let EventKind::JobCompleted { result_url, .. } = event.kind {
//!         // fetch and store the result
//!     }
//!     Ok(())
//! }
//!
//! let receiver = Receiver::new(Verifier::new(["whsec_1"])?);
//! let app: Router = Router::new().route("/dryapi", post(receiver.handler(handle)));
//! # Ok::<(), dryapi_webhook::InvalidSecrets>(())
//! ```

mod extract;
mod handler;
mod receiver;
mod refusals;
mod rejection;
mod timer;

pub use extract::Delivery;
pub use handler::Answer;
pub use receiver::Receiver;
pub use rejection::Rejection;
