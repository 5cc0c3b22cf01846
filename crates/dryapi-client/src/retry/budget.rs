//! A client's shared budget of extra attempts: when everything fails, retries must not multiply
//! the load.

use std::sync::{Mutex, PoisonError};

const FULL: u32 = 100;
const RETRY: u32 = 10;
const SUCCESS: u32 = 1;

/// 10 tokens; an extra attempt takes one, a success gives back a tenth.
#[derive(Debug)]
pub(crate) struct Budget {
    tenths: Mutex<u32>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            tenths: Mutex::new(FULL),
        }
    }
}

impl Budget {
    /// Takes what an extra attempt costs; `false` when there is not enough.
    pub(crate) fn take(&self) -> bool {
        let mut tenths = self.tenths.lock().unwrap_or_else(PoisonError::into_inner);
        match tenths.checked_sub(RETRY) {
            Some(rest) => {
                *tenths = rest;
                true
            }
            None => false,
        }
    }

    /// Gives back a tenth of an extra attempt.
    pub(crate) fn reward(&self) {
        let mut tenths = self.tenths.lock().unwrap_or_else(PoisonError::into_inner);
        *tenths = (*tenths + SUCCESS).min(FULL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_retries_and_a_tenth_a_success() {
        let budget = Budget::default();
        budget.reward();
        assert!((0..10).all(|_| budget.take()));
        assert!(!budget.take());
        (0..9).for_each(|_| budget.reward());
        assert!(!budget.take());
        budget.reward();
        assert!(budget.take());
    }
}
