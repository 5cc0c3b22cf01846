//! Where a result lies.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A signed, expiring address of a result. Whoever has it can fetch the file, so `Debug` shows it
/// without its query; [`as_str`](Self::as_str) gives it whole.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ResultUrl(String);

impl ResultUrl {
    /// An address.
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// The whole address, signature included.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address without its query: fit for logs and errors.
    #[must_use]
    pub fn without_query(&self) -> &str {
        self.0.split(['?', '#']).next().unwrap_or_default()
    }
}

impl fmt::Debug for ResultUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResultUrl({:?})", self.without_query())
    }
}

/// The same result in other formats, where the service offers them (pictures only).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alternatives {
    /// As JPEG.
    pub jpg: Option<ResultUrl>,
    /// As WebP.
    pub webp: Option<ResultUrl>,
}

impl Alternatives {
    /// The alternative for a file extension without its dot, in any case.
    #[must_use]
    pub fn for_extension(&self, extension: &str) -> Option<&ResultUrl> {
        match extension.to_ascii_lowercase().as_str() {
            "jpg" | "jpeg" => self.jpg.as_ref(),
            "webp" => self.webp.as_ref(),
            _ => None,
        }
    }
}
