//! Test doubles for code that uses dryAPI: no network, no waiting, no money.
//!
//! # Which double do I want?
//!
//! | I test | I take |
//! |---|---|
//! | what is sent, and what is made of the answers | [`ScriptedTransport`]: a transport that plays a script |
//! | what happens when the answer is late, cut, lost, or the caller gives up | the same, with [`Step`] and [`Gate`] |
//! | what is done after hours and days | [`HandClock`]: time that moves when told |
//! | how long is waited between attempts | [`HandClock::auto`] and [`HandClock::slept`] |
//! | every error the service was seen to give, and worse | [`corpus`] |
//! | code with an HTTP client of its own, over a socket | `scenarios` and `Case::mount`, on a `wiremock` server |
//! | an answer of the service, for a double of your own | [`answers`] |
//! | a name for what goes wrong | [`Fault`] |
//! | a transport of my own | [`conformance::transport`] |
//! | a store of my own for the ledger | [`ledger::conformance`] |
//!
//! A whole service with jobs, money and limits is the `dryapi-sandbox` crate.
//!
//! ```
//! use std::time::Duration;
//!
//! use dryapi_testkit::{HandClock, ScriptedTransport, answers, corpus};
//! use dryapi_transport::{Clock, Request, Transport};
//! use http::{Method, StatusCode, Uri};
//!
//! /// The code under test: tries again after a second.
//! async fn stubborn(transport: &dyn Transport, clock: &dyn Clock) -> Option<StatusCode> {
//!     loop {
//!         let uri = Uri::from_static("https://api.dryapi.dev/api/v1/client/balance");
//!         let answer = transport.send(Request::new(Method::GET, uri)).await.ok()?;
//!         if !answer.status.is_server_error() {
//!             return Some(answer.status);
//!         }
//!         clock.sleep(Duration::from_secs(1)).await;
//!     }
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let transport = ScriptedTransport::new()
//!     .repeat(2, answers::server_error())
//!     .then(answers::balance("19.72"));
//! let clock = HandClock::auto();
//! assert_eq!(stubborn(&transport, &clock).await, Some(StatusCode::OK));
//! assert_eq!(clock.slept(), [Duration::from_secs(1); 2]);
//! transport.assert_done();
//!
//! // The same code against an answer that was really seen:
//! let transport = ScriptedTransport::new().then(corpus::error("account_suspended").unwrap());
//! assert_eq!(stubborn(&transport, &clock).await, Some(StatusCode::FORBIDDEN));
//! # });
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Features
//!
//! `wiremock` (default): the scenarios. Without it this crate brings no HTTP stack.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
pub mod answers;
mod clock;
pub mod conformance;
pub mod corpus;
mod faults;
pub mod ledger;
mod path;
mod raw;
#[cfg(feature = "wiremock")]
pub mod scenarios;
mod scripted;

pub use answer::Answer;
pub use clock::HandClock;
pub use faults::{Fault, UnknownFault};
pub use scripted::{Gate, ScriptedTransport, SentRequest, Step};
