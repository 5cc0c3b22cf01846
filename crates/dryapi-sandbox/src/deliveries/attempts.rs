//! What became of every attempt: the latest of them.

use std::collections::VecDeque;

use serde::Serialize;

use super::letter::Delivery;
use crate::key::Key;

/// One attempt to deliver a webhook, or why there was none, as
/// [`Sandbox::deliveries`](crate::Sandbox::deliveries) and `GET {admin_url}/deliveries` show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DeliveryAttempt {
    /// The id of the delivery, the same at each of its attempts.
    pub delivery_id: String,
    /// `job.processing`, `job.completed` or `job.failed`.
    pub event: String,
    /// The job it is about.
    pub request_id: String,
    /// Where it went, without the query.
    pub url: String,
    /// Counts up from 1 to 10; 0 where none was made.
    pub attempt: u32,
    /// When it was due, in virtual time (RFC 3339).
    pub at: String,
    /// What the receiver answered; none where nothing came.
    pub status: Option<u16>,
    /// Why it failed: `status` (no 2xx), `redirect`, `timeout`, `connect` (no connection),
    /// `connection` (it broke), `config` (this machine's proxy or TLS). None of a success.
    pub failure: Option<String>,
    /// When the next attempt is due, in virtual time.
    pub next_at: Option<String>,
    /// `delivered`; `retrying`; `failed`, after the tenth attempt; `lost`, by a fault; `disabled`,
    /// because the account's webhooks are off; `dropped`, because too many are waiting already.
    pub outcome: String,
    /// The fault it met, by name.
    pub fault: Option<String>,
    #[serde(skip)]
    pub(crate) key: Key,
}

impl DeliveryAttempt {
    /// One that was not made.
    pub(super) fn none(delivery: &Delivery, outcome: &str) -> Self {
        let letter = &delivery.letter;
        let text = |id: Option<&str>| id.unwrap_or_default().to_owned();
        Self {
            delivery_id: text(letter.event.delivery_id.as_deref()),
            event: letter.event.kind.name().to_owned(),
            request_id: letter.job.clone(),
            url: letter.url.shown(),
            attempt: 0,
            at: delivery.due.to_string(),
            status: None,
            failure: None,
            next_at: None,
            outcome: outcome.to_owned(),
            fault: delivery.fault.map(str::to_owned),
            key: letter.key.clone(),
        }
    }
}

/// The latest attempts, a bounded number of them.
#[derive(Debug, Default)]
pub(super) struct Attempts(VecDeque<DeliveryAttempt>);

impl Attempts {
    pub(super) const MOST: usize = 2000;

    pub(super) fn push(&mut self, attempt: DeliveryAttempt) {
        if self.0.len() == Self::MOST {
            self.0.pop_front();
        }
        self.0.push_back(attempt);
    }

    pub(super) fn list(&self, key: Option<&Key>) -> Vec<DeliveryAttempt> {
        let mine = |attempt: &&DeliveryAttempt| key.is_none_or(|key| attempt.key == *key);
        self.0.iter().filter(mine).cloned().collect()
    }

    pub(super) fn forget(&mut self, key: Option<&Key>) {
        self.0
            .retain(|attempt| key.is_some_and(|key| attempt.key != *key));
    }
}
