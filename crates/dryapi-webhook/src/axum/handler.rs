//! Answering the service after, or before, an event was handled.

use std::convert::Infallible;
use std::fmt::Display;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use ::axum::extract::Request;
use ::axum::http::StatusCode;
use ::axum::response::{IntoResponse, Response};
use tracing::Instrument as _;

use super::extract::{Delivery, receive};
use super::receiver::Receiver;
use super::timer::{beside, sleep, within};
use crate::replay::{ReplayGuard, Step, StoreError, Token};

/// The service hangs up after 10 s; this leaves the answer time to travel.
const ANSWER_WITHIN: Duration = Duration::from_secs(8);

/// The answer of a handler, on its way.
pub type Answer = Pin<Box<dyn Future<Output = Response> + Send>>;

/// Why an event was not handled.
#[derive(Debug, thiserror::Error)]
enum NotHandled {
    #[error("the handler failed: {0}")]
    Failed(String),
    #[error("the handler panicked")]
    Panicked,
    #[error("the handler takes longer than {} s", ANSWER_WITHIN.as_secs())]
    Slow,
    #[error("another delivery of the event is being handled")]
    InProgress,
    #[error("the store of handled events does not answer: {0}")]
    Store(StoreError),
}

impl Receiver {
    /// A handler for a `post` route: answers 204 *after* `handle` returned `Ok`, so that no event is
    /// lost, and 503 if it failed or took over 8 s: the service delivers again.
    ///
    /// Each event is given to `handle` once, as far as the receiver's
    /// [`ReplayGuard`](crate::ReplayGuard) remembers; one whose handling failed comes again. Events
    /// nobody knows are given to it, too: return `Ok` for what you do not need.
    ///
    /// `handle` runs in a task of its own: it goes on if the caller hangs up or the 8 s are over,
    /// and the next delivery finds its event handled. As long as it runs its event is not given out
    /// again, by this receiver or by another replica: the claim is renewed meanwhile. One that never
    /// ends keeps its event until the process does. An error is logged, and shown to nobody else.
    pub fn handler<F, R, E>(
        &self,
        handle: F,
    ) -> impl Fn(Request) -> Answer + Clone + Send + Sync + 'static
    where
        F: Fn(Delivery) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: Display + Send + 'static,
    {
        let receiver = self.clone();
        let handle = Arc::new(handle);
        move |request| {
            let (receiver, handle) = (receiver.clone(), Arc::clone(&handle));
            Box::pin(async move {
                let delivery = match receive(&receiver, request).await {
                    Ok(delivery) => delivery,
                    Err(rejection) => return rejection.into_response(),
                };
                let work = once(receiver.guard.clone(), delivery, handle);
                let task = tokio::spawn(work.in_current_span());
                let handled = match within(ANSWER_WITHIN, task).await {
                    Some(Ok(handled)) => handled,
                    Some(Err(_)) => Err(NotHandled::Panicked),
                    None => Err(NotHandled::Slow),
                };
                answer(&receiver, handled)
            })
        }
    }

    /// A handler that answers 2xx **before** the event was handled, as soon as `channel` took it.
    ///
    /// The risk: the service is told that all is well and never delivers this event again. What is
    /// in the channel when the process ends, or fails when it is handled later, is lost. Use it if
    /// the channel is durable, or if jobs are looked after some other way, too (polls).
    ///
    /// `channel` must not block. An error, such as a full channel, is answered 503.
    ///
    /// ```
    /// # use dryapi_webhook::{Event, Verifier, axum::Receiver};
    /// # let receiver = Receiver::new(Verifier::new(["whsec_1"])?);
    /// let (sender, events) = std::sync::mpsc::sync_channel::<Event>(100); // or any other
    /// let handler = receiver.ack_first(move |delivery| {
    ///     sender.try_send(delivery.event).map_err(|error| error.to_string())
    /// });
    /// let app: axum::Router = axum::Router::new().route("/dryapi", axum::routing::post(handler));
    /// # Ok::<(), dryapi_webhook::InvalidSecrets>(())
    /// ```
    pub fn ack_first<C, E>(
        &self,
        channel: C,
    ) -> impl Fn(Request) -> Answer + Clone + Send + Sync + 'static
    where
        C: Fn(Delivery) -> Result<(), E> + Send + Sync + 'static,
        E: Display + Send + 'static,
    {
        self.handler(move |delivery| ready(channel(delivery)))
    }
}

/// Handles an event unless it was. Whatever ends this early drops the token.
async fn once<F, R, E>(
    guard: ReplayGuard,
    delivery: Delivery,
    handle: Arc<F>,
) -> Result<(), NotHandled>
where
    F: Fn(Delivery) -> R,
    R: Future<Output = Result<(), E>>,
    E: Display,
{
    let begun = guard.begin(&delivery.event).await;
    let mut token = match begun.map_err(NotHandled::Store)? {
        Step::Fresh(token) => token,
        Step::Duplicate => return Ok(()),
        Step::InProgress => return Err(NotHandled::InProgress),
    };
    let handled = beside(handle(delivery), keep(&mut token, guard.lease())).await;
    handled.map_err(|error| NotHandled::Failed(error.to_string()))?;
    if let Err(error) = token.done().await {
        // It was handled: saying otherwise would only make the service deliver it again.
        tracing::warn!(%error, "a handled webhook event could not be remembered");
    }
    Ok(())
}

/// Renews a claim for as long as its event is being handled.
async fn keep(token: &mut Token, lease: Duration) -> Infallible {
    // Twice before it ends: one renewal may fail.
    let pause = (lease / 3).max(Duration::from_millis(1));
    loop {
        sleep(pause).await;
        match token.renew().await {
            Ok(true) => {}
            Ok(false) => tracing::warn!(
                "the claim of a webhook event ended while it is being handled: another replica may \
                 handle it, too"
            ),
            Err(error) => {
                tracing::warn!(%error, "the claim of a webhook event could not be renewed");
            }
        }
    }
}

fn answer(receiver: &Receiver, handled: Result<(), NotHandled>) -> Response {
    match handled {
        Ok(()) => {
            receiver.refusals.accepted();
            StatusCode::NO_CONTENT.into_response()
        }
        Err(why) => {
            receiver.refusals.refused(&why);
            let text = "the event was not handled: deliver it again";
            (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
        }
    }
}
