//! What the ledger knows of a row: its newest attempt counts.

use dryapi_ledger::{Entry, Ledger, State};
use dryapi_types::{Intent, Task};

use super::item::BatchItem;
use super::names;
use super::plan::Rows;
use super::standing::{Before, Standing};
use crate::error::{Error, ErrorKind};
use crate::record;
use crate::ticket::JobTicket;

impl<T: Task> Rows<T> {
    /// Where a row stands.
    ///
    /// # Errors
    /// Kind `File` where the ledger, or a file of the row, cannot be read.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    pub(super) async fn standing(&self, item: &BatchItem<T>) -> Result<Standing, Error> {
        let Some(ledger) = self.hub.shared().record.ledger().await? else {
            return Ok(Standing::Send(None));
        };
        let recover = || async {
            let recovered = ledger.recover().await;
            recovered.map(drop).map_err(record::not_recovered)
        };
        self.recovered.get_or_try_init(recover).await?;
        let (attempts, newest) = self.newest(ledger, &item.id).await?;
        let named = |attempt| {
            let name = names::intent(&self.name, &item.id, attempt);
            Ok(Standing::Send(Some(name)))
        };
        let Some(entry) = newest else {
            return named(1);
        };
        if matches!(entry.state, State::Refused | State::Prepared) {
            return named(attempts);
        }
        let entry = Box::new(entry);
        let before = match record::hash(&item.task, &item.chosen).await? == entry.body {
            true => match (entry.state, JobTicket::of_entry(&entry)) {
                (State::Failed, _) if self.retry_failed => return named(attempts + 1),
                (State::Unknown, _) if self.resubmit_unknown => return named(attempts + 1),
                (State::Failed, _) => Before::Over(record::failed_before(&entry)),
                (State::Unknown, _) => Before::Over(record::unknown_before(&entry)),
                (State::Downloaded, _) if self.is_settled(&entry) => Before::Settled,
                (_, Some(job)) => Before::Job(job),
                // Another process is sending it, or it has no job: begun again, the ledger says.
                (_, None) => return named(attempts),
            },
            false => Before::Over(changed(item)),
        };
        Ok(Standing::Before(entry, before))
    }

    /// Whether anything was ever written down of a row.
    ///
    /// # Errors
    /// Kind `File` where the ledger cannot be read.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    pub(super) async fn is_known(&self, row: &str) -> Result<bool, Error> {
        match self.hub.shared().record.ledger().await? {
            Some(ledger) => Ok(self.newest(ledger, row).await?.1.is_some()),
            None => Ok(false),
        }
    }

    /// Whether a row was sent, and not refused.
    ///
    /// # Errors
    /// As of [`is_known`](Self::is_known).
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    pub(super) async fn was_sent(&self, row: &str) -> Result<bool, Error> {
        let Some(ledger) = self.hub.shared().record.ledger().await? else {
            return Ok(false);
        };
        let newest = self.newest(ledger, row).await?.1;
        Ok(newest.is_some_and(|entry| !matches!(entry.state, State::Refused | State::Prepared)))
    }

    /// How many attempts of a row there are, and the newest.
    async fn newest(&self, ledger: &Ledger, row: &str) -> Result<(u32, Option<Entry>), Error> {
        let (mut attempts, mut newest) = (0, None);
        loop {
            let name = Intent::new(names::intent(&self.name, row, attempts + 1));
            let name =
                name.map_err(|error| Error::new(ErrorKind::InvalidInput, "", error.to_string()))?;
            match ledger.entry(&name).await.map_err(record::unanswered)? {
                Some(entry) => newest = Some(entry),
                None => return Ok((attempts, newest)),
            }
            attempts += 1;
        }
    }

    fn is_settled(&self, entry: &Entry) -> bool {
        self.settled.as_ref().is_some_and(|settled| settled(entry))
    }
}

fn changed<T: Task>(item: &BatchItem<T>) -> Error {
    let id = &item.id;
    let message =
        format!("row {id} was sent with other content before; give the changed row another id");
    Error::new(ErrorKind::InvalidInput, item.task.meta().name, message)
}
