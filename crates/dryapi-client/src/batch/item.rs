//! What goes into a batch.

use std::path::Path;

use dryapi_types::Usd;

use crate::file::Attachment;
use crate::file::upload::Uploads;

/// One row of a batch.
#[derive(Clone, Debug)]
#[must_use]
pub struct BatchItem<T> {
    pub(super) id: String,
    pub(super) task: T,
    pub(super) target: Option<String>,
    pub(super) chosen: Vec<String>,
    pub(super) estimate: Option<Usd>,
    pub(super) assume: Option<u64>,
    pub(super) uploads: Uploads,
}

impl<T> BatchItem<T> {
    /// A row by its id, which is the same in every run of the batch and no other row's.
    pub fn new(id: impl Into<String>, task: T) -> Self {
        Self {
            id: id.into(),
            task,
            target: None,
            chosen: Vec::new(),
            estimate: None,
            assume: None,
            uploads: Uploads::default(),
        }
    }

    /// The file in which the result is wanted, for the ledger.
    pub fn with_target(mut self, path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.target = Some(path.to_string_lossy().into_owned());
        self
    }

    /// The fields, by the API's names, that somebody else than the user filled in: a seed that was
    /// drawn. A row with others of them is the same row.
    pub fn with_chosen<N: Into<String>>(mut self, fields: impl IntoIterator<Item = N>) -> Self {
        self.chosen.extend(fields.into_iter().map(Into::into));
        self
    }

    /// What it will cost, in US dollars, where that is known already.
    pub const fn with_estimate(mut self, cost: Usd) -> Self {
        self.estimate = Some(cost);
        self
    }

    /// How many characters or seconds to assume where the price depends on them and they cannot be
    /// known before the service has done its work.
    pub const fn assuming(mut self, units: u64) -> Self {
        self.assume = Some(units);
        self
    }

    /// Hands over the content of a [`Source::Slot`](dryapi_types::Source::Slot) of this name.
    pub fn with_attachment(self, slot: impl Into<String>, content: Attachment) -> Self {
        self.uploads.attach(slot.into(), content);
        self
    }
}
