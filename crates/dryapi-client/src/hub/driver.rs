//! The task that does what the board says: one socket, one poll schedule. It lives while somebody
//! waits, and a little longer where a socket would have to be opened again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_core::Stream;
use tokio::task::JoinSet;

use super::board::{Driver, Looked, Order};
use super::core::Hub;
use super::inbox::Change;
use super::look::look;
use super::news::News;
use super::pace::Teller;
use super::push::{PushStream, Signal};
use crate::error::Error;
use crate::limits::window::Now;

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
    hub: Arc<Hub>,
    push: Push,
    /// Since when it is open, and nothing is told.
    down_since: Option<Instant>,
    looks: JoinSet<(Order, Result<Looked, Error>)>,
    before: Now,
    idle_since: Option<Instant>,
}

/// What the task waits for.
enum Woken {
    Looked(Box<(Order, Result<Looked, Error>)>),
    Push(Option<Signal>),
    /// A look panicked: nobody knows which.
    Broken,
    Else,
}

/// Sees to it that a task drives the board while somebody waits.
///
/// # Errors
/// Kind `Config` outside a tokio runtime.
pub(super) fn ensure_driven(hub: &Arc<Hub>) -> Result<(), Error> {
    let runtime = tokio::runtime::Handle::try_current()
        .map_err(|error| Error::config("a tokio runtime is needed").caused_by(error))?;
    let mut board = hub.board();
    if board.is_driven() || !board.is_needed() {
        return Ok(());
    }
    let driver = board.driven();
    drop(board);
    // Held from here on: a runtime that shuts down drops the task before it begins.
    let guard = Released {
        hub: Arc::clone(hub),
        driver,
    };
    runtime.spawn(drive(guard));
    Ok(())
}

/// Drives the board until nobody waits.
async fn drive(guard: Released) {
    let hub = Arc::clone(&guard.hub);
    let now = hub.now();
    let has_push = hub.push.is_some();
    let mut driving = Driving {
        push: match &hub.push {
            Some(_) => Push::Later(hub.push_refused(now.at).map_or(now.at, |(_, again)| again)),
            None => Push::Off,
        },
        hub,
        down_since: has_push.then_some(now.at),
        looks: JoinSet::new(),
        before: now,
        idle_since: None,
    };
    while let Some(wake) = driving.settle(&guard.driver) {
        match driving.woken(wake).await {
            Woken::Looked(looked) => {
                let (order, result) = *looked;
                let now = driving.hub.now();
                driving.hub.board().looked(&order, result, now);
            }
            Woken::Push(signal) => driving.told(signal),
            // Whoever waits sees to it that another task drives.
            Woken::Broken => break,
            Woken::Else => {}
        }
    }
}

/// Gives the board back, however the task ends: with its runtime, too.
struct Released {
    hub: Arc<Hub>,
    driver: Driver,
}

impl Drop for Released {
    fn drop(&mut self) {
        let now = self.hub.now().at;
        self.hub.board().released(&self.driver, now);
    }
}

impl Driving {
    /// Does what is due and says when to come back; none when nobody waits any more.
    fn settle(&mut self, driver: &Driver) -> Option<Instant> {
        let hub = Arc::clone(&self.hub);
        let now = hub.now();
        self.notice_sleep(now);
        self.open_push(now);
        let mut board = hub.board();
        if self
            .down_since
            .is_some_and(|since| now.at.saturating_duration_since(since) >= PATIENCE)
        {
            board.tells(hub.base, now.at);
        }
        if !board.listeners.any() {
            board.follow_none();
        }
        if board.is_needed() {
            self.idle_since = None;
        } else {
            let since = *self.idle_since.get_or_insert(now.at);
            let idle = now.at.saturating_duration_since(since);
            let linger = matches!(self.push, Push::Open(_)) && idle < LINGER;
            if !linger && self.looks.is_empty() {
                board.released(driver, now.at);
                return None;
            }
        }
        let agenda = board.agenda(now);
        drop(board);
        for order in agenda.looks {
            let shared = Arc::clone(hub.shared());
            self.looks.spawn(async move {
                let looked = look(&shared, &order.ticket).await;
                (order, looked)
            });
        }
        let tick = now.at.checked_add(TICK).unwrap_or(now.at);
        let push = match self.push {
            Push::Later(at) => Some(at),
            _ => None,
        };
        // When looks come as if there were no channel.
        let alone = self
            .down_since
            .and_then(|since| since.checked_add(PATIENCE));
        let alone = alone.filter(|alone| *alone > now.at);
        let due = [agenda.wake, push, alone].into_iter().flatten().min();
        Some(due.map_or(tick, |due| due.min(tick)))
    }

    async fn woken(&mut self, wake: Instant) -> Woken {
        let hub = &self.hub;
        tokio::select! {
            biased;
            signal = next(&mut self.push) => Woken::Push(signal),
            Some(ended) = self.looks.join_next() => match ended {
                Ok(looked) => Woken::Looked(Box::new(looked)),
                Err(_) => Woken::Broken,
            },
            () = hub.changed.notified() => Woken::Else,
            () = hub.shared().clock.sleep_until(wake) => Woken::Else,
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
        self.hub.board().resync(now.at);
    }

    fn open_push(&mut self, now: Now) {
        let Push::Later(at) = self.push else { return };
        let Some(opens) = self.hub.push.as_ref().filter(|_| at <= now.at) else {
            return;
        };
        self.push = match opens.open(self.hub.shared()) {
            Ok(stream) => Push::Open(stream),
            Err(error) => return self.refused(error),
        };
    }

    fn told(&mut self, signal: Option<Signal>) {
        let hub = Arc::clone(&self.hub);
        let now = hub.now();
        match signal {
            Some(Signal::Heard(update)) => {
                let id = update.request_id.clone();
                hub.board().hear(&id, News::pushed(update), now);
            }
            Some(Signal::Connected { gap }) => {
                self.down_since = None;
                let mut board = hub.board();
                board.listeners.put(&Change::Connected { gap });
                board.tells(Teller::Push, now.at);
                board.resync(now.at);
            }
            Some(Signal::Lost { why, again_in }) => {
                self.down_since.get_or_insert(now.at);
                let change = Change::Interrupted { why, again_in };
                hub.board().listeners.put(&change);
            }
            Some(Signal::Stopped(error)) => self.refused(error),
            None => {
                self.down_since.get_or_insert(now.at);
                self.push = now.at.checked_add(REFUSED).map_or(Push::Off, Push::Later);
            }
        }
    }

    /// The channel was refused: it is tried again, but not by every wait.
    fn refused(&mut self, error: Error) {
        tracing::warn!(%error, "dryapi: no push channel");
        let now = self.hub.now().at;
        self.down_since.get_or_insert(now);
        let again = now.checked_add(REFUSED);
        self.push = again.map_or(Push::Off, Push::Later);
        let mut board = self.hub.board();
        board.listeners.end(&error);
        board.tells(self.hub.base, now);
        board.push_refusal = again.map(|again| (error, again));
    }
}

/// What the channel tells; nothing ever where there is none.
async fn next(push: &mut Push) -> Option<Signal> {
    let Push::Open(stream) = push else {
        return std::future::pending().await;
    };
    std::future::poll_fn(|cx| Stream::poll_next(stream.as_mut(), cx)).await
}
