//! What is left of a limit, and who told of it.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// Who told of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LearnedFrom {
    /// The plan, given or inferred.
    Plan,
    /// An answer's headers.
    Header,
    /// A 429.
    Refusal,
}

/// A limit, and what is left of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Left {
    /// Requests allowed.
    pub limit: u64,
    /// Requests left, those on their way counted as sent.
    pub left: u64,
    /// When all are there again.
    pub resets: SystemTime,
}

/// There is no place yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wait {
    /// When there is one, as far as is known.
    pub until: SystemTime,
    /// Whether it is the day's limit.
    pub day: bool,
    /// Whether a place may be free earlier: it depends on a request that is on its way. Look again
    /// after a second or so.
    pub perhaps_earlier: bool,
}
