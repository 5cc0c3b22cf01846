//! What is delivered: an event, written once, so that every attempt sends the same bytes.

use std::sync::Arc;

use bytes::Bytes;
use dryapi_types::Event;
use jiff::Timestamp;

use crate::key::Key;
use crate::webhook::WebhookUrl;

/// An event in its envelope.
#[derive(Debug)]
pub(super) struct Letter {
    pub(super) key: Key,
    pub(super) job: String,
    pub(super) event: Event,
    pub(super) body: Bytes,
    pub(super) url: WebhookUrl,
}

/// Whose first attempts come one after another: those of one job.
pub(super) type Lane = (Key, String);

impl Letter {
    pub(super) fn new(key: Key, job: String, event: Event, url: WebhookUrl) -> Self {
        let body = event.to_json().to_string().into();
        Self {
            key,
            job,
            event,
            body,
            url,
        }
    }

    pub(super) fn lane(&self) -> Lane {
        (self.key.clone(), self.job.clone())
    }
}

/// A letter on its way.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    pub(super) letter: Arc<Letter>,
    /// When the next attempt is due, in virtual time.
    pub(super) due: Timestamp,
    /// The number of that attempt, from 1.
    pub(super) attempt: u32,
    /// A second copy of what has been delivered: sent once, whatever is answered.
    pub(super) copy: bool,
    /// What goes wrong with it, by name.
    pub(super) fault: Option<&'static str>,
}

impl Delivery {
    pub(super) const fn new(letter: Arc<Letter>, due: Timestamp) -> Self {
        Self {
            letter,
            due,
            attempt: 1,
            copy: false,
            fault: None,
        }
    }
}
