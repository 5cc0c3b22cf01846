//! What the client process is told.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::wanted::Wanted;

/// How much faster than real time a round runs.
pub(crate) const SPEED: u32 = 100;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) base_url: String,
    pub(crate) key: String,
    pub(crate) folder: PathBuf,
    pub(crate) wanted: Vec<Wanted>,
    pub(crate) concurrency: usize,
    /// When the round began.
    pub(crate) began: SystemTime,
    /// How far its clock is ahead of this machine's.
    pub(crate) ahead: Duration,
    /// Whether the balance guards a resend after a 500.
    pub(crate) guarded: bool,
}

impl Plan {
    pub(crate) fn ledger(&self) -> PathBuf {
        self.folder.join("ledger.sqlite3")
    }

    pub(crate) fn file(&self, wanted: &Wanted) -> PathBuf {
        self.folder.join(wanted.file())
    }
}
