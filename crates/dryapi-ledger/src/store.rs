//! Where it is remembered: the seam to a store of your own.

use std::fmt::Debug;
use std::time::SystemTime;

use dryapi_transport::async_trait;
use dryapi_types::{Intent, RequestId};

use crate::account::Scope;
use crate::entry::{BodyHash, Entry};
use crate::error::StoreError;
use crate::state::State;

/// What a row must be for a change to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expected {
    /// There is none.
    Absent,
    /// It is at that version.
    Version(u64),
}

impl Expected {
    /// The version that the row has after the change.
    #[must_use]
    pub const fn next(self) -> u64 {
        match self {
            Self::Absent => 1,
            Self::Version(version) => version + 1,
        }
    }
}

/// One row to write.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// A wish to pay, by its intent. The version it is stored at is `expected.next()`, whatever the
    /// entry says.
    Entry {
        /// What must be there.
        expected: Expected,
        /// What is written.
        entry: Box<Entry>,
    },
    /// A cell, by its key.
    Cell {
        /// What must be there.
        expected: Expected,
        /// The cell's key.
        key: String,
        /// What is written: JSON, up to some tens of kilobytes.
        value: String,
    },
}

impl Change {
    /// Writes an entry.
    #[must_use]
    pub const fn entry(expected: Expected, entry: Box<Entry>) -> Self {
        Self::Entry { expected, entry }
    }

    /// Writes a cell.
    pub fn cell(expected: Expected, key: impl Into<String>, value: impl Into<String>) -> Self {
        Self::Cell {
            expected,
            key: key.into(),
            value: value.into(),
        }
    }

    /// What must be there for the change to be made.
    #[must_use]
    pub const fn expected(&self) -> Expected {
        match self {
            Self::Entry { expected, .. } | Self::Cell { expected, .. } => *expected,
        }
    }
}

/// A small named value: the count of a bucket, the sum of a purse, the salt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cell {
    /// Its name within its scope.
    pub key: String,
    /// Its version, 1 when it is new.
    pub version: u64,
    /// Its value: JSON.
    pub value: String,
}

impl Cell {
    /// A cell as a store read it.
    pub fn new(key: impl Into<String>, version: u64, value: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            version,
            value: value.into(),
        }
    }
}

/// What became of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "after a conflict nothing was written"]
pub enum Commit {
    /// All was written.
    Stored,
    /// A row was not as expected; nothing was written.
    Conflict,
}

/// Which entries are asked for. All that is given must hold; nothing given is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Filter {
    /// In one of these states; empty: in any.
    pub states: Vec<State>,
    /// With that id.
    pub request_id: Option<RequestId>,
    /// In that batch.
    pub batch: Option<String>,
    /// With that body.
    pub body: Option<BodyHash>,
    /// Created at that moment or later.
    pub since: Option<SystemTime>,
}

impl Filter {
    /// In one of these states.
    #[must_use]
    pub fn in_states(states: impl IntoIterator<Item = State>) -> Self {
        Self {
            states: states.into_iter().collect(),
            ..Self::default()
        }
    }

    /// With that id.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<RequestId>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// In that batch.
    #[must_use]
    pub fn in_batch(mut self, batch: impl Into<String>) -> Self {
        self.batch = Some(batch.into());
        self
    }

    /// With that body.
    #[must_use]
    pub const fn with_body(mut self, body: BodyHash) -> Self {
        self.body = Some(body);
        self
    }

    /// Created at that moment or later.
    #[must_use]
    pub const fn created_since(mut self, since: SystemTime) -> Self {
        self.since = Some(since);
        self
    }

    /// Whether an entry is among those asked for: what a store without an index needs.
    #[must_use]
    pub fn matches(&self, entry: &Entry) -> bool {
        let batch = entry.batch.as_ref().map(|row| row.batch.as_str());
        (self.states.is_empty() || self.states.contains(&entry.state))
            && (self.request_id.is_none() || self.request_id == entry.request_id)
            && (self.batch.is_none() || self.batch.as_deref() == batch)
            && self.body.is_none_or(|body| body == entry.body)
            && self.since.is_none_or(|since| entry.created >= since)
    }
}

/// Remembers entries and cells. [`commit`](Self::commit) is the only operation that must be atomic;
/// the others are plain reads. The crate's page shows one over Postgres.
///
/// Keep to the rows of the scope that is given: scopes never meet.
///
/// # Cancel safety
/// Dropping a read's future changes nothing.
#[async_trait]
pub trait Store: Debug + Send + Sync + 'static {
    /// Writes all these rows, or none of them: none if one of them is not as expected. When it says
    /// [`Commit::Stored`], what was written survives the end of the process.
    ///
    /// No row is named twice; entries and cells are different rows whatever their names. The rows
    /// come in one order everywhere (the entry, then cells by key), so locks cannot cross.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether the rows were written, never that some were.
    ///
    /// # Errors
    /// Whatever keeps the store from answering. It may have written the rows all the same.
    async fn commit(&self, scope: &Scope, changes: &[Change]) -> Result<Commit, StoreError>;

    /// The entry of an intent, at its current version.
    ///
    /// # Errors
    /// Whatever keeps the store from answering.
    async fn entry(&self, scope: &Scope, intent: &Intent) -> Result<Option<Entry>, StoreError>;

    /// The entries asked for, oldest first; those of one moment by their intents' bytes.
    ///
    /// # Errors
    /// Whatever keeps the store from answering.
    async fn entries(&self, scope: &Scope, filter: &Filter) -> Result<Vec<Entry>, StoreError>;

    /// The cell of a key, at its current version.
    ///
    /// # Errors
    /// Whatever keeps the store from answering.
    async fn cell(&self, scope: &Scope, key: &str) -> Result<Option<Cell>, StoreError>;

    /// The cells whose keys begin with these bytes, by their keys' bytes. What one call gives was
    /// true of each cell at some moment of the call.
    ///
    /// # Errors
    /// Whatever keeps the store from answering.
    async fn cells(&self, scope: &Scope, prefix: &str) -> Result<Vec<Cell>, StoreError>;

    /// From now on a writer of that name is at work in this process.
    ///
    /// # Errors
    /// Whatever keeps the store from remembering.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether the writer is known.
    async fn join(&self, _writer: &str) -> Result<(), StoreError> {
        Ok(())
    }

    /// Whether that writer's process has certainly ended, or certainly not. A store that cannot know
    /// says nothing: then what the writer was at is given up when its time has passed.
    ///
    /// # Errors
    /// Whatever keeps the store from answering.
    async fn ended(&self, _writer: &str) -> Result<Option<bool>, StoreError> {
        Ok(None)
    }
}
