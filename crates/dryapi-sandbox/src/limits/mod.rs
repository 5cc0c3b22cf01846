//! The plan's rate limits, by account. Source: Limits page.
//!
//! The service does not say how its minutes are aligned, so this is the strictest reading: no 60 s
//! hold more requests than the minute's limit. Days are those of UTC. Both follow the virtual
//! clock. A request that is refused by a limit does not count; one refused for another reason does.

mod answer;
mod counter;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use dryapi_types::{Bucket, Limit, Meta, Plan};
use jiff::Timestamp;

pub(crate) use self::counter::{Exceeded, Usage, Window};

use self::counter::Counter;
use crate::key::Key;

/// What every account has used of its limits.
#[derive(Debug)]
pub(crate) struct Limits {
    plan: Plan,
    counters: Mutex<BTreeMap<(Key, Bucket), Counter>>,
}

impl Limits {
    pub(crate) fn new(plan: Plan) -> Self {
        Self {
            plan,
            counters: Mutex::default(),
        }
    }

    /// Counts a request, or refuses it. None: nothing limits it.
    pub(crate) fn count(
        &self,
        key: &Key,
        meta: &Meta,
        now: Timestamp,
    ) -> Result<Option<Usage>, Exceeded> {
        let Some((bucket, limit)) = self.plan.limit(meta) else {
            return Ok(None);
        };
        self.with(key, bucket, |counter| counter.count(limit, now).map(Some))
    }

    /// The refusal of a request whose limit a fault declares to be used up.
    pub(crate) fn refuse(
        &self,
        key: &Key,
        meta: &Meta,
        now: Timestamp,
        window: Window,
    ) -> Exceeded {
        match self.plan.limit(meta) {
            Some((bucket, limit)) => {
                self.with(key, bucket, |counter| counter.refuse(limit, now, window))
            }
            None => Counter::default().refuse(Limit::new(300, None), now, window),
        }
    }

    /// As on the first day, for one account or all.
    pub(crate) fn reset(&self, key: Option<&Key>) {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        counters.retain(|(owner, _), _| key.is_some_and(|key| key != owner));
    }

    fn with<T>(&self, key: &Key, bucket: Bucket, f: impl FnOnce(&mut Counter) -> T) -> T {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        f(counters.entry((key.clone(), bucket)).or_default())
    }
}
