//! The beginning: a wish is written down, or known already.

use std::collections::BTreeMap;
use std::time::Duration;

use dryapi_types::Usd;

use crate::cells::{Tries, Value};
use crate::entry::{Entry, Reserved};
use crate::error::StoreError;
use crate::evidence::{self, Evidence};
use crate::ledger::Ledger;
use crate::millis;
use crate::purse::Purse;
use crate::state::State;
use crate::turn::Turn;
use crate::wish::Wish;

/// How long a writer that prepared a wish is let alone, where nobody can tell whether it lives.
/// It is safe to be wrong: a writer whose turn was taken over is told so before it sends.
const LEASE: Duration = Duration::from_secs(60);

/// Where a wish stands when somebody wants it.
#[derive(Debug)]
#[non_exhaustive]
pub enum Began {
    /// It is written down, and yours to send.
    Fresh(Turn),
    /// It was sent and accepted. Send nothing: this is the job.
    Recorded(Entry),
    /// It may have been accepted and charged. Send nothing.
    Unknown(Entry),
    /// Another task or process is at it. Look again: at its [`until`](Entry::until) at the latest
    /// it stands elsewhere.
    Busy(Entry),
    /// The same name was given to another wish. Send nothing.
    DifferentBody(Entry),
    /// A purse has not so much left. Nothing was written down.
    OverCap {
        /// The purse.
        purse: String,
        /// What it may hold, in US dollars.
        cap: Usd,
        /// What is left of it.
        left: Usd,
    },
}

/// What is recorded, seen by somebody who wants the same.
enum Standing {
    /// It may be sent.
    Free(Entry),
    /// It may not.
    Taken(Began),
    /// It stands elsewhere by now.
    Changed,
}

impl Ledger {
    /// Writes a wish down, or says what is known of it. The same wish, or what is left of it after a
    /// crash, is never sent twice by whoever sends only what is [`Fresh`](Began::Fresh).
    ///
    /// * prepared by somebody whose process ended, or more than a minute ago: taken over;
    /// * sent by somebody whose process ended, or whose deadline passed: recorded as unknown;
    /// * refused: nothing was charged, so it is fresh again.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether the wish is written down. It was not sent, so it may
    /// be begun again.
    ///
    /// # Errors
    /// [`StoreError`] if the store does not answer: do not send.
    pub async fn begin(&self, wish: &Wish) -> Result<Began, StoreError> {
        let _order = self.order().await;
        let mut tries = Tries::default();
        loop {
            tries.next()?;
            let recorded = match self.entry(&wish.intent).await? {
                Some(entry) => match self.standing(entry, wish).await? {
                    Standing::Free(entry) => Some(entry),
                    Standing::Taken(began) => return Ok(began),
                    Standing::Changed => continue,
                },
                None => None,
            };
            let purses = match self.set_aside(wish, recorded.as_ref()).await? {
                Ok(purses) => purses,
                Err(over) => return Ok(over),
            };
            let next = self.written(wish, recorded);
            if let Some(entry) = self.store_entry(next, purses).await? {
                return Ok(Began::Fresh(Turn::new(self.clone(), entry)));
            }
        }
    }

    /// Whether what is recorded leaves the wish to be sent.
    async fn standing(&self, entry: Entry, wish: &Wish) -> Result<Standing, StoreError> {
        Ok(match entry.state {
            // Nothing was paid under this name, so it is free for another request, too.
            State::Refused => Standing::Free(entry),
            State::Prepared if self.given_up(&entry).await? => Standing::Free(entry),
            _ if entry.body != wish.body => Standing::Taken(Began::DifferentBody(entry)),
            State::Sent if self.given_up(&entry).await? => match self.abandoned(entry).await? {
                Some(entry) => Standing::Taken(Began::Unknown(entry)),
                None => Standing::Changed,
            },
            State::Prepared | State::Sent => Standing::Taken(Began::Busy(entry)),
            State::Unknown => Standing::Taken(Began::Unknown(entry)),
            _ => Standing::Taken(Began::Recorded(entry)),
        })
    }

    /// The purses with the wish's money in them, in the place of what was set aside for it before;
    /// or which of them has not so much left.
    async fn set_aside(
        &self,
        wish: &Wish,
        recorded: Option<&Entry>,
    ) -> Result<Result<Vec<Value<Purse>>, Began>, StoreError> {
        let before = recorded.filter(|entry| entry.state.reserves());
        let before = before.map_or(&[][..], |entry| &entry.reserved);
        let mut purses = BTreeMap::new();
        for reserved in before {
            let mut purse = self.read_purse(&reserved.purse).await?;
            purse.value = purse.value.release(reserved.amount);
            purses.insert(reserved.purse.as_str(), purse);
        }
        for (name, share) in &wish.purses {
            let mut purse = match purses.remove(name.as_str()) {
                Some(purse) => purse,
                None => self.read_purse(name).await?,
            };
            if !purse.value.fits(share.amount, share.cap) {
                return Ok(Err(Began::OverCap {
                    purse: name.clone(),
                    cap: share.cap,
                    left: purse.value.left(share.cap),
                }));
            }
            purse.value = purse.value.reserve(share.amount);
            purses.insert(name, purse);
        }
        Ok(Ok(purses.into_values().collect()))
    }

    fn written(&self, wish: &Wish, recorded: Option<Entry>) -> Entry {
        let now = self.now();
        let again = recorded.as_ref();
        let tries = again.map_or(1, |old| old.tries + u32::from(old.state == State::Refused));
        let (created, version) = again.map_or((now, 0), |old| (old.created, old.version));
        let reserved = wish.purses.iter();
        let mut evidence = recorded.map(|old| old.evidence).unwrap_or_default();
        for (kind, text) in &wish.notes {
            let note = Evidence::new(now, *kind, text);
            // Tried again, it is the same note.
            evidence.retain(|old: &Evidence| old.kind != note.kind || old.text != note.text);
            evidence.push(note);
        }
        evidence.truncate(evidence::MOST);
        Entry {
            intent: wish.intent.clone(),
            operation: wish.operation.clone(),
            model: wish.model.clone(),
            body: wish.body,
            target: wish.target.clone(),
            estimate: wish.estimate,
            batch: wish.batch.clone(),
            state: State::Prepared,
            request_id: None,
            why: None,
            file: None,
            evidence,
            reserved: reserved
                .map(|(purse, share)| Reserved::new(purse, share.amount))
                .collect(),
            created,
            changed: now,
            writer: self.next_turn(),
            until: millis::moment(millis::later(millis::of(now), LEASE)),
            tries,
            version,
        }
    }
}
