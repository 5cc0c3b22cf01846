//! Who sleeps until when, and the future that does.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// How often an automatic clock lets other tasks run before it jumps to the next sleeper: more
/// hand-overs between tasks than a request takes, each of which may wait for 61 others (a
/// current-thread runtime looks at its main future only so often).
const PATIENCE: u32 = 512;

/// What clones of a clock and their sleeps share.
pub(super) struct Shared {
    auto: bool,
    time: Mutex<Time>,
    changed: Notify,
}

/// A clock's state.
pub(super) struct Time {
    pub(super) now: Instant,
    pub(super) wall: SystemTime,
    pub(super) slept: Vec<Duration>,
    sleepers: BTreeMap<Key, Waker>,
    next_id: u64,
}

/// Sleepers in the order in which they wake: by time, then by who came first.
type Key = (Instant, u64);

impl Shared {
    pub(super) fn new(now: Instant, wall: SystemTime, auto: bool) -> Self {
        let time = Time {
            now,
            wall,
            slept: Vec::new(),
            sleepers: BTreeMap::new(),
            next_id: 0,
        };
        Self {
            auto,
            time: Mutex::new(time),
            changed: Notify::new(),
        }
    }

    pub(super) fn time(&self) -> MutexGuard<'_, Time> {
        self.time.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn changed(&self) -> Notified<'_> {
        self.changed.notified()
    }

    /// Never under the lock: a waker may drop a task, and with it another sleep.
    pub(super) fn wake(&self, wakers: Vec<Waker>) {
        wakers.into_iter().for_each(Waker::wake);
        self.changed.notify_waiters();
    }
}

impl Time {
    pub(super) fn sleepers(&self) -> usize {
        self.sleepers.len()
    }

    pub(super) fn next_wake(&self) -> Option<Duration> {
        let (&(until, _), _) = self.sleepers.first_key_value()?;
        Some(until.saturating_duration_since(self.now))
    }

    /// Moves on and hands out the wakers of those whose time came, in order.
    pub(super) fn advance(&mut self, by: Duration) -> Vec<Waker> {
        let (Some(now), Some(wall)) = (self.now.checked_add(by), self.wall.checked_add(by)) else {
            return Vec::new();
        };
        (self.now, self.wall) = (now, wall);
        let later = self.sleepers.split_off(&(now, u64::MAX));
        let due = std::mem::replace(&mut self.sleepers, later);
        due.into_values().collect()
    }

    pub(super) fn suspend(&mut self, by: Duration) {
        self.wall = self.wall.checked_add(by).unwrap_or(self.wall);
    }

    fn is_first(&self, key: Key) -> bool {
        self.sleepers.keys().next() == Some(&key)
    }

    fn first(&self) -> Option<Waker> {
        self.sleepers.values().next().cloned()
    }
}

/// One sleep. It is a sleeper from its first poll until it is over or dropped.
pub(super) struct Sleep {
    shared: Arc<Shared>,
    key: Key,
    length: Duration,
    patience: u32,
    over: bool,
}

impl Sleep {
    pub(super) fn until(shared: &Arc<Shared>, until: Instant) -> Self {
        let mut time = shared.time();
        time.next_id += 1;
        Self {
            shared: Arc::clone(shared),
            key: (until, time.next_id),
            length: until.saturating_duration_since(time.now),
            patience: PATIENCE,
            over: false,
        }
    }

    /// On an automatic clock only the first sleeper is awake: it lets others run for a while, then
    /// jumps. Whoever stops being first wakes the next.
    fn jump(&mut self, time: &mut Time, waker: &Waker) -> Vec<Waker> {
        if !self.shared.auto || !time.is_first(self.key) {
            return Vec::new();
        }
        if self.patience > 0 {
            self.patience -= 1;
            return vec![waker.clone()];
        }
        time.advance(self.key.0.saturating_duration_since(time.now))
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let shared = Arc::clone(&self.shared);
        let mut time = shared.time();
        let mut wake = self.jump(&mut time, cx.waker());
        self.over = time.now >= self.key.0;
        let former = if self.over {
            time.slept.push(self.length);
            time.sleepers.remove(&self.key)
        } else {
            time.sleepers.insert(self.key, cx.waker().clone())
        };
        if shared.auto && (self.over || former.is_none()) {
            wake.extend(time.first());
        }
        drop(time);
        drop(former);
        shared.wake(wake);
        if self.over {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if self.over {
            return;
        }
        let mut time = self.shared.time();
        let mine = time.sleepers.remove(&self.key);
        let next = if self.shared.auto { time.first() } else { None };
        drop(time);
        drop(mine);
        self.shared.wake(next.into_iter().collect());
    }
}
