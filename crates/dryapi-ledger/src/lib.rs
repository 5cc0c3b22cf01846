//! The durable record of paid dryAPI work.

mod account;
mod entry;
mod error;
mod evidence;
mod millis;
mod state;
mod store;

pub use account::{Salt, Scope};
pub use dryapi_transport::async_trait;
pub use entry::{BatchRow, BodyHash, Entry, Reserved, SavedFile, Why};
pub use error::{LedgerError, StoreError, StoreErrorKind};
pub use evidence::{Evidence, EvidenceKind};
pub use state::{Charge, State};
pub use store::{Cell, Change, Commit, Expected, Filter, Store};
