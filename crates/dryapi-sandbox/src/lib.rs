//! A stateful emulator of dryAPI, on loopback: jobs, money, limits and results.
//!
//! It is what `dryapi --sandbox`, the examples and the tests run against, and a test double for a
//! program in any language: it costs nothing, needs no account, and keeps books, so that a test
//! can say "jobs wanted = jobs billed". Everything follows a virtual clock and a seed.
//!
//! ```
//! use std::io::{Read, Write};
//! use std::time::Duration;
//!
//! use dryapi_sandbox::{Config, Sandbox};
//!
//! # #[tokio::main(flavor = "multi_thread", worker_threads = 1)]
//! # async fn main() -> std::io::Result<()> {
//! // Speed 0: the clock stands still until it is moved.
//! let sandbox = Sandbox::start(Config::default().with_speed(0.0)).await?;
//!
//! let body = r#"{"prompt":"a cat in a nebula","model":"Flux1schnell",
//!                "width":512,"height":512,"steps":4,"seed":7}"#;
//! let request = format!(
//!     "POST /api/v1/client/txt2img HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\
//!      Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
//!     sandbox.api_key(),
//!     body.len(),
//! );
//! let address = sandbox.base_url().replace("http://", "");
//! let mut answer = String::new();
//! let mut connection = std::net::TcpStream::connect(address)?;
//! connection.write_all(request.as_bytes())?;
//! connection.read_to_string(&mut answer)?;
//! assert!(answer.starts_with("HTTP/1.1 200 OK"));
//!
//! assert_eq!(sandbox.charges()[0].amount.to_string(), "0.00136");
//! assert_eq!(sandbox.jobs()[0].status, "pending");
//! sandbox.advance(Duration::from_secs(5));
//! assert_eq!(sandbox.jobs()[0].status, "done");
//! sandbox.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Faults
//!
//! A [`FaultRule`] makes the next request fail, by the names of [`Fault`]: armed with
//! [`Sandbox::arm`], [`Config::with_faults`] or `POST {admin_url}/faults`, or written into the
//! prompt of a paid request as `[[fault:accept_then_drop]]`, `[[fault:job_failed:WORKER_TIMEOUT]]`,
//! `[[fault:half_answer:30]]` or `[[fault:error_body:account_suspended]]`, for that request alone.
//!
//! # Limits
//!
//! Those of the Limits page for the configured [`Plan`], by account, in virtual time. How the
//! service aligns its minutes is not known; here no 60 s hold more requests than a minute's limit,
//! which is the strictest reading. Days are those of UTC. The default is [`Plan::Premium`].
//!
//! # Push channel
//!
//! [`Sandbox::realtime_url`] speaks the Pusher protocol as soketi 1.6.1 does, which is what the
//! service runs: any Pusher client may subscribe to `private-client.{id}` with a voucher from
//! [`Sandbox::auth_url`]. There `request.status.updated` tells of every quarter of a job's work, of
//! pictures with a preview, and of its end, but never of a failure, and nothing twice: what
//! happened while nobody listened is not told. [`Sandbox::cut_push`] breaks every connection, the
//! fault `push_cut` that of one account over its next event, which is lost; `push_refused` answers
//! 403 to the next voucher that is asked for. Accounts of either plan may listen.
//!
//! # Webhooks
//!
//! A job with a `webhook_url` of its own, else the account's ([`Config::with_webhook_url`]), tells
//! it `job.processing`, `job.completed` and `job.failed`: to https, or to plain http on this
//! machine. A receiver answers 2xx within 10 s of real time. Else it is tried again, ten attempts
//! over 22 h 48 min of virtual time; a jump of the clock over several makes them all. A job's first
//! attempts come one after another, jobs do not wait for each other. Ten deliveries of an account in
//! a row that were given up switch its webhooks off, until `POST {admin_url}/webhooks`,
//! [`Sandbox::switch_webhooks`] or a reset; what waited is not sent later.
//! [`Sandbox::deliveries`] shows every attempt.
//!
//! The times in an event are those of the virtual clock. The timestamp that is signed is real time:
//! a receiver compares it with its own clock, which no jump moves.
//!
//! The faults of webhooks concern the last event of a job that has a webhook: `webhook_lost`,
//! `webhook_twice`, `webhook_late` (ten virtual minutes), `webhook_reordered` (before
//! `job.processing`). They are armed for the request that submits it, by its task.
//!
//! # Features
//!
//! `extended`: operations that the service's published reference does not list, but a sibling service
//! knows.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod admin;
mod api;
mod app;
mod catalogue;
mod clock;
mod conclude;
mod config;
mod connection;
mod cookbook;
mod deliveries;
mod faults;
mod generated;
mod hex;
mod host;
mod journal_entry;
mod key;
mod limits;
mod push;
mod random;
mod range;
mod recipe;
mod rules;
mod server;
mod signature;
mod storage;
mod timeline;
mod webhook;
mod works;
mod world;

pub use config::Config;
pub use deliveries::DeliveryAttempt;
pub use dryapi_testkit::Fault;
pub use dryapi_types::Plan;
pub use rules::{FaultRule, InvalidFault};
pub use server::Sandbox;
pub use webhook::WebhookBrand;
pub use world::{Charge, JobView, Recorded};
