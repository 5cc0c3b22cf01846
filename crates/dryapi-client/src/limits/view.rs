//! What is known of a bucket, for whoever wants to see it.

use std::time::SystemTime;

use dryapi_types::Bucket;

use super::window::{Left, Now, Window};

/// What is known of one bucket of the account's limits. Source: the Limits page, headers, 429s.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BucketLimits {
    /// What is counted together, for instance `txt2img` or `price-calculation`.
    pub bucket: Bucket,
    /// Any 60 seconds, where they have a limit.
    pub minute: Option<Counted>,
    /// A day of UTC, where it has a limit.
    pub day: Option<Counted>,
    /// Who told.
    pub learned_from: LearnedFrom,
}

/// A limit, and what is left of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counted {
    /// Requests allowed.
    pub limit: u64,
    /// Requests left, those on their way counted as sent.
    pub left: u64,
    /// When all are there again, by this machine's clock.
    pub resets: SystemTime,
}

/// Who told of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LearnedFrom {
    /// The plan, given or inferred.
    Plan,
    /// An answer's headers.
    Header,
    /// A 429.
    Refusal,
}

impl LearnedFrom {
    /// `plan`, `header` or `429`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Header => "header",
            Self::Refusal => "429",
        }
    }
}

pub(super) fn view(
    bucket: Bucket,
    window: &mut Window,
    learned_from: LearnedFrom,
    now: Now,
) -> BucketLimits {
    let counted = |left: Left| Counted {
        limit: left.limit,
        left: left.left,
        resets: now
            .wall
            .checked_add(left.resets.saturating_duration_since(now.at))
            .unwrap_or(now.wall),
    };
    BucketLimits {
        bucket,
        minute: window.minute(now.at).map(counted),
        day: window.day().map(counted),
        learned_from,
    }
}
