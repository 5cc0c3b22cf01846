//! What the account allows, what may be spent, and where it is written down.

#[cfg(feature = "ledger")]
use std::sync::Arc;
use std::time::Duration;

use dryapi_types::Plan;

use super::ClientBuilder;
use crate::spend::SpendLimit;

impl ClientBuilder {
    /// The account's plan, where it is known: requests wait for its limits then, before any was
    /// refused. Default unknown, until an answer or a 429 tells.
    #[must_use]
    pub const fn plan(mut self, plan: Plan) -> Self {
        self.limits.plan = Some(plan);
        self
    }

    /// The longest that a request waits for its place in the account's limits; then it fails as
    /// `RateLimited`, not sent, with the time of the next place. Default up to the call's deadline.
    #[must_use]
    pub const fn max_queue(mut self, longest: Duration) -> Self {
        self.limits.max_queue = Some(longest);
        self
    }

    /// One of `parts` equal parts of every limit, for as many clients of one account that do not
    /// know of each other. Default all of it; 0 is taken as 1. A minute's part is at least one
    /// request; a day's part is rounded down and may be none, so that nothing is sent that day.
    #[must_use]
    pub const fn share(mut self, parts: u32) -> Self {
        self.limits.parts = Some(parts);
        self
    }

    /// The most that may be spent; default without limit. Jobs are priced before they are sent, then,
    /// by as few price calls as possible. A limit of a day needs a ledger.
    #[must_use]
    pub const fn spend_limit(mut self, limit: SpendLimit) -> Self {
        self.spend_limit = limit;
        self
    }

    /// Whether the balance is read around a paid call that has a name of its own or is part of a
    /// batch, before it is sent again after the service's own 500, which may be thrown after the job
    /// was booked; default yes. The balance is free and has no limit. Where it is not as expected,
    /// the call ends as `OutcomeUnknown`. Calls without a name, and clients without a ledger, send
    /// nothing beside the call.
    #[must_use]
    pub const fn balance_guard(mut self, guard: bool) -> Self {
        self.unguarded = !guard;
        self
    }

    /// Where paid work is written down before its first byte is sent, so that no process, killed at
    /// whatever moment, pays twice under one intent. Default nowhere. Opened with the first paid
    /// call.
    #[cfg(feature = "ledger")]
    #[must_use]
    pub fn ledger(mut self, store: Arc<dyn dryapi_ledger::Store>) -> Self {
        self.ledger = Some(store);
        self
    }

    /// Whether a paid call without a name of its own is sent although the ledger cannot be written;
    /// the [`Observer`](crate::Observer) is warned then. Default no: nothing is sent.
    #[cfg(feature = "ledger")]
    #[must_use]
    pub const fn ledger_optional(mut self, optional: bool) -> Self {
        self.ledger_optional = optional;
        self
    }
}
