//! What somebody wants to pay for.

use std::collections::BTreeMap;

use dryapi_types::{Intent, Usd};

use crate::entry::{BatchRow, BodyHash};
use crate::evidence::EvidenceKind;

/// A wish to pay: what is written down before the first byte is sent.
#[derive(Clone, Debug)]
#[must_use]
pub struct Wish {
    pub(crate) intent: Intent,
    pub(crate) operation: String,
    pub(crate) body: BodyHash,
    pub(crate) model: Option<String>,
    pub(crate) target: Option<String>,
    pub(crate) estimate: Option<Usd>,
    pub(crate) batch: Option<BatchRow>,
    pub(crate) purses: BTreeMap<String, Share>,
    pub(crate) notes: Vec<(EvidenceKind, String)>,
}

/// So much of a purse, under a cap.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Share {
    pub(crate) amount: Usd,
    pub(crate) cap: Usd,
}

impl Wish {
    /// A wish by its name, the operation or task by the API's name (`txt2img`), and the hash of the
    /// request: see [`BodyHash`] for what goes into it.
    pub fn new(intent: Intent, operation: impl Into<String>, body: BodyHash) -> Self {
        Self {
            intent,
            operation: operation.into(),
            body,
            model: None,
            target: None,
            estimate: None,
            batch: None,
            purses: BTreeMap::new(),
            notes: Vec::new(),
        }
    }

    /// With the model's slug.
    pub fn with_model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }

    /// With the file in which the result is wanted.
    pub fn with_target(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// With what it is expected to cost, in US dollars.
    pub const fn with_estimate(mut self, estimate: Usd) -> Self {
        self.estimate = Some(estimate);
        self
    }

    /// With its place in a batch.
    pub fn with_batch(mut self, batch: BatchRow) -> Self {
        self.batch = Some(batch);
        self
    }

    /// With a note of what is known before it is sent: a field that was drawn, a balance.
    pub fn noting(mut self, kind: EvidenceKind, text: impl Into<String>) -> Self {
        self.notes.push((kind, text.into()));
        self
    }

    /// Sets `amount` US dollars aside in a purse, which may hold `cap` in all: what is set aside
    /// there by all processes of the account together never passes it. Stays set aside, whatever
    /// becomes of the wish, unless it is refused: then nothing was charged.
    ///
    /// The purse is any name: one for the day (`day 2026-11-23`), one for the batch. Named twice,
    /// the amounts add up and the smaller cap holds. A negative amount counts as none.
    pub fn reserving(mut self, purse: impl Into<String>, amount: Usd, cap: Usd) -> Self {
        let amount = amount.max(Usd::ZERO);
        self.purses
            .entry(purse.into())
            .and_modify(|share| {
                share.amount += amount;
                share.cap = share.cap.min(cap);
            })
            .or_insert(Share { amount, cap });
        self
    }
}
