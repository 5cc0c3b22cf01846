//! Is it a ledger's store? What a [`Ledger`](dryapi_ledger::Ledger) relies on, for one of your own.
//!
//! ```
//! use std::sync::Arc;
//!
//! use dryapi_ledger::Store;
//! use dryapi_testkit::ledger;
//!
//! # /*
//! #[tokio::test]
//! # */
//! async fn it_is_a_store(mine: Arc<dyn Store>) {
//!     ledger::conformance(mine).await;
//! }
//! ```
//!
//! | what | why |
//! |---|---|
//! | a commit writes all of its rows or none | money set aside belongs to an entry |
//! | a row that is not as expected is a conflict, whoever was faster | one wish is sent once |
//! | what was committed is read as it was written, at the next version | an id is never lost |
//! | scopes, and entries and cells, never meet | accounts share a store |
//! | entries are found by state, id, batch, body and time, oldest first | jobs are resumed |
//! | many at once: one winner per intent, no cap and no limit passed | processes share an account |

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken rule ends the suite, as an assertion does"
)]

mod at_once;
mod life;
mod rows;
mod sample;

use std::sync::Arc;

use dryapi_ledger::Store;

/// Holds an empty store against everything above, on any runtime. Without waiting: the clock is
/// driven by hand.
///
/// # Panics
/// When the store breaks a rule; the message says which.
///
/// # Cancel safety
/// Dropping the future ends the suite.
pub async fn conformance(store: Arc<dyn Store>) {
    rows::all(&*store).await;
    at_once::all(&store).await;
    life::all(&store).await;
}
