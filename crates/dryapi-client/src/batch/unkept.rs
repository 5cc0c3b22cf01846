//! Nothing is written down: the crate was built without the `ledger` feature.

use dryapi_types::Task;

use super::item::BatchItem;
use super::plan::Rows;
use super::standing::Standing;
use crate::error::Error;

impl<T: Task> Rows<T> {
    #[expect(clippy::unused_async, reason = "stands in for one that asks a ledger")]
    pub(super) async fn standing(&self, _item: &BatchItem<T>) -> Result<Standing, Error> {
        let _ = (self.retry_failed, self.resubmit_unknown);
        Ok(Standing::Send(None))
    }

    #[expect(clippy::unused_async, reason = "stands in for one that asks a ledger")]
    pub(super) async fn is_known(&self, _row: &str) -> Result<bool, Error> {
        Ok(false)
    }

    #[expect(clippy::unused_async, reason = "stands in for one that asks a ledger")]
    pub(super) async fn was_sent(&self, _row: &str) -> Result<bool, Error> {
        Ok(false)
    }
}
