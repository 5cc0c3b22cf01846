//! Webhooks as the service sends them: signed, ordered as long as nothing fails, tried ten times
//! over almost 23 virtual hours, and switched off where ten deliveries in a row were given up.
//! Source: Webhooks page.
//!
//! The [`desk`] decides, the [`sender`] sends, the [`courier`] runs between the two.

mod announce;
mod answer;
mod attempts;
mod breaker;
mod courier;
mod desk;
mod letter;
mod queue;
mod retry;
mod sender;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use self::attempts::DeliveryAttempt;
pub(crate) use self::courier::run;

use self::desk::Desk;
use crate::key::Key;

/// The deliveries of all accounts.
#[derive(Debug, Default)]
pub(crate) struct Deliveries {
    desk: Mutex<Desk>,
}

impl Deliveries {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every attempt of an account, or of all, in the order they ended.
    pub(crate) fn list(&self, key: Option<&Key>) -> Vec<DeliveryAttempt> {
        self.desk().list(key)
    }

    /// Switches the webhooks of an account on or off, or of all; what waits is not sent later.
    pub(crate) fn switch(&self, key: Option<&Key>, on: bool) {
        self.desk().switch(key, on);
    }

    pub(crate) fn reset(&self, key: Option<&Key>) {
        self.desk().reset(key);
    }
}
