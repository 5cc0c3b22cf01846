//! The states of one wish to pay, and which may follow which.
//!
//! ```text
//! prepared ──▶ sent ──▶ accepted ──▶ done ──▶ downloaded
//!   │  ▲        │  │        └──────▶ failed
//!   ▼  │        │  └──▶ done                     (answered at once, without a job)
//! refused ◀─────┤
//!               └──▶ unknown ──▶ accepted | done | refused
//! ```
//!
//! An id is proof whenever it comes: `prepared`, `sent`, `unknown` and `refused` become `accepted`
//! with it. The only way back is `refused` to `prepared`: nothing was paid, and the same wish is
//! tried once more.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where one wish to pay stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum State {
    /// Written down; not a byte was sent.
    Prepared,
    /// On its way, or its writer died before it could say what became of it.
    Sent,
    /// It may have been accepted and charged; nobody knows. Never sent again.
    Unknown,
    /// Provably not charged: never sent, or refused by the service.
    Refused,
    /// The service gave it an id.
    Accepted,
    /// The result is there.
    Done,
    /// The service's own word that the job failed.
    Failed,
    /// The result is in a file, and was verified.
    Downloaded,
}

/// Whether money moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Charge {
    /// Certainly not.
    No,
    /// It may have.
    Maybe,
    /// The service accepted the job, and bills it.
    Yes,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Prepared,
        Self::Sent,
        Self::Unknown,
        Self::Refused,
        Self::Accepted,
        Self::Done,
        Self::Failed,
        Self::Downloaded,
    ];

    /// The states whose end is not known yet, as far as the account is concerned.
    pub const OPEN: [Self; 2] = [Self::Sent, Self::Accepted];

    /// Whether that state may follow this one. No state follows itself.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use State::{Accepted, Done, Downloaded, Failed, Prepared, Refused, Sent, Unknown};
        matches!(
            (self, next),
            (Prepared, Sent | Refused | Accepted)
                | (Sent, Accepted | Refused | Unknown | Done)
                | (Unknown, Accepted | Refused | Done)
                | (Refused, Prepared | Accepted)
                | (Accepted, Done | Failed)
                | (Done, Downloaded)
        )
    }

    /// Whether money moved, in this state. A failed job may have been charged: the service does not
    /// say.
    #[must_use]
    pub const fn charge(self) -> Charge {
        match self {
            Self::Prepared | Self::Refused => Charge::No,
            Self::Sent | Self::Unknown | Self::Failed => Charge::Maybe,
            Self::Accepted | Self::Done | Self::Downloaded => Charge::Yes,
        }
    }

    /// Whether what was reserved for it stays reserved.
    pub(crate) const fn reserves(self) -> bool {
        !matches!(self, Self::Refused)
    }

    /// The name, as `dryapi jobs` prints it: `unknown`, `accepted`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Sent => "sent",
            Self::Unknown => "unknown",
            Self::Refused => "refused",
            Self::Accepted => "accepted",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Downloaded => "downloaded",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Charge {
    /// `no`, `maybe` or `yes`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Maybe => "maybe",
            Self::Yes => "yes",
        }
    }
}

impl fmt::Display for Charge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows: from. Columns: to, in the order of `State::ALL`.
    const TABLE: [(&str, &str); 8] = [
        ("prepared", ".S.RA..."),
        ("sent", "..URAD.."),
        ("unknown", "...RAD.."),
        ("refused", "P...A..."),
        ("accepted", ".....DF."),
        ("done", ".......L"),
        ("failed", "........"),
        ("downloaded", "........"),
    ];

    #[test]
    fn every_pair_is_as_the_table_says() {
        for (from, (name, row)) in State::ALL.into_iter().zip(TABLE) {
            assert_eq!(from.as_str(), name);
            for (to, cell) in State::ALL.into_iter().zip(row.chars()) {
                assert_eq!(from.may_become(to), cell != '.', "{from} to {to}");
            }
        }
    }

    #[test]
    fn what_was_charged_is_never_forgotten() {
        for from in State::ALL {
            for to in State::ALL.into_iter().filter(|to| from.may_become(*to)) {
                if from.charge() == Charge::Yes {
                    assert_ne!(to.charge(), Charge::No, "{from} to {to}");
                }
            }
        }
    }

    #[test]
    fn names_are_what_is_stored() {
        for state in State::ALL {
            let stored = serde_json::to_value(state).unwrap();
            assert_eq!(stored, state.as_str());
        }
    }
}
