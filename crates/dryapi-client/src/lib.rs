//! The dryAPI client: never pay twice, never lose a paid result, never guess at an error.
//!
//! A request is a value; the client has verbs:
//!
//! ```no_run
//! use dryapi_client::{Client, TextToImage};
//!
//! # async fn example() -> Result<(), dryapi_client::Error> {
//! let client = Client::from_env()?;
//! let request = TextToImage::new("a cat in a nebula", "Flux1schnell")
//!     .with_size(512, 512)
//!     .with_steps(4);
//! let price = client.price(&request).await?;
//! println!("about {} USD", price.price);
//! let job = client.submit(&request).intent("order-4711").await?;
//! let image = job.wait().await?;
//! image.save("cat.png").await?;
//! # Ok(())
//! # }
//! ```
//!
//! * What may be sent again follows from what it costs and from what is known about its delivery:
//!   see [`RetryPolicy`].
//! * A paid request is driven to its end in a task of its own: dropping the future of `submit`,
//!   `run` or `call` stops the waiting, never the request. [`Observer`] is told what it learned.
//! * [`Error`] says what kind of failure it was, whether the request was delivered, and whether it
//!   may have cost money.
//!
//! * With the `ledger` feature and a store (`ClientBuilder::ledger`), every paid call is written down
//!   before its first byte is sent: under one intent no process pays twice, killed at whatever
//!   moment, and the account's processes share its limits and caps. [`Client::batch`] builds on it.
//! * With the `webhook` feature a webhook's address names its intent, and settles what is unknown.
//! * [`SpendLimit`] holds calls, batches and days to a sum; [`Client::estimate`] says what a call
//!   will cost by as few price calls as possible.
//!
//! Recipes for all of this are in the cookbook: errors, files, resuming, webhooks, previews, batches,
//! tests, workers. In this documentation it is the module `_cookbook`.
//!
//! # Where to look
//!
//! | you want | |
//! |---|---|
//! | to say what is wanted | a request: [`TextToImage`] and the others, each named after its task |
//! | to ask for it, and how | [`Client`]'s verbs; the [`Call`] that they give has the options |
//! | its outcome | [`Job`], [`Wait`], [`Updates`], [`Completed`] |
//! | many at once | [`Batch`], [`EmbedAll`] |
//! | to know what went wrong, and what it cost | [`Error`], [`ErrorKind`], [`Charge`] |
//! | to decide what is sent again | [`RetryPolicy`] |
//! | to spend no more than so much | [`SpendLimit`], [`Client::estimate`] |
//! | to see what happens | [`Observer`] |
//! | to test | `dryapi-testkit`, `dryapi-sandbox` |
//!
//! # Features
//!
//! | feature | |
//! |---|---|
//! | `reqwest` (default) | HTTP/1.1 over rustls; without it bring your own [`Transport`] and [`Clock`] |
//! | `rustls-no-provider` | the same with a rustls provider that the program brings and installs |
//! | `native-tls` | the same with the system's own TLS library |
//! | `ledger` | the durable record of paid work: at most one paid job per intent; bring a store, `dryapi_ledger::SqliteStore` for instance |
//! | `realtime` | the push channel: jobs' updates as they happen, over a WebSocket |
//! | `webhook` | webhooks' addresses carry the intent of their job, signed |
//! | `tower` | any `tower` service of HTTP requests as a transport, and back: the module `tower` |
//! | `blocking` | a client for programs without async, with a runtime of its own |
//! | `tokio` | attach what implements tokio's `AsyncRead` |
//! | `extended` | operations that the service's published reference does not list, but a sibling service knows |
//!
//! # Traces
//!
//! The client tells `tracing` what it does, in a form that OpenTelemetry's layers understand. A call
//! is a span `dryapi.call` (level info), each of its attempts a span `dryapi.attempt` (level debug)
//! within it. No key, body, query or signed address is in them.
//!
//! | field | of | |
//! |---|---|---|
//! | `otel.name`, `otel.status_code` | both | the span's name, `ERROR` where it failed |
//! | `error.type` | both | the HTTP status, or what went wrong where there was none |
//! | `dryapi.operation` | call | the operation, as the API names it |
//! | `dryapi.intent` | call | the name of the wish to pay |
//! | `dryapi.attempts`, `dryapi.charge` | call | where it failed: how many were made, and `no`, `maybe` or `yes` |
//! | `otel.kind` | attempt | `client` |
//! | `http.request.method`, `url.template`, `server.address`, `server.port` | attempt | what was asked, and where |
//! | `http.request.resend_count` | attempt | 0 for the first |
//! | `http.response.status_code` | attempt | where there was an answer |
//! | `dryapi.delivery` | attempt | where it failed: `not_sent`, `answered` or `unknown` |

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(all(doc, not(doctest)))]
pub mod _cookbook;
mod base_url;
mod batch;
#[cfg(feature = "blocking")]
#[cfg_attr(docsrs, doc(cfg(feature = "blocking")))]
pub mod blocking;
mod call;
mod client;
mod config;
#[cfg(feature = "webhook")]
mod correlate;
mod deadline;
mod error;
mod exchange;
mod file;
mod guard;
mod hub;
mod in_flight;
mod intent;
mod job;
mod key;
mod limits;
mod models;
mod observe;
mod price;
mod random;
mod raw;
mod record;
mod retry;
mod shared;
mod spend;
mod ticket;
mod unfold;
mod wire;

pub use base_url::DEFAULT_BASE_URL;
pub use batch::{
    Batch, BatchEvent, BatchItem, BatchOutcome, BatchOutcomes, BatchResult, EmbedAll,
    EmbedOutcomes, Embedded,
};
pub use call::{Call, Verb, verb};
pub use client::Client;
pub use config::ClientBuilder;
#[cfg(feature = "tower")]
#[cfg_attr(docsrs, doc(cfg(feature = "tower")))]
#[doc(no_inline)]
pub use dryapi_transport::tower;
pub use dryapi_transport::{Clock, Transport};
#[doc(no_inline)]
pub use dryapi_types as types;
pub use dryapi_types::requests::*;
pub use dryapi_types::{
    AnyOutput, AudioOutput, Balance, CostClass, Embeddings, EnhancedPrompt, ImageOutput, Intent,
    JobState, JobStatus, Model, Operation, Plan, Price, Priced, RequestId, SamplePrompt, Segment,
    Source, Task, TextReading, Texts, Transcript, Usd, VideoOutput,
};
pub use error::{Charge, Delivery, Error, ErrorBuilder, ErrorKind};
pub use file::{Attachment, Download, Saved, Transfer};
pub use hub::{Change, Origin, Schedule};
pub use job::{Changes, Completed, Job, Updates, Wait};
pub use key::ApiKey;
pub use limits::{BucketLimits, Counted, LearnedFrom};
pub use models::Models;
pub use observe::{Event, Observer};
pub use price::{Estimate, EstimateSource};
pub use random::{OsRandom, Random};
pub use raw::{Raw, RawResponse};
pub use retry::RetryPolicy;
pub use spend::SpendLimit;
pub use ticket::JobTicket;
