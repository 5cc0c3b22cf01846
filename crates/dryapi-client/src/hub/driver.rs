//! The task that does what the board says: one socket, one poll schedule. It lives while somebody
//! waits, and a little longer where a socket would have to be opened again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_core::Stream;
use tokio::task::JoinSet;

use super::allowance::Now;
use super::board::{Driver, Looked};
use super::inbox::Change;
use super::look::look;
use super::news::News;
use super::pace::Teller;
use super::push::{PushStream, Signal};
use super::queue::Slot;
use crate::error::Error;
use crate::shared::Shared;

/// How often the clocks are compared, and what lies in between is settled.
const TICK: Duration = Duration::from_secs(15);
/// Wall time that ran so far ahead means that the machine slept.
const ASLEEP: Duration = Duration::from_secs(10);
/// How long an unused socket stays open.
const LINGER: Duration = Duration::from_secs(30);
/// After so long without the push channel, looks come as if there were none.
const PATIENCE: Duration = Duration::from_secs(20);
/// When a channel that was refused is tried again.
const REFUSED: Duration = Duration::from_secs(10 * 60);

/// The push channel as it stands.
enum Push {
    /// There is none.
    Off,
    /// It will be opened then.
    Later(Instant),
    Open(PushStream),
}

struct Driving {
    shared: Arc<Shared>,
    push: Push,
    /// Since when it is open, and nothing is told.
    down_since: Option<Instant>,
    looks: JoinSet<(Slot, Result<Looked, Error>)>,
    before: Now,
    idle_since: Option<Instant>,
}

/// What the task waits for.
enum Woken {
    Looked(Slot, Result<Looked, Error>),
    Push(Option<Signal>),
    Else,
}

/// Drives the board until nobody waits.
pub(super) async fn drive(shared: Arc<Shared>, driver: Driver) {
    let guard = Released {
        shared: Arc::clone(&shared),
        driver,
    };
    let now = Now::of(&shared);
    let mut driving = Driving {
        push: match &shared.hub.push {
            Some(_) => Push::Later(now.at),
            None => Push::Off,
        },
        shared,
        down_since: Some(now.at),
        looks: JoinSet::new(),
        before: now,
        idle_since: None,
    };
    while let Some(wake) = driving.settle(&guard.driver) {
        match driving.woken(wake).await {
            Woken::Looked(slot, result) => {
                let shared = &driving.shared;
                let now = Now::of(shared);
                shared.hub.board().looked(slot, result, now);
            }
            Woken::Push(signal) => driving.told(signal),
            Woken::Else => {}
        }
    }
}

/// Gives the board back, however the task ends: with its runtime, too.
struct Released {
    shared: Arc<Shared>,
    driver: Driver,
}

impl Drop for Released {
    fn drop(&mut self) {
        self.shared.hub.board().released(&self.driver);
    }
}

impl Driving {
    /// Does what is due and says when to come back; none when nobody waits any more.
    fn settle(&mut self, driver: &Driver) -> Option<Instant> {
        let shared = Arc::clone(&self.shared);
        let now = Now::of(&shared);
        self.notice_sleep(now);
        self.open_push(now);
        let mut board = shared.hub.board();
        if self
            .down_since
            .is_some_and(|since| now.at.saturating_duration_since(since) >= PATIENCE)
        {
            board.tells(shared.hub.base, now.at);
        }
        if board.is_needed() {
            self.idle_since = None;
        } else {
            board.follow_none();
            let since = *self.idle_since.get_or_insert(now.at);
            let idle = now.at.saturating_duration_since(since);
            let linger = matches!(self.push, Push::Open(_)) && idle < LINGER;
            if !linger && self.looks.is_empty() {
                board.released(driver);
                return None;
            }
        }
        let agenda = board.agenda(now);
        drop(board);
        for order in agenda.looks {
            let shared = Arc::clone(&shared);
            self.looks
                .spawn(async move { (order.slot, look(&shared, &order.ticket).await) });
        }
        let tick = now.at.checked_add(TICK).unwrap_or(now.at);
        let push = match self.push {
            Push::Later(at) => Some(at),
            _ => None,
        };
        let due = [agenda.wake, push].into_iter().flatten().min();
        Some(due.map_or(tick, |due| due.min(tick)))
    }

    async fn woken(&mut self, wake: Instant) -> Woken {
        let shared = &self.shared;
        let hub = &shared.hub;
        tokio::select! {
            biased;
            signal = next(&mut self.push) => Woken::Push(signal),
            Some(ended) = self.looks.join_next() => match ended {
                Ok((slot, result)) => Woken::Looked(slot, result),
                // A look that panicked or was cancelled is nobody's answer; its job is still open.
                Err(_) => Woken::Else,
            },
            () = hub.changed.notified() => Woken::Else,
            () = shared.clock.sleep_until(wake) => Woken::Else,
        }
    }

    /// A laptop that slept: its socket is gone although nobody says so, and much was missed.
    fn notice_sleep(&mut self, now: Now) {
        let ran = now.at.saturating_duration_since(self.before.at);
        let wall = now
            .wall
            .duration_since(self.before.wall)
            .unwrap_or_default();
        self.before = now;
        if wall.saturating_sub(ran) < ASLEEP {
            return;
        }
        tracing::info!(asleep = ?wall.saturating_sub(ran), "dryapi: the machine slept");
        if let Push::Open(_) = self.push {
            self.push = Push::Later(now.at);
            self.down_since = Some(now.at);
        }
        self.shared.hub.board().resync(now.at);
    }

    fn open_push(&mut self, now: Now) {
        let Push::Later(at) = self.push else { return };
        let Some(opens) = self.shared.hub.push.as_ref().filter(|_| at <= now.at) else {
            return;
        };
        self.push = match opens.open(&self.shared) {
            Ok(stream) => Push::Open(stream),
            Err(error) => {
                self.refused(&error);
                Push::Off
            }
        };
    }

    fn told(&mut self, signal: Option<Signal>) {
        let shared = Arc::clone(&self.shared);
        let now = Now::of(&shared);
        match signal {
            Some(Signal::Heard(update)) => {
                let id = update.request_id.clone();
                shared.hub.board().hear(&id, News::pushed(update), now);
            }
            Some(Signal::Connected { gap }) => {
                self.down_since = None;
                let mut board = shared.hub.board();
                board.listeners.put(&Change::Connected { gap });
                board.tells(Teller::Push, now.at);
                board.resync(now.at);
            }
            Some(Signal::Lost { why, again_in }) => {
                self.down_since.get_or_insert(now.at);
                let change = Change::Interrupted { why, again_in };
                shared.hub.board().listeners.put(&change);
            }
            Some(Signal::Stopped(error)) => {
                self.refused(&error);
                self.push = now.at.checked_add(REFUSED).map_or(Push::Off, Push::Later);
            }
            None => self.push = now.at.checked_add(REFUSED).map_or(Push::Off, Push::Later),
        }
    }

    fn refused(&mut self, error: &Error) {
        tracing::warn!(%error, "dryapi: no push channel");
        let now = self.shared.clock.now();
        self.down_since.get_or_insert(now);
        let mut board = self.shared.hub.board();
        board.listeners.end(error);
        board.tells(self.shared.hub.base, now);
    }
}

/// What the channel tells; nothing ever where there is none.
async fn next(push: &mut Push) -> Option<Signal> {
    let Push::Open(stream) = push else {
        return std::future::pending().await;
    };
    std::future::poll_fn(|cx| Stream::poll_next(stream.as_mut(), cx)).await
}
