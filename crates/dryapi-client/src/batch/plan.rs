//! What the rows of one batch share.

use std::sync::Arc;

use dryapi_transport::BoxFuture;
use dryapi_types::{Task, Usd};

use super::gate::Gate;
use super::watch::Watch;
use crate::error::Error;
use crate::hub::Hub;
use crate::job::Completed;
use crate::spend::SpendLimit;

/// What is done with a result before its row is over.
pub(super) type Deliver<T> =
    Arc<dyn Fn(String, Arc<Completed<T>>) -> BoxFuture<'static, Result<(), Error>> + Send + Sync>;

/// Whether a result that was downloaded before is where it was wanted.
#[cfg(feature = "ledger")]
pub(super) type Settled = Arc<dyn Fn(&dryapi_ledger::Entry) -> bool + Send + Sync>;

/// What the rows of one batch share.
pub(super) struct Rows<T: Task> {
    pub(super) hub: Arc<Hub>,
    pub(super) name: String,
    pub(super) gate: Gate,
    pub(super) watch: Watch,
    /// The batch's and the client's.
    pub(super) limit: SpendLimit,
    /// Whether jobs are priced though nothing is limited.
    pub(super) priced: bool,
    pub(super) waits_for_reset: bool,
    pub(super) retry_failed: bool,
    pub(super) resubmit_unknown: bool,
    pub(super) deliver: Option<Deliver<T>>,
    /// Jobs that nobody claims, where they are looked for.
    #[cfg(feature = "ledger")]
    pub(super) orphans: super::orphans::Orphans,
    #[cfg(feature = "ledger")]
    pub(super) settled: Option<Settled>,
    /// What processes left behind that have ended is settled before the first row is looked at.
    #[cfg(feature = "ledger")]
    pub(super) recovered: tokio::sync::OnceCell<()>,
}

impl<T: Task> Rows<T> {
    pub(super) fn is_too_dear(&self, cost: Option<Usd>) -> bool {
        let most = self.limit.per_call;
        most.zip(cost).is_some_and(|(most, cost)| cost > most)
    }
}
