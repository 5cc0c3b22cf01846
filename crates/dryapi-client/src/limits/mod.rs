//! The account's limits: how many requests may be sent, and when the next.
//!
//! Each bucket has a queue of its own. A limit is known from a plan that was given, from the headers
//! of an answer, or from a 429; before, nothing waits. What one answer tells of one bucket tells the
//! plan, and with it the others. Statuses are not counted here: the hub rations its looks itself.

#[cfg(feature = "ledger")]
#[path = "account.rs"]
mod account;
#[cfg(not(feature = "ledger"))]
#[path = "alone.rs"]
mod account;
mod lane;
mod view;
pub(crate) mod window;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use dryapi_transport::Clock;
use dryapi_types::{Bucket, CostClass, Limit, Meta, Plan, RateLimit};

pub(crate) use self::account::Account;
pub(crate) use self::lane::{Full, Place};
use self::lane::{Lane, Shared};
pub use self::view::{BucketLimits, Counted, LearnedFrom};
use self::window::Now;
use crate::random::Random;

/// What a client may be told of its limits.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LimitSettings {
    pub(crate) plan: Option<Plan>,
    /// The longest wait for a place.
    pub(crate) max_queue: Option<Duration>,
    /// One of so many equal parts.
    pub(crate) parts: Option<u32>,
}

/// The buckets of one account, as one client knows them.
#[derive(Debug)]
pub(crate) struct Limits {
    settings: LimitSettings,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    plan: Option<Plan>,
    lanes: BTreeMap<Bucket, Known>,
}

#[derive(Debug)]
struct Known {
    lane: Arc<Lane>,
    from: Option<LearnedFrom>,
}

impl Limits {
    pub(crate) fn new(settings: LimitSettings) -> Self {
        Self {
            state: Mutex::new(State {
                plan: settings.plan,
                lanes: BTreeMap::new(),
            }),
            settings,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a place; none where nothing limits the operation.
    ///
    /// # Cancel safety
    /// Dropping the future leaves the queue.
    pub(crate) async fn enter(
        &self,
        meta: &Meta,
        clock: &Arc<dyn Clock>,
        random: &dyn Random,
        deadline: Option<Instant>,
        account: Option<&Account>,
    ) -> Result<Option<Place>, Full> {
        let now = Now::of(&**clock);
        let Some((lane, bucket, assumed)) = self.lane(meta, now) else {
            return Ok(None);
        };
        let shared = account.map(|account| Shared {
            account,
            bucket,
            assumed,
            hold: deadline.map(|deadline| deadline.saturating_duration_since(now.at)),
        });
        let longest = self.settings.max_queue;
        let longest = longest.and_then(|longest| now.at.checked_add(longest));
        let until = match (deadline, longest) {
            (Some(deadline), Some(longest)) => Some(deadline.min(longest)),
            (deadline, longest) => deadline.or(longest),
        };
        lane.enter(clock, random, until, shared).await.map(Some)
    }

    /// An answer to an operation said what is left.
    pub(crate) fn told(&self, meta: &Meta, told: &RateLimit, now: Now) {
        if meta.cost == CostClass::Free {
            return;
        }
        let told = self.part(told);
        self.infer(meta, &told, now);
        if let Some((lane, ..)) = self.lane(meta, now) {
            lane.told(&told, now);
            self.learned(meta, LearnedFrom::Header);
        }
    }

    /// An operation was refused with a 429.
    pub(crate) fn refused(&self, meta: &Meta, told: &RateLimit, now: Now) {
        if let Some((lane, ..)) = self.lane(meta, now) {
            lane.refused(&self.part(told), now);
            self.learned(meta, LearnedFrom::Refusal);
        }
    }

    /// What is known of every bucket that was used.
    pub(crate) fn view(&self, now: Now) -> Vec<BucketLimits> {
        let state = self.state();
        let lanes = state.lanes.iter();
        lanes
            .filter_map(|(bucket, known)| {
                let from = known.from?;
                Some(view::view(*bucket, &mut known.lane.window(), from, now))
            })
            .collect()
    }

    fn lane(&self, meta: &Meta, now: Now) -> Option<(Arc<Lane>, Bucket, Option<Limit>)> {
        if meta.cost == CostClass::Free || meta.path.is_empty() {
            return None;
        }
        let mut state = self.state();
        let planned = state.plan.map(|plan| plan.limit(meta));
        let (bucket, limit) = match planned {
            Some(Some((bucket, limit))) => (bucket, Some(limit)),
            // What the Limits page does not mention may have a limit all the same.
            Some(None) | None => (meta.bucket, None),
        };
        let known = state.lanes.entry(bucket).or_insert_with(|| Known {
            lane: Arc::default(),
            from: None,
        });
        if let Some(limit) = limit.filter(|_| known.from.is_none()) {
            known.lane.window().assume(self.part_of(limit), now);
            known.from = Some(LearnedFrom::Plan);
        }
        Some((Arc::clone(&known.lane), bucket, limit))
    }

    /// The plan, where what is told of one bucket is just what it allows there.
    fn infer(&self, meta: &Meta, told: &RateLimit, now: Now) {
        let mut state = self.state();
        if state.plan.is_some() || self.settings.parts.is_some() {
            return;
        }
        let Some(minute) = told.minute_limit else {
            return;
        };
        let as_told = |plan: &Plan| {
            plan.limit(meta).is_some_and(|(_, limit)| {
                u64::from(limit.minute) == minute && limit.day.map(u64::from) == told.daily_limit
            })
        };
        let plan = [Plan::Basic, Plan::Premium].into_iter().find(as_told);
        state.plan = plan;
        drop(state);
        if let Some(plan) = plan {
            tracing::debug!(%plan, ?now, "dryapi: the account's plan");
        }
    }

    fn learned(&self, meta: &Meta, from: LearnedFrom) {
        let mut state = self.state();
        let bucket = state.plan.and_then(|plan| plan.limit(meta));
        let bucket = bucket.map_or(meta.bucket, |(bucket, _)| bucket);
        if let Some(known) = state.lanes.get_mut(&bucket) {
            known.from = Some(from);
        }
    }

    /// This client's part of what an answer told of the whole account.
    fn part(&self, told: &RateLimit) -> RateLimit {
        let mut told = told.clone();
        if let Some(parts) = self.settings.parts.map(u64::from) {
            let part = |all: Option<u64>| all.map(|all| all / parts.max(1));
            told.minute_limit = part(told.minute_limit).map(|limit| limit.max(1));
            told.daily_limit = part(told.daily_limit);
            told.minute_left = None;
            told.daily_left = part(told.daily_left);
        }
        told
    }

    fn part_of(&self, limit: Limit) -> Limit {
        let parts = self.settings.parts.unwrap_or(1).max(1);
        Limit::new(
            (limit.minute / parts).max(1),
            limit.day.map(|day| day / parts),
        )
    }
}
