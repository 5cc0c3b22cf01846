//! What is set aside and spent of one purse: a cap's worth of a day or of a batch.

use dryapi_types::Usd;
use serde::{Deserialize, Serialize};

/// The sum of what the entries of a purse have reserved. What is spent stays in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Purse {
    pub(crate) used: Usd,
}

impl Purse {
    /// What is left under a cap; nothing rather than less.
    pub(crate) fn left(self, cap: Usd) -> Usd {
        (cap - self.used).max(Usd::ZERO)
    }

    /// Whether so much fits in under a cap.
    pub(crate) fn fits(self, amount: Usd, cap: Usd) -> bool {
        let sum = self.used.checked_add(amount);
        amount == Usd::ZERO || sum.is_some_and(|sum| sum <= cap)
    }

    pub(crate) fn reserve(self, amount: Usd) -> Self {
        Self {
            used: self.used + amount,
        }
    }

    pub(crate) fn release(self, amount: Usd) -> Self {
        Self {
            used: (self.used - amount).max(Usd::ZERO),
        }
    }
}
