//! Knowing the outcome of jobs: one hub a client, whoever waits and for how many jobs.
//!
//! Two shapes were weighed. Each wait could ask for itself, through a shared limiter: simple, but
//! two waits for one job ask twice, nobody knows how many looks the others still need today, and a
//! socket has no owner. So there is one board, a plain value that push, webhooks and looks report
//! to and that says who is looked at next ([`board`]), and one task that does what it says and
//! lives while somebody waits ([`driver`]). The board knows no socket and no clock, so its whole
//! behaviour is tested without either.

mod allowance;
mod board;
mod driver;
mod entry;
mod inbox;
mod listener;
mod look;
mod news;
mod pace;
mod push;
mod queue;
#[cfg(feature = "realtime")]
mod realtime;
mod recent;
mod schedule;
mod seat;
mod standing;
mod usual;
mod watched;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dryapi_types::Event;
use tokio::sync::Notify;

pub use self::inbox::Change;
pub(crate) use self::listener::Listener;
pub(crate) use self::look::{known_job, status};
pub use self::news::Origin;
pub(crate) use self::push::OpensPush;
#[cfg(feature = "realtime")]
pub(crate) use self::realtime::PushSettings;
pub use self::schedule::Schedule;
pub(crate) use self::seat::{Seat, Stop};
pub(crate) use self::watched::Seen;

use self::allowance::Now;
use self::board::{Board, Looked};
use self::news::News;
use self::pace::Teller;
use crate::error::Error;
use crate::shared::Shared;
use crate::ticket::JobTicket;

/// What all waits of one client share.
#[derive(Debug)]
pub(crate) struct Hub {
    board: Mutex<Board>,
    changed: Notify,
    push: Option<Box<dyn OpensPush>>,
    /// Who tells where the push channel does not.
    base: Teller,
}

impl Hub {
    pub(crate) fn new(
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
            board: Mutex::new(Board::new(base, schedule)),
            changed: Notify::new(),
            push,
            base,
        }
    }

    /// Whether the push channel could be opened as it was configured. Nothing is sent.
    ///
    /// # Errors
    /// Kind `Config`, naming the setting.
    pub(crate) fn check_push(&self, shared: &Shared) -> Result<(), Error> {
        let opened = self.push.as_ref().map(|opens| opens.open(shared));
        opened.transpose().map(drop)
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The board changed: whoever drives it looks at it again.
    fn nudge(&self) {
        self.changed.notify_one();
    }

    /// Sees to it that a task drives the board while somebody waits.
    ///
    /// # Errors
    /// Kind `Config` outside a tokio runtime.
    fn ensure_driven(&self, shared: &Arc<Shared>) -> Result<(), Error> {
        let mut board = self.board();
        if board.is_driven() || !board.is_needed() {
            return Ok(());
        }
        let runtime = tokio::runtime::Handle::try_current()
            .map_err(|error| Error::config("a tokio runtime is needed").caused_by(error))?;
        let driver = board.driven();
        drop(board);
        runtime.spawn(driver::drive(Arc::clone(shared), driver));
        Ok(())
    }

    /// A webhook's delivery.
    pub(crate) fn accept(&self, shared: &Shared, event: &Event) {
        if let Some((id, news)) = News::delivered(event) {
            self.board().hear(&id, news, Now::of(shared));
            self.nudge();
        }
    }

    /// A look that the board did not order.
    fn looked_outside(&self, shared: &Shared, ticket: &JobTicket, asked: Result<Looked, Error>) {
        let now = Now::of(shared);
        let limit = asked.as_ref().err().and_then(Error::rate_limit).cloned();
        match (asked, limit) {
            (Ok(looked), _) => {
                let id = ticket.request_id();
                self.board().looked_outside(id, Ok(looked), now);
            }
            (Err(_), Some(limit)) => {
                let id = ticket.request_id();
                self.board().looked_outside(id, Err(&limit), now);
            }
            (Err(_), None) => return,
        }
        self.nudge();
    }
}

impl Now {
    fn of(shared: &Shared) -> Self {
        Self {
            at: shared.clock.now(),
            wall: shared.clock.wall(),
        }
    }
}
