//! A verified delivery, out of a request.

use std::fmt;

use ::axum::body::{Bytes, to_bytes};
use ::axum::extract::{FromRef, FromRequest, Request};
use dryapi_types::{Event, Intent};
use http_body_util::LengthLimitError;

use super::receiver::Receiver;
use super::rejection::Rejection;

/// A verified delivery: as an extractor, for handlers that decide about everything themselves.
/// It takes the request's body, and needs a [`Receiver`] in the router's state. Whoever uses it
/// calls a [`ReplayGuard`](crate::ReplayGuard), too, and answers 2xx only after the event was
/// handled; [`Receiver::handler`] does both.
///
/// ```
/// use axum::{Router, http::StatusCode, routing::post};
/// use dryapi_webhook::{Verifier, axum::{Delivery, Receiver}};
///
/// async fn hook(delivery: Delivery) -> StatusCode {
///     println!("{}", delivery.event.kind.name());
///     StatusCode::NO_CONTENT
/// }
///
/// let receiver = Receiver::new(Verifier::new(["whsec_1"])?);
/// let app: Router = Router::new().route("/dryapi", post(hook)).with_state(receiver);
/// # Ok::<(), dryapi_webhook::InvalidSecrets>(())
/// ```
#[non_exhaustive]
pub struct Delivery {
    /// What happened.
    pub event: Event,
    /// The bytes that were signed.
    pub raw_body: Bytes,
    /// The intent in the address it came to, where [`intent_query`](crate::intent_query) put one
    /// there with one of the secrets. One that no secret vouches for is none, and logged.
    pub intent: Option<Intent>,
}

impl fmt::Debug for Delivery {
    /// The body may hold a signed address, so only its length is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("event", &self.event)
            .field("raw_body", &format_args!("{} bytes", self.raw_body.len()))
            .field("intent", &self.intent)
            .finish()
    }
}

impl<S> FromRequest<S> for Delivery
where
    Receiver: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Rejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejection> {
        let receiver = Receiver::from_ref(state);
        let delivery = receive(&receiver, request).await?;
        receiver.refusals.accepted();
        Ok(delivery)
    }
}

/// Reads and verifies a delivery. Only a refusal is counted: what becomes of the others is not
/// known yet.
pub(super) async fn receive(receiver: &Receiver, request: Request) -> Result<Delivery, Rejection> {
    let received = read(receiver, request).await;
    if let Err(rejection) = &received {
        receiver.refusals.refused(rejection);
    }
    received
}

async fn read(receiver: &Receiver, request: Request) -> Result<Delivery, Rejection> {
    let (parts, body) = request.into_parts();
    let limit = receiver.limit;
    let raw_body = to_bytes(body, limit).await.map_err(|error| {
        if error.into_inner().is::<LengthLimitError>() {
            Rejection::BodyTooLong { limit }
        } else {
            Rejection::BodyCut
        }
    })?;
    let headers = parts.headers.iter();
    let pairs = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
    let event = receiver
        .verifier
        .verify_at(pairs, &raw_body, receiver.now.get())?;
    let intent = parts.uri.query().and_then(|query| {
        let intent = receiver.verifier.intent(query);
        intent.unwrap_or_else(|forged| {
            tracing::warn!(%forged, "a genuine webhook delivery came to an address of somebody else");
            None
        })
    });
    Ok(Delivery {
        event,
        raw_body,
        intent,
    })
}
