//! Knowing the outcome of jobs: one hub a client, whoever waits and for how many jobs.
//!
//! Two shapes were weighed. Each wait could ask for itself, through a shared limiter: simple, but
//! two waits for one job ask twice, nobody knows how many looks the others still need today, and a
//! socket has no owner. So there is one board, a plain value that push, webhooks and looks report
//! to and that says who is looked at next ([`board`]), and one task that does what it says and
//! lives while somebody waits ([`driver`]). The board knows no socket and no clock, so its whole
//! behaviour is tested without either.

mod allowance;
mod ask;
mod board;
mod core;
mod driver;
mod entry;
mod inbox;
mod listener;
mod look;
mod news;
mod pace;
mod push;
mod queue;
#[cfg(feature = "realtime")]
mod realtime;
mod recent;
mod schedule;
mod seat;
mod standing;
mod usual;
mod watched;

pub(crate) use self::ask::status;
pub(crate) use self::core::Hub;
pub use self::inbox::Change;
pub(crate) use self::listener::Listener;
pub(crate) use self::look::known_job;
pub use self::news::Origin;
#[cfg(feature = "realtime")]
pub(crate) use self::realtime::PushSettings;
pub use self::schedule::Schedule;
pub(crate) use self::seat::{Seat, Stop};
pub(crate) use self::watched::Seen;

#[cfg(test)]
mod played_push;
