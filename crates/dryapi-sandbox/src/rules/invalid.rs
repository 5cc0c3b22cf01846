//! Why a rule cannot be armed.

use std::fmt;

/// A fault that does not exist, or cannot happen where it was wanted. The text lists what can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidFault(String);

impl InvalidFault {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for InvalidFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidFault {}
