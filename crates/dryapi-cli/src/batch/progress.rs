//! One view of the whole batch while it runs.

use std::time::{Duration, Instant};

use dryapi_client::Clock;

use super::summary::Tally;
use crate::screen::Bar;
use crate::session::Session;

/// The view of a batch.
#[derive(Debug)]
pub(super) struct Progress {
    bar: Option<Bar>,
    began: Instant,
    /// Ended before this run.
    before: usize,
}

impl Progress {
    pub(super) fn start(session: &Session, tally: &Tally) -> Self {
        let progress = Self {
            bar: session.screen.bar("batch".to_owned()),
            began: session.clock.now(),
            before: tally.ended(),
        };
        progress.show(session, tally);
        progress
    }

    pub(super) fn show(&self, session: &Session, tally: &Tally) {
        let Some(bar) = &self.bar else {
            return;
        };
        let ended = tally.ended();
        let percent = 100.0 * ended as f64 / tally.rows.max(1) as f64;
        let passed = session.clock.now().saturating_duration_since(self.began);
        let mut text = format!("{} done, {} left", tally.done, tally.rows - ended);
        for (count, how) in [(tally.failed, "failed"), (tally.unknown, "unknown")] {
            if count > 0 {
                text += &format!(", {count} {how}");
            }
        }
        if tally.reserved > dryapi_client::Usd::ZERO {
            text += &format!(", about {} USD", tally.reserved);
        }
        if let Some(left) = left(passed, ended - self.before, tally.rows - ended) {
            text += &format!(", {} to go", crate::duration::show(left));
        }
        bar.set(Some(percent), text);
    }
}

/// How long the rest takes, if it goes on as it did.
fn left(passed: Duration, ended: usize, left: usize) -> Option<Duration> {
    if ended == 0 || left == 0 {
        return None;
    }
    let each = passed.as_secs_f64() / ended as f64;
    Duration::try_from_secs_f64(each * left as f64).ok()
}
