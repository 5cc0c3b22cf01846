//! The durable record of paid dryAPI work.
//!
//! The service has no idempotency key, no cancel and no list of jobs: a process that dies between
//! the request and its answer loses money, and its successor pays again. A [`Ledger`] writes each
//! wish down before the first byte is sent, and every step after:
//!
//! ```
//! use std::{sync::Arc, time::Duration};
//!
//! use dryapi_ledger::{Began, BodyHash, Ledger, Store, Why, Wish};
//! use dryapi_transport::Clock;
//! use dryapi_types::{Intent, Usd};
//!
//! # enum Answer { Id(String), Refused, Nothing }
//! # async fn post() -> Answer { Answer::Id("r-1".to_owned()) }
//! async fn pay_once(
//!     store: Arc<dyn Store>, // `SqliteStore::open(path).await?`
//!     clock: Arc<dyn Clock>,
//!     key: &str,
//! ) -> Result<(), Box<dyn std::error::Error>> {
//!     let ledger = Ledger::open(store, clock, "https://api.dryapi.dev", key).await?;
//!     let wish = Wish::new(Intent::new("order-4711")?, "txt2img", BodyHash::of("a cat, 512x512"))
//!         .with_target("cat.png")
//!         .reserving("day 2026-11-23", "0.00136".parse()?, Usd::from_cents(500));
//!     match ledger.begin(&wish).await? {
//!         Began::Fresh(turn) => {
//!             turn.sent(Duration::from_secs(120)).await?; // and not a byte before
//!             match post().await {
//!                 Answer::Id(id) => turn.accepted(id).await?,
//!                 Answer::Refused => turn.refused(Why::new("validation")).await?,
//!                 Answer::Nothing => turn.unknown(Why::new("network")).await?,
//!             };
//!         }
//!         Began::Recorded(entry) => println!("it is job {:?}", entry.request_id),
//!         Began::Unknown(_) => println!("it may have been paid for: not sent again"),
//!         other => println!("not now: {other:?}"),
//!     }
//!     Ok(())
//! }
//! # use dryapi_testkit::HandClock;
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! # #[cfg(feature = "sqlite")]
//! # let store = Arc::new(dryapi_ledger::SqliteStore::open_in_memory().await?);
//! # #[cfg(feature = "sqlite")]
//! # pay_once(store, Arc::new(HandClock::new()), "sk-1").await?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! * Killed before `sent`, the wish was never sent: the next process takes it over.
//! * Killed after it, before the answer: the next process records it as unknown, and nobody sends
//!   it again, until proof comes ([`Ledger::accepted`]) or a person decides
//!   ([`Ledger::not_charged`]).
//! * Killed after `accepted`: the next process gets the job ([`Began::Recorded`]).
//!
//! [`Ledger::recover`] does this for everything that was left behind. [`State`] draws all the
//! states. Money is set aside in purses as part of the entry it is for ([`Wish::reserving`]), and
//! [`Ledger::limits`] shares the account's limits among its processes.
//!
//! Rows hold no prompt, no signed URL and no key. Every row belongs to a [`Scope`]: a base URL and a
//! keyed fingerprint of the API key.
//!
//! # A store of your own
//!
//! The `sqlite` feature (default) brings `SqliteStore`, one file for the processes of one machine.
//! For a fleet, implement [`Store`]; `dryapi_testkit::ledger::conformance` tells whether it is one.
//!
//! Two shapes were weighed for what a store must do atomically. The first has a compare-and-set of
//! one entry, and beside it a `take` over several counters (any 60 seconds, a day, a sum), which the
//! store itself understands: one round trip, and never a conflict. But then each backend writes the
//! windows again, in Lua or SQL; what a header corrects, a place given back and a learned limit need
//! verbs of their own; and an entry and the money set aside for it are two operations, between which
//! a process can die: what it had taken stays taken. The second, which is used here, has one
//! operation: *write these rows, if each is still at the version that was read*
//! ([`Store::commit`]). Counters are opaque JSON in cells, the rules about them are computed in this
//! crate, in one place, and an entry and its money move together or not at all. It costs a read
//! before each write, and another try after a conflict; one of those who conflict always gets on,
//! and at the 300 requests a minute that an account may send, conflicts are rare.
//!
//! Over Postgres:
//!
//! ```sql
//! CREATE TABLE dryapi_entries (
//!     scope      TEXT COLLATE "C" NOT NULL,   -- Scope::as_str
//!     intent     TEXT COLLATE "C" NOT NULL,
//!     version    BIGINT NOT NULL,             -- Expected::next
//!     state      TEXT NOT NULL,               -- State::as_str
//!     request_id TEXT,
//!     batch      TEXT,
//!     body       TEXT NOT NULL,
//!     created    BIGINT NOT NULL,             -- in Unix milliseconds
//!     entry      JSONB NOT NULL,              -- the Entry, by serde; its version is not in it
//!     PRIMARY KEY (scope, intent)
//! );
//! CREATE INDEX ON dryapi_entries (scope, state);
//! CREATE INDEX ON dryapi_entries (scope, request_id);
//! CREATE INDEX ON dryapi_entries (scope, batch);
//! CREATE INDEX ON dryapi_entries (scope, body);
//! CREATE INDEX ON dryapi_entries (scope, created);
//! CREATE TABLE dryapi_cells (
//!     scope   TEXT COLLATE "C" NOT NULL,
//!     key     TEXT COLLATE "C" NOT NULL,
//!     version BIGINT NOT NULL,
//!     value   TEXT NOT NULL,
//!     PRIMARY KEY (scope, key)
//! );
//!
//! -- Store::commit: one transaction, READ COMMITTED will do. After any statement that changed no
//! -- row: ROLLBACK, and Commit::Conflict.
//! BEGIN;
//! -- Change::Entry, Expected::Absent
//! INSERT INTO dryapi_entries (scope, intent, version, state, request_id, batch, body, created, entry)
//! VALUES ($scope, $intent, 1, $state, $request_id, $batch, $body, $created, $entry)
//! ON CONFLICT DO NOTHING;
//! -- Change::Entry, Expected::Version
//! UPDATE dryapi_entries
//! SET version = $version + 1, state = $state, request_id = $request_id, batch = $batch,
//!     body = $body, created = $created, entry = $entry
//! WHERE scope = $scope AND intent = $intent AND version = $version;
//! -- Change::Cell, Expected::Absent
//! INSERT INTO dryapi_cells (scope, key, version, value) VALUES ($scope, $key, 1, $value)
//! ON CONFLICT DO NOTHING;
//! -- Change::Cell, Expected::Version
//! UPDATE dryapi_cells SET version = $version + 1, value = $value
//! WHERE scope = $scope AND key = $key AND version = $version;
//! COMMIT;
//!
//! -- Store::entry, Store::entries: each condition only where the filter has it
//! SELECT version, entry FROM dryapi_entries
//! WHERE scope = $scope AND intent = $intent AND state = ANY($states) AND request_id = $request_id
//!   AND batch = $batch AND body = $body AND created >= $since
//! ORDER BY created, intent;
//!
//! -- Store::cell, Store::cells
//! SELECT key, version, value FROM dryapi_cells WHERE scope = $scope AND key = $key;
//! SELECT key, version, value FROM dryapi_cells
//! WHERE scope = $scope AND starts_with(key, $prefix) ORDER BY key;
//! ```
//!
//! Over Redis, `commit` is one Lua script over hashes, their keys tagged with the scope so that they
//! share a slot: compare all versions, then write all rows. Redis must be told to keep what it
//! acknowledged (`appendfsync always`).

#![cfg_attr(docsrs, feature(doc_cfg))]

mod account;
mod begin;
mod cells;
mod entry;
mod error;
mod evidence;
mod heard;
mod ledger;
mod limits;
mod memo;
mod millis;
mod purse;
mod random;
mod recover;
mod spend;
#[cfg(feature = "sqlite")]
mod sqlite;
mod state;
mod step;
mod store;
mod turn;
mod wish;

pub use account::{Salt, Scope};
pub use begin::Began;
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
pub use turn::Turn;
pub use wish::Wish;
