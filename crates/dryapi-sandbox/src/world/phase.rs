//! Where a job stands, and the steps that lead there.

use jiff::Timestamp;

/// Where a job stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Phase {
    Pending,
    /// 0.0 to 100.0, one decimal.
    Processing(f64),
    Done,
    Error {
        code: String,
        message: String,
    },
}

impl Phase {
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing(_) => "processing",
            Self::Done => "done",
            Self::Error { .. } => "error",
        }
    }

    pub(crate) const fn progress(&self) -> f64 {
        match self {
            Self::Pending | Self::Error { .. } => 0.0,
            Self::Processing(progress) => *progress,
            Self::Done => 100.0,
        }
    }
}

/// One of the things that happen to a job, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// Its work begins.
    Start,
    /// So many percent of its work are done.
    Progress(u8),
    /// Its work ends, well or badly.
    End,
}

/// How far a job's story has been told.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    pub(super) told: Phase,
    pub(super) next: Option<(Timestamp, Step)>,
}

impl Default for Course {
    fn default() -> Self {
        Self {
            told: Phase::Pending,
            next: None,
        }
    }
}

/// Every so many percent are told.
const STRIDE: u8 = 25;

impl Step {
    pub(super) const fn following(self) -> Option<Self> {
        match self {
            Self::Start => Some(Self::Progress(STRIDE)),
            Self::Progress(percent) if percent < 100 - STRIDE => {
                Some(Self::Progress(percent + STRIDE))
            }
            Self::Progress(_) => Some(Self::End),
            Self::End => None,
        }
    }
}
