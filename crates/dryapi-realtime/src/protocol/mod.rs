//! The Pusher protocol 7 without a socket and without a clock: [`Machine`] is told what happened
//! and when, and says what to do.

mod auth;
mod backoff;
mod codes;
mod frame;
mod heartbeat;
mod machine;
mod seen;
mod step;
mod text;
mod verdict;

pub use auth::{AuthAnswer, ChannelAuth};
pub use backoff::Random;
pub use frame::{Command, Event, InvalidFrame, MAX_FRAME};
pub use machine::Machine;
pub use step::{Action, Input};
pub(crate) use text::fit;
