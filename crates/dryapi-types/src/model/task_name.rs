//! A task's name, in any of its spellings.

use std::fmt;

use serde::Serialize;

/// A task's name in the catalogue, any spelling brought to the API's own. Open.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct TaskName(String);

impl TaskName {
    /// The API's name, for instance `img-upscale`, or the catalogue's own where it is not known.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for TaskName {
    fn from(name: &str) -> Self {
        Self(
            crate::registry::meta(name)
                .map_or(name, |meta| meta.name)
                .to_owned(),
        )
    }
}

impl fmt::Display for TaskName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
