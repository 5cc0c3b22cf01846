//! What all waiters of one job see of it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use dryapi_types::JobStatus;
use tokio::sync::Notify;

use super::news::{Answer, News};
use super::standing::Standing;
use crate::error::Error;

/// One job, shared by the hub and everybody who waits for it.
#[derive(Debug, Default)]
pub(super) struct Watched {
    changed: Notify,
    view: Mutex<View>,
}

#[derive(Debug, Default)]
struct View {
    /// Counts what was new.
    version: u32,
    /// Whether previews are wanted: they are large.
    shown: bool,
    standing: Standing,
    /// Counts the looks that ended, with or without an answer.
    looks: u32,
    /// What ends every wait: the service does not let us look.
    broken: Option<Error>,
    /// The last thing that was borne, and until when nobody looks.
    borne: Option<Borne>,
}

/// Something that says nothing about a job, and until when nobody looks at it.
#[derive(Clone, Debug)]
pub(super) struct Borne {
    error: Error,
    until: Option<Instant>,
}

impl Borne {
    /// The error, where nobody looks before `then`.
    pub(super) fn past(self, then: Option<Instant>) -> Option<Error> {
        let too_late = |then| self.until.is_some_and(|until| until >= then);
        then.is_some_and(too_late).then_some(self.error)
    }
}

/// What is known of a job.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Without a result that came inline.
    pub(crate) status: JobStatus,
    /// The whole status, where a result came inline.
    pub(crate) answer: Option<Answer>,
    /// Whether the status itself said that the job is over: nothing is missing then.
    pub(crate) read: bool,
}

impl Seen {
    /// A status by itself.
    pub(crate) const fn of(status: JobStatus) -> Self {
        Self {
            status,
            answer: None,
            read: false,
        }
    }

    /// The status with its result.
    pub(crate) fn whole(self) -> JobStatus {
        News::polled(self.status, self.answer).whole()
    }
}

impl Watched {
    fn view(&self) -> MutexGuard<'_, View> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes everybody who listens now.
    pub(super) fn wake(&self) {
        self.changed.notify_waiters();
    }

    /// Is woken by the next change, once it was polled or enabled.
    pub(super) fn changed(&self) -> tokio::sync::futures::Notified<'_> {
        self.changed.notified()
    }

    /// Takes news; what is seen then, where they were any.
    pub(super) fn hear(&self, mut news: News) -> Option<Seen> {
        let mut view = self.view();
        if !view.shown {
            news.status.preview = None;
        }
        if !view.standing.hear(news) {
            return None;
        }
        view.version = view.version.wrapping_add(1);
        let seen = view.seen();
        drop(view);
        self.wake();
        Some(seen)
    }

    /// Previews are wanted from now on.
    pub(super) fn show(&self) {
        self.view().shown = true;
    }

    /// Goes on where an earlier wait stopped.
    pub(super) fn restore(&self, standing: Standing) {
        let mut view = self.view();
        view.version = u32::from(standing.is_heard());
        view.standing = standing;
    }

    /// Where the job stands.
    pub(super) fn standing(&self) -> Standing {
        self.view().standing.clone()
    }

    pub(super) fn is_over(&self) -> bool {
        self.view().standing.is_over()
    }

    pub(super) fn is_read(&self) -> bool {
        self.view().standing.is_read()
    }

    /// A look ended, with or without an answer.
    pub(super) fn looked(&self, answered: bool) {
        let mut view = self.view();
        if answered {
            (view.borne, view.broken) = (None, None);
        }
        view.looks = view.looks.wrapping_add(1);
        drop(view);
        self.wake();
    }

    /// How many looks ended.
    pub(super) fn looks(&self) -> u32 {
        self.view().looks
    }

    /// Nobody may look: every wait ends.
    pub(super) fn break_off(&self, error: Error) {
        self.view().broken = Some(error);
        self.wake();
    }

    /// Something that says nothing about the job; nobody looks `until` then.
    pub(super) fn bear(&self, error: Error, until: Option<Instant>) {
        self.view().borne = Some(Borne { error, until });
        self.wake();
    }

    /// The last thing that was borne, unless a look was answered since.
    pub(super) fn borne(&self) -> Option<Borne> {
        self.view().borne.clone()
    }

    /// What is known now.
    pub(super) fn seen(&self) -> Seen {
        self.view().seen()
    }

    /// What is new since version `since`, which is moved on.
    pub(super) fn newer(&self, since: &mut u32) -> Option<Result<Seen, Error>> {
        let view = self.view();
        // News beat a look that was refused: what was told was paid for.
        if view.version == *since {
            return view.broken.clone().map(Err);
        }
        *since = view.version;
        Some(Ok(view.seen()))
    }
}

impl View {
    fn seen(&self) -> Seen {
        Seen {
            status: self.standing.status().clone(),
            answer: self.standing.answer().cloned(),
            read: self.standing.is_read(),
        }
    }
}
