//! What entries cost, as estimated.

use dryapi_types::Usd;

use crate::entry::Entry;
use crate::state::{Charge, State};

/// Sums of estimates. The service does not say what a job cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Spend {
    /// Of jobs that were accepted, in US dollars.
    pub charged: Usd,
    /// Of wishes that may have been charged: sent, unknown or failed.
    pub maybe: Usd,
    /// Of wishes that are written down, not sent.
    pub prepared: Usd,
    /// Wishes in these sums, and those without an estimate.
    pub count: u64,
    /// Wishes that were or may have been charged, and have no estimate.
    pub unpriced: u64,
}

impl Spend {
    /// Adds entries up.
    #[must_use]
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut spend = Self::default();
        for entry in entries {
            let sum = match (entry.charge(), entry.state) {
                (Charge::Yes, _) => &mut spend.charged,
                (Charge::Maybe, _) => &mut spend.maybe,
                (Charge::No, State::Prepared) => &mut spend.prepared,
                (Charge::No, _) => continue,
            };
            spend.count += 1;
            match entry.estimate {
                Some(estimate) => *sum += estimate,
                None => spend.unpriced += u64::from(entry.charge() != Charge::No),
            }
        }
        spend
    }
}
