//! One delivery until the receiver takes it, or it is given up.

use std::sync::Arc;
use std::time::Duration;

use dryapi_client::Clock;
use tokio::sync::Semaphore;

use super::said::Said;
use crate::commands::webhook::parcel::Parcel;
use crate::commands::webhook::send::Receiver;
use crate::report::End;

/// So many are sent again: after 1, 2, 4, 8 and 16 s.
const RETRIES: u32 = 5;
/// So many are on their way at once.
const AT_ONCE: usize = 8;

/// Brings deliveries to the receiver. Clones share how many are on their way.
#[derive(Clone, Debug)]
pub(super) struct Courier {
    receiver: Receiver,
    secret: Arc<str>,
    clock: Arc<dyn Clock>,
    first_pause: Duration,
    on_their_way: Arc<Semaphore>,
    said: Said,
}

impl Courier {
    pub(super) fn new(
        receiver: Receiver,
        secret: &str,
        clock: Arc<dyn Clock>,
        first_pause: Duration,
        said: Said,
    ) -> Self {
        Self {
            receiver,
            secret: secret.into(),
            clock,
            first_pause,
            on_their_way: Arc::new(Semaphore::new(AT_ONCE)),
            said,
        }
    }

    /// Sends it until it is taken, a few times at most. While it waits to be sent again it keeps
    /// nothing else from being sent.
    ///
    /// # Errors
    /// When nobody reads what is said of it any more.
    pub(super) async fn deliver(&self, parcel: &Parcel) -> Result<(), End> {
        self.said.event(parcel)?;
        for attempt in 0..=RETRIES {
            // The semaphore is never closed.
            let permit = self.on_their_way.acquire().await;
            let headers = parcel.headers(&self.secret);
            let sent = self.receiver.send(None, headers, parcel.body.clone()).await;
            drop(permit);
            let pause = self.first_pause.saturating_mul(1 << attempt);
            let again = (sent.is_err() && attempt < RETRIES).then_some(pause);
            self.said.attempt(parcel, attempt + 1, &sent, again)?;
            match again {
                Some(pause) => self.clock.sleep(pause).await,
                None => break,
            }
        }
        Ok(())
    }
}
