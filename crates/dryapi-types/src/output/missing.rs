//! A finished job without the output it should have.

use std::fmt;

/// The status says done, but what it holds is not what the task makes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MissingOutput {
    /// What was looked for.
    pub expected: &'static str,
    /// What stood there instead, and where in the result; never the result's own text, which may
    /// be a signed address.
    pub detail: Option<String>,
}

impl MissingOutput {
    /// Nothing was there.
    #[must_use]
    pub const fn new(expected: &'static str) -> Self {
        Self {
            expected,
            detail: None,
        }
    }

    /// Something else was there.
    #[must_use]
    pub fn because(expected: &'static str, detail: impl Into<String>) -> Self {
        Self {
            expected,
            detail: Some(detail.into()),
        }
    }
}

impl fmt::Display for MissingOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = self.expected;
        write!(f, "the job is done, but its status holds no {expected}")?;
        match &self.detail {
            Some(detail) => write!(f, " ({detail})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for MissingOutput {}
