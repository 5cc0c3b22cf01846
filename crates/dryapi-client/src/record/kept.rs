//! The record of paid work, over a ledger.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dryapi_ledger::{BatchRow, Began, Entry, EvidenceKind, Ledger, LedgerError, Store, Why, Wish};
use dryapi_transport::Clock;
use dryapi_types::{Intent, Operation, RequestId, Usd};
use tokio::sync::OnceCell;

use super::standing::Standing;
use super::{body, explain};
use crate::error::{Charge, Error};
use crate::key::ApiKey;
use crate::limits;
use crate::observe::{Event, Observer};
use crate::retry::{Fault, Verdict};

/// How often a wish is looked at that another process is at.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Whose work it is, and what is needed beside a store.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) base_url: String,
    pub(crate) key: ApiKey,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) observer: Arc<dyn Observer>,
}

/// Where paid work is written down, where it is.
#[derive(Debug)]
pub(crate) struct Record {
    store: Option<Arc<dyn Store>>,
    /// Whether a call without a name of its own goes on where nothing can be written.
    optional: bool,
    account: Arc<Account>,
    ledger: OnceCell<Ledger>,
}

/// What a call says about its wish.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Whether the intent is the caller's own.
    pub(crate) named: bool,
    /// The fields that somebody else than the user chose.
    pub(crate) chosen: Vec<String>,
    pub(crate) model: Option<String>,
    pub(crate) target: Option<String>,
    pub(crate) batch: Option<BatchRow>,
    pub(crate) estimate: Option<Usd>,
    /// Purses, what is set aside in them, and their caps.
    pub(crate) reserving: Vec<(String, Usd, Usd)>,
}

/// A wish that is about to be paid for.
#[derive(Debug)]
pub(crate) struct Paying {
    ledger: Ledger,
    wish: Wish,
    operation: &'static str,
    intent: Intent,
    cost: Option<Usd>,
    named: bool,
    optional: bool,
    account: Arc<Account>,
}

/// The right to send one attempt.
#[derive(Clone, Debug)]
pub(crate) struct Turn {
    turn: Arc<dryapi_ledger::Turn>,
    operation: &'static str,
    account: Arc<Account>,
}

impl Wanted {
    /// Sets money aside in a purse, up to its cap.
    pub(crate) fn reserve(&mut self, purse: String, amount: Usd, cap: Usd) {
        self.reserving.push((purse, amount, cap));
    }

    pub(crate) fn of_model(mut self, slug: &str) -> Self {
        self.model = (!slug.is_empty()).then(|| slug.to_owned());
        self
    }
}

impl Record {
    pub(crate) fn new(store: Option<Arc<dyn Store>>, optional: bool, account: Account) -> Self {
        Self {
            store,
            optional,
            account: Arc::new(account),
            ledger: OnceCell::new(),
        }
    }

    /// Whether anything is written down.
    pub(crate) const fn is_kept(&self) -> bool {
        self.store.is_some()
    }

    pub(super) fn account(&self) -> &Account {
        &self.account
    }

    /// The ledger of this client's account; `None` where none was given.
    pub(crate) async fn ledger(&self) -> Result<Option<&Ledger>, Error> {
        let Some(store) = &self.store else {
            return Ok(None);
        };
        let opened = self.ledger.get_or_try_init(|| {
            let (store, clock) = (Arc::clone(store), Arc::clone(&self.account.clock));
            Ledger::open(
                store,
                clock,
                &self.account.base_url,
                self.account.key.expose(),
            )
        });
        opened
            .await
            .map(Some)
            .map_err(|error| explain::store("", error))
    }

    /// The account's limits, where its processes share them.
    pub(crate) async fn limits(&self) -> Option<limits::Account> {
        let ledger = self.ledger().await.ok().flatten();
        ledger.cloned().map(limits::Account::new)
    }

    /// A wish as it is written down.
    pub(crate) async fn paying<O: Operation>(
        &self,
        operation: &O,
        intent: &Intent,
        wanted: &Wanted,
    ) -> Result<Option<Paying>, Error> {
        if self.store.is_none() {
            return Ok(None);
        }
        let name = operation.meta().name;
        let ledger = match self.ledger().await {
            Ok(Some(ledger)) => ledger,
            Ok(None) => return Ok(None),
            Err(error) if self.optional && !wanted.named => {
                unwritten(&self.account, name, &error);
                return Ok(None);
            }
            Err(error) => return Err(error.with(|inner| inner.operation = name)),
        };
        let hash = body::hash(operation, &wanted.chosen).await?;
        let mut wish = Wish::new(intent.clone(), name, hash);
        if let Some(model) = &wanted.model {
            wish = wish.with_model(model);
        }
        if let Some(target) = &wanted.target {
            wish = wish.with_target(target);
        }
        if let Some(batch) = &wanted.batch {
            wish = wish.with_batch(batch.clone());
        }
        for field in body::drawn(operation, &wanted.chosen) {
            wish = wish.noting(EvidenceKind::Drawn, field);
        }
        if let Some(estimate) = wanted.estimate {
            wish = wish.with_estimate(estimate);
        }
        for (purse, amount, cap) in &wanted.reserving {
            wish = wish.reserving(purse, *amount, *cap);
        }
        Ok(Some(Paying {
            ledger: ledger.clone(),
            wish,
            operation: name,
            intent: intent.clone(),
            cost: wanted.estimate,
            named: wanted.named,
            optional: self.optional,
            account: Arc::clone(&self.account),
        }))
    }
}

impl Paying {
    /// Whether it was sent before and its outcome is known, or known to be unknown.
    pub(crate) async fn is_over(&self) -> bool {
        use dryapi_ledger::State::{Prepared, Refused, Sent};
        let entry = self.ledger.entry(&self.intent).await.ok().flatten();
        entry.is_some_and(|entry| !matches!(entry.state, Prepared | Refused | Sent))
    }

    fn refused(&self, began: Began) -> Error {
        explain::refused(self.operation, &self.intent, self.cost, began)
    }

    /// Writes the wish down, or says what is known of it. Waits while another process is at it.
    ///
    /// # Cancel safety
    /// Dropping the future sends nothing.
    pub(crate) async fn begin(&self, deadline: Option<Instant>) -> Result<Standing<Turn>, Error> {
        loop {
            let began = match self.ledger.begin(&self.wish).await {
                Ok(began) => began,
                Err(error) if self.optional && !self.named => {
                    unwritten(&self.account, self.operation, &error);
                    return Ok(Standing::Yours(None));
                }
                Err(error) => return Err(explain::store(self.operation, error)),
            };
            let entry = match began {
                Began::Fresh(turn) => {
                    return Ok(Standing::Yours(Some(Turn {
                        turn: Arc::new(turn),
                        operation: self.operation,
                        account: Arc::clone(&self.account),
                    })));
                }
                Began::Recorded(entry) => return Ok(Standing::Recorded(entry.request_id)),
                Began::Busy(entry) => entry,
                other => return Err(self.refused(other)),
            };
            let again = self.account.clock.now().checked_add(LOOK_AGAIN);
            if again.is_none_or(|again| deadline.is_some_and(|deadline| again >= deadline)) {
                return Err(self.refused(Began::Busy(entry)));
            }
            self.account.clock.sleep(LOOK_AGAIN).await;
        }
    }
}

impl Turn {
    /// To be said before a byte is sent, and nothing is sent if it fails.
    pub(crate) async fn sent(&self, within: Duration) -> Result<(), Error> {
        let sent = self.turn.sent(within).await;
        sent.map(drop)
            .map_err(|error| explain::not_sent(self.operation, error))
    }

    /// The service answered, perhaps with a job's id.
    pub(crate) async fn answered(&self, id: Option<RequestId>) {
        let written = match id {
            Some(id) => self.turn.accepted(id).await,
            None => self.turn.done().await,
        };
        self.heed(written);
    }

    /// An attempt failed; `charge` is the most that this and the attempts before it may have cost.
    pub(crate) async fn failed(&self, fault: &Fault, charge: Charge, verdict: Verdict) {
        let why = explain::why(fault);
        let written = match (charge, verdict) {
            (Charge::No, _) => self.turn.refused(why).await,
            // It is sent again, or the call says that it is not.
            (_, Verdict::Again(_)) => return,
            _ => self.turn.unknown(why).await,
        };
        self.heed(written);
    }

    /// The balance does not prove that an attempt was not charged.
    pub(crate) async fn doubted(&self, what: &str) {
        let why = Why::new("balance").with_message(what);
        let written = match self.turn.unknown(why).await {
            Ok(_) => self.turn.note(EvidenceKind::Balance, what).await,
            failed => failed,
        };
        self.heed(written);
    }

    /// What was left on the account before it was sent: a balance that fell is an indication.
    pub(crate) async fn balance_before(&self, balance: Usd) {
        let text = format!("before: {balance} USD");
        self.heed(self.turn.note(EvidenceKind::Balance, &text).await);
    }

    /// The call ended without success. What is settled stays as it is.
    pub(crate) async fn given_up(&self, why: &str) {
        let written = self
            .turn
            .unknown(Why::new("given_up").with_message(why))
            .await;
        self.heed(written);
    }

    /// What was paid for is known; only its record is not.
    fn heed(&self, written: Result<Entry, LedgerError>) {
        if let Err(error) = written {
            unwritten(&self.account, self.operation, &error);
        }
    }
}

pub(super) fn unwritten(account: &Account, operation: &'static str, error: &dyn std::fmt::Display) {
    let message = format!("the ledger could not be written: {error}");
    tracing::warn!(operation, message, "dryapi ledger");
    account
        .observer
        .on_event(&Event::Unrecorded { operation, message });
}
