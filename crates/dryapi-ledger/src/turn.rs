//! Whose turn it is to send: at most one writer at a time, and none twice.

use std::time::Duration;

use dryapi_types::{Intent, RequestId, Usd};

use crate::cells::Tries;
use crate::entry::{Entry, Reserved, Why};
use crate::error::{LedgerError, StoreError};
use crate::ledger::Ledger;
use crate::millis;
use crate::state::State;
use crate::step::Step;
use crate::store::Filter;
use crate::wish::Wish;

/// How long a writer that prepared a wish is let alone, where nobody can tell whether it lives.
/// It is safe to be wrong: a writer whose turn was taken over is told so before it sends.
const LEASE: Duration = Duration::from_secs(60);

/// How long a prepared wish, never sent, keeps its money where nobody can tell whether its writer
/// lives.
const FORGOTTEN: Duration = Duration::from_secs(3600);

/// A call is over somewhat after its deadline.
const MARGIN: Duration = Duration::from_secs(30);

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

/// The right to send one wish, until somebody takes it over: which happens only while it was not
/// used, and after a minute at the earliest or when its process has ended.
///
/// Dropped unused, it is taken over by whoever begins the same wish later; say
/// [`refused`](Self::refused) to free its money at once.
#[derive(Debug)]
#[must_use = "what was prepared keeps its money until it is sent or refused"]
pub struct Turn {
    ledger: Ledger,
    entry: Entry,
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
            let recorded = self.entry(&wish.intent).await?;
            let mut next = self.written(wish);
            let mut purses = Vec::new();
            if let Some(entry) = recorded {
                if entry.body != wish.body {
                    return Ok(Began::DifferentBody(entry));
                }
                match entry.state {
                    State::Unknown => return Ok(Began::Unknown(entry)),
                    State::Prepared if !self.given_up(&entry).await? => {
                        return Ok(Began::Busy(entry));
                    }
                    State::Sent if !self.given_up(&entry).await? => return Ok(Began::Busy(entry)),
                    State::Sent => {
                        if let Some(entry) = self.abandoned(entry).await? {
                            return Ok(Began::Unknown(entry));
                        }
                        continue;
                    }
                    State::Prepared | State::Refused => {}
                    _ => return Ok(Began::Recorded(entry)),
                }
                next.created = entry.created;
                next.evidence = entry.evidence;
                next.version = entry.version;
                next.tries = entry.tries;
                if entry.state == State::Prepared {
                    for reserved in &entry.reserved {
                        let mut purse = self.read_purse(&reserved.purse).await?;
                        purse.value = purse.value.release(reserved.amount);
                        purses.push((reserved.purse.clone(), purse));
                    }
                } else {
                    next.tries += 1;
                }
            }
            for (name, share) in &wish.purses {
                let index = purses.iter().position(|(known, _)| known == name);
                let (name, mut purse) = match index {
                    Some(index) => purses.swap_remove(index),
                    None => (name.clone(), self.read_purse(name).await?),
                };
                if !purse.value.fits(share.amount, share.cap) {
                    return Ok(Began::OverCap {
                        purse: name,
                        cap: share.cap,
                        left: purse.value.left(share.cap),
                    });
                }
                purse.value = purse.value.reserve(share.amount);
                purses.push((name, purse));
            }
            purses.sort_by(|(left, _), (right, _)| left.cmp(right));
            let purses = purses.into_iter().map(|(_, purse)| purse).collect();
            if let Some(entry) = self.store_entry(next, purses).await? {
                let ledger = self.clone();
                return Ok(Began::Fresh(Turn { ledger, entry }));
            }
        }
    }

    /// Settles what processes left behind that have ended: what they had prepared is refused (it was
    /// never sent), what they had sent is unknown. Gives the entries that changed.
    ///
    /// # Cancel safety
    /// Dropping the future leaves some of them as they were.
    ///
    /// # Errors
    /// [`LedgerError::Store`] if the store does not answer.
    pub async fn recover(&self) -> Result<Vec<Entry>, LedgerError> {
        let left = Filter::in_states([State::Prepared, State::Sent]);
        let mut recovered = Vec::new();
        for entry in self.entries(&left).await? {
            let (state, version) = (entry.state, entry.version);
            let writer = entry.writer.clone();
            let settled = if state == State::Sent {
                if !self.given_up(&entry).await? {
                    continue;
                }
                let _order = self.order().await;
                self.abandoned(entry).await?
            } else {
                let ended = self.ended(&writer).await?;
                let forgotten = self.now() > after(&entry, FORGOTTEN);
                if !ended.unwrap_or(forgotten) {
                    continue;
                }
                let why = Why::new("never_sent").with_message("its process ended before sending");
                let step = Step::TurnedDown { writer, why };
                Some(self.record(&entry.intent, step).await?)
            };
            recovered.extend(settled.filter(|settled| settled.version != version));
        }
        Ok(recovered)
    }

    fn written(&self, wish: &Wish) -> Entry {
        let now = self.now();
        let reserved = wish.purses.iter();
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
            evidence: Vec::new(),
            reserved: reserved
                .map(|(purse, share)| Reserved::new(purse, share.amount))
                .collect(),
            created: now,
            changed: now,
            writer: self.next_turn(),
            until: millis::moment(millis::later(millis::of(now), LEASE)),
            tries: 1,
            version: 0,
        }
    }

    /// Whether nobody is at it any more.
    async fn given_up(&self, entry: &Entry) -> Result<bool, StoreError> {
        if entry.until <= self.now() {
            return Ok(true);
        }
        Ok(self.ended(&entry.writer).await? == Some(true))
    }

    /// Nobody will hear the answer. Nothing is given after a conflict.
    async fn abandoned(&self, mut entry: Entry) -> Result<Option<Entry>, StoreError> {
        entry.state = State::Unknown;
        entry.changed = self.now();
        let why = Why::new("abandoned");
        entry.why = Some(why.with_message("its process ended, or gave up, before the answer came"));
        self.store_entry(entry, Vec::new()).await
    }
}

fn after(entry: &Entry, by: Duration) -> std::time::SystemTime {
    millis::moment(millis::later(millis::of(entry.until), by))
}

impl Turn {
    /// What was written down.
    #[must_use]
    pub const fn entry(&self) -> &Entry {
        &self.entry
    }

    /// The wish's name.
    #[must_use]
    pub const fn intent(&self) -> &Intent {
        &self.entry.intent
    }

    /// The request is about to be sent, and its answer is waited for so long at most. Send only
    /// after this is recorded. Said again before another attempt of the same call.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is recorded: do not send, and begin again.
    ///
    /// # Errors
    /// [`LedgerError::NotYourTurn`] if the turn was taken over, or an id came to light: do not send.
    /// [`LedgerError::Store`] if the store does not answer: do not send.
    pub async fn sent(&self, within: Duration) -> Result<Entry, LedgerError> {
        let until = millis::later(millis::of(self.ledger.now()), within);
        let until = millis::moment(millis::later(until, MARGIN));
        let writer = self.entry.writer.clone();
        self.step(Step::Sent { writer, until }).await
    }

    /// The service gave it an id.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is recorded; record it again.
    ///
    /// # Errors
    /// [`LedgerError::SecondJob`] if the wish has another id; both are kept.
    pub async fn accepted(&self, id: impl Into<RequestId>) -> Result<Entry, LedgerError> {
        self.step(Step::Accepted(id.into())).await
    }

    /// It was answered at once: the result is there, without a job.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is recorded; record it again.
    ///
    /// # Errors
    /// [`LedgerError::Illegal`] if it was not sent.
    pub async fn done(&self) -> Result<Entry, LedgerError> {
        self.step(Step::Done).await
    }

    /// It was provably not charged: refused by the service, or never sent. What was set aside is
    /// free again. To send it once more, begin again.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is recorded; record it again.
    ///
    /// # Errors
    /// [`LedgerError::Store`] if the store does not answer.
    pub async fn refused(&self, why: Why) -> Result<Entry, LedgerError> {
        let writer = self.entry.writer.clone();
        self.step(Step::TurnedDown { writer, why }).await
    }

    /// It may have been charged: the answer did not come, or cannot be read.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is recorded; record it again.
    ///
    /// # Errors
    /// [`LedgerError::Illegal`] if it was not sent.
    pub async fn unknown(&self, why: Why) -> Result<Entry, LedgerError> {
        self.step(Step::Unknown(why)).await
    }

    async fn step(&self, step: Step) -> Result<Entry, LedgerError> {
        self.ledger.record(&self.entry.intent, step).await
    }
}
