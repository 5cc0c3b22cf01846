//! dryAPI's push channel: job updates over the Pusher protocol. Source: WebSockets page.
//!
//! A [`Channel`] is a stream of [`Signal`]s. It connects, has the service authorise the account's
//! private channel, subscribes, answers pings and comes back by itself, while it is polled:
//!
//! ```no_run
//! use std::sync::Arc;
//! use dryapi_realtime::{Channel, Endpoint, Signal};
//! use dryapi_transport::{Clock, Transport};
//! use http::{HeaderValue, Uri};
//!
//! # async fn listen(
//! #     transport: Arc<dyn Transport>,
//! #     clock: Arc<dyn Clock>,
//! #     random: fn() -> f64,
//! # ) -> Result<(), Box<dyn std::error::Error>> {
//! let key = std::env::var("DRYAPI_API_KEY")?;
//! let mut channel = Channel::builder(Endpoint::production(), "42") // the dashboard's client id
//!     .auth_url(Uri::from_static("https://api.dryapi.dev/broadcasting/auth"))
//!     .authorization(HeaderValue::try_from(format!("Bearer {key}"))?)
//!     .transport(transport)
//!     .clock(clock)
//!     .random(Arc::new(random))
//!     .open()?;
//!
//! while let Some(signal) = channel.next().await {
//!     match signal {
//!         Signal::Update(update) => println!("{update}"),
//!         Signal::Subscribed { gap: true } => println!("read every open job once"),
//!         Signal::Lost { why, again_in } => println!("{why}; again in {again_in:?}"),
//!         Signal::Stopped(error) => return Err(error.into()),
//!         _ => {}
//!     }
//! }
//! # Ok(()) }
//! ```
//!
//! # What it does not tell
//!
//! The service never pushes that a job failed, nor a result that is inline or in another format,
//! and tells nothing again. So a job is done when the push channel says so, but not failed, and not
//! still running, because it says nothing: read the status of every open job once after each
//! [`Signal::Subscribed`], and now and then.
//!
//! # When it comes back
//!
//! | what happened | what follows |
//! |---|---|
//! | codes 4000 to 4099, a refusal by the service (any 3xx, any 4xx but 408, 425 and 429) or by the push server | [`Signal::Stopped`] |
//! | a refusal by the push server after a subscription | one more try with a fresh signature, then as above |
//! | codes 4200 to 4299, no answer to a ping | at once; the second time without 10 s of peace between, as below |
//! | anything else: other codes, cuts, timeouts, 429, 5xx | after 1 to 2 s, then twice that, at last 30 to 60 s; never earlier than `Retry-After` says |
//!
//! # Without a socket
//!
//! All of that is decided in [`protocol`], which has neither socket nor clock.
//!
//! # Features
//!
//! `tls` (default): `wss://` by rustls, with the system's roots. Proxies are not used.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod authorize;
mod builder;
mod channel;
mod channel_name;
mod connect;
mod endpoint;
mod error;
mod link;
pub mod protocol;
mod signal;
mod socket;
mod tls;

pub use builder::ChannelBuilder;
pub use channel::Channel;
pub use channel_name::{ChannelName, InvalidClientId};
pub use dryapi_types::Update;
pub use endpoint::{Endpoint, InvalidEndpoint};
pub use error::{Error, ErrorKind};
pub use signal::{Loss, Signal, Stage};
