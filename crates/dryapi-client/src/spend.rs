//! How much may be spent.

use dryapi_types::Usd;

/// The most that may be spent, in US dollars. Nothing is limited that is not set.
///
/// What a call will cost is estimated before it is sent and set aside in the ledger, so that a limit
/// of a day or a batch holds for all tasks and processes of an account. What is known not to have
/// been charged is free again; what may have been charged stays set aside.
///
/// It holds jobs and prompts. What has no price call of its own is refused under a limit; only
/// [`Client::raw`](crate::Client::raw) is not held by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct SpendLimit {
    pub(crate) per_call: Option<Usd>,
    pub(crate) per_batch: Option<Usd>,
    pub(crate) per_day: Option<Usd>,
}

impl SpendLimit {
    /// Nothing is limited.
    pub const fn none() -> Self {
        Self {
            per_call: None,
            per_batch: None,
            per_day: None,
        }
    }

    /// The most that one call may cost, in US dollars.
    pub const fn per_call(mut self, most: Usd) -> Self {
        self.per_call = Some(most);
        self
    }

    /// The most that one batch may cost in all its runs, in US dollars.
    pub const fn per_batch(mut self, most: Usd) -> Self {
        self.per_batch = Some(most);
        self
    }

    /// The most that the account may spend in a day of UTC through clients that share its ledger
    /// and say so, in US dollars.
    pub const fn per_day(mut self, most: Usd) -> Self {
        self.per_day = Some(most);
        self
    }

    /// Whether a single call is limited.
    pub(crate) const fn limits_calls(&self) -> bool {
        self.per_call.is_some() || self.per_day.is_some()
    }

    /// Whether anything is limited.
    pub(crate) const fn is_set(&self) -> bool {
        self.limits_calls() || self.per_batch.is_some()
    }

    /// The limit of a day alone.
    pub(crate) const fn only_per_day(self) -> Self {
        Self {
            per_call: None,
            per_batch: None,
            per_day: self.per_day,
        }
    }

    /// Both of them.
    pub(crate) fn and(self, other: Self) -> Self {
        let least = |one: Option<Usd>, other: Option<Usd>| match (one, other) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        Self {
            per_call: least(self.per_call, other.per_call),
            per_batch: least(self.per_batch, other.per_batch),
            per_day: least(self.per_day, other.per_day),
        }
    }
}
