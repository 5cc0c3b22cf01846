//! One attempt: handed to the transport, read, reported.

use std::sync::Arc;
use std::time::Instant;

use dryapi_transport::{Request, TransportError, TransportErrorKind};
use dryapi_types::{ApiErrorKind, Intent, Meta, Operation};
use tracing::Instrument;

use super::explain::{status, summary};
use crate::error::{Delivery, Error};
use crate::limits::Place;
use crate::limits::window::Now;
use crate::observe::Event;
use crate::retry::Fault;
use crate::shared::Shared;
use crate::wire::decode;

/// One attempt.
pub(super) struct Attempt {
    pub(super) shared: Arc<Shared>,
    pub(super) meta: &'static Meta,
    pub(super) number: u32,
    pub(super) deadline: Option<Instant>,
    /// Its place in the account's limits, given back with the answer.
    #[expect(dead_code, reason = "held until it is dropped")]
    pub(super) place: Option<Place>,
}

impl Attempt {
    /// Sends a paid request in a task of its own, which goes on whoever stops waiting, and tells
    /// the observer what it learned.
    pub(super) async fn driven<O>(
        self,
        request: Request,
        intent: Intent,
    ) -> Result<Result<O::Response, Fault>, Error>
    where
        O: Operation + 'static,
    {
        let in_flight = Arc::clone(&self.shared.in_flight);
        let driven = async move {
            let operation = self.meta.name;
            let observer = &self.shared.observer;
            let attempt = self.number;
            observer.on_event(&Event::Sending {
                operation,
                intent: intent.clone(),
                attempt,
            });
            let result = self.send::<O>(request).await;
            match &result {
                Ok(answer) => {
                    if let Some(id) = O::accepted(answer) {
                        let request_id = id.clone();
                        observer.on_event(&Event::Accepted {
                            operation,
                            intent,
                            request_id,
                        });
                    }
                }
                Err(fault) => {
                    let error = summary(self.meta, &intent, attempt, fault);
                    observer.on_event(&Event::Failed { error });
                }
            }
            result
        };
        let task = in_flight.drive(driven.in_current_span())?;
        Ok(match task.await {
            Ok(result) => result,
            Err(error) => Err(decode::lost(error)),
        })
    }

    pub(super) async fn send<O: Operation>(
        &self,
        mut request: Request,
    ) -> Result<O::Response, Fault> {
        let meta = self.meta;
        let clock = &self.shared.clock;
        let begun = clock.now();
        if let Some(left) = self
            .deadline
            .map(|deadline| deadline.saturating_duration_since(begun))
        {
            let timeouts = &mut request.timeouts;
            timeouts.connect = timeouts.connect.min(left);
            timeouts.first_byte = timeouts.first_byte.min(left);
            timeouts.idle = timeouts.idle.min(left);
        }
        let exchange = async {
            let response = self
                .shared
                .transport
                .send(request)
                .await
                .map_err(Fault::Transport)?;
            if let Some(told) = decode::limits(&response) {
                let now = Now::of(&**clock);
                self.shared.limits.told(meta, &told, now);
            }
            decode::decode::<O>(meta, &self.shared.key, response).await
        };
        let result = match self.deadline {
            Some(deadline) => {
                tokio::select! {
                    biased;
                    result = exchange => result,
                    () = clock.sleep_until(deadline) => Err(Fault::Transport(out_of_time())),
                }
            }
            None => exchange.await,
        };
        if let Err(Fault::Answer(error, _)) = &result
            && error.kind == ApiErrorKind::RateLimited
            && let Some(limit) = &error.rate_limit
        {
            self.shared.limits.refused(meta, limit, Now::of(&**clock));
        }
        let elapsed = clock.now().saturating_duration_since(begun);
        let (ok, status, delivery) = match &result {
            Ok(_) => (true, 200, Delivery::Answered.as_str()),
            Err(fault) => (false, status(fault).unwrap_or(0), fault.delivery().as_str()),
        };
        tracing::debug!(
            operation = meta.name,
            attempt = self.number,
            ok,
            status,
            delivery,
            ?elapsed,
            "dryapi attempt"
        );
        result
    }
}

fn out_of_time() -> TransportError {
    let message = "the call's deadline passed before an answer came";
    TransportError::new(TransportErrorKind::Timeout, message)
}
