//! The push channel, as soketi 1.6.1 speaks it, which is what the service runs: a WebSocket at
//! `/app/{app key}`, a private channel for each account, and an event for whatever happens to its
//! jobs, but for failures. Source: WebSockets page.

mod account;
mod door;
mod frames;
mod office;
mod socket;
mod update;

pub(crate) use self::account::{MAIN, client_id, subscribers};
pub(crate) use self::door::connect;
pub(crate) use self::office::{APP_KEY, Office};
