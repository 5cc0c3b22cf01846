//! Deliveries received with axum 0.8: an extractor, and handlers that answer what the service needs
//! to hear.
//!
//! ```
//! use axum::{Router, routing::post};
//! use dryapi_webhook::axum::{Delivery, Receiver};
//! use dryapi_webhook::{EventKind, Verifier};
//!
//! async fn handle(delivery: Delivery) -> Result<(), std::io::Error> {
//!     if let EventKind::JobCompleted { result_url, .. } = delivery.event.kind {
//!         // fetch and store the result, for `delivery.intent` if the address named one
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
