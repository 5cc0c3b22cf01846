//! What is recorded of the same wish.

use dryapi_ledger::{Entry, Filter};
use dryapi_types::Operation;

use super::kept::{Record, Wanted};
use super::{body, explain};
use crate::error::Error;

impl Record {
    /// The entries of requests that are equal in all that the user chose.
    pub(crate) async fn twins<O: Operation>(
        &self,
        operation: &O,
        wanted: &Wanted,
    ) -> Result<Vec<Entry>, Error> {
        let Some(ledger) = self.ledger().await? else {
            return Ok(Vec::new());
        };
        let hash = body::hash(operation, &wanted.chosen).await?;
        let found = ledger.entries(&Filter::default().with_body(hash)).await;
        found.map_err(|error| explain::store(operation.meta().name, error))
    }
}
