//! What looks showed, and why they showed nothing.

use std::sync::Arc;
use std::time::Duration;

use dryapi_types::{RateLimit, RequestId, Window};

use super::Board;
use super::agenda::Order;
use crate::error::{Error, ErrorKind};
use crate::hub::news::News;
use crate::hub::queue::Slot;
use crate::limits::window::Now;

/// No answer is left alone for longer, whatever it asks.
const LONGEST_WAIT: Duration = Duration::from_secs(86_400);

/// What a look showed.
#[derive(Debug)]
pub(in crate::hub) struct Looked {
    pub(in crate::hub) news: News,
    pub(in crate::hub) limit: Option<RateLimit>,
}

impl Board {
    /// What a look showed, or why it showed nothing.
    pub(in crate::hub) fn looked(
        &mut self,
        order: &Order,
        result: Result<Looked, Error>,
        now: Now,
    ) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.count(result.as_ref(), now);
        let Some(entry) = self.slots.get_mut(&order.slot) else {
            // Nobody waits for it any more, or somebody does again.
            if let Ok(looked) = result {
                self.hear(order.ticket.request_id(), looked.news, now);
            }
            return;
        };
        entry.in_flight = false;
        let watched = Arc::clone(&entry.watched);
        let answered = result.is_ok();
        match result {
            Ok(looked) => {
                entry.looks.count = entry.looks.count.saturating_add(1);
                entry.looks.last = Some(now.at);
                entry.looks.failures = 0;
                // A look that was on its way when the job ended shows less than is known: again,
                // later and later, since the service may also contradict itself.
                let late = entry.wanted && !looked.news.status.state.is_terminal();
                entry.wanted &= late && !entry.is_open();
                entry.late = if entry.wanted { entry.late + 1 } else { 0 };
                let again = backoff(entry.late);
                let again = entry.wanted.then(|| now.at.checked_add(again)).flatten();
                entry.looks.not_before = again;
                self.take(order.slot, looked.news, now.at);
            }
            Err(error) => self.bear(order.slot, error, now),
        }
        watched.looked(answered);
    }

    /// Bears what says nothing about the job, for as long as it asks to be left alone.
    fn bear(&mut self, slot: Slot, error: Error, now: Now) {
        let Some(entry) = self.slots.get_mut(&slot) else {
            return;
        };
        let young = error.kind() == ErrorKind::NotFound && entry.is_young(now.at);
        if !error.kind().is_transient() && !young {
            entry.due = None;
            entry.watched.break_off(error);
            self.unfollow(slot);
            return;
        }
        let backoff = backoff(entry.looks.failures);
        entry.looks.failures = entry.looks.failures.saturating_add(1);
        let told = error.retry_after().unwrap_or_default();
        entry.looks.not_before = now.at.checked_add(told.max(backoff).min(LONGEST_WAIT));
        entry.watched.bear(error.clone(), entry.looks.not_before);
        self.plan(slot, now.at);
        let daily = error.rate_limit().map(|limit| limit.window) == Some(Window::Daily);
        if let Some(until) = self.allowance.day_ends().filter(|_| daily) {
            self.refusal = Some((error, until));
            for entry in self.slots.values() {
                self.refusal
                    .iter()
                    .for_each(|refusal| entry.refused(refusal));
            }
        }
    }

    /// What a look took of the allowance, and what it said of it.
    fn count(&mut self, result: Result<&Looked, &Error>, now: Now) {
        match result {
            Ok(looked) => self.allowance.answered(looked.limit.as_ref(), now),
            Err(error) => match error.rate_limit() {
                Some(limit) if error.kind() == ErrorKind::RateLimited => {
                    self.allowance.refused(limit, now);
                }
                _ => self.allowance.unanswered(now.at),
            },
        }
    }

    /// A look that the board did not order: it counts, and what it showed is news.
    pub(in crate::hub) fn looked_outside(
        &mut self,
        id: &RequestId,
        result: Result<Looked, Error>,
        now: Now,
    ) {
        self.allowance.spend(now.at);
        self.count(result.as_ref(), now);
        if let Ok(looked) = result
            && self.by_id.contains_key(id)
        {
            self.hear(id, looked.news, now);
        }
    }
}

/// 1 s, 2 s, 4 s to half a minute; after ten, up to ten minutes.
fn backoff(failures: u32) -> Duration {
    let most = if failures < 10 { 30 } else { 600 };
    Duration::from_secs((1_u64 << failures.min(16)).min(most))
}
