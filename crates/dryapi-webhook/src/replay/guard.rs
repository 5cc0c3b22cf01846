//! The two steps: begin, and done.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use dryapi_types::Event;

use super::held::{Held, Hold};
use super::memory::MemoryStore;
use super::store::{Claim, Seen, SeenStore, StoreError};
use crate::clock::Now;

/// Shorter than the time until the service's second attempt (one minute after the first was given
/// up), so that a process killed in its handler sees that attempt as fresh, even if the clocks of
/// its replicas differ by some seconds.
const LEASE: Duration = Duration::from_secs(50);

/// Twice the almost 23 hours over which the service delivers an event again.
const MEMORY: Duration = Duration::from_secs(48 * 3600);

/// Lets each event be handled once, in two steps: [`begin`](Self::begin), and [`Token::done`] after
/// it was handled. What was begun but never done, because the handler failed or its process was
/// killed, is no duplicate when it is delivered again. Cheap to clone.
///
/// A guard and its clones never hand out an event that one of them is handling, however long that
/// takes. Replicas know of each other by the claim in their common store, which ends by itself:
/// [`Token::renew`] it while a handler takes its time.
///
/// ```
/// use dryapi_webhook::{Event, ReplayGuard, Step};
///
/// # async fn handle(_: &Event) -> Result<(), dryapi_webhook::StoreError> { Ok(()) }
/// # async fn deliver(guard: &ReplayGuard, event: Event) -> Result<u16, dryapi_webhook::StoreError> {
/// Ok(match guard.begin(&event).await? {
///     Step::Fresh(token) => {
///         handle(&event).await?; // on an error the token is dropped: the event may come again
///         token.done().await?;
///         200
///     }
///     Step::Duplicate => 200,
///     // Not 2xx: whoever handles it may still fail.
///     _ => 503,
/// })
/// # }
/// # let guard = ReplayGuard::in_memory();
/// # let event = Event::processing("r1").with_delivery_id("d1");
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # assert_eq!(runtime.block_on(deliver(&guard, event.clone()))?, 200);
/// # Ok::<(), dryapi_webhook::StoreError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ReplayGuard {
    store: Arc<dyn SeenStore>,
    held: Held,
    now: Now,
    lease: Duration,
    memory: Duration,
}

/// Where an event stands.
#[derive(Debug)]
#[non_exhaustive]
pub enum Step {
    /// Nobody handled it, nobody is handling it: it is yours.
    Fresh(Token),
    /// It was handled. Answer 2xx.
    Duplicate,
    /// Somebody is handling it and may still fail. Do not answer 2xx.
    InProgress,
}

impl ReplayGuard {
    /// A guard over a store. A claim ends by itself after 50 s; a handled event is remembered for
    /// 48 h.
    #[must_use]
    pub fn new(store: Arc<dyn SeenStore>) -> Self {
        Self {
            store,
            held: Held::default(),
            now: Now::default(),
            lease: LEASE,
            memory: MEMORY,
        }
    }

    /// A guard that remembers in this process: for one replica, until it restarts.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::new(Arc::new(MemoryStore::default()))
    }

    /// With another time after which a claim ends by itself (50 s), unless it is renewed. A process
    /// killed meanwhile sees its event again only after that time.
    #[must_use]
    pub const fn with_lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// With another time for which handled events are remembered (48 h).
    #[must_use]
    pub const fn with_memory(mut self, memory: Duration) -> Self {
        self.memory = memory;
        self
    }

    /// With another clock than the system's.
    #[must_use]
    pub fn with_clock(mut self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.now = Now::by(now);
        self
    }

    /// How long a claim lasts unless it is renewed.
    #[cfg(feature = "axum")]
    pub(crate) const fn lease(&self) -> Duration {
        self.lease
    }

    /// Claims an event. One with neither delivery id nor job id cannot be told from others and is
    /// always fresh.
    ///
    /// # Cancel safety
    /// A claim made by a dropped call ends by itself.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot tell. Do not handle the event, do not answer 2xx.
    pub async fn begin(&self, event: &Event) -> Result<Step, StoreError> {
        let now = self.now.get();
        let token = |mine| {
            let guard = self.clone();
            Ok(Step::Fresh(Token { guard, mine }))
        };
        let Some(key) = key(event) else {
            return token(None);
        };
        let Some(hold) = self.held.take(&key) else {
            return Ok(Step::InProgress);
        };
        let claim = Claim::new(key, later(now, self.lease));
        Ok(match self.store.begin(&claim, now).await? {
            Seen::Fresh => return token(Some(Mine { claim, _hold: hold })),
            Seen::Duplicate => Step::Duplicate,
            Seen::InProgress => Step::InProgress,
        })
    }
}

/// An event that is yours to handle. Dropped, it is given back.
#[must_use = "call `done` after the event was handled; dropped, the token gives the event back"]
pub struct Token {
    guard: ReplayGuard,
    mine: Option<Mine>,
}

/// The two rights to handle an event: against replicas, and in this process.
#[derive(Debug)]
struct Mine {
    claim: Claim,
    _hold: Hold,
}

impl Token {
    /// The event is still being handled: its claim ends by itself that much later (50 s from now).
    /// Call it more often than that. Says whether the claim was still ours; one that another replica
    /// has taken meanwhile, because this process was stopped, say, stays that replica's.
    ///
    /// # Cancel safety
    /// Dropped before it is over, a later renewal may find the claim another's; it ends by itself.
    ///
    /// # Errors
    /// [`StoreError`] if the store does not answer. Try again: the claim may end as it would have.
    pub async fn renew(&mut self) -> Result<bool, StoreError> {
        let Some(Mine { claim, .. }) = &mut self.mine else {
            return Ok(true);
        };
        let until = later(self.guard.now.get(), self.guard.lease);
        let ours = self.guard.store.renew(claim, until).await?;
        if ours {
            claim.until = until;
        }
        Ok(ours)
    }

    /// The event was handled: from now on it is a duplicate.
    ///
    /// # Cancel safety
    /// Dropped before it is over, the event may be handled again.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot remember. The event was handled all the same.
    pub async fn done(mut self) -> Result<(), StoreError> {
        let Some(Mine { claim, .. }) = &self.mine else {
            return Ok(());
        };
        let keep_until = later(self.guard.now.get(), self.guard.memory);
        self.guard.store.done(claim, keep_until).await?;
        self.mine = None;
        Ok(())
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        if let Some(mine) = self.mine.take() {
            self.guard.store.release(&mine.claim);
        }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Token")
            .field(&self.mine.as_ref().map(|mine| &mine.claim))
            .finish()
    }
}

/// What tells an event from all others. The delivery id in a header would not do: nobody signed it.
fn key(event: &Event) -> Option<String> {
    let of_job = || {
        let job = event.request_id.as_ref()?;
        Some(format!("{} {job}", event.kind.name()))
    };
    event.delivery_id.clone().or_else(of_job)
}

/// A moment so much later; one past the end of time is a century later.
fn later(now: SystemTime, duration: Duration) -> SystemTime {
    const CENTURY: Duration = Duration::from_secs(3_155_760_000);
    now.checked_add(duration)
        .or_else(|| now.checked_add(CENTURY))
        .unwrap_or(now)
}
