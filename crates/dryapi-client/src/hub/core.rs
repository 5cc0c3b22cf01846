//! What all waits of one client share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use dryapi_types::Event;
use tokio::sync::Notify;

use super::board::{Board, Looked};
use super::news::News;
use super::pace::Teller;
use super::push::OpensPush;
use super::schedule::Schedule;
use crate::error::Error;
use crate::limits::window::Now;
use crate::shared::Shared;
use crate::ticket::JobTicket;

/// What all waits of one client share, on top of what its calls share.
#[derive(Debug)]
pub(crate) struct Hub {
    shared: Arc<Shared>,
    board: Mutex<Board>,
    pub(super) changed: Notify,
    pub(super) push: Option<Box<dyn OpensPush>>,
    /// Who tells where the push channel does not.
    pub(super) base: Teller,
}

impl Hub {
    pub(crate) fn new(
        shared: Shared,
        schedule: Option<Schedule>,
        webhooks: bool,
        push: Option<Box<dyn OpensPush>>,
    ) -> Self {
        let base = if webhooks {
            Teller::Webhooks
        } else {
            Teller::Nobody
        };
        Self {
            shared: Arc::new(shared),
            board: Mutex::new(Board::new(base, schedule)),
            changed: Notify::new(),
            push,
            base,
        }
    }

    /// What the client's calls share.
    pub(crate) const fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    pub(super) fn now(&self) -> Now {
        Now::of(&*self.shared.clock)
    }

    /// Whether the push channel could be opened as it was configured. Nothing is sent.
    ///
    /// # Errors
    /// Kind `Config`, naming the setting.
    pub(crate) fn check_push(&self) -> Result<(), Error> {
        let opened = self.push.as_ref().map(|opens| opens.open(&self.shared));
        opened.transpose().map(drop)
    }

    pub(super) fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why the push channel was refused, and when it is tried again.
    pub(super) fn push_refused(&self, now: Instant) -> Option<(Error, Instant)> {
        let refusal = self.board().push_refusal.clone();
        refusal.filter(|(_, again)| *again > now)
    }

    /// The board changed: whoever drives it looks at it again.
    pub(super) fn nudge(&self) {
        self.changed.notify_one();
    }

    /// A webhook's delivery.
    pub(crate) fn accept(&self, event: &Event) {
        if let Some((id, news)) = News::delivered(event) {
            self.board().hear(&id, news, self.now());
            self.nudge();
        }
    }

    /// A look that the board did not order: it counts, and what it showed is news.
    pub(super) fn looked_outside(&self, ticket: &JobTicket, asked: Result<Looked, Error>) {
        let now = self.now();
        self.board().looked_outside(ticket.request_id(), asked, now);
        self.nudge();
    }
}
