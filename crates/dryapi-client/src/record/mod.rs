//! Paid work is written down before its first byte is sent, where a ledger was given.
//!
//! Two shapes were weighed. The first wraps the transport: every paid request that passes is
//! written down. But a transport sees bytes, not wishes: it knows neither the intent's name nor
//! whether an attempt is one of several. The second, used here, stands in the exchange: each attempt
//! has a [`Turn`], and what became of it is written by the task that drives the attempt, so that it
//! is known although nobody waits any more.
//!
//! * Provably not charged: written at once, so that its money is free while the call waits; the next
//!   attempt begins the wish again.
//! * The service's own 500: the wish stays on its way while its resend is waited for. Whoever dies
//!   meanwhile leaves an unknown behind, which is true.

#[cfg(feature = "ledger")]
mod body;
#[cfg(feature = "ledger")]
mod digest;
#[cfg(feature = "ledger")]
mod ends;
#[cfg(feature = "ledger")]
mod explain;
#[cfg(feature = "ledger")]
mod kept;
#[cfg(feature = "ledger")]
mod memo;
mod standing;
#[cfg(feature = "ledger")]
mod twins;
#[cfg(not(feature = "ledger"))]
mod unkept;

#[cfg(feature = "ledger")]
pub(crate) use body::hash;
#[cfg(feature = "ledger")]
pub(crate) use explain::{failed_before, not_recovered, unanswered, unknown_before};
#[cfg(feature = "ledger")]
pub(crate) use kept::{Account, Paying, Record, Turn, Wanted};
pub(crate) use standing::Standing;
#[cfg(not(feature = "ledger"))]
pub(crate) use unkept::{Paying, Record, Turn, Wanted};
