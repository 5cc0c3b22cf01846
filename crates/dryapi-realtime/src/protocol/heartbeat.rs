//! Whether anybody is still at the other end.

use std::time::{Duration, Instant};

/// The server expects a ping every 30 s (WebSockets page); ours come earlier.
const LONGEST: Duration = Duration::from_secs(25);
const SHORTEST: Duration = Duration::from_secs(1);
/// How long the answer may take. Anything that comes is one.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is to be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beat {
    /// Nothing.
    Quiet,
    /// Send a ping.
    Ping,
    /// Nobody answered.
    Dead,
}

/// Pings at a fixed interval, whatever the server sends: a server that only counts what it
/// *receives* as a sign of life (soketi closes with 4201 after 120 s) would otherwise hang up on a
/// client that listens to a busy channel.
#[derive(Debug)]
pub(super) struct Heartbeat {
    interval: Duration,
    ping_at: Instant,
    /// Until when an answer to the last ping must come.
    answer_by: Option<Instant>,
}

impl Heartbeat {
    /// `told`: the activity timeout of the server's greeting, 120 s unless told.
    pub(super) fn new(now: Instant, told: Option<Duration>) -> Self {
        let interval = told.map_or(LONGEST, |told| told.clamp(SHORTEST, LONGEST));
        Self {
            interval,
            ping_at: now + interval,
            answer_by: None,
        }
    }

    /// Something came.
    pub(super) fn heard(&mut self) {
        self.answer_by = None;
    }

    pub(super) fn beat(&mut self, now: Instant) -> Beat {
        match self.answer_by {
            Some(by) if now >= by => Beat::Dead,
            Some(_) => Beat::Quiet,
            None if now >= self.ping_at => {
                self.ping_at = now + self.interval;
                self.answer_by = Some(now + PATIENCE);
                Beat::Ping
            }
            None => Beat::Quiet,
        }
    }

    pub(super) fn wake_at(&self) -> Instant {
        self.answer_by.unwrap_or(self.ping_at)
    }
}
