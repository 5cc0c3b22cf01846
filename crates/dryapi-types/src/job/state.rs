//! Where a job stands.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Where a job stands. Open: a spelling nobody has seen yet stays what it is and counts as still
/// running.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JobState {
    /// Accepted and waiting (`pending`; also `queued`, `in_queue`, `waiting`).
    Pending,
    /// A worker has it (`processing`; also `in_progress`, `running`).
    Processing,
    /// The result is there (`done`; also `completed`, `success`).
    Done,
    /// It failed (`error`; also `failed`, `cancelled`, `canceled`).
    Error,
    /// Any other text.
    Unknown(String),
}

impl JobState {
    /// The service's word for it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Done => "done",
            Self::Error => "error",
            Self::Unknown(text) => text,
        }
    }

    /// Whether nothing more will happen.
    #[must_use]
    pub const fn is_terminal(&self) -> bool {
        matches!(self, Self::Done | Self::Error)
    }
}

impl From<&str> for JobState {
    fn from(text: &str) -> Self {
        match text.to_ascii_lowercase().as_str() {
            "pending" | "queued" | "in_queue" | "waiting" => Self::Pending,
            "processing" | "in_progress" | "running" => Self::Processing,
            "done" | "completed" | "success" => Self::Done,
            "error" | "failed" | "cancelled" | "canceled" => Self::Error,
            _ => Self::Unknown(text.to_owned()),
        }
    }
}

impl fmt::Display for JobState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for JobState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for JobState {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::from(text.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_state_survives_the_round_trip(text in ".*") {
            let state = JobState::from(text.as_str());
            prop_assert_eq!(&JobState::from(state.as_str()), &state);
            if let JobState::Unknown(kept) = &state {
                prop_assert_eq!(kept, &text);
            }
        }
    }
}
