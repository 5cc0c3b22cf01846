//! What is known about a request and its money once it failed.

/// Whether the request reached the service, over all attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// It provably never left the machine, or never whole: without its last byte no server can have
    /// accepted it.
    NotSent,
    /// The answer is the service's own.
    Answered,
    /// Anything else: it may have been accepted.
    Unknown,
}

/// Whether it may have cost money, over all attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Charge {
    /// Never sent, refused, or free.
    No,
    /// It may have been charged.
    Maybe,
    /// The job was accepted: its id is known.
    Yes,
}

impl Delivery {
    /// `not_sent`, `answered` or `unknown`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::Answered => "answered",
            Self::Unknown => "unknown",
        }
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
