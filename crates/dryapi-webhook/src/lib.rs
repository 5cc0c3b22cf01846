//! Verifies a signed dryAPI webhook delivery and hands out a typed [`Event`].
//!
//! The service signs the exact bytes it sends, so keep the body as it came: parsed and written
//! again, it is another body. Headers come from whatever HTTP library there is.
//!
//! ```
//! use std::time::{Duration, UNIX_EPOCH};
//! use dryapi_webhook::{EventKind, Verifier, sign};
//!
//! let body = br#"{"event":"job.completed","data":{"job_request_id":"r1","result_url":"https://s/a.png"}}"#;
//! let signature = sign("whsec_1", "1705314600", body);
//! let headers = [
//!     ("X-dryAPI-Signature", signature.as_bytes()),
//!     ("X-dryAPI-Timestamp", b"1705314600"),
//! ];
//!
//! // Two secrets while one replaces the other.
//! let verifier = Verifier::new(["whsec_2", "whsec_1"])?;
//! let now = UNIX_EPOCH + Duration::from_secs(1_705_314_607); // `verify` asks the system's clock
//! let event = verifier.verify_at(headers, body, now)?;
//! assert!(matches!(event.kind, EventKind::JobCompleted { result_url: Some(_), .. }));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Deliveries come late, twice, or never
//!
//! The service waits 10 s for a 2xx and does not follow redirects. Otherwise it delivers again, ten
//! times over almost 23 hours, and after ten failures in a row, counted over the whole account, it
//! switches the account's webhooks off. So answer 2xx to events you do not know, answer it only
//! *after* an event was handled, and let a [`ReplayGuard`] tell what was handled already.
//!
//! [`ReplayGuard`] remembers in this process. For several replicas, or to remember across a
//! restart, implement [`SeenStore`] over one SQL table whose key is unique:
//!
//! ```sql
//! CREATE TABLE dryapi_seen (
//!     key   TEXT PRIMARY KEY,     -- Claim::key
//!     until BIGINT NOT NULL,      -- Claim::until, in Unix milliseconds
//!     done  BOOLEAN NOT NULL
//! );
//!
//! -- SeenStore::begin: one statement, so two replicas cannot both win. A row returned: Fresh.
//! INSERT INTO dryapi_seen (key, until, done) VALUES ($key, $until, FALSE)
//! ON CONFLICT (key) DO UPDATE SET until = excluded.until, done = FALSE
//!     WHERE dryapi_seen.until <= $now
//! RETURNING key;
//! -- No row returned: Duplicate if `done`, else InProgress.
//! SELECT done FROM dryapi_seen WHERE key = $key;
//!
//! -- SeenStore::done
//! INSERT INTO dryapi_seen (key, until, done) VALUES ($key, $keep_until, TRUE)
//! ON CONFLICT (key) DO UPDATE SET until = excluded.until, done = TRUE;
//!
//! -- SeenStore::renew. A row returned: true.
//! UPDATE dryapi_seen SET until = $new_until
//!     WHERE key = $key AND until = $until AND NOT done
//! RETURNING key;
//!
//! -- SeenStore::release, if you can; else the claim ends by itself at `until`.
//! DELETE FROM dryapi_seen WHERE key = $key AND until = $until AND NOT done;
//!
//! -- now and then
//! DELETE FROM dryapi_seen WHERE until <= $now;
//! ```
//!
//! # axum
//!
//! The `axum` feature brings all of this as a handler: `Receiver`.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod clock;
mod error;
mod headers;
mod intent;
mod replay;
mod sign;
mod verify;

#[cfg(feature = "axum")]
pub mod axum;

pub use async_trait::async_trait;
pub use dryapi_types::{Event, EventKind, FailureCode, Intent, InvalidEvent, RequestId, ResultUrl};
pub use error::{InvalidSecrets, SignatureHeader, VerifyError};
pub use headers::{Brand, delivery_headers};
pub use intent::{ForgedIntent, intent_query};
pub use replay::{Claim, MemoryStore, ReplayGuard, Seen, SeenStore, Step, StoreError, Token};
pub use sign::sign;
pub use verify::Verifier;
