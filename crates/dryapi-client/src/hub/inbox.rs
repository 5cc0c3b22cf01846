//! Those who listen to every job of the account.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use dryapi_types::{JobStatus, RequestId};
use tokio::sync::Notify;

use super::news::Origin;
use super::watched::Seen;
use crate::error::Error;
use crate::ticket::JobTicket;

/// Something that changed in the account.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Change {
    /// A job moved on.
    #[non_exhaustive]
    Job {
        /// What is known of the job beside its status.
        ticket: JobTicket,
        /// Where it stands, as far as anybody told; previews only of jobs whose progress is shown to
        /// somebody.
        status: Box<JobStatus>,
        /// Who told.
        origin: Origin,
    },
    /// The push channel is there: changes are told from now on.
    #[non_exhaustive]
    Connected {
        /// Whether something may have been missed; the jobs that are known are asked for.
        gap: bool,
    },
    /// The push channel is not there: changes are missed until it is.
    #[non_exhaustive]
    Interrupted {
        /// Why.
        why: String,
        /// How long until the next attempt.
        again_in: Duration,
    },
}

#[derive(Debug)]
enum Item {
    Job(RequestId),
    Other(Box<Change>),
}

/// What one listener has not read yet: of each job the latest only, so that a slow one costs a
/// bounded amount of memory.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    mail: Mutex<Mail>,
    arrived: Notify,
}

#[derive(Debug, Default)]
struct Mail {
    order: VecDeque<Item>,
    jobs: HashMap<RequestId, Change>,
    ended: Option<Error>,
}

/// Changes kept for a listener that does not read.
const MOST_UNREAD: usize = 20_000;

impl Inbox {
    fn mail(&self) -> MutexGuard<'_, Mail> {
        self.mail.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, change: Change) {
        let mut mail = self.mail();
        match &change {
            Change::Job { ticket, .. } => {
                let id = ticket.request_id().clone();
                if mail.jobs.insert(id.clone(), change).is_none() {
                    mail.order.push_back(Item::Job(id));
                }
                // Who reads nothing misses the oldest.
                while mail.order.len() > MOST_UNREAD {
                    if let Some(Item::Job(id)) = mail.order.pop_front() {
                        mail.jobs.remove(&id);
                    }
                }
            }
            _ if mail.order.len() < MOST_UNREAD => {
                mail.order.push_back(Item::Other(Box::new(change)))
            }
            _ => {}
        }
        drop(mail);
        self.arrived.notify_waiters();
    }

    pub(super) fn end(&self, error: Error) {
        self.mail().ended = Some(error);
        self.arrived.notify_waiters();
    }

    /// Is woken by the next arrival.
    pub(super) fn arrived(&self) -> tokio::sync::futures::Notified<'_> {
        self.arrived.notified()
    }

    /// The next change; an error once, when no more will come.
    pub(super) fn take(&self) -> Option<Result<Change, Error>> {
        let mut mail = self.mail();
        loop {
            match mail.order.pop_front() {
                Some(Item::Other(change)) => return Some(Ok(*change)),
                Some(Item::Job(id)) => {
                    if let Some(change) = mail.jobs.remove(&id) {
                        return Some(Ok(change));
                    }
                }
                None => return mail.ended.take().map(Err),
            }
        }
    }

    /// Wakes whoever reads, so that they see to it that somebody listens.
    pub(super) fn wake(&self) {
        self.arrived.notify_waiters();
    }
}

/// All who listen.
#[derive(Debug, Default)]
pub(super) struct Listeners {
    inboxes: Vec<Weak<Inbox>>,
}

impl Listeners {
    pub(super) fn add(&mut self) -> Arc<Inbox> {
        self.inboxes.retain(|inbox| inbox.strong_count() > 0);
        let inbox = Arc::new(Inbox::default());
        self.inboxes.push(Arc::downgrade(&inbox));
        inbox
    }

    /// Whether anybody listens.
    pub(super) fn any(&self) -> bool {
        self.inboxes.iter().any(|inbox| inbox.strong_count() > 0)
    }

    pub(super) fn tell(&mut self, ticket: &JobTicket, origin: Origin, seen: &Seen) {
        if self.inboxes.is_empty() {
            return;
        }
        let (ticket, status) = (ticket.clone(), Box::new(seen.status.clone()));
        self.put(&Change::Job {
            ticket,
            status,
            origin,
        });
    }

    pub(super) fn put(&mut self, change: &Change) {
        self.each(|inbox| inbox.put(change.clone()));
    }

    pub(super) fn end(&mut self, error: &Error) {
        self.each(|inbox| inbox.end(error.clone()));
    }

    pub(super) fn wake(&mut self) {
        self.each(Inbox::wake);
    }

    fn each(&mut self, told: impl Fn(&Inbox)) {
        self.inboxes.retain(|inbox| {
            let inbox = inbox.upgrade();
            inbox.iter().for_each(|inbox| told(inbox));
            inbox.is_some()
        });
    }
}
