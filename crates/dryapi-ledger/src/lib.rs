//! The durable record of paid dryAPI work.

mod account;
mod cells;
mod entry;
mod error;
mod evidence;
mod ledger;
mod limits;
mod millis;
mod purse;
mod random;
mod spend;
#[cfg(feature = "sqlite")]
mod sqlite;
mod state;
mod step;
mod store;
mod turn;
mod wish;

pub use account::{Salt, Scope};
pub use dryapi_transport::async_trait;
pub use entry::{BatchRow, BodyHash, Entry, Reserved, SavedFile, Why};
pub use error::{LedgerError, StoreError, StoreErrorKind};
pub use evidence::{Evidence, EvidenceKind};
pub use ledger::Ledger;
pub use limits::{BucketLeft, Entered, LearnedFrom, Left, Limits, Place, Wait};
pub use spend::Spend;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;
pub use state::{Charge, State};
pub use store::{Cell, Change, Commit, Expected, Filter, Store};
pub use turn::{Began, Turn};
pub use wish::Wish;
