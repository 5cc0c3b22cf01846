//! The guard before a paid request is sent again after the service's own 500: such an answer may be
//! thrown after the job was booked, and the balance tells.
//!
//! Two shapes were weighed. The first reads the balance before and after each paid request, alone:
//! exact, and one request at a time. The second, used here, keeps books: a balance read while
//! nothing paid was on its way, and what was accepted since, as estimated. Before a resend the
//! guard waits until nothing paid is on its way, reads the balance again and compares. Where it is
//! not just what the books say, every call that began before it is in doubt; none of them is sent
//! again.
//!
//! What another program of the account spends raises doubts, too: then an outcome is unknown that
//! would have been refused, and nothing is paid twice.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dryapi_types::Usd;
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

/// The books of one client.
#[derive(Debug)]
pub(crate) struct Guard {
    off: bool,
    gate: Arc<RwLock<()>>,
    books: Mutex<Books>,
}

#[derive(Debug, Default)]
struct Books {
    /// The balance when nothing paid was on its way.
    balance: Option<Usd>,
    /// What was accepted since; `None` once something was whose cost is not known.
    spent: Option<Usd>,
    /// How often the balance was not what the books said.
    doubts: u64,
    /// Something may have been charged since: the balance must be read before another call relies
    /// on it.
    stale: bool,
}

/// A paid request is on its way.
pub(crate) type Pass = OwnedRwLockReadGuard<()>;

/// Nothing paid is on its way.
#[derive(Debug)]
#[must_use = "paid requests wait while it is held"]
pub(crate) struct Alone(#[expect(dead_code, reason = "held")] OwnedRwLockWriteGuard<()>);

/// What the books said when a call began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Watch {
    doubts: u64,
}

/// The balance before, where it is known, and now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Compared {
    pub(crate) expected: Option<Usd>,
    pub(crate) balance: Usd,
}

impl Guard {
    pub(crate) fn new(on: bool) -> Self {
        Self {
            off: !on,
            gate: Arc::default(),
            books: Mutex::default(),
        }
    }

    /// Whether nothing is guarded.
    pub(crate) const fn is_off(&self) -> bool {
        self.off
    }

    /// To be held while a paid request is on its way.
    pub(crate) async fn pass(&self) -> Pass {
        Arc::clone(&self.gate).read_owned().await
    }

    /// Waits until nothing paid is on its way.
    pub(crate) async fn alone(&self) -> Alone {
        Alone(Arc::clone(&self.gate).write_owned().await)
    }

    /// For a call that begins; `None` where the balance must be read first.
    pub(crate) fn watch(&self) -> Option<Watch> {
        let books = self.books();
        let known = books.balance.is_some() && !books.stale;
        known.then_some(Watch {
            doubts: books.doubts,
        })
    }

    /// The balance, read while nothing paid was on its way.
    pub(crate) fn read(&self, _alone: &Alone, balance: Usd) -> Compared {
        let mut books = self.books();
        let expected = match (books.balance, books.spent) {
            (Some(before), Some(spent)) => Some(before - spent),
            _ => None,
        };
        if expected != Some(balance) {
            books.doubts += 1;
        }
        books.balance = Some(balance);
        books.spent = Some(Usd::ZERO);
        books.stale = false;
        Compared { expected, balance }
    }

    /// What the balance should be now, as far as the books know.
    #[cfg(feature = "ledger")]
    pub(crate) fn expected(&self) -> Option<Usd> {
        let books = self.books();
        Some(books.balance? - books.spent?)
    }

    /// Whether nothing was charged since the call began that the books do not know.
    pub(crate) fn vouches(&self, watch: Watch) -> bool {
        self.books().doubts == watch.doubts
    }

    /// The service accepted a paid request.
    pub(crate) fn accepted(&self, cost: Option<Usd>) {
        let mut books = self.books();
        books.spent = match (books.spent, cost) {
            (Some(spent), Some(cost)) => spent.checked_add(cost),
            _ => None,
        };
    }

    /// A paid request may have been accepted.
    pub(crate) fn unsure(&self) {
        self.books().stale = true;
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cents(cents: i64) -> Usd {
        Usd::from_cents(cents)
    }

    async fn read(guard: &Guard, balance: i64) -> Watch {
        let alone = guard.alone().await;
        let _ = guard.read(&alone, cents(balance));
        guard.watch().unwrap()
    }

    #[tokio::test]
    async fn what_was_accepted_explains_what_fell() {
        let guard = Guard::new(true);
        assert_eq!(guard.watch(), None, "nothing was read yet");
        let began = read(&guard, 100).await;
        guard.accepted(Some(cents(7)));
        read(&guard, 93).await;
        assert!(guard.vouches(began));
        read(&guard, 92).await;
        assert!(!guard.vouches(began));
    }

    #[tokio::test]
    async fn every_call_that_began_before_is_in_doubt_and_none_that_began_after() {
        let guard = Guard::new(true);
        let (one, other) = (read(&guard, 100).await, guard.watch().unwrap());
        let third = read(&guard, 93).await;
        // The first that asked was told; the second must not take the new balance for its own.
        read(&guard, 93).await;
        assert!(!guard.vouches(one) && !guard.vouches(other));
        assert!(guard.vouches(third));
    }

    #[tokio::test]
    async fn what_is_not_known_vouches_for_nothing() {
        let guard = Guard::new(true);
        let began = read(&guard, 100).await;
        guard.accepted(None);
        read(&guard, 100).await;
        assert!(!guard.vouches(began), "its cost may just have been paid in");
        guard.unsure();
        assert_eq!(guard.watch(), None, "the balance is read again first");
    }

    #[tokio::test]
    async fn nobody_reads_while_something_is_on_its_way() {
        let guard = Guard::new(true);
        let pass = guard.pass().await;
        let mut alone = std::pin::pin!(guard.alone());
        let waits =
            std::future::poll_fn(|cx| std::task::Poll::Ready(alone.as_mut().poll(cx).is_pending()));
        assert!(waits.await);
        drop(pass);
        drop(alone.await);
    }
}
